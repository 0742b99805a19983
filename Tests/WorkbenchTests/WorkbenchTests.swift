import Recurrent
import Screen
import Testing

@testable import Workbench

/// The running program without a terminal: what is computed when, and what an export comes to.
@Suite struct WorkbenchTests {
  @Test func stepsAreComputedAsTheyAreReached() throws {
    let scene = try Scene.letters()
    let trace = scene.session.trace
    let workbench = scene.workbench(scene.state())
    workbench.finish()
    #expect(trace.recordedSteps == 1)
    let ways: [(String, step: Int, recorded: Int)] = [
      ("l", 1, 2), ("l", 2, 3), ("h", 1, 3), ("lllllllll", 10, 11), ("g", 0, 11), ("llll", 4, 11),
      (":7\r", 7, 11), ("jjv2", 7, 11), ("\u{20}", 7, 11), ("G", 29, 30), ("g", 0, 30),
    ]
    for (text, step, recorded) in ways {
      workbench.type(text)
      _ = workbench.frame()
      #expect(workbench.state.step == step, "\(text)")
      #expect(trace.recordedSteps == recorded, "\(text)")
      #expect(workbench.state.pending == nil && !workbench.isBusy)
    }
  }

  @Test func aBidirectionalNetworkIsRecordedWhole() throws {
    let scene = try Scene(try TestModels.bidirectional(), text: TestModels.reberText)
    let workbench = scene.workbench(scene.state())
    workbench.finish()
    #expect(scene.session.trace.recordedSteps == 30)
    #expect(workbench.state.step == 0)
    workbench.type("G")
    #expect(workbench.state.step == 29)
  }

  /// While work goes on the frames differ by its progress alone, but for steps that come to be seen.
  @Test(arguments: ["G", ":break step == 199998\rG", ":find step == 199998\r"])
  func theScreenStandsStillWhileWorkGoesOn(_ typed: String) throws {
    let scene = try Scene(
      try TestModels.letters(.lstm, units: 64), .tokens((0..<200_000).map { $0 % 7 }))
    let workbench = scene.workbench(scene.state(width: 120, height: 40, colors: .direct))
    workbench.finish()
    for key in keys(typed) { workbench.handle(.key(key)) }
    while scene.session.trace.recordedSteps < 1000 { workbench.advance() }
    let before = workbench.frame()
    for _ in 0..<10 { workbench.advance() }
    while workbench.isBusy && workbench.frame() == before { workbench.advance() }
    #expect(workbench.isBusy && workbench.state.step == 0)
    let after = workbench.frame()
    for y in 0..<39 {
      for x in 0..<120 where before[x, y] != after[x, y] {
        Issue.record("\(x) \(y): \(before[x, y]), then \(after[x, y])")
        return
      }
    }
    #expect(before != after, "the progress")
  }

  /// A key stops a motion where it has got to, and does what it does.
  @Test(
    arguments: ["j", "2", "?", ":", "~", "m", "U"] as [Key], ["G", ":break step == 199998\rG"])
  func anyKeyStopsAMotion(_ key: Key, _ motion: String) throws {
    let scene = try Scene(
      try TestModels.letters(.lstm, units: 64), .tokens((0..<200_000).map { $0 % 7 }))
    let workbench = scene.workbench(scene.state())
    workbench.finish()
    for key in keys(motion) { workbench.handle(.key(key)) }
    for _ in 0..<3 { workbench.advance() }
    #expect(workbench.isBusy)
    workbench.press(key)
    let state = workbench.state
    #expect(!workbench.isBusy && state.pending == nil)
    #expect(state.step > 0 && state.step < scene.session.trace.recordedSteps)
    #expect(state.journal.lines.contains("go \(state.step)"))
    switch key {
    case "j": #expect(state.unit == 1 && state.message?.text == Words.stopped)
    case "2": #expect(state.view == .cell && state.message?.text == Words.stopped)
    case "?": #expect(state.help != nil)
    case ":": #expect(state.prompt != nil)
    case "m": #expect(state.letterFor == .mark)
    case "~": #expect(state.message?.text == Words.unknownKey("~"))
    default: #expect(state.message?.text == Words.nothingToUndo)
    }
  }

  @Test func aNewKeySupersedesTheWayToAnOldStep() throws {
    // So long that it takes many frames.
    let scene = try Scene(
      try TestModels.letters(.lstm, units: 64), .tokens((0..<200_000).map { $0 % 7 }))
    let workbench = scene.workbench(scene.state())
    workbench.finish()
    workbench.handle(.key(.end))
    #expect(workbench.isBusy)
    #expect(workbench.state.pending == .reach(step: 199_999))
    #expect(workbench.frame().text.contains("any key stops"))
    workbench.advance()
    #expect(workbench.state.step == 0, "the cursor waits, so that the screen stands still")
    let reached = scene.session.trace.recordedSteps - 1
    #expect(reached > 0 && reached < 199_999, "it goes on in slices")

    workbench.press("h")
    #expect(workbench.state.step == reached - 1)
    #expect(workbench.state.pending == nil && !workbench.isBusy)
    let recorded = scene.session.trace.recordedSteps
    workbench.advance()
    #expect(scene.session.trace.recordedSteps == recorded, "nothing goes on behind")

    workbench.handle(.key(.end))
    workbench.press(.escape)
    #expect(!workbench.isBusy && workbench.state.message?.text == Words.stopped)
    let stopped = workbench.state.step
    workbench.type("LLLLL")
    #expect(workbench.state.step == stopped + 50)
    #expect(scene.session.trace.recordedSteps < 199_999)
  }

  @Test func theLegendFollowsWhatHasBeenSeen() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    workbench.type("G")
    let trace = scene.session.trace
    // Of all that has a sign.
    let largest = [Signal.z, .c, .h].map { signal in
      (0..<8).map { unit in
        (0..<30).map { abs(trace.value(track: 0, signal: signal, step: $0, unit: unit)) }.max() ?? 0
      }
    }
    #expect(
      workbench.state.extents.map { $0.mapValues(\.largest) }
        == [[.z: largest[0], .c: largest[1], .h: largest[2]]])
    #expect(workbench.state.extents[0][.c]?.magnitudes.count == 30 * 8)
    #expect(workbench.state.surveyedSteps == 30)
  }

  // MARK: - Exports

  private final class Exports {
    var calls: [String] = []
    var recorded: [Int] = []
    var existing: Set<String> = []
  }

  private struct Full: Error, CustomStringConvertible { let description = "disk\nfull" }

  private func workbench(_ exports: Exports, fails: Bool = false) throws -> Workbench {
    let scene = try Scene.letters()
    return Workbench(state: scene.state(), recorder: scene.recorder) { trace, request in
      exports.calls.append("\(request.path) \(request.mayReplace)")
      exports.recorded.append(trace.recordedSteps)
      if fails { throw Full() }
      if exports.existing.contains(request.path) && !request.mayReplace { return .exists }
      return .written
    }
  }

  @Test func anExportHoldsEveryStep() throws {
    let exports = Exports()
    let workbench = try workbench(exports)
    workbench.type("llle")
    workbench.press(.enter)
    #expect(exports.calls == ["trace.csv false"])
    #expect(exports.recorded == [30])
    #expect(workbench.state.message?.text == "trace.csv: 30 steps written")
    #expect(workbench.state.step == 3)
    #expect(workbench.frame().text(row: 23) == " trace.csv: 30 steps written")
  }

  /// The steps that the file has, not those of the sequence.
  @Test(arguments: [
    ("a --steps 10..20", "a: 11 of 30 steps written"), ("a --steps 4", "a: 1 of 30 steps written"),
    ("a --units 3", "a: 30 steps written"), ("a --steps 0..", "a: 30 steps written"),
  ])
  func whatWasWrittenIsCounted(_ line: String, _ words: String) throws {
    let workbench = try workbench(Exports())
    workbench.type(":export " + line)
    workbench.press(.enter)
    #expect(workbench.state.message?.text == words)
  }

  @Test(arguments: [("y", ["a.csv false", "a.csv true"]), ("n", ["a.csv false"])])
  func aFileThatExistsIsAskedFor(_ answer: String, _ calls: [String]) throws {
    let exports = Exports()
    exports.existing = ["a.csv"]
    let workbench = try workbench(exports)
    workbench.type("e")
    workbench.press(.control("u"))
    workbench.type("a.csv\r")
    #expect(workbench.frame().text(row: 23).hasPrefix(" a.csv exists. Replace it? (y/n)"))
    workbench.type(answer)
    #expect(exports.calls == calls)
    #expect(workbench.state.prompt == nil)
  }

  @Test func anExportThatFailsSaysWhy() throws {
    let exports = Exports()
    let workbench = try workbench(exports, fails: true)
    workbench.type("e")
    workbench.press(.enter)
    #expect(workbench.state.message == .init(text: "disk\nfull", isError: true))
    #expect(workbench.frame().text(row: 23).contains("disk"))
    workbench.press("l")
    #expect(workbench.state.message == nil && workbench.state.step == 1)
  }

  @Test func aWishToRedrawIsToldOnce() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    #expect(!workbench.wantsRedraw)
    workbench.press(.control("l"))
    #expect(workbench.wantsRedraw)
    workbench.redrawn()
    #expect(!workbench.wantsRedraw)
  }
}
