import Files
import Foundation
import Recurrent
import Testing

@testable import ModelFiles

@Suite struct ModelWriterTests {
  @Test(arguments: CellKind.classic, [false, true])
  func comesBackToTheBit(cell: CellKind, peepholes: Bool) throws {
    let network = try network(cell, peepholes: peepholes && cell == .lstm)
    let symbols = ["\"", "\\", "\u{0}\n", "詩😀"]
    let model = TrainedModel(network: network, vocabulary: Vocabulary(symbols), task: "a\"b")
    let bytes = try ModelWriter.bytes(model, metadata: ["gatescope.training.seed": "7"])
    let read = try ModelReader.read(bytes: bytes, path: "m")
    #expect(read.network == network)
    #expect(read.vocabulary?.symbols == symbols)
    #expect(read.task == "a\"b")
    #expect(read.module == cell.rawValue)
    #expect(read.warnings.isEmpty && read.unused.isEmpty)
    #expect(
      Set(read.metadata.keys).subtracting(["gatescope.activation"]) == [
        "gatescope.version", "gatescope.vocabulary", "gatescope.task", "gatescope.readout",
        "gatescope.training.seed",
      ])
    #expect(read.metadata["gatescope.activation"] == (cell == .rnn ? "tanh" : nil))
    #expect(read.notes == [])
    #expect(try ModelWriter.bytes(read) == bytes)
  }

  /// A layer of 2 units that reads 3 numbers, all weights different.
  private static func layer(_ shape: LayerShape) throws -> Layer {
    var numbers = Numbers(seed: 3)
    return try Layer(
      shape: shape,
      weights: shape.directions.map { _ in
        LayerWeights(
          inputWeights: numbers.floats(shape.gateRows * shape.inputSize),
          recurrentWeights: numbers.floats(shape.gateRows * shape.recurrentSize),
          projection: shape.projectionSize.map { numbers.floats($0 * shape.hiddenSize) })
      })
  }

  /// What a layer may have beside the plain cell, and the error, or none where it comes back.
  @Test(
    arguments: [
      (LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 2, projectionSize: 1), nil),
      (
        LayerShape(
          cell: .lstm, inputSize: 3, hiddenSize: 2, directions: [.forward, .backward],
          projectionSize: 1), nil
      ),
      (
        LayerShape(
          cell: .rnn, inputSize: 3, hiddenSize: 2, activations: CellActivations(candidate: .relu)),
        nil
      ),
      (
        LayerShape(
          cell: .rnn, inputSize: 3, hiddenSize: 2,
          activations: CellActivations(candidate: .softsign)),
        "layer 0 has other activations than PyTorch's, which PyTorch's names cannot say"
      ),
      (
        LayerShape(
          cell: .gru, inputSize: 3, hiddenSize: 2,
          activations: CellActivations(gates: .hardSigmoidONNX)),
        "layer 0 has other activations than PyTorch's, which PyTorch's names cannot say"
      ),
      (
        LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 2, isCoupled: true),
        "layer 0 has coupled gates, which PyTorch's names cannot say"
      ),
      (
        LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 2, clip: 5),
        "layer 0 has a clip, which PyTorch's names cannot say"
      ),
      (
        LayerShape(cell: .gru, inputSize: 3, hiddenSize: 2, resetsBefore: true),
        "layer 0 has its reset before the product, which PyTorch's names cannot say"
      ),
      (
        LayerShape(cell: .gru, inputSize: 3, hiddenSize: 2, directions: [.backward]),
        "layer 0 reads backwards alone, which PyTorch's names cannot say"
      ),
      (
        LayerShape(
          cell: .lstm, inputSize: 3, hiddenSize: 2, directions: [.forward, .backward],
          merge: .average),
        "layer 0 merges its directions by average, which PyTorch's names cannot say"
      ),
    ] as [(LayerShape, String?)])
  func refusesWhatWouldBeReadAsAnother(shape: LayerShape, words: String?) throws {
    let network = try Network(layers: [Self.layer(shape)])
    let model = TrainedModel(network: network)
    guard let words else {
      let read = try ModelReader.read(bytes: ModelWriter.bytes(model), path: "m")
      #expect(read.network == network && read.notes == [])
      return
    }
    #expect(
      message { _ = try ModelWriter.bytes(model) } == "the model is not written: " + words)
  }

  @Test func refusesWhatIsSeveralModulesInPyTorch() throws {
    func words(_ cells: [(CellKind, Activation)], state: Bool = false) throws -> String {
      let layers = try cells.enumerated().map { number, cell in
        try Self.layer(
          LayerShape(
            cell: cell.0, inputSize: number == 0 ? 3 : 2, hiddenSize: 2,
            activations: CellActivations(candidate: cell.1)))
      }
      var model = TrainedModel(network: try Network(layers: layers))
      if state {
        var tracks = NetworkState(zeroFor: model.network).tracks
        tracks[0].hidden[1] = 1
        model.initialState = try NetworkState(tracks: tracks, for: model.network)
      } else {
        model.initialState = NetworkState(zeroFor: model.network)
      }
      return message { _ = try ModelWriter.bytes(model) }
    }
    #expect(try words([(.rnn, .tanh), (.rnn, .tanh)]) == "no error")
    #expect(
      try words([(.lstm, .tanh), (.gru, .tanh)])
        == "the model is not written: its layers are of different kinds (lstm, gru), "
        + "which are several modules in PyTorch")
    #expect(
      try words([(.rnn, .tanh), (.rnn, .relu)])
        == "the model is not written: its layers have different activations, "
        + "which are several modules in PyTorch")
    #expect(
      try words([(.rnn, .tanh)], state: true)
        == "the model is not written: it begins with a state that is not zero, "
        + "which a file of weights does not hold")
  }

  @Test func writesTheVeryBytes() throws {
    let layer = try Layer(
      shape: LayerShape(cell: .lstm, inputSize: 1, hiddenSize: 1),
      weights: [
        LayerWeights(inputWeights: [1, 2, 3, 4], recurrentWeights: [5, 6, 7, 8])
      ])
    let model = TrainedModel(network: try Network(layers: [layer]), task: "t")
    let bytes = try ModelWriter.bytes(model, metadata: ["b": "2", "a": "1"])
    let header = """
      {"__metadata__":{"a":"1","b":"2","gatescope.task":"t","gatescope.version":"1"},\
      "lstm.weight_ih_l0":{"dtype":"F32","shape":[4,1],"data_offsets":[0,16]},\
      "lstm.weight_hh_l0":{"dtype":"F32","shape":[4,1],"data_offsets":[16,32]}}
      """
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    // z f i o becomes PyTorch's i f g o.
    let values: [Float] = [3, 2, 1, 4, 7, 6, 5, 8]
    let data = values.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
    #expect(bytes == container(padded) + data)
  }

  @Test func fillsTheBiasThatPyTorchWants() throws {
    let shape = LayerShape(cell: .rnn, inputSize: 1, hiddenSize: 1)
    let weights = LayerWeights(inputWeights: [1], recurrentWeights: [2], inputBias: [3])
    let network = try Network(layers: [Layer(shape: shape, weights: [weights])])
    let read = try ModelReader.read(
      bytes: try ModelWriter.bytes(TrainedModel(network: network)), path: "m")
    #expect(read.network.layers[0].weights[0].inputBias == [3])
    #expect(read.network.layers[0].weights[0].recurrentBias == [0])
  }

  @Test func storesHalfPrecision() throws {
    let model = TrainedModel(network: try network(.lstm))
    let read = try ModelReader.read(bytes: try ModelWriter.bytes(model, float16: true), path: "m")
    let half = { (values: [Float]?) in
      values?.map { HalfPrecision.float(HalfPrecision.bits($0)) }
    }
    for track in model.network.tracks {
      #expect(read.network[track].inputWeights == half(model.network[track].inputWeights))
      #expect(read.network[track].recurrentBias == half(model.network[track].recurrentBias))
    }
    #expect(read.network.readout?.weights == half(model.network.readout?.weights))
    #expect(read.network != model.network)
  }

  @Test func storesBrainFloats() throws {
    let bytes = SafetensorsWriter([
      .init(name: "a", shape: [2], values: [1.5, -0x1.01p3], storage: .bfloat16)
    ]).bytes
    #expect(try SafetensorsFile(bytes: bytes, path: "m").floats("a") == [1.5, -8])
  }

  @Test func replacesAFileWholeOrNotAtAll() throws {
    let folder = NSTemporaryDirectory() + "/model-writer-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = TrainedModel(network: try network(.gru))
    let path = folder + "/m.safetensors"
    for _ in 0..<2 { try ModelWriter.write(model, to: path) }
    #expect(try ModelReader.read(path: path).network == model.network)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["m.safetensors"])
    #expect(throws: FileError.isDirectory(path: folder)) {
      try ModelWriter.write(model, to: folder)
    }
  }
}
