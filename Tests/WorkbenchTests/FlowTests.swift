import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// The view `flow`: what it asks, what it says, how it stops.
@Suite struct FlowTests {
  private func workbench(_ cell: CellKind = .lstm) throws -> Workbench {
    let scene = try Scene.letters(cell)
    let workbench = scene.workbench(scene.state(width: 120, height: 40))
    workbench.finish()
    return workbench
  }

  @Test func oneKeyShowsIt() throws {
    let workbench = try workbench()
    workbench.press("8")
    workbench.finish()
    let state = workbench.state
    #expect(state.view == .flow && state.pending == nil)
    let answer = try #require(state.flows.answer(to: state.flowQuestion))
    #expect(answer.isComplete && answer.parts.count == 1)
    #expect(answer.question.end == state.lastStep && answer.question.swapped == 0)
    #expect(answer.parts[0].flow?.longest == state.lastStep)
    #expect(answer.parts[0].reach?.hidden.count == state.session.length)
    let text = workbench.frame().text
    #expect(text.contains("how a nudge of c moves step \(state.lastStep)"))
    #expect(text.contains("× slower than h in") || text.contains("× faster than h in"))
  }

  /// What stands in the table is what was found.
  @Test func theNumbersAreTheModels() throws {
    let workbench = try workbench()
    workbench.press("8")
    workbench.finish()
    let state = workbench.state
    let part = try #require(state.flows.answer(to: state.flowQuestion)?.parts.first)
    let norms = try #require(part.flow?.cell?.norms)
    let reach = try #require(part.reach)
    let rows = workbench.frame().text.split(separator: "\n").map(String.init)
    let row = try #require(rows.first { $0.hasPrefix("  lstm ") && $0.contains("1.00") })
    let halves = row.split(separator: "lstm").map { $0.split(separator: " ").map(String.init) }
    let lags = [0, 1, 5, 10, 20].filter { $0 < norms.count }
    for (place, lag) in lags.enumerated() {
      let log = norms[lag] * 0.4342944819032518
      #expect(halves[1][place] == FlowNumber.text(log, width: 7), "\(row)")
      let difference = Double(reach.hidden[lag])
      let shown = try #require(Double(halves[2][place].replacing("<", with: "")))
      // Two decimals, or two digits where they would be zeros.
      let rounding = difference >= 0.01 ? 0.005 : 0.05 * difference
      #expect(abs(shown - difference) <= rounding + 1e-7, "\(row)")
    }
  }

  @Test(
    arguments: [
      ("flow 10", 10, 0, Int?.none), ("what-reaches 4 B", 29, 4, 0), ("what-reaches 4", 29, 4, nil),
      ("what-reaches 3 2", 29, 3, 2),
    ] as [(String, Int, Int, Int?)])
  func commandsAskOtherwise(_ line: String, end: Int, swapped: Int, token: Int?) throws {
    let workbench = try workbench()
    try workbench.replay([line])
    let question = workbench.state.flowQuestion
    #expect(workbench.state.view == .flow && workbench.state.flowAsked.token == token)
    #expect(question.swapped == swapped && question.end == min(end, workbench.state.lastStep))
    #expect(workbench.state.flows.answer(to: question)?.isComplete == true)
  }

  @Test(arguments: [
    ("flow x", "x is no number from 0 on"),
    ("flow 9999", "is the last step"),
    ("what-reaches 99999", "is the last step"),
    ("what-reaches 2 ß", "no token is ß; there are 0 to 6, or their symbols"),
    ("what-reaches 2 99", "no token is 99; there are 0 to 6, or their symbols"),
  ])
  func whatIsNotThereIsSaid(_ line: String, _ message: String) throws {
    let workbench = try workbench()
    workbench.type(":\(line)\r")
    let state = workbench.state
    let said = (state.prompt?.fault?.message ?? "") + (state.message?.text ?? "")
    #expect(said.contains(message), "\(said)")
    #expect(state.view == .lanes)
  }

  /// Any key ends it; what is there stays, and it goes on when it is asked for anew.
  @Test func anyKeyStopsIt() throws {
    var state = try Scene.letters().recordedState()
    var effects = update(&state, .key("8"))
    #expect(state.pending == .flow && effects == [.flow])
    effects = update(&state, .key(.escape))
    #expect(effects.isEmpty && state.pending == nil && state.view == .flow)
    #expect(state.message?.text.contains("stopped") == true)
    #expect(update(&state, .flowed).isEmpty && state.pending == nil)
    effects = update(&state, .key(.right))
    #expect(state.pending == nil && !effects.contains(.flow))
    effects = update(&state, .key("8"))
    #expect(state.pending == .flow && effects == [.flow])
    // A motion does what it is for, too.
    effects = update(&state, .key(.right))
    #expect(state.pending == nil && state.step == 2)
  }

  /// A click on the curves or on a column of numbers goes to the step that the lag is.
  @Test func aClickGoesToItsStep() throws {
    let workbench = try workbench()
    workbench.press("8")
    workbench.finish()
    let rows = workbench.frame().text.split(separator: "\n", omittingEmptySubsequences: false)
    let row = try #require(rows.firstIndex { $0.contains("steps back") })
    let line = Array(rows[row])
    let last = workbench.state.lastStep
    // "… 10" under the gradient, which is its tenth lag.
    let column = try #require(
      line.indices.first { line[$0] == "1" && line[$0 + 1] == "0" && line[$0 - 1] == " " })
    func click(_ x: Int, _ y: Int) {
      workbench.handle(.mouse(MouseEvent(.press(.left), at: Point(x: x, y: y))))
      workbench.finish()
    }
    click(column, row)
    #expect(workbench.state.view == .flow && workbench.state.step == last - 10)
    // Its mark stands in the curves now, and a click there comes back.
    let marked = workbench.frame().text.split(separator: "\n", omittingEmptySubsequences: false)
    let mark = try #require(
      (row - 8..<row - 1).lazy.compactMap { y -> Int? in
        let columns = Array(marked[y]).prefix(60).indices.filter { Array(marked[y])[$0] == "│" }
        return columns.count == 2 ? columns[1] : nil
      }.first)
    workbench.press("g")
    workbench.finish()
    #expect(workbench.state.step == 0)
    click(mark, row - 3)
    #expect(workbench.state.step == last - 10)
    // Five steps after the step that was swapped.
    click(try #require(line.lastIndex { $0 == "5" }), row)
    #expect(workbench.state.step == 5)
    // Where nothing stands nothing happens.
    click(0, row)
    #expect(workbench.state.step == 5 && workbench.state.view == .flow)
  }

  /// Before a curve has begun there is no axis that it could be read by.
  @Test func nothingIsInvented() throws {
    var state = try Scene.letters(.lstm).state(width: 120, height: 40)
    state.view = .flow
    let grid = render(state)
    let text = (0..<40).map { grid.text(row: $0) }.joined(separator: "\n")
    #expect(text.contains("computing …") && !text.contains("1e-1") && !text.contains("steps after"))
  }

  /// Every size is drawn, also half of the work done, and nothing beside the words is cut.
  @Test func everySizeIsDrawn() throws {
    for (width, height) in [(60, 16), (80, 24), (100, 30), (120, 40), (200, 60)] {
      for cell in CellKind.classic {
        let scene = try Scene.letters(cell)
        let workbench = scene.workbench(scene.state(width: width, height: height))
        workbench.press("8")
        _ = workbench.frame()
        workbench.finish()
        let text = workbench.frame().text
        #expect(text.contains(cell.rawValue), "\(width)x\(height)")
      }
    }
  }

  @Test func aTraceAloneHasThePaceAndSaysWhatItNeeds() throws {
    let trace = try Scene.letters().recordedState().trace
    var state = State(
      session: Session(recorded: trace, name: "a.csv"), width: 120, height: 40,
      theme: Theme(.dark, Capabilities(colors: .none, unicode: true)))
    state.isHeadless = true
    let workbench = Workbench(state: state, recorder: nil) { _, _ in .written }
    workbench.press("8")
    workbench.finish()
    let text = workbench.frame().text
    #expect(text.contains("the curves need the model and its input"))
    #expect(text.contains("than h in") && text.contains("its move in a step"))
    workbench.type(":what-reaches 2\r")
    let after = workbench.state
    let said = (after.prompt?.fault?.message ?? "") + (after.message?.text ?? "")
    #expect(said.contains("need the model"))
  }

  @Test(arguments: [
    (0.0, 7, "1.00"), (0.3010299957, 7, "2.00"), (-1.0, 4, "0.10"), (-2.15, 7, "7.1e-3"),
    (-2.15, 5, "7e-3"), (-45.0, 7, "1.0e-45"), (-100.5, 5, "3e-101"), (12.3, 7, "2.0e12"),
    (-Double.infinity, 5, "0"), (Double.nan, 5, "nan"), (2.0, 4, "100"),
  ])
  func numbersOfAnySize(log: Double, width: Int, text: String) {
    #expect(FlowNumber.text(log, width: width) == text)
  }

  @Test func whatLiesBetweenIsReadOff() {
    let curve = FlowCurve("a", Style(), .solid, logs: [0, .nan, -2, .nan, .nan, -.infinity, .nan])
    #expect(curve.filled[1] == -1 && curve.filled[3] == -.infinity && curve.filled[6].isNaN)
  }
}
