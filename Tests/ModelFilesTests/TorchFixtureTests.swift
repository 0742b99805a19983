import Foundation
import ModelFiles
import Recurrent
import Testing

/// Files that PyTorch and NumPy wrote, read to the bit.
@Suite struct TorchFixtureTests {
  struct Reference: Decodable {
    var cell: String
    var module: String
    var vocabulary: [String]?
    var tensors: [String: [UInt32]]
    var leftOut: [String]?
    var unused: [String]?
    var relu: Bool?
    var tokens: [Int]?
    var width: Int
    var start: Int
    var count: Int
  }

  static let references: [String: Reference] = {
    guard let file = try? fixture("torch/reference.json"), let json = try? Data(contentsOf: file)
    else { return [:] }
    return (try? JSONDecoder().decode([String: Reference].self, from: json)) ?? [:]
  }()

  @Test func hasAllFixtures() { #expect(Self.references.count == 50) }

  @Test(arguments: references.keys.sorted())
  func readsToTheBit(name: String) throws {
    let reference = try #require(Self.references[name])
    let model = try ModelReader.read(path: fixture("torch/\(name)").path)
    #expect(model.network.layers[0].shape.cell.rawValue == reference.cell)
    #expect(model.module == reference.module)
    #expect(model.vocabulary?.symbols == reference.vocabulary)
    // Names without a layer are any package's; a whole module tells its class.
    let isShapesAlone = ["protocol-4.pt", "quantised-cell.pt"].contains(name)
    let module = reference.module.isEmpty ? "it" : "'\(reference.module)'"
    #expect(
      model.warnings
        == (isShapesAlone
          ? ["\(module) is an LSTM as told by shapes alone; --verify proves it"] : []))
    #expect(model.unused == reference.unused ?? [])
    var notes: [String] = []
    if name.hasPrefix("quantised") && name != "quantised-half.pt" {
      notes.append(
        "the weights are those of 8 bits; PyTorch also rounds what enters them while it runs")
    }
    #expect(model.notes == notes)
    // Only a whole module says what an RNN applies.
    let isTanhGuessed = reference.cell == "rnn" && reference.relu == nil
    #expect(
      model.guesses.map(\.mark)
        == (isShapesAlone ? ["LSTM?"] : []) + (isTanhGuessed ? ["tanh?"] : [])
        + (model.network.readout == nil ? [] : [""]))
    let isRelu = reference.relu ?? false
    #expect(model.network.layers[0].shape.activations.candidate == (isRelu ? .relu : .tanh))
    #expect(Self.tensors(of: model, named: Array(reference.tensors.keys)) == reference.tensors)
  }

  /// Every signal of every step, from the file to the kernels, against Float64.
  @Test(arguments: references.keys.sorted())
  func stepsAsPyTorchDoes(name: String) throws {
    let reference = try #require(Self.references[name])
    let network = try ModelReader.read(path: fixture("torch/\(name)").path).network
    let numbers = try float64(
      in: "torch/reference.bin", reference.start..<reference.start + reference.count)
    let steps = 5
    let entering = steps * reference.width
    let input: InputSequence =
      reference.tokens.map(InputSequence.tokens)
      ?? .features(numbers.prefix(entering).map { Float($0) }, width: reference.width)
    let computed = try recordMerged(network, input).flatMap { $0 }
    expectClose(computed, Array(numbers.dropFirst(entering)))
  }

  @Test(arguments: references.keys.sorted())
  func reports(name: String) throws {
    let reference = try #require(Self.references[name])
    let report = try ModelReader.report(path: fixture("torch/\(name)").path)
    #expect(report.modules.map(\.name) == [reference.module])
    #expect(report.modules.map(\.problem) == [nil])
    #expect(report.leftOut == reference.leftOut ?? [])
    #expect(report.otherTensors.map(\.name) == reference.unused ?? [])
    let order = ["lstm": ["i", "f", "g", "o"], "gru": ["r", "z", "n"], "rnn": ["h"]]
    #expect(report.modules[0].layers[0].gatesStored == order[reference.cell])
    #expect(report.modules[0].vocabularyCount == reference.vocabulary?.count)
  }

  @Test(arguments: [
    ("state.pt", "torch.save"),
    ("state-legacy.pt", "torch.save, legacy format"),
    ("script.pt", "torch.jit.save (TorchScript), module __torch__.Net"),
    ("module.pt", "torch.save, module __main__.Net"),
    (
      "lightning.ckpt",
      "torch.save, Lightning 2.4.0, weights under 'state_dict'"
    ),
    ("checkpoint.pt", "torch.save, weights under 'model_state_dict'"),
  ])
  func namesTheProducer(name: String, words: String) throws {
    #expect(try ModelReader.report(path: fixture("torch/\(name)").path).producer == words)
  }

  @Test(arguments: [
    (
      "frozen.pt",
      "its weights are folded into TorchScript code (torch.jit.freeze or trace of a function); "
        + "save the module before that"
    ),
    (
      "quantised-either.pt",
      "quantised module '0': its two sets of weights could be two layers or the two directions of "
        + "one; save the whole module, which says it"
    ),
  ])
  func refusesWhatHasNoOrTwoReadings(name: String, words: String) throws {
    let path = try fixture("torch/\(name)").path
    #expect(message { _ = try ModelReader.read(path: path) } == "\(path): \(words)")
  }

  /// Packed weights, and what quantised numbers mean, made by hand.
  @Test(arguments: [
    (
      Pickle.dictionary([
        "fc": latin("ctorch\nScriptObject\n)\u{81}")
          + Pickle.tuple([latin("N"), Pickle.text("__torch__.ConvPackedParams")]) + latin("b")
      ]),
      "its weights are packed by PyTorch in another way than by quantize_dynamic; "
        + "save the model before that"
    ),
    (
      Pickle.dictionary([
        "lstm._all_weight_values.1.param": Pickle.cell(Pickle.packed(), Pickle.packed())
      ]), "quantised module 'lstm': its layers are not numbered from 0 without gaps"
    ),
    (
      Pickle.dictionary(["w": Pickle.quantised([2, 4], "per_tensor_affine", [Pickle.number(1)])]),
      "data.pkl, byte 160: expected how a quantised tensor's numbers are meant, by tensor or channel"
    ),
    (
      Pickle.dictionary([
        "w": Pickle.quantised(
          [2, 4], "per_channel_affine",
          [Pickle.floats([3]), Pickle.floats([3]), Pickle.number(0)])
      ]), "tensor 'w': is quantised by channels, but has not a scale and a zero point for each"
    ),
    (
      Pickle.dictionary([
        "w": Pickle.quantised(
          [2, 4], "per_channel_affine",
          [Pickle.floats([2]), Pickle.floats([2]), Pickle.number(2)])
      ]), "tensor 'w': is quantised by channels, but has not a scale and a zero point for each"
    ),
    (
      Pickle.dictionary([
        "weight_ih_l0": Pickle.tensor(
          [4, 1], storage: Pickle.storage(32, type: "torch\nQInt8Storage")),
        "weight_hh_l0": Pickle.floats([4, 1]),
      ]),
      "tensor 'weight_ih_l0': is of dtype qint8 without a scale"
    ),
  ])
  func refusesOtherPacking(pickle: [UInt8], words: String) {
    let bytes = torchArchive(pickle)
    #expect(message { _ = try ModelReader.read(bytes: bytes, path: "m") } == "m: " + words)
  }

  /// The network's weights under PyTorch's names and in its order of gates.
  private static func tensors(of model: TrainedModel, named names: [String]) -> [String: [UInt32]] {
    let prefix = model.module.isEmpty ? "" : model.module + "."
    let isCell = names.contains("\(prefix)weight_ih")
    var tensors: [String: [UInt32]] = [:]
    for track in model.network.tracks {
      let suffix =
        isCell ? "" : "_l\(track.layer)" + (track.direction == .backward ? "_reverse" : "")
      let weights = model.network[track]
      let cell = model.network.layers[track.layer].shape.cell
      for (name, values) in [
        ("weight_ih", weights.inputWeights), ("weight_hh", weights.recurrentWeights),
        ("bias_ih", weights.inputBias), ("bias_hh", weights.recurrentBias),
      ] {
        tensors[prefix + name + suffix] = values.map { bits(pyTorchOrder($0, cell)) }
      }
      tensors["\(prefix)weight_hr\(suffix)"] = weights.projection.map(bits)
    }
    for name in names where name.hasSuffix("embedding.weight") {
      tensors[name] = model.network.embedding.map { bits($0.weights) }
    }
    for name in names where name.hasSuffix("readout.weight") {
      tensors[name] = model.network.readout.map { bits($0.weights) }
    }
    for name in names where name.hasSuffix("readout.bias") {
      tensors[name] = model.network.readout?.bias.map(bits)
    }
    return tensors
  }

  private static func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

  /// Ours is z f i o and r u n; PyTorch's i f z o and r u n.
  private static func pyTorchOrder(_ values: [Float], _ cell: CellKind) -> [Float] {
    switch cell {
    case .gru, .rnn, .described: return values
    case .lstm:
      let block = values.count / 4
      return [2, 1, 0, 3].flatMap { values[$0 * block..<($0 + 1) * block] }
    }
  }
}
