import Foundation
import ModelFiles
import Recurrent
import Testing

/// A case of `Fixtures/keras/cases.json`; `make_keras_fixtures.py` says what its fields mean.
struct KerasCase: Decodable, Sendable, CustomTestStringConvertible {
  var file: String
  var tokens: [Int]?
  var width: Int
  var steps: Int
  /// (signals, units) of each track.
  var tracks: [[Int]]
  var outputs: Int
  var start: Int
  var count: Int
  var warnings: [String]
  /// What a person says of an RNN.
  var activation: String?

  var testDescription: String { file }

  static let all: [KerasCase] = {
    guard let data = try? Data(contentsOf: fixture("keras/cases.json")) else { return [] }
    return (try? JSONDecoder().decode([KerasCase].self, from: data)) ?? []
  }()

  /// The input, where it is numbers, then every track, then the readout.
  func numbers() throws -> [Double] {
    try float64(in: "keras/reference.bin", start..<start + count)
  }
}

/// Every signal of every step, from the file to the kernels, against Float64.
@Suite struct KerasTests {
  @Test func theCasesAreThere() { #expect(KerasCase.all.count == 27) }

  @Test(arguments: KerasCase.all)
  func agreesWithTheReference(_ testCase: KerasCase) throws {
    let activation = testCase.activation.flatMap { ModelChoices.Activations(names: [$0]) }
    let model = try ModelReader.read(
      path: fixture("keras/\(testCase.file)").path, choices: ModelChoices(activation: activation))
    let network = model.network
    #expect(model.warnings == testCase.warnings)
    #expect(
      network.tracks.map { track in
        let shape = network.layers[track.layer].shape
        return [shape.signals.count, shape.hiddenSize]
      } == testCase.tracks)
    #expect((network.readout?.outputSize ?? 0) == testCase.outputs)
    let numbers = try testCase.numbers()
    let entering = testCase.tokens == nil ? testCase.width * testCase.steps : 0
    let input: InputSequence =
      testCase.tokens.map(InputSequence.tokens)
      ?? .features(numbers.prefix(entering).map { Float($0) }, width: testCase.width)
    let computed = try recordMerged(network, input).flatMap { $0 }
    expectClose(computed, Array(numbers.dropFirst(entering)))
  }

  @Test func tellsWhatIsInAFile() throws {
    let path = try fixture("keras/lstm.keras").path
    let report = try ModelReader.report(path: path)
    #expect(report.format == "Keras archive (.keras)")
    #expect(report.producer?.hasPrefix("Keras 3.") == true)
    let module = try #require(report.modules.first)
    #expect(report.modules.count == 1)
    #expect(module.name == "lstm")
    #expect(module.problem == nil)
    #expect(module.layers[0].gatesStored == ["i", "f", "c", "o"])
    #expect(module.layers[0].gatesMeant == ["i", "f", "z", "o"])
    #expect(module.types == ["float32"])
    #expect(module.layers.map(\.biases) == ["one", "one"])
    #expect(module.readoutActivation == "softmax")
    #expect(module.tokenCount == 6)
    #expect(report.otherTensors == [])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(try ModelReader.report(bytes: bytes, path: path) == report)
    let old = try ModelReader.report(path: fixture("keras/keras2.h5").path)
    #expect(old.format == "Keras HDF5")
    #expect(old.producer == "Keras 2.3.1, backend tensorflow")
    #expect(old.modules[0].layers[0].activations["i"] == "hard_sigmoid(0.2, 0.5)")
  }

  @Test(arguments: [
    (
      "none.keras",
      "layer 'bidirectional_5': merge_mode is none of concat, sum, mul and ave, so nothing is merged"
    ),
    (
      "bad-shape.h5",
      "tensor 'model_weights/lstm/lstm/kernel:0': expected (3, 8), found (3, 7)"
    ),
    (
      "bad-units.h5",
      "tensor 'model_weights/lstm/lstm/recurrent_kernel:0': expected (5, 20), found (2, 8)"
    ),
    (
      "bad-type.h5",
      "dataset 'model_weights/lstm/lstm/kernel:0': is of type text; weights are read from numbers"
    ),
    (
      "bad-activation.h5",
      "layer 'lstm': activation 'swish' is not one that Gatescope steps"
    ),
    (
      "no-recurrent.h5",
      "layer 'lstm': its weights are missing; expected them in 'lstm/…/recurrent_kernel'"
    ),
    (
      "no-bias.h5",
      "tensor 'lstm/lstm/bias' is missing, but 'model_weights/lstm/lstm/recurrent_kernel:0' needs it"
    ),
    ("convolution.h5", "no recurrent layer in it: its layers are Conv1D"),
    ("bad-json.h5", "the model's JSON config, byte 29: expected a name in quotes"),
    (
      "huge.h5",
      "dataset 'model_weights/lstm/lstm/kernel:0': (1099511627776, 8) of float32 takes "
        + "35184372088832 bytes, but the file holds 0 of it"
    ),
    (
      "external.h5",
      "dataset 'model_weights/lstm/lstm/kernel:0': its data is in another file, which is not read"
    ),
  ])
  func refuses(_ name: String, _ words: String) throws {
    let path = try fixture("keras/\(name)").path
    #expect(message { _ = try ModelReader.read(path: path) } == "\(path): \(words)")
  }

  @Test(arguments: [100, 2000, 20000])
  func refusesTruncated(_ count: Int) throws {
    let bytes = [UInt8](try Data(contentsOf: fixture("keras/lstm.h5")).prefix(count))
    #expect(
      message { _ = try ModelReader.read(bytes: bytes, path: "m.h5") }
        == "m.h5: HDF5: its \(count) bytes are not a whole file; truncated or damaged?")
  }

  @Test func anArchiveNeedsItsWeights() {
    let bytes = Archive([.init("config.json", Array("{}".utf8))]).bytes
    #expect(
      message { _ = try ModelReader.read(bytes: bytes, path: "m.keras") }
        == "m.keras: Keras archive: there is no 'model.weights.h5' in it; "
        + "save the model anew with model.save")
  }
}

/// As `record`, with directions merged as each layer says.
func recordMerged(_ network: Network, _ input: InputSequence) throws -> [[Float]] {
  var results: [[Float]] = []
  var entering = input
  var below: [Float] = []
  let embedding = network.embedding
  for (number, layer) in network.layers.enumerated() {
    let single = try Network(embedding: number == 0 ? embedding : nil, layers: [layer])
    let rows = try record(single, entering, NetworkState(zeroFor: single))
    results += rows
    let length = layer.shape.signalsLength
    let units = layer.shape.recurrentSize
    below = (0..<input.count).flatMap { step in
      layer.shape.merge.merged(
        rows.map { Array($0[((step + 1) * length - units)..<(step + 1) * length]) })
    }
    entering = .features(below, width: layer.shape.outputSize)
  }
  if let readout = network.readout {
    let width = readout.inputSize
    results.append(
      (0..<input.count).flatMap { readout(Array(below[$0 * width..<($0 + 1) * width])) })
  }
  return results
}
