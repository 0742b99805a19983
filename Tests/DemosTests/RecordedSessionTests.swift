import CLSTMKernel
import Foundation
import Inspector
import ModelFiles
import Recurrent
import Screen
import Testing
import Workbench

/// Sessions that stand in Replays/ as command files, with their screens. To record the screens anew
/// after a change that is meant, then look at the differences:
///
///     GATESCOPE_RECORD=1 swift test --filter RecordedSessionTests
@Suite struct RecordedSessionTests {
  private final class Files {
    var texts: [String: String] = [:]
    var exports: [ExportRequest] = []
    var exported: [Trace] = []
  }

  @Test(arguments: [
    ("shakespeare-line", "shakespeare"), ("anbn-why", "anbn"), ("shakespeare-why", "shakespeare"),
    ("recall-flow", "recall"), ("anbn-what-if", "anbn"), ("shakespeare-writing", "shakespeare"),
  ])
  func aSessionShowsWhatItShowed(_ folder: String, _ demo: String) throws {
    let place = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Replays/\(folder)")
    let lines = try String(contentsOf: place.appending(path: "session.gs"), encoding: .utf8)
    let replayed = try ReplayedDemo(demo)
    defer { gs_use_kernel(nil) }
    for kernel in ["portable", "avx2", "avx512"] where gs_use_kernel(kernel) != 0 {
      let files = Files()
      let workbench = try workbench(replayed, files)
      try workbench.replay(lines.split(separator: "\n", omittingEmptySubsequences: false))
      try #require(!files.texts.isEmpty)
      for (name, screen) in files.texts {
        let file = place.appending(path: name)
        if ProcessInfo.processInfo.environment["GATESCOPE_RECORD"] == "1" {
          try screen.write(to: file, atomically: true, encoding: .utf8)
        } else {
          let stored = try String(contentsOf: file, encoding: .utf8)
          #expect(screen == stored, "\(name) with \(kernel)")
        }
      }
    }
  }

  @Test func theUnitIsExportedWhole() throws {
    let place = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Replays/shakespeare-line/session.gs")
    let replayed = try ReplayedDemo("shakespeare")
    let files = Files()
    let workbench = try workbench(replayed, files)
    try workbench.replay(
      String(contentsOf: place, encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false))
    let request = try #require(files.exports.first)
    #expect(files.exports.count == 1 && request.options.units == String(workbench.state.unit))
    // The unit is the one that follows the place in the line best, and the hits are the exact ones.
    let lane = try #require(replayed.demo.lanes.first { $0.name == "place in the line" })
    let following = LaneFollowing(of: lane, in: replayed.trace, track: 0)
    #expect(following.order[0] == workbench.state.unit)
    let closed = (0..<replayed.trace.length).filter {
      replayed.trace.value(track: 0, signal: .f, step: $0, unit: workbench.state.unit) < 0.1
    }
    #expect(workbench.state.findings?.hits == closed)
  }

  /// With keys alone: the counting unit, its c at the last a, where it comes from, and there.
  @Test func everyAIsAWriteOfOne() throws {
    let workbench = try workbench(ReplayedDemo("anbn"), Files())
    func press(_ keys: Key...) {
      for key in keys {
        workbench.handle(.key(key))
        workbench.finish()
      }
    }
    press("s", .tab, .tab, .tab, .tab, "/", "a", "b", .enter, "n", "w")
    let last = workbench.state.step
    let trace = workbench.state.session.trace
    #expect(trace.tokenText(at: last) == "a" && trace.tokenText(at: last + 1) == "b")
    let writes = try StateWrites(trace, track: 0, unit: workbench.state.unit, step: last)
    let ofA = writes.writes.filter { trace.tokenText(at: $0.step) == "a" && $0.step > 10 }
    #expect(ofA.count == 8)
    for write in ofA { #expect(abs(write.left - 1) < 0.03) }
    // All of them are seen, and Enter goes to the chosen one.
    let screen = workbench.frame().text
    for write in ofA { #expect(screen.contains("\(write.step)      a")) }
    press(.down, .enter)
    #expect(workbench.state.step == writes.writes[writes.ranked[1]].step)
    #expect(trace.tokenText(at: workbench.state.step) == "a")
  }

  /// With keys alone: the counting unit, its forget gate at a half from step 10, a wrong prediction, its
  /// reasons, the branch written, and all undone to the bit.
  @Test func aCounterThatForgetsIsWrong() throws {
    let files = Files()
    let workbench = try workbench(ReplayedDemo("anbn"), files)
    func press(_ keys: Key...) {
      for key in keys {
        workbench.handle(.key(key))
        workbench.finish()
      }
    }
    func type(_ text: String) { for scalar in text.unicodeScalars { press(.character(scalar)) } }
    press(.end, .home)
    let main = workbench.state.session.trace
    let before = everything(main)
    press("s", .tab, ":")
    type("10")
    press(.enter, "!")
    #expect(workbench.state.prompt?.string == "f[1] @ 10 = ")
    press(.control("u"))
    type("f[1] = 0.5 @ 10..")
    press(.enter)
    #expect(workbench.state.prompt == nil && workbench.state.message == nil)
    let branch = workbench.state.session.trace
    #expect(branch !== main)
    #expect(workbench.frame().text.contains("what if b1: 1 change"))
    #expect(workbench.state.step == 10)
    // Three of eight b: the network without the change knows that another comes.
    press(":")
    type("21")
    press(.enter)
    func likeliest(_ trace: Trace) throws -> String {
      let readout = try #require(trace.readout)
      let top = try #require(readout.block(21..<22).likeliest(1, at: 21).first)
      return workbench.state.session.model?.outputSymbols?[top] ?? ""
    }
    #expect(try likeliest(main) == "b")
    #expect(try likeliest(branch) != "b")
    press(.tab, .tab, .tab, "w")
    #expect(workbench.state.view == .why)
    let writes = try StateWrites(branch, track: 0, unit: 1, step: 21)
    #expect(abs(writes.sum - Double(writes.value)) <= writes.rounding)
    press(":")
    type("export held.csv")
    press(.enter)
    #expect(files.exports.count == 1 && files.exported[0] === branch)
    press("U")
    #expect(workbench.state.session.trace === main)
    #expect(everything(main) == before)
    #expect(!workbench.frame().text.contains("what if"))
    press("R")
    #expect(workbench.state.session.trace === branch)
  }

  private func everything(_ trace: Trace) -> [[Float]] {
    trace.layout[0].signals.map {
      trace.window(
        WindowRequest(track: 0, signal: $0, steps: 0..<trace.length, units: 0..<2)
      ).values
    }
  }

  private func workbench(_ replayed: ReplayedDemo, _ files: Files) throws -> Workbench {
    let recorder = try TraceRecorder(
      network: replayed.model.network, input: replayed.trace.input,
      symbols: replayed.model.vocabulary?.symbols, outputSymbols: replayed.model.outputSymbols)
    let session = Session(
      model: replayed.model, trace: recorder.trace, name: replayed.demo.name,
      title: replayed.demo.title, exportName: "\(replayed.demo.name).csv",
      lanes: replayed.demo.lanes, tour: replayed.demo.tour, expected: replayed.expected,
      variants: replayed.demo.others())
    var state = State(
      session: session, width: 80, height: 24,
      theme: Theme(.dark, Capabilities(colors: .none, unicode: true)))
    state.isHeadless = true
    return Workbench(
      state: state, recorder: recorder,
      writeText: { text, path, _ in
        files.texts[path] = text
        return .written
      },
      exportTrace: { trace, request in
        files.exports.append(request)
        files.exported.append(trace)
        return .written
      })
  }
}
