import Files
import Inspector
import ModelFiles
import Screen
import Workbench

/// The workbench without a terminal: a command file, and the last screen as text.
struct Replay {
  let session: Session
  let recorder: TraceRecorder?
  let others: [OtherRun]
  let readModel: (String) throws -> TrainedModel
  let exporter: (Trace, ExportRequest) throws -> Workbench.ExportOutcome
  var whatIf: (file: WhatIfFile, name: String)?

  /// - Throws: where the command file cannot be read or one of its lines cannot be carried out; the
  ///   screen is not written then.
  func run(_ options: ScreenOptions, _ environment: [String: String]) throws {
    let lines = try options.replay.map { TextFile.lines(of: try TextFile.read($0)) }
    let size = options.size ?? ScreenSize()
    // A replay looks the same for everybody: the person's own file does not count.
    let settings = options.applied(to: Settings())
    var state = State(
      session: session, width: size.width, height: size.height,
      theme: ScreenOptions.theme(
        settings, environment, Capabilities(colors: .none, unicode: true)),
      settings: settings)
    state.isHeadless = true
    if !others.isEmpty { state.begin(comparingWith: others) }
    let workbench = Workbench(
      state: state, recorder: recorder, readModel: readModel,
      readText: { try TextFile.read(ScreenSession.expanded($0, environment)) },
      writeText: { try Self.write($0, to: ScreenSession.expanded($1, environment), $2) },
      writeBytes: { try Self.write($0, to: ScreenSession.expanded($1, environment), $2) },
      exportTrace: exporter)
    if let whatIf { workbench.begin(with: whatIf.file, name: whatIf.name) }
    workbench.recordAhead()
    workbench.finish()
    do throws(ReplayError) {
      try workbench.replay(lines ?? [])
    } catch {
      throw Failure(path: TextFile.name(of: options.replay ?? ""), error: error)
    }
    if let path = options.screenFile {
      _ = try Self.write(workbench.screenText(for: path), to: path, true)
    }
  }

  /// Writes a file that appears whole or not at all; `-` is standard output.
  static func write(
    _ text: String, to path: String, _ mayReplace: Bool
  ) throws -> Workbench.ExportOutcome {
    try write(Array(text.utf8), to: path, mayReplace)
  }

  static func write(
    _ bytes: [UInt8], to path: String, _ mayReplace: Bool
  ) throws -> Workbench.ExportOutcome {
    do {
      try writeOutput(to: path, createNew: !mayReplace) { sink in
        try bytes.withUnsafeBytes { try sink.write($0) }
      }
    } catch FileError.alreadyExists {
      return .exists
    } catch ExportError.readerGone {
      // `| head` has seen enough, which is no failure.
    }
    return .written
  }

  struct Failure: Error, CustomStringConvertible {
    let path: String
    let error: ReplayError
    var description: String { "\(path): \(error)" }
  }
}
