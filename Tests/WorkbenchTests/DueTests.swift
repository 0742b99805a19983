import Inspector
import ModelFiles
import Recurrent
import Screen
import Testing

@testable import Workbench

/// What the network says before anybody has asked, and how a number comes about.
@Suite struct DueTests {
  // MARK: - Answers

  /// A task that asks at the steps 5 and 20 alone.
  private func asked(width: Int, height: Int) throws -> State {
    let scene = try Scene.letters()
    let session = Session(
      model: scene.session.model, trace: scene.session.trace, name: "recall", exportName: "a.csv",
      expected: (0..<30).map { [5, 20].contains($0) ? 2 : nil })
    scene.recorder.recordAll()
    return State(
      session: session, width: width, height: height,
      theme: Theme(.dark, Capabilities(colors: .direct, unicode: true)))
  }

  @Test(arguments: [(80, 24), (120, 40)], [ViewKind.lanes, .cell])
  func anAnswerIsGreyUntilItIsDue(_ size: (Int, Int), _ view: ViewKind) throws {
    var state = try asked(width: size.0, height: size.1)
    state.view = view
    for (step, words) in [
      (0, "due at step 5"), (5, nil), (6, "due at step 20"), (20, nil), (21, nil),
    ] {
      state.step = step
      let grid = render(state)
      let y = FrameLayout(state).prediction.y
      let row = grid.text.split(separator: "\n", omittingEmptySubsequences: false)[y]
      #expect(row.contains("answer"))
      #expect(row.contains("due at") == (words != nil))
      if let words { #expect(row.contains(words), "step \(step): \(row)") }
      // The digits are grey where no answer is due, and one of them is not where one is.
      let digits = (0..<grid.width).map { grid[$0, y] }.filter { cell in
        ("0"..."9").contains(Character(cell.scalar))
      }
      let isDue = [5, 20].contains(step)
      #expect(digits.allSatisfy { $0.style == state.theme.muted } != isDue, "step \(step)")
      if !isDue { #expect(!row.contains("✓")) }
    }
  }

  /// Where each step has its answer nothing changes.
  @Test func theNextTokenIsAlwaysDue() throws {
    let state = try Scene.letters().recordedState()
    #expect(Due(state).isNow && Due(state).words == nil)
  }

  // MARK: - Numbers

  private func numeric(
    units: Int, bias: Bool, width: Int, targets: [Float]? = nil
  ) throws -> (state: State, readout: Readout) {
    let shape = LayerShape(cell: .lstm, inputSize: 2, hiddenSize: units)
    var network = try TestModels.network([shape], readout: 1, activation: .linear)
    let full = try #require(network.readout)
    let readout = try Readout(
      inputSize: units, outputSize: 1, weights: full.weights, bias: bias ? full.bias : nil,
      activation: .linear)
    network = try Network(layers: network.layers, readout: readout)
    let scene = try Scene(
      TrainedModel(network: network), .features((0..<40).map { Float($0 % 7) / 4 }, width: 2),
      targets: targets)
    scene.recorder.recordAll()
    var state = scene.state(width: width, height: 40)
    state.step = 9
    return (state, readout)
  }

  private func row(_ state: State) -> String {
    let rows = render(state).text.split(separator: "\n", omittingEmptySubsequences: false)
    return String(rows[FrameLayout(state).prediction.y].drop { $0 == " " })
  }

  /// The numbers of the equation are the weights and the h of this step, and give what stands behind it.
  @Test(arguments: [1, 2, 3], [true, false])
  func aNumberIsSpelledOut(units: Int, bias: Bool) throws {
    let (state, readout) = try numeric(units: units, bias: bias, width: 120)
    let hidden = state.trace.topHidden(at: 9)
    let terms = (0..<units).map { unit in
      let weight = readout.weights[unit]
      return (unit == 0 ? Numbers.fixed(weight) : Numbers.factor(weight)) + "·"
        + Numbers.factor(hidden[unit])
    }
    let sum = (terms + (readout.bias.map { [Numbers.factor($0[0])] } ?? [])).joined(
      separator: " + ")
    let y = Numbers.fixed(readout(hidden)[0], decimals: 3)
    #expect(
      row(state).hasPrefix("y = \(bias ? "V·h + b" : "V·h") = \(sum) = \(y)"), "\(row(state))")
  }

  /// First the letters leave, then the numbers; what comes out, its target and the difference stay.
  @Test func theResultStaysWhereThereIsNoRoom() throws {
    let targets = (0..<20).map { $0 == 9 ? Float(0.25) : .nan }
    let rows = try [130, 110, 64].map {
      row(try numeric(units: 3, bias: true, width: $0, targets: targets).state)
    }
    #expect(rows[0].contains("V·h + b = ") && rows[0].contains("·"))
    #expect(!rows[1].contains("V·h") && rows[1].contains("·"), "\(rows[1])")
    #expect(!rows[2].contains("·"), "\(rows[2])")
    for row in rows { #expect(row.contains("target  0.250") && row.contains("off by")) }
  }

  /// Where something is due at most steps there is a chart, of whose rows the equation takes one.
  @Test(arguments: [(80, true), (120, false)])
  func anEquationHasARowWhereThereIsNoRoomBesideTheNumbers(width: Int, isOwn: Bool) throws {
    let targets = (0..<20).map { $0 >= 4 ? Float($0) / 40 : .nan }
    var (state, _) = try numeric(units: 3, bias: true, width: width, targets: targets)
    let height = NumericReadout(state)?.height
    for step in 0..<20 {
      state.step = step
      let area = FrameLayout(state).prediction
      let rows = render(state).text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(
        rows[area.y].contains("·") != isOwn && rows[area.y + 1].contains("V·h + b = ") == isOwn)
      #expect(NumericReadout(state)?.height == height)
    }
  }

  @Test func aNumberIsGreyUntilItIsDue() throws {
    let targets = (0..<20).map { $0 >= 12 ? Float(0.25) : .nan }
    let (state, _) = try numeric(units: 1, bias: true, width: 120, targets: targets)
    #expect(row(state).contains("due at step 12") && !row(state).contains("target"))
    var late = state
    late.step = 12
    #expect(!row(late).contains("due at") && row(late).contains("target"))
  }
}
