import ModelFiles
import Recurrent
import Testing

@Suite struct ModelReportTests {
  @Test func saysWhyAModuleDoesNotOpen() throws {
    let bytes = file([
      "good.weight_ih_l0": [8, 3], "good.weight_hh_l0": [8, 2], "bad.weight_ih_l0": [8, 3],
      "other": [5],
    ])
    let report = try ModelReader.report(bytes: bytes, path: "m")
    #expect(report.modules.map(\.name) == ["bad", "good"])
    #expect(
      report.modules.map(\.problem) == [
        "tensor 'bad.weight_hh_l0' is missing, but 'bad.weight_ih_l0' needs it", nil,
      ])
    #expect(report.otherTensors == [.init(name: "other", shape: [5], type: "F32")])
    #expect(
      try ModelReader.report(bytes: bytes, path: "m", module: "goo").modules.map(\.name) == ["good"]
    )
  }

  @Test func describesEveryPart() throws {
    let bytes = file([
      "lstm.weight_ih_l0": [16, 3], "lstm.weight_hh_l0": [16, 2], "lstm.weight_hr_l0": [2, 4],
      "lstm.bias_ih_l0": [16], "lstm.peephole_l0": [3, 4], "emb.weight": [7, 3],
      "head.weight": [5, 2],
    ])
    let report = try ModelReader.report(bytes: bytes, path: "m")
    let module = try #require(report.modules.first)
    let layer = try #require(module.layers.first)
    #expect(module.cell == "lstm" && module.problem == nil)
    #expect((layer.inputSize, layer.hiddenSize, layer.projectionSize) == (3, 4, 2))
    #expect(layer.directions == ["fwd"] && layer.biases == "one" && layer.hasPeepholes)
    #expect(layer.variations == [])
    #expect(layer.gatesStored == ["i", "f", "g", "o"])
    #expect(layer.gatesMeant == ["i", "f", "z", "o"])
    #expect(layer.gatesRead == ["z", "f", "i", "o"])
    #expect(
      layer.activations == [
        "i": "sigmoid", "f": "sigmoid", "o": "sigmoid", "z": "tanh", "h": "tanh",
      ]
    )
    #expect(module.embedding?.rows == 7 && module.readout?.rows == 5)
    #expect(module.tokenCount == 7 && module.vocabularyCount == nil)
    #expect(module.weightCount == 48 + 32 + 8 + 16 + 12 + 21 + 10)
    #expect(module.recurrentWeightCount == 48 + 32 + 8 + 16 + 12)
    #expect(module.embedding?.weightCount == 21 && module.readout?.weightCount == 10)
    #expect(module.hasTiedWeights == false)
    #expect(module.types == ["F32"])
  }

  /// The sums of numel over PyTorch's parameters: what two names share counts once. The numbers are
  /// those of torch.nn.GRU(7, 7) and LSTM(7, 7, bias=False) with Embedding(11, 7) and Linear(7, 11).
  @Test(
    arguments: [
      ("gru", 21, true, ["embedding.weight": [11, 7], "decoder.bias": [11]], 336 + 77 + 11, true),
      (
        "gru", 21, true, ["embedding.weight": [11, 7], "decoder.weight": [11, 7]], 336 + 77, true
      ),
      ("lstm", 28, false, ["embedding.weight": [11, 7]], 392 + 77, false),
      ("lstm", 28, false, ["decoder.weight": [11, 7], "decoder.bias": [11]], 392 + 88, false),
      (
        "lstm", 28, false, ["embedding.weight": [12, 7], "decoder.weight": [11, 7]],
        392 + 84 + 77, false
      ),
    ] as [(String, Int, Bool, [String: [Int]], Int, Bool)])
  func weightsAreCountedOnce(
    cell: String, rows: Int, hasBias: Bool, others: [String: [Int]], count: Int, isTied: Bool
  ) throws {
    var shapes = [("\(cell).weight_ih_l0", [rows, 7]), ("\(cell).weight_hh_l0", [rows, 7])]
    if hasBias { shapes += [("\(cell).bias_ih_l0", [rows]), ("\(cell).bias_hh_l0", [rows])] }
    shapes += others.sorted { $0.key < $1.key }
    let tensors = shapes.map { name, shape in
      // Equal numbers in all, so that a copy of the embedding is one.
      SafetensorsWriter.Tensor(
        name: name, shape: shape, values: .init(repeating: 0.5, count: shape.reduce(1, *)))
    }
    let report = try ModelReader.report(bytes: SafetensorsWriter(tensors).bytes, path: "m")
    let module = try #require(report.modules.first)
    #expect(module.problem == nil)
    #expect(module.weightCount == count)
    #expect(module.recurrentWeightCount == (hasBias ? 336 : 392))
    #expect(module.hasTiedWeights == isTied)
  }

  /// Each module costs the reading of its weights; a hostile file has very many.
  @Test func readsTheFirstHundredModules() throws {
    let tensors = (100..<202).flatMap { number in
      ["weight_ih_l0", "weight_hh_l0"].map { name in
        SafetensorsWriter.Tensor(name: "m\(number).\(name)", shape: [4, 1], values: [0, 0, 0, 0])
      }
    }
    let report = try ModelReader.report(bytes: SafetensorsWriter(tensors).bytes, path: "m")
    #expect(report.modules.count == 102)
    #expect(report.modules[99].problem == nil)
    #expect(report.modules[100].problem == "not read here; ask for it with --module")
  }

  @Test(
    arguments: [
      ("several that differ", ["abc", "xyz"], nil, 1),
      ("two that agree", ["abc", "abc"], "abc", 0),
      ("none that fits", ["ab"], nil, 0), ("one that fits", ["ab", "abc"], "abc", 0),
    ] as [(String, [String], String?, Int)])
  func takesTheVocabularyThatFits(
    _: String, texts: [String], taken: String?, warnings: Int
  ) throws {
    let weights = Pickle.dictionary([
      "weight_ih_l0": Pickle.tensor([4, 3], storage: Pickle.storage(12)),
      "weight_hh_l0": Pickle.tensor([4, 1], storage: Pickle.storage(4)),
    ])
    var body = latin("}(") + Pickle.text("model") + weights
    for (number, text) in texts.enumerated() {
      body += Pickle.text("vocab\(number)") + latin("](")
      body += text.flatMap { Pickle.text(String($0)) } + latin("e")
    }
    let model = try ModelReader.read(bytes: torchArchive(body + latin("u")), path: "m")
    #expect(model.vocabulary?.symbols.joined() == taken)
    #expect(model.warnings.count == warnings)
    if warnings > 0 {
      #expect(
        model.warnings == ["several vocabularies fit ('vocab0', 'vocab1'); none is taken"])
    }
  }
}
