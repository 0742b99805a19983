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

  func read() throws -> TrainedModel {
    let tensors = shapes.map { name, shape in
      SafetensorsWriter.Tensor(
        name: name, shape: shape, values: [Float](repeating: 0.5, count: shape.reduce(1, *)))
    }
    return try ModelReader.read(
      bytes: SafetensorsWriter(tensors).bytes, path: "m", module: module)
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
  .lstm(
    "two readouts", ["fc.weight": [5, 2], "head.weight": [6, 2]],
    "several tensors could be the readout: 'fc.weight', 'head.weight'; "
      + "name the right one 'readout.weight'"),
  .lstm(
    "two embeddings", ["emb_a.weight": [5, 3], "emb_b.weight": [6, 3]],
    "several tensors could be the embedding: 'emb_a.weight', 'emb_b.weight'; "
      + "name the right one 'embedding.weight'"),
  .lstm(
    "two nameless", ["a.weight": [5, 2], "b.weight": [6, 2]],
    "several tensors could be the readout: 'a.weight', 'b.weight'; "
      + "name the right one 'readout.weight'"),
  .init(
    "a nameless matrix that fits both",
    ["lstm.weight_ih_l0": [8, 2], "lstm.weight_hh_l0": [8, 2], "a.weight": [5, 2]],
    "tensor 'a.weight' could be the embedding or the readout; "
      + "name it 'embedding.weight' or 'readout.weight'"),
]

/// What was found, as "embedding rows, readout rows, readout bias, unused".
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

@Suite struct PyTorchNamesTests {
  @Test(arguments: refusals) func refuses(_ naming: Naming) {
    #expect(message { _ = try naming.read() } == "m: " + naming.expected)
  }

  @Test(arguments: readings) func reads(_ naming: Naming) throws {
    let model = try naming.read()
    let network = model.network
    let facts = [
      network.embedding.map { "\($0.count)" } ?? "-",
      network.readout.map { "\($0.outputSize)" } ?? "-",
      network.readout.map { "\($0.bias != nil)" } ?? "-",
      model.unused.joined(separator: " "),
    ]
    #expect(facts.joined(separator: " ") == naming.expected)
  }

  @Test func saysWhyADeepHeadIsNotShown() throws {
    let naming = Naming.lstm("", ["fc1.weight": [6, 2], "fc2.weight": [5, 6]], "")
    #expect(
      try naming.read().warnings == [
        "the readout has several layers ('fc1.weight', 'fc2.weight'); predictions are not shown"
      ])
  }

  @Test(arguments: [
    "weight_ih_l00", "weight_ih_l-1", "weight_ih_l99999", "weight_ihx", "weight_ih_l",
  ])
  func takesNoOtherNameForALayer(name: String) throws {
    let naming = Naming.lstm("", ["m.lstm.\(name)": [1]], "")
    #expect(try naming.read().unused == ["m.lstm.\(name)"])
  }
}
