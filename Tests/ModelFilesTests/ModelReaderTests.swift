import Foundation
import ModelFiles
import Recurrent
import Testing

@Suite struct ModelReaderTests {
  /// Reads a fixture that PyTorch made, and its weights as bit patterns by name.
  private func read(_ name: String) throws -> (TrainedModel, (String) throws -> [UInt32]) {
    let model = try ModelReader.read(path: fixture(name + ".safetensors").path)
    let json = try Data(contentsOf: fixture(name + ".json"))
    let reference = try JSONDecoder().decode([String: [UInt32]].self, from: json)
    return (model, { try #require(reference[$0], "no \($0) in the reference") })
  }

  private func bits(_ values: [Float]?) -> [UInt32] { (values ?? []).map(\.bitPattern) }

  private func expect(
    _ weights: LayerWeights, _ reference: (String) throws -> [UInt32], _ prefix: String,
    _ suffix: String, biased: Bool = true
  ) throws {
    #expect(bits(weights.inputWeights) == (try reference(prefix + "weight_ih" + suffix)))
    #expect(bits(weights.recurrentWeights) == (try reference(prefix + "weight_hh" + suffix)))
    guard biased else {
      #expect(weights.inputBias == nil && weights.recurrentBias == nil)
      return
    }
    #expect(bits(weights.inputBias) == (try reference(prefix + "bias_ih" + suffix)))
    #expect(bits(weights.recurrentBias) == (try reference(prefix + "bias_hh" + suffix)))
  }

  @Test func readsABidirectionalStackWithItsEmbeddingAndHead() throws {
    let (model, reference) = try read("tagger")
    let network = model.network
    #expect(
      network.layers.map(\.shape) == [
        LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 2, isBidirectional: true),
        LayerShape(cell: .lstm, inputSize: 4, hiddenSize: 2, isBidirectional: true),
      ])
    for track in network.tracks {
      let suffix = "_l\(track.layer)" + (track.direction == .backward ? "_reverse" : "")
      try expect(network[track], reference, "lstm.", suffix)
    }
    #expect(bits(network.embedding?.weights) == (try reference("embedding.weight")))
    #expect(bits(network.readout?.weights) == (try reference("linear.weight")))
    #expect(bits(network.readout?.bias) == (try reference("linear.bias")))
    #expect(network.readout?.activation == .softmax)
    #expect(model.vocabulary?.symbols == ["B", "T", "é", "\n", "詩"])
    #expect(model.task == "tagging")
    #expect(model.module == "lstm")
    #expect(model.unused.isEmpty && model.warnings.isEmpty)
  }

  @Test(arguments: ["cell-float64", "cell-float16", "cell-bfloat16"])
  func readsASingleCellOfAnyPrecision(name: String) throws {
    let (model, reference) = try read(name)
    #expect(
      model.network.layers.map(\.shape) == [
        LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 2)
      ])
    try expect(model.network.layers[0].weights[0], reference, "decoder.cell.", "")
    #expect(model.module == "decoder.cell")
  }

  @Test func readsAGRU() throws {
    let (model, reference) = try read("gru")
    #expect(model.network.layers[0].shape.cell == .gru)
    try expect(model.network.layers[0].weights[0], reference, "", "_l0")
    #expect(model.module == "")
  }

  @Test func readsAnRNNWithoutBias() throws {
    let (model, reference) = try read("rnn")
    #expect(model.network.layers[0].shape.cell == .rnn)
    try expect(model.network.layers[0].weights[0], reference, "", "_l0", biased: false)
  }

  @Test(arguments: [
    (
      "m.npy", [0x93] + Array("NUMPY".utf8),
      "looks like a single NumPy array, which is not read yet"
    ),
    ("m.txt", Array("hello, world".utf8), "is not a known model format"),
    ("m", [1], "is not a known model format"),
  ])
  func saysWhichFormatsItReads(path: String, bytes: [UInt8], words: String) {
    #expect(
      message { _ = try ModelReader.read(bytes: bytes, path: path) }
        == "\(path): \(words); \(readableFormats)")
  }

  @Test func theEndingDecidesWhereTheBytesAreBroken() {
    #expect(
      message {
        _ = try ModelReader.read(bytes: container("", length: 1 << 63), path: "m.safetensors")
      } == "m.safetensors: the header claims 9223372036854775808 bytes, but only 0 follow; "
        + "truncated, or not safetensors")
  }

  @Test(arguments: [
    (
      ["gatescope.vocabulary": "[\"a\""],
      "metadata 'gatescope.vocabulary': expected a JSON list of strings, found '[\"a\"'"
    ),
    (
      ["gatescope.vocabulary": "[1,2,3]"],
      "metadata 'gatescope.vocabulary': expected a JSON list of strings, found '[1,2,3]'"
    ),
    (
      ["gatescope.vocabulary": "[\"a\",\"b\"]"],
      "metadata 'gatescope.vocabulary': has 2 symbols, but the network reads 3 tokens"
    ),
    (
      ["gatescope.activation": "elu"],
      "metadata 'gatescope.activation': expected tanh or relu, found 'elu'"
    ),
    (
      ["gatescope.readout": "relu"],
      "metadata 'gatescope.readout': expected one of softmax, sigmoid, linear, found 'relu'"
    ),
  ])
  func refusesMetadataThatLies(metadata: [String: String], words: String) {
    let bytes = file(["weight_ih_l0": [8, 3], "weight_hh_l0": [8, 2]], metadata: metadata)
    #expect(message { _ = try ModelReader.read(bytes: bytes, path: "m") } == "m: " + words)
  }

  @Test func warnsOfWhatStopsNothing() throws {
    let bytes = file(
      ["weight_ih_l0": [8, 3], "weight_hh_l0": [8, 2]], metadata: ["gatescope.version": "9"],
      value: .nan)
    let model = try ModelReader.read(bytes: bytes, path: "m")
    #expect(
      model.warnings == [
        "tensor 'weight_ih_l0' holds NaN or infinite numbers",
        "tensor 'weight_hh_l0' holds NaN or infinite numbers",
        "its metadata is of version '9', this Gatescope knows '1'",
      ])
    #expect(model.metadata == ["gatescope.version": "9"])
  }
}
