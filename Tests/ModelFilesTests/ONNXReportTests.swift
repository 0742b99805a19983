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
    #expect(module.gatesStored == ["i", "o", "f", "c"])
    #expect(module.gatesMeant == ["i", "o", "f", "z"])
    #expect(module.gatesRead == ["z", "f", "i", "o"])
    #expect(module.types == ["float"])
    #expect(module.readoutActivation == "softmax")
    #expect(report.otherTensors.map(\.name) == ["one", "shape", "spare"])
    #expect(report.otherTensors.map(\.type) == ["int64", "int64", "float"])
  }

  @Test func tellsEveryModule() throws {
    #expect(try report("two-modules").modules.map(\.name) == ["LSTM_0", "decoder/GRU"])
    #expect(try report("two-modules", "LSTM_1").modules.map(\.name) == ["LSTM_0"])
    #expect(try report("two-modules").modules[1].gatesStored == ["z", "r", "h"])
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
}
