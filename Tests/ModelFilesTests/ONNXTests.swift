import Foundation
import ModelFiles
import Recurrent
import Testing

/// Every signal of every step, from the file to the kernels, against Float64.
@Suite struct ONNXTests {
  @Test func theCasesAreThere() {
    #expect(ONNXCase.all.count == 75)
    // ONNX's own conformance cases, with every sequence of their batches.
    let names = Set(ONNXCase.all.map(\.file).filter { $0.hasPrefix("test_") })
    #expect(names.count == 18)
  }

  @Test(arguments: ONNXCase.all)
  func agreesWithTheReference(_ testCase: ONNXCase) throws {
    let model = try ModelReader.read(path: testCase.path, module: testCase.module)
    let network = model.network
    #expect(model.warnings == testCase.warnings)
    #expect((model.initialState != nil) == testCase.states)
    #expect(
      network.tracks.map { track in
        let shape = network.layers[track.layer].shape
        return [shape.signals.count, shape.hiddenSize]
      } == testCase.tracks)
    #expect((network.readout?.outputSize ?? 0) == testCase.outputs)
    let numbers = try testCase.numbers()
    let entering = testCase.width * testCase.steps
    let input: InputSequence =
      testCase.tokens.map(InputSequence.tokens)
      ?? .features(numbers.prefix(entering).map { Float($0) }, width: testCase.width)
    let state = model.initialState ?? NetworkState(zeroFor: network)
    let recorded = try record(network, input, state)
    expectClose(recorded.flatMap { $0 }, Array(numbers.dropFirst(entering)))
    if network.isCausal {
      #expect(try step(network, input, state) == Array(recorded.prefix(network.tracks.count)))
    }
  }

  @Test func readsWhatTheGraphSaysBesideTheWeights() throws {
    let model = try ModelReader.read(path: fixture("onnx/heads.onnx").path)
    #expect(model.module == "LSTM_0")
    #expect(model.vocabulary?.symbols == ["a", "b", "c", "d", "e", "f"])
    #expect(model.outputSymbols == ["a", "b", "c", "d", "e", "f"])
    #expect(model.task == "reading")
    #expect(model.unused == ["one", "shape", "spare"])
    #expect(model.network.embedding?.count == 6)
    #expect(model.network.readout?.activation == .softmax)
    #expect(model.network.layers.map(\.shape.directions) == [[.forward, .backward], [.forward]])
  }

  @Test func listsSeveralModules() throws {
    let path = try fixture("onnx/two-modules.onnx").path
    func words(_ module: String?) -> String {
      message { _ = try ModelReader.read(path: path, module: module) }
        .replacingOccurrences(of: path, with: "m")
    }
    #expect(
      words(nil)
        == "m: several recurrent modules: 'LSTM_0', 'decoder/GRU'; choose one with --module NAME")
    #expect(
      words("lstm")
        == "m: no recurrent module is named 'lstm'; there are: 'LSTM_0', 'decoder/GRU'")
    #expect(try ModelReader.read(path: path, module: "GRU").module == "decoder/GRU")
    #expect(try ModelReader.read(path: path, module: "LSTM_1").module == "LSTM_0")
    let report = try ModelReader.report(path: path)
    #expect(report.modules.map(\.name) == ["LSTM_0", "decoder/GRU"])
    #expect(report.modules.map(\.problem) == [nil, nil])
    #expect(report.modules[0].layers[0].gatesStored == ["i", "o", "f", "c"])
    #expect(report.modules[1].layers[0].gatesRead == ["r", "u", "n"])
    #expect(
      try ModelReader.report(path: path, module: "GRU").modules.map(\.name) == ["decoder/GRU"])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(try ModelReader.report(bytes: bytes, path: path) == report)
    #expect(message { _ = try ModelReader.report(path: path, module: "lstm") }.contains("is named"))
  }

  @Test func aFileIsToldByItsBytes() throws {
    let data = try Data(contentsOf: fixture("onnx/torch-gru.onnx"))
    let model = try ModelReader.read(bytes: [UInt8](data), path: "model.bin")
    #expect(model.network.layers.map(\.shape.cell) == [.gru, .gru])
  }
}
