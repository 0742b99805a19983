import ModelFiles
import Recurrent
import Testing

/// A readout whose weights are the embedding's.
@Suite struct TiedWeightsTests {
  /// A bias of the vocabulary's size with or without weights of its own.
  static let biases: [Naming] = [
    lstm("a bias alone", ["embedding.weight": [5, 2], "decoder.bias": [5]], "5 5 true "),
    lstm("a bias with another name", ["emb.weight": [5, 2], "out_bias": [5]], "5 5 true "),
    lstm(
      "a bias of another size", ["embedding.weight": [5, 2], "decoder.bias": [4]],
      "5 - - decoder.bias"),
    lstm(
      "a bias with weights of another size",
      ["embedding.weight": [5, 2], "decoder.bias": [5], "decoder.weight": [5, 3]],
      "5 - - decoder.bias decoder.weight"),
    lstm(
      "two of them", ["embedding.weight": [5, 2], "a.bias": [5], "b.bias": [5]],
      "5 - - a.bias b.bias"),
    lstm("none", ["embedding.weight": [5, 2]], "5 - - "),
    .lstm(
      "h of another size than the embedding's rows",
      ["embedding.weight": [5, 3], "decoder.bias": [5]], "5 - - decoder.bias"),
    lstm(
      "weights of its own",
      ["embedding.weight": [5, 2], "decoder.weight": [5, 2], "decoder.bias": [5]], "5 5 true "),
  ]

  /// Reads 2 numbers and gives 2.
  private static func lstm(
    _ description: String, _ others: KeyValuePairs<String, [Int]>, _ expected: String
  ) -> Naming {
    var naming = Naming(
      description, ["lstm.weight_ih_l0": [8, 2], "lstm.weight_hh_l0": [8, 2]], expected)
    naming.shapes += others.map { ($0, $1) }
    return naming
  }

  @Test(arguments: biases) func takesTheOneReading(_ naming: Naming) throws {
    let model = try naming.read()
    #expect(Naming.facts(model) == naming.expected)
    let isTied = naming.testDescription.hasPrefix("a bias") && naming.expected.hasPrefix("5 5")
    #expect(model.notes.count == (isTied ? 1 : 0))
    if isTied {
      #expect(model.notes[0].hasPrefix("the readout is the embedding "))
      #expect(model.notes[0].hasSuffix(" has no weights of its own; else --readout none"))
      #expect(model.network.readout?.weights == model.network.embedding?.weights)
      #expect(try naming.read(choices: .init(readout: .absent)).network.readout == nil)
    }
  }

  /// Two names of one storage are one matrix: what could be either is both.
  @Test(
    arguments: [
      (["a.weight", "b.weight"], "5 5 false"),
      (["embedding.weight", "decoder.weight"], "5 5 false"),
      (["one.embed.weight", "two.embed.weight"], "5 - -"),
      (["fc.weight", "x.weight"], "5 5 false"),
    ])
  func takesOneStorageForBoth(names: [String], expected: String) throws {
    var body = latin("}(")
    func add(_ name: String, _ shape: [Int]) {
      body += Pickle.text(name) + Pickle.tensor(shape, storage: Pickle.storage(32))
    }
    add("lstm.weight_ih_l0", [8, 2])
    add("lstm.weight_hh_l0", [8, 2])
    for name in names { add(name, [5, 2]) }
    let model = try ModelReader.read(bytes: torchArchive(body + latin("u")), path: "m")
    #expect(Naming.heads(model) == expected)
    #expect(model.unused == [])
  }

  /// Views of one storage that lie otherwise are others.
  @Test func otherPlacesAreOtherMatrices() throws {
    var body = latin("}(")
    for (name, shape, offset) in [
      ("lstm.weight_ih_l0", [8, 2], 0), ("lstm.weight_hh_l0", [8, 2], 0), ("a.weight", [5, 2], 0),
      ("b.weight", [5, 2], 1),
    ] {
      body += Pickle.text(name)
      body += Pickle.tensor(shape, offset: offset, storage: Pickle.storage(32))
    }
    let model = try ModelReader.read(bytes: torchArchive(body + latin("u")), path: "m")
    #expect(Naming.heads(model) == "- - -")
    #expect(
      model.warnings.first
        == "several tensors could be the embedding: 'a.weight', 'b.weight'; none "
        + "is taken; choose one with --embedding NAME")
  }

  /// safetensors.torch.save_model keeps one tensor of those that share their numbers, and tells
  /// the others' names.
  @Test func aNameWithoutNumbersIsTheTensorItStandsFor() throws {
    let bytes = file(
      [
        "lstm.weight_ih_l0": [8, 2], "lstm.weight_hh_l0": [8, 2], "encoder.weight": [5, 2],
        "decoder.bias": [5],
      ],
      metadata: [
        "decoder.weight": "encoder.weight", "format": "pt", "lstm.weight_ih_l0": "encoder.weight",
      ])
    let model = try ModelReader.read(bytes: bytes, path: "m")
    #expect(Naming.facts(model) == "5 5 true ")
    #expect(model.notes == [])
    let report = try ModelReader.report(bytes: bytes, path: "m")
    #expect(report.otherTensors == [] && report.modules.map(\.name) == ["lstm"])
  }
}
