import Files
import Foundation
import Recurrent
import Testing

@testable import Inspector

@Suite struct DestinationTests {
  @Test(arguments: [
    ("a.csv", TraceFormat.csv(.wide)), ("A.CSV", .csv(.wide)), ("-", .csv(.wide)), ("x.npz", .npz),
  ])
  func formatsByName(_ path: String, _ format: TraceFormat) throws {
    #expect(try TraceFormat(forPath: path, layout: .wide) == format)
  }

  @Test(arguments: ["t.txt", "csv", "", "t.csv.gz"])
  func unknownFormats(_ path: String) {
    let error = #expect(throws: ExportError.self) { try TraceFormat(forPath: path) }
    #expect(
      error?.description
        == "\(path): the name must end in .csv or .npz, or be - for CSV on standard output")
  }

  @Test func aFileAppearsWhole() throws {
    try withFolder { folder in
      let trace = try mixedTrace()
      let path = folder + "/t.csv"
      try TraceExporter().write(trace, .all(of: trace), .csv(.unit), to: path)
      let expected = try exported(trace, .all(of: trace), .csv(.unit)).text
      #expect(try String(contentsOfFile: path, encoding: .utf8) == expected)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["t.csv"])
    }
  }

  @Test func aFailureLeavesTheOldFile() throws {
    try withFolder { folder in
      let path = folder + "/t.npz"
      try "old".write(toFile: path, atomically: false, encoding: .utf8)
      let layout = [TrackLayout(track: Track(layer: 0), cell: .rnn, units: 1)]
      let trace = try handMadeTrace(layout, input: .tokens([0, 0, 0]), recordedSteps: 2) {
        _, _, _, _ in 0
      }
      let error = #expect(throws: ExportError.self) {
        try TraceExporter().write(trace, .all(of: trace), .npz, to: path)
      }
      #expect(
        error?.description
          == "steps 0..2 are wanted, but only the first 2 are recorded; record the rest first")
      var selection = TraceSelection.all(of: trace)
      selection.steps = 0..<2
      let exists = #expect(throws: FileError.self) {
        try TraceExporter().write(trace, selection, .npz, to: path, createNew: true)
      }
      #expect(exists == .alreadyExists(path: path))
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["t.npz"])
    }
  }

  @Test func whereNothingCanBeWrittenThePathIsNamed() throws {
    try withFolder { folder in
      let trace = try mixedTrace()
      let path = folder + "/missing/t.csv"
      let error = #expect(throws: FileError.self) {
        try TraceExporter().write(trace, .all(of: trace), .csv(.long), to: path)
      }
      #expect(error?.description == "\(path): cannot create: No such file or directory")
    }
  }

  #if os(Linux)
    @Test(arguments: [TraceFormat.csv(.unit), .npz])
    func aFullDisk(_ format: TraceFormat) throws {
      let trace = try mixedTrace()
      let error = #expect(throws: FileError.self) {
        try TraceExporter().write(trace, .all(of: trace), format, to: "/dev/full")
      }
      #expect(error?.description == "/dev/full: cannot write: No space left on device")
    }
  #endif

  @Test(arguments: [TraceFormat.csv(.unit), .npz])
  func aReaderThatGoesAwayIsAnError(_ format: TraceFormat) throws {
    let trace = try mixedTrace()
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let sink = DescriptorSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
    let error = #expect(throws: ExportError.self) {
      try withoutPipeSignal {
        try TraceExporter().write(trace, .all(of: trace), format, to: sink)
      }
    }
    #expect(error == .readerGone)
  }

  @Test func anEmptySelectionIsRefused() throws {
    let trace = try mixedTrace()
    var selection = TraceSelection.all(of: trace)
    selection.tracks = [2]
    selection.signals = [.c]
    let error = #expect(throws: ExportError.self) { try exported(trace, selection, .npz) }
    #expect(error == .nothingSelected)
  }
}

/// Runs `body` with a folder of its own, and removes it.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("inspector-tests-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}
