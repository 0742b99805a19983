import Foundation
import ModelFiles
import Testing

/// What `info` shows of ONNX files.
@Suite struct ONNXReportTests {
  private typealias Make = ONNXBytes

  private func report(_ name: String, _ module: String? = nil) throws -> ModelReport {
    try ModelReader.report(path: fixture("onnx/\(name).onnx").path, module: module)
  }

  @Test func tellsTheOrderOfTheGatesAndHowItWasRead() throws {
    let report = try report("heads")
    #expect(report.format == "ONNX")
    #expect(report.producer == "gatescope-fixtures, opset 17")
    let module = try #require(report.modules.first)
    #expect(report.modules.count == 1)
    #expect(module.layers[0].gatesStored == ["i", "o", "f", "c"])
    #expect(module.layers[0].gatesMeant == ["i", "o", "f", "z"])
    #expect(module.layers[0].gatesRead == ["z", "f", "i", "o"])
    #expect(module.types == ["float"])
    #expect(module.readoutActivation == "softmax")
    #expect(report.otherTensors.map(\.name) == ["one", "shape", "spare"])
    #expect(report.otherTensors.map(\.type) == ["int64", "int64", "float"])
  }

  @Test func tellsEveryModule() throws {
    #expect(try report("two-modules").modules.map(\.name) == ["LSTM_0", "decoder/GRU"])
    #expect(try report("two-modules", "LSTM_1").modules.map(\.name) == ["LSTM_0"])
    #expect(try report("two-modules").modules[1].layers[0].gatesStored == ["z", "r", "h"])
    #expect(throws: ModelFileError.self) { try report("two-modules", "conv") }
  }

  @Test func tellsHowCellsAreStored() throws {
    #expect(try report("lstm-float16").modules[0].types == ["float16"])
    #expect(try report("dynamic-channel").modules[0].types == ["int8"])
    #expect(try report("lstm-clip").modules[0].layers[0].variations == ["clip 0.4"])
  }

  @Test func tellsWhatCannotBeOpened() throws {
    let bytes = Make.model(
      [Make.cell, Make.node("GRU", ["X", "nowhere", "R"], ["Z"], name: "other")], Make.weights)
    let report = try ModelReader.report(bytes: bytes, path: "m.onnx")
    #expect(report.modules.map(\.name) == ["cell", "other"])
    #expect(
      report.modules.map(\.problem) == [
        nil, "node 'other': W is not constant: it comes from 'nowhere', which nothing gives",
      ])
  }

  /// Nodes that share their outputs' names, each of which the readout's search would follow to all.
  @Test func manyModulesAreNamedButNotRead() throws {
    let cells = Array(repeating: Make.cell, count: 300)
    let steps = Array(repeating: Make.node("Identity", ["Y"]), count: 300)
    let bytes = Make.model(cells + steps, Make.weights)
    let report = try ModelReader.report(bytes: bytes, path: "m.onnx")
    #expect(report.modules.count == 300)
    #expect(report.modules.count { $0.problem == nil } == 100)
    #expect(report.modules[299].problem == "not read here; ask for it with --module")
  }

  @Test func longNamesOfOperationsAreCut() throws {
    let name = String(repeating: "Reshape", count: 1000)
    let bytes = Make.model(
      [Make.node(name, ["X"], ["V"]), Make.node("LSTM", ["V", "W", "R"])], Make.weights)
    let warnings = try ModelReader.read(bytes: bytes, path: "m.onnx").warnings
    #expect(warnings.count == 1)
    #expect(warnings.allSatisfy { $0.utf8.count < 1000 })
  }
}
