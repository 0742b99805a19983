import Inspector
import ModelFiles
import Recurrent
import Screen
import Testing

@testable import Workbench

/// A demo's other models beside its own, and signals that they do not have.
@Suite struct VariantTests {
  private func workbench(_ variants: [String: String]) throws -> Workbench {
    let scene = try Scene.letters()
    let session = Session(
      model: scene.session.model, trace: scene.session.trace, name: "reber",
      exportName: "trace.csv", variants: variants)
    let state = State(
      session: session, width: 120, height: 40,
      theme: Theme(.dark, Capabilities(colors: .direct, unicode: true)))
    let workbench = Workbench(
      state: state, recorder: scene.recorder,
      readModel: { path in
        switch path {
        case "/demos/reber/gru.st": try TestModels.letters(.gru, units: 5)
        case "/demos/reber/rnn.st": try TestModels.letters(.rnn)
        default: throw NoSuchFile(path: path)
        }
      }, exportTrace: { _, _ in .written })
    workbench.finish()
    return workbench
  }

  private struct NoSuchFile: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): no such file" }
  }

  private static let both = [
    "gru": "/demos/reber/gru.st", "rnn": "/demos/reber/rnn.st", "old": "/demos/reber/none.st",
  ]

  private func type(_ workbench: Workbench, _ line: String) {
    workbench.type(":" + line)
    workbench.press(.enter)
  }

  @Test func aVariantIsFoundByItsName() throws {
    let workbench = try workbench(Self.both)
    type(workbench, "7")
    type(workbench, "compare variant gru")
    let run = try #require(workbench.state.otherRuns.first)
    #expect(run.name == "gru" && workbench.state.view == .compare && !run.hasOwnInput)
    #expect(run.trace.recordedSteps == 8)
    #expect(run.trace.layout[0].cell == .gru)
    // A replay finds it wherever the folder is.
    #expect(workbench.state.journal.lines.last == "compare variant gru")
  }

  @Test(arguments: [
    ("compare variant lstm", 16..<20, "there is no variant lstm, only gru, old and rnn"),
    ("compare variant", nil, "variant needs a name; there are gru, old and rnn"),
  ])
  func anUnknownNameSaysWhichThereAre(_ line: String, _ range: Range<Int>?, _ words: String) throws
  {
    let workbench = try workbench(Self.both)
    type(workbench, line)
    let fault = try #require(workbench.state.prompt?.fault)
    #expect(fault.message == words)
    if let range { #expect(fault.range == range) }
    #expect(workbench.state.otherRuns.isEmpty && workbench.state.view == .lanes)
  }

  @Test func whereThereAreNoneThatIsSaid() throws {
    let workbench = try workbench([:])
    type(workbench, "compare variant gru")
    #expect(try #require(workbench.state.prompt?.fault).message.contains("no variants here"))
  }

  @Test func aVariantThatCannotBeReadIsSaid() throws {
    let workbench = try workbench(Self.both)
    type(workbench, "compare variant old")
    #expect(workbench.state.message?.text == "/demos/reber/none.st: no such file")
    #expect(workbench.state.otherRuns.isEmpty && workbench.state.view == .lanes)
  }

  @Test func namesAreCompleted() throws {
    let workbench = try workbench(Self.both)
    func words(_ line: String) -> [String] {
      let prompt = Prompt(.line, text: line)
      return Completion(state: workbench.state, prompt: prompt).fitting.words
    }
    #expect(words("compare v") == ["variant"])
    #expect(words("compare variant ") == ["gru", "old", "rnn"])
    #expect(words("compare variant r") == ["rnn"])
  }

  /// The other models at once first, then c beside h, then the other signals, and round.
  @Test func aKeyGoesThroughTheVariants() throws {
    let workbench = try workbench(["gru": "/demos/reber/gru.st", "rnn": "/demos/reber/rnn.st"])
    workbench.type("6")
    workbench.finish()
    var seen: [String] = []
    for _ in 0..<8 {
      let pair = try Comparison.of(workbench.state)
      #expect(pair.first.signal == .c)
      seen.append(
        pair.isOfRuns
          ? pair.lanes.dropFirst().map(\.name).joined(separator: ", ")
          : pair.second.signal.rawValue)
      workbench.type("c")
      workbench.finish()
    }
    #expect(
      seen == [
        "gru · hidden state, slow, rnn · hidden state, only memory", "h", "z", "f", "i", "o",
        "gru · hidden state, slow, rnn · hidden state, only memory", "h",
      ])
  }

  /// All three have their heatmap, their value and what they say, as the traces have them.
  @Test(arguments: ["compare variant gru rnn", "compare variant gru|compare also variant rnn"])
  func threeRunsStandSideBySide(_ lines: String) throws {
    let workbench = try workbench(Self.both)
    type(workbench, "9")
    type(workbench, "lane h")
    for line in lines.split(separator: "|") { type(workbench, String(line)) }
    let state = workbench.state
    let comparison = try Comparison.of(state)
    #expect(comparison.lanes.map(\.name) == ["reber", "gru", "rnn"])
    let frames = CompareLayout(state, comparison, body: FrameLayout(state).body).frames
    #expect(frames.count == 3)
    let rows = workbench.frame().text.split(separator: "\n").map(String.init)
    for lane in comparison.lanes {
      let trace = lane.signal.trace
      let value = trace.value(track: 0, signal: .h, step: 9, unit: 0)
      let readout = try #require(trace.readout)
      let block = readout.block(9..<10)
      let top = block.likeliest(1, at: 9)[0]
      let symbol = try #require(readout.symbols)[top]
      let words = [
        "h \(lane.name) ", Numbers.fixed(value, decimals: 3),
        "\(symbol) \(Numbers.fixed(Array(block.row(9))[top]))",
      ]
      #expect(rows.contains { row in words.allSatisfy(row.contains) }, "\(words)")
    }
    // The differences are of the first and each of the others.
    workbench.type("d")
    #expect(
      workbench.frame().text.contains("reber − gru")
        && workbench.frame().text.contains("reber − rnn"))
  }

  @Test(arguments: [
    ("compare also variant gru", "three runs are the most"),
    ("compare variant gru rnn gru", "three runs are the most"),
    ("compare also", "also needs"), ("compare also i", "also needs"),
  ])
  func aFourthRunIsRefused(_ line: String, _ words: String) throws {
    let workbench = try workbench(Self.both)
    type(workbench, "compare variant gru rnn")
    type(workbench, line)
    let fault = try #require(workbench.state.prompt?.fault)
    #expect(fault.message.contains(words), "\(fault.message)")
    #expect(workbench.state.otherRuns.map(\.name) == ["gru", "rnn"])
  }

  /// One that cannot be read leaves those that there are alone.
  @Test func allOrNothingIsOpened() throws {
    let workbench = try workbench(Self.both)
    type(workbench, "compare variant gru")
    type(workbench, "compare variant rnn old")
    #expect(workbench.state.otherRuns.map(\.name) == ["gru"])
    #expect(workbench.state.message?.text == "/demos/reber/none.st: no such file")
  }

  /// What another run does is seen whole as the session's own is, where that takes no time.
  @Test func anotherRunIsRecordedAhead() throws {
    let workbench = try workbench(Self.both)
    workbench.recordAhead()
    type(workbench, "compare variant gru rnn")
    workbench.finish()
    #expect(workbench.state.otherRuns.allSatisfy { $0.trace.recordedSteps == 30 })
    let survey = try #require(
      workbench.state.overviews.survey(of: Comparison.of(workbench.state).differences[1]))
    #expect(survey.steps == 30)
  }

  /// A file that somebody compares with is none of the variants; the signals come after it.
  @Test func aFileIsFollowedByTheSignals() throws {
    let workbench = try workbench(["gru": "/demos/reber/gru.st"])
    type(workbench, "compare model /demos/reber/rnn.st")
    #expect(workbench.state.otherRuns.first?.variant == nil)
    workbench.type("c")
    #expect(try Comparison.of(workbench.state).second.signal == .h)
  }

  // MARK: - What the other does not have

  @Test(arguments: [
    (CellKind.lstm, "zfioch", "zfioch"), (.gru, "zfioch", "nuurhh"), (.rnn, "zfioch", "hhhhhh"),
    (.lstm, "runh", "ofzh"), (.gru, "runh", "runh"), (.rnn, "runh", "hhhh"),
  ])
  func theNearestSignalDoesTheSameWork(_ cell: CellKind, _ wanted: String, _ found: String) throws {
    let layout = TrackLayout(track: Track(layer: 0, direction: .forward), cell: cell, units: 2)
    let nearest = wanted.compactMap { Signal(rawValue: String($0)) }.map(layout.nearest)
    #expect(nearest.map(\.rawValue).joined() == found)
  }

  /// A file that holds only some arrays gives what it has.
  @Test func whereEvenHIsMissingTheLastIsTaken() {
    let layout = TrackLayout(
      track: Track(layer: 0, direction: .forward), cell: .lstm, units: 2, signals: [.f, .c])
    #expect(layout.nearest(to: .z) == .c && layout.nearest(to: .i) == .c)
  }

  @Test(arguments: [("c", "rnn has no c; h comes nearest"), ("h", nil), ("f", "rnn has no f")])
  func whatTheOtherLacksIsSaidAndTheNearestShown(_ lane: String, _ words: String?) throws {
    let workbench = try workbench(Self.both)
    type(workbench, "9")
    type(workbench, "lane " + lane)
    type(workbench, "compare variant rnn")
    let pair = try Comparison.of(workbench.state)
    #expect(pair.first.signal.rawValue == lane && pair.second.signal == .h)
    let screen = workbench.frame().text
    if let words { #expect(screen.contains(words)) } else { #expect(!screen.contains("nearest")) }
    #expect(screen.contains("rnn"))
    // Its values are on the screen: two heatmaps and the unit in numbers.
    #expect(
      CompareLayout(workbench.state, pair, body: FrameLayout(workbench.state).body)
        .frames.count == 2)
    let value = pair.second.trace.value(track: 0, signal: .h, step: 9, unit: 0)
    #expect(screen.contains(Numbers.fixed(value, decimals: 3)))
  }
}
