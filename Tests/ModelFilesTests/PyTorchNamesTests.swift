import ModelFiles
import Recurrent
import Testing

/// Tensors by name and shape, and what becomes of them.
struct Naming: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var shapes: [(String, [Int])]
  var module: String?
  var expected: String

  init(
    _ description: String, _ shapes: KeyValuePairs<String, [Int]>, module: String? = nil,
    _ expected: String
  ) {
    testDescription = description
    self.shapes = shapes.map { ($0, $1) }
    self.module = module
    self.expected = expected
  }

  /// An LSTM of 2 units that reads 3 numbers, and `others`.
  static func lstm(
    _ description: String, _ others: KeyValuePairs<String, [Int]>, _ expected: String
  ) -> Naming {
    var naming = Naming(
      description, ["m.lstm.weight_ih_l0": [8, 3], "m.lstm.weight_hh_l0": [8, 2]], expected)
    naming.shapes += others.map { ($0, $1) }
    return naming
  }

  func read(choices: ModelChoices = ModelChoices()) throws -> TrainedModel {
    let tensors = shapes.map { name, shape in
      SafetensorsWriter.Tensor(
        name: name, shape: shape, values: [Float](repeating: 0.5, count: shape.reduce(1, *)))
    }
    return try ModelReader.read(
      bytes: SafetensorsWriter(tensors).bytes, path: "m", module: module, choices: choices)
  }

  /// "embedding rows, readout rows, readout bias, unused".
  static func facts(_ model: TrainedModel) -> String {
    heads(model) + " " + model.unused.joined(separator: " ")
  }

  /// "embedding rows, readout rows, readout bias".
  static func heads(_ model: TrainedModel) -> String {
    let network = model.network
    return [
      network.embedding.map { "\($0.count)" } ?? "-",
      network.readout.map { "\($0.outputSize)" } ?? "-",
      network.readout.map { "\($0.bias != nil)" } ?? "-",
    ].joined(separator: " ")
  }
}

private let two: KeyValuePairs<String, [Int]> = [
  "encoder.lstm.weight_ih_l0": [8, 3], "encoder.lstm.weight_hh_l0": [8, 2],
  "decoder.lstm.weight_ih_l0": [8, 3], "decoder.lstm.weight_hh_l0": [8, 2],
]

private let refusals: [Naming] = [
  .init(
    "no recurrent layer", ["linear.weight": [2, 2]],
    "no recurrent layer in it: no tensor is named like PyTorch's 'lstm.weight_ih_l0'"),
  .init(
    "several modules", two,
    "several recurrent modules: 'decoder.lstm', 'encoder.lstm'; choose one with --module NAME"),
  .init(
    "no such module", two, module: "attention",
    "no recurrent module is named 'attention'; there are: 'decoder.lstm', 'encoder.lstm'"),
  .init(
    "too little of a name", two, module: "coder",
    "'coder' fits several recurrent modules: 'decoder.lstm', 'encoder.lstm'; "
      + "give more of the name"),
  .init(
    "no recurrent weights", ["lstm.weight_ih_l0": [8, 3]],
    "tensor 'lstm.weight_hh_l0' is missing, but 'lstm.weight_ih_l0' needs it"),
  .init(
    "no input weights", ["lstm.weight_hh_l0": [8, 2]],
    "tensor 'lstm.weight_ih_l0' is missing, but 'lstm.weight_hh_l0' needs it"),
  .init(
    "no layer 1",
    [
      "lstm.weight_ih_l0": [8, 3], "lstm.weight_hh_l0": [8, 2], "lstm.weight_ih_l2": [8, 2],
      "lstm.weight_hh_l2": [8, 2],
    ], "tensor 'lstm.weight_ih_l1' is missing, but 'lstm.weight_hh_l2' needs it"),
  .init(
    "half a direction",
    [
      "lstm.weight_ih_l0": [8, 3], "lstm.weight_hh_l0": [8, 2],
      "lstm.weight_ih_l0_reverse": [8, 3],
    ],
    "tensor 'lstm.weight_hh_l0_reverse' is missing, but 'lstm.weight_ih_l0_reverse' needs it"),
  .init(
    "an LSTM's R too wide", ["lstm.weight_ih_l0": [32, 4], "lstm.weight_hh_l0": [32, 9]],
    "tensor 'lstm.weight_hh_l0': expected (32, 8), found (32, 9)"),
  .init(
    "a GRU's R too wide", ["gru.weight_ih_l0": [24, 4], "gru.weight_hh_l0": [24, 9]],
    "tensor 'gru.weight_hh_l0': expected (24, 8), found (24, 9)"),
  .init(
    "R of no cell", ["rnn.weight_ih_l0": [32, 4], "rnn.weight_hh_l0": [32, 9]],
    "tensor 'rnn.weight_hh_l0': expected (4H, H) of an LSTM, (3H, H) of a GRU "
      + "or (H, H) of an RNN, found (32, 9)"),
  .init(
    "R with a size of 0", ["rnn.weight_ih_l0": [0, 4], "rnn.weight_hh_l0": [0, 0]],
    "tensor 'rnn.weight_hh_l0': expected (4H, H) of an LSTM, (3H, H) of a GRU "
      + "or (H, H) of an RNN, found (0, 0)"),
  .init(
    "R with three dimensions", ["weight_ih_l0": [8, 4], "weight_hh_l0": [1, 8, 2]],
    "tensor 'weight_hh_l0': expected (4H, H) of an LSTM, (3H, H) of a GRU "
      + "or (H, H) of an RNN, found (1, 8, 2)"),
  .init(
    "W with other rows", ["lstm.weight_ih_l0": [12, 3], "lstm.weight_hh_l0": [8, 2]],
    "tensor 'lstm.weight_ih_l0': expected (8, 3), found (12, 3)"),
  .init(
    "W without columns", ["lstm.weight_ih_l0": [8, 0], "lstm.weight_hh_l0": [8, 2]],
    "tensor 'lstm.weight_ih_l0': expected (8, any), found (8, 0)"),
  .init(
    "layer 1 of another width",
    [
      "lstm.weight_ih_l0": [8, 3], "lstm.weight_hh_l0": [8, 2], "lstm.weight_ih_l1": [8, 4],
      "lstm.weight_hh_l1": [8, 2],
    ], "tensor 'lstm.weight_ih_l1': expected (8, 2), found (8, 4)"),
  .init(
    "the other direction of another shape",
    [
      "lstm.weight_ih_l0": [8, 3], "lstm.weight_hh_l0": [8, 2],
      "lstm.weight_ih_l0_reverse": [4, 3], "lstm.weight_hh_l0_reverse": [4, 1],
    ], "tensor 'lstm.weight_ih_l0_reverse': expected (8, 3), found (4, 3)"),
  .lstm(
    "a bias too short", ["m.lstm.bias_hh_l0": [7]],
    "tensor 'm.lstm.bias_hh_l0': expected (8), found (7)"),
  .lstm(
    "a projection that does not fit", ["m.lstm.weight_hr_l0": [1, 2]],
    "tensor 'm.lstm.weight_hr_l0': expected (2, 2), found (1, 2)"),
  .lstm(
    "peepholes too long", ["m.lstm.peephole_l0": [4, 2]],
    "tensor 'm.lstm.peephole_l0': expected (6), found (4, 2)"),
  .init(
    "peepholes of a GRU",
    ["gru.weight_ih_l0": [6, 3], "gru.weight_hh_l0": [6, 2], "gru.peephole_l0": [3, 2]],
    "peepholes belong to an LSTM, but the layer is of kind gru"),
  .lstm(
    "a cell's and a layer's names", ["m.lstm.weight_ih": [8, 3]],
    "'m.lstm' fits several recurrent modules: 'm.lstm.weight_ih', 'm.lstm.weight_hh_l0'; "
      + "give more of the name"),
  .init(
    "a matrix beside the recurrent weights",
    ["cell.weight_ih": [8, 3], "cell.weight_hh": [8, 2], "cell.gate.weight": [2, 2]],
    "tensor 'cell.gate.weight' stands beside the recurrent weights and would not be used, so this is "
      + "no plain LSTM; --ignore cell.gate.weight opens it all the same"),
  .init(
    "GRU cells in a list",
    ["rnn.cells.0.weight_ih": [6, 3], "rnn.cells.0.weight_hh": [6, 2]],
    "module 'rnn.cells.0' has the names and shapes of PyTorch's GRUCell and of other cells "
      + "(torchrecurrent's OriginalLSTM, MUT2 and MUT3); if it is a GRU, say --cell gru"),
]

/// What was found, as `Naming.facts` says it.
private let readings: [Naming] = [
  .lstm("nothing more", [:], "- - - "),
  .lstm(
    "named", ["m.embedding.weight": [7, 3], "m.fc.weight": [5, 2], "m.fc.bias": [5]],
    "7 5 true "),
  .lstm("nameless, one reading each", ["a.weight": [7, 3], "b.weight": [5, 2]], "7 5 false "),
  .lstm("a name before none", ["a.weight": [9, 2], "out.weight": [5, 2]], "- 5 false a.weight"),
  .lstm("a name of the wrong shape", ["fc.weight": [5, 4]], "- - - fc.weight"),
  .lstm(
    "a matrix with a bias is no embedding", ["a.weight": [7, 3], "a.bias": [7]],
    "- - - a.bias a.weight"),
  .lstm(
    "the nearer of two names", ["x.head.weight": [6, 2], "m.head.weight": [5, 2]],
    "- 5 false x.head.weight"),
  .lstm(
    "the exact name", ["m.head.weight": [6, 2], "m.readout.weight": [5, 2]],
    "- 5 false m.head.weight"),
  .lstm(
    "word_language_model",
    ["encoder.weight": [7, 3], "decoder.weight": [7, 2], "decoder.bias": [7]],
    "7 7 true "),
  .lstm("a bias of another length", ["fc.weight": [5, 2], "fc.bias": [4]], "- 5 false fc.bias"),
  .lstm("an embedding inside a decoder", ["decoder.embedding.weight": [7, 3]], "7 - - "),
  .lstm(
    "a deep head", ["fc1.weight": [6, 2], "fc1.bias": [6], "fc2.weight": [5, 6]],
    "- - - fc1.bias fc1.weight fc2.weight"),
  .lstm(
    "two readouts", ["fc.weight": [5, 2], "head.weight": [6, 2]], "- - - fc.weight head.weight"),
  .lstm(
    "two embeddings", ["emb_a.weight": [5, 3], "emb_b.weight": [6, 3]],
    "- - - emb_a.weight emb_b.weight"),
  .lstm("two nameless", ["a.weight": [5, 2], "b.weight": [6, 2]], "- - - a.weight b.weight"),
  .init("a nameless matrix that fits both", nameless, "- - - a.weight"),
  .init(
    "W and R of one width, told by names",
    [
      "lstm.weight_ih_l0": [8, 2], "lstm.weight_hh_l0": [8, 2], "emb.weight": [7, 2],
      "linear.weight": [5, 2],
    ], "7 5 false "),
  .init(
    "one module of two", two, module: "enc",
    "- - - decoder.lstm.weight_hh_l0 decoder.lstm.weight_ih_l0"),
  .init(
    "a whole name that is part of another",
    [
      "lstm.weight_ih_l0": [8, 3], "lstm.weight_hh_l0": [8, 2], "lstm2.weight_ih_l0": [8, 2],
      "lstm2.weight_hh_l0": [8, 2],
    ], module: "lstm", "- - - lstm2.weight_hh_l0 lstm2.weight_ih_l0"),
]

/// What a person says, and what is found then: as for `readings`, or the message.
struct Choice: Sendable, CustomTestStringConvertible {
  var naming: Naming
  var choices: ModelChoices
  var testDescription: String { naming.testDescription }

  init(
    _ naming: Naming, embedding: ModelChoices.Head? = nil, readout: ModelChoices.Head? = nil,
    activation: ModelChoices.Activations? = nil
  ) {
    self.naming = naming
    choices = ModelChoices(embedding: embedding, readout: readout, activation: activation)
  }

  func outcome() -> String {
    do {
      return Naming.facts(try naming.read(choices: choices))
    } catch {
      return "\(error)"
    }
  }
}

private let choices: [Choice] = [
  .init(
    .lstm(
      "one of two readouts", ["fc.weight": [5, 2], "head.weight": [6, 2]],
      "- 6 false fc.weight"), readout: .tensor("head")),
  .init(
    .lstm(
      "neither of two", ["fc.weight": [5, 2], "head.weight": [6, 2]],
      "- - - fc.weight head.weight"), readout: .absent),
  .init(
    .lstm(
      "a part of both names", ["fc1.weight": [5, 2], "fc2.weight": [6, 2]],
      "m: several tensors could be the readout: 'fc1.weight', 'fc2.weight'; choose one with "
        + "--readout NAME"), readout: .tensor("fc")),
  .init(
    .lstm(
      "a whole name that is part of another", ["a.weight": [5, 2], "xa.weight": [6, 2]],
      "- 5 false xa.weight"), readout: .tensor("a.weight")),
  .init(
    .lstm(
      "one of two embeddings", ["emb_a.weight": [5, 3], "emb_b.weight": [6, 3]],
      "6 - - emb_a.weight"), embedding: .tensor("emb_b")),
  .init(
    .lstm(
      "one that does not fit", ["fc.weight": [5, 2], "other.weight": [5, 4]],
      "m: no tensor that could be the readout is named 'other'; there are: 'fc.weight'"),
    readout: .tensor("other")),
  .init(
    .lstm(
      "none that fits", ["fc.weight": [5, 2]],
      "m: no tensor could be the embedding of this network, so --embedding 'fc' chooses nothing"),
    embedding: .tensor("fc")),
  .init(
    .lstm(
      "a layer of a deep head", ["fc1.weight": [6, 2], "fc2.weight": [5, 6]],
      "- 6 false fc2.weight"), readout: .tensor("fc1")),
  .init(
    .init("a nameless matrix as embedding", nameless, "5 - - "), embedding: .tensor("a")),
  .init(.init("a nameless matrix as readout", nameless, "- 5 false "), readout: .tensor("a")),
  .init(
    .init("a nameless matrix as neither", nameless, "- - - a.weight"), embedding: .absent,
    readout: .absent),
  .init(
    .init("tied weights", nameless, "5 5 false "), embedding: .tensor("a"), readout: .tensor("a")),
  .init(
    .lstm(
      "an activation of an LSTM", [:],
      "m: --activation is for an RNN, but the layers are of kind lstm"), activation: .relu),
]

/// W and R of one width, and a matrix that could be either.
private let nameless: KeyValuePairs = [
  "lstm.weight_ih_l0": [8, 2], "lstm.weight_hh_l0": [8, 2], "a.weight": [5, 2],
]

@Suite struct PyTorchNamesTests {
  @Test(arguments: refusals) func refuses(_ naming: Naming) {
    #expect(message { _ = try naming.read() } == "m: " + naming.expected)
  }

  @Test(arguments: readings) func reads(_ naming: Naming) throws {
    #expect(Naming.facts(try naming.read()) == naming.expected)
  }

  @Test(arguments: choices) func choosesWhereTwoReadingsAreLeft(_ choice: Choice) throws {
    #expect(choice.outcome() == choice.naming.expected)
  }

  @Test func anRNNIsOfReluWhereAPersonSaysSo() throws {
    let bytes = file(["rnn.weight_ih_l0": [2, 3], "rnn.weight_hh_l0": [2, 2]])
    for activation in ModelChoices.RNNActivation.allCases {
      let choices = ModelChoices(activation: .init(activation))
      let shape = try ModelReader.read(bytes: bytes, path: "m", choices: choices)
        .network.layers[0].shape
      #expect(shape.activations.candidate == (activation == .relu ? .relu : .tanh))
      let report = try ModelReader.report(bytes: bytes, path: "m", choices: choices)
      #expect(report.modules[0].layers[0].activations == ["h": activation.rawValue])
    }
  }

  /// The symbols in the metadata are the embedding's, and go with it.
  @Test func withoutTheEmbeddingNumbersEnter() throws {
    let bytes = file(
      [
        "lstm.weight_ih_l0": [8, 3], "lstm.weight_hh_l0": [8, 2], "embedding.weight": [2, 3],
        "readout.weight": [5, 2],
      ], metadata: ["gatescope.vocabulary": "[\"a\",\"b\"]"])
    #expect(try ModelReader.read(bytes: bytes, path: "m").vocabulary?.count == 2)
    let model = try ModelReader.read(
      bytes: bytes, path: "m", choices: .init(embedding: .absent, readout: .absent))
    #expect(model.network.featureCount == 3 && model.network.readout == nil)
    #expect(model.vocabulary == nil && model.outputSymbols == nil)
    #expect(model.unused == ["embedding.weight", "readout.weight"])
  }

  @Test func saysWhyADeepHeadIsNotShown() throws {
    let naming = Naming.lstm("", ["fc1.weight": [6, 2], "fc2.weight": [5, 6]], "")
    #expect(
      try naming.read().warnings == [
        "the readout has several layers ('fc1.weight', 'fc2.weight'); predictions are not shown"
      ])
  }

  /// What stands beside the recurrent weights and is none of them makes another cell.
  @Test(arguments: [
    "weight_ih_l00", "weight_ih_l-1", "weight_ih_l99999", "weight_ihx", "weight_ih_l",
  ])
  func takesNoOtherNameForALayer(name: String) throws {
    let naming = Naming.lstm("", ["m.lstm.\(name)": [1]], "")
    #expect(
      message { _ = try naming.read() }.hasPrefix("m: tensor 'm.lstm.\(name)' stands beside the "))
    #expect(
      try naming.read(choices: .init(ignored: [name])).ignored == ["m.lstm.\(name)"])
  }

  /// Two candidates: none is taken, and both are named with the flag that chooses.
  @Test(arguments: [
    (
      Naming.lstm("", ["fc.weight": [5, 2], "head.weight": [6, 2]], ""),
      "several tensors could be the readout: 'fc.weight', 'head.weight'; none is taken; choose one "
        + "with --readout NAME"
    ),
    (
      Naming.lstm("", ["emb_a.weight": [5, 3], "emb_b.weight": [6, 3]], ""),
      "several tensors could be the embedding: 'emb_a.weight', 'emb_b.weight'; none is taken; "
        + "choose one with --embedding NAME"
    ),
    (
      Naming.lstm("", ["a.weight": [5, 2], "b.weight": [6, 2]], ""),
      "several tensors could be the readout: 'a.weight', 'b.weight'; none is taken; choose one with "
        + "--readout NAME"
    ),
    (
      Naming("", nameless, ""),
      "tensor 'a.weight' could be the embedding or the readout; neither is taken; say which with "
        + "--embedding or --readout 'a.weight'"
    ),
  ])
  func namesBothCandidates(_ naming: Naming, words: String) throws {
    #expect(try naming.read().warnings == [words])
  }

  /// A head is that of the module that it stands nearest to.
  @Test(arguments: HeadOwner.all)
  func headsHaveOneOwner(_ owner: HeadOwner) throws {
    for (module, expected) in [("enc", owner.encoder), ("dec", owner.decoder)] {
      let model = try owner.naming(module).read()
      #expect(Naming.heads(model) == expected, "\(module)")
      #expect(model.warnings.count == owner.warnings, "\(model.warnings)")
    }
  }
}

/// Two modules, and heads between them.
struct HeadOwner: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var heads: [(String, [Int])]
  var encoder: String
  var decoder: String
  /// Of each.
  var warnings = 0
  /// What the encoder gives.
  var units = 2

  func naming(_ module: String) -> Naming {
    var naming = Naming("", [:], "")
    naming.shapes = [
      ("a.encoder_rnn.weight_ih_l0", [4 * units, 3]),
      ("a.encoder_rnn.weight_hh_l0", [4 * units, units]),
      ("a.decoder_rnn.weight_ih_l0", [8, 3]), ("a.decoder_rnn.weight_hh_l0", [8, 2]),
    ]
    naming.shapes += heads
    naming.module = module
    return naming
  }

  static let all: [HeadOwner] = [
    .init(
      testDescription: "by whole parts", heads: [("a.decoder_rnn_x.fc.weight", [5, 2])],
      encoder: "- - -", decoder: "- 5 false"),
    .init(
      testDescription: "by words", heads: [("a.decoder_fc.weight", [5, 2])], encoder: "- - -",
      decoder: "- 5 false"),
    .init(
      testDescription: "an embedding each",
      heads: [("a.encoder_emb.weight", [7, 3]), ("a.decoder_emb.weight", [9, 3])],
      encoder: "7 - -", decoder: "9 - -"),
    .init(
      testDescription: "as near to both", heads: [("a.fc.weight", [5, 2])], encoder: "- - -",
      decoder: "- - -", warnings: 1),
    .init(
      testDescription: "as near to both, but it fits one", heads: [("fc.weight", [5, 2])],
      encoder: "- - -", decoder: "- 5 false", units: 4),
    .init(
      testDescription: "nearer to one that it does not fit",
      heads: [("a.encoder_fc.weight", [5, 2])], encoder: "- - -", decoder: "- - -", units: 4),
    .init(
      testDescription: "nameless and as near to both", heads: [("x.weight", [5, 2])],
      encoder: "- - -", decoder: "- - -", warnings: 1),
  ]
}
