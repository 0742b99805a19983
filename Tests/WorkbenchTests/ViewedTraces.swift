import Inspector
import ModelFiles
import Recurrent
import TraceFiles

@testable import Workbench

/// Recorded traces as files have them, viewed without the model.
enum ViewedTraces {
  /// What an export of everything that a scene computes holds.
  static func file(
    of scene: Scene, _ format: TraceFormat = .npz, _ options: SelectionOptions = .init()
  ) throws -> [UInt8] {
    scene.recording?.recordAll()
    let trace = scene.session.trace
    let sink = MemorySink()
    try TraceExporter(network: scene.session.model?.network)
      .write(trace, TraceSelection(options, of: trace), format, to: sink)
    return sink.bytes
  }

  private final class MemorySink: ByteSink {
    private(set) var bytes: [UInt8] = []
    func write(_ bytes: UnsafeRawBufferPointer) { self.bytes.append(contentsOf: bytes) }
  }

  static func table(_ text: String) throws -> Scene {
    try Scene(viewing: Array(text.utf8), name: "t.csv")
  }

  /// c and h alone, of some steps and units.
  static func narrowed() throws -> Scene {
    let file = try file(
      of: .letters(), .npz, .init(steps: "5..20", units: "2,5..7", signals: "c,h"))
    return try Scene(viewing: file, name: "part.npz", symbols: TestModels.letters)
  }

  /// Every signal but i.
  static func withoutInputGate() throws -> Scene {
    try Scene(
      viewing: try file(of: .letters(), .csv(.unit), .init(signals: "z,f,o,c,h")), name: "t.csv")
  }

  /// Steps and units whose numbers take all the room that there is.
  static func largeNumbers() throws -> Scene {
    let big = 999_999_999_999_999_990
    let rows = (0..<9).flatMap { step in
      (0..<3).map { unit in "\(big + step),\(big + unit),\(step % 3),\(Float(unit) * 3e38)\n" }
    }
    return try table("step,unit,c,h\n" + rows.joined())
  }

  /// Names that mean nothing here, and no tokens.
  static func unknownArrays() throws -> Scene {
    let rows = (0..<20).flatMap { step in
      (0..<4).map { unit in "\(step),\(unit),\(step * unit),\(Float(step) / 7 - 1)\n" }
    }
    return try table("step,unit,attention,a name that is far too long for a lane\n" + rows.joined())
  }
}

extension Scene {
  init(viewing file: [UInt8], name: String, symbols: [String]? = nil) throws {
    let read = try TraceReader.read(bytes: file, path: name, .init(symbols: symbols))
    self.init(viewing: read.trace, name: name)
  }

  init(viewing trace: Trace, name: String = "t.npz") {
    recording = nil
    session = Session(recorded: trace, name: name)
  }
}
