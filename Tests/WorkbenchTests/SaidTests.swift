import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// What the network says on the screen: loss and entropy as lanes, the text by loss, who pushes an
/// output.
@Suite struct SaidTests {
  private func state(_ height: Int = 40) throws -> State {
    var state = try Scene.letters().recordedState()
    state.width = 120
    state.height = height
    state.theme = Theme(.dark, Capabilities(colors: .indexed, unicode: true))
    return state
  }

  private func obeyed(_ state: inout State, _ line: String) throws {
    _ = obey(&state, try Instruction(parsing: line))
  }

  @Test func lossAndEntropyStandUnderTheSequence() throws {
    #expect(try StripRow.all(state()).map(\.name) == ["loss", "entropy"])
    // A small screen keeps its rows for units, until somebody asks.
    var small = try state(24)
    #expect(StripRow.all(small).isEmpty)
    try obeyed(&small, "lane entropy")
    #expect(StripRow.all(small).map(\.name) == ["entropy"])
    #expect(StripRow.shown(small, limit: 1).map(\.isOrdering) == [true])
    _ = update(&small, .key(.tab))
    #expect(small.saidInHand == nil)
  }

  @Test func theTextTakesTheColoursOfTheSurprise() throws {
    var state = try state()
    state.step = 20
    try obeyed(&state, "lane loss")
    try obeyed(&state, "view text")
    let grid = render(state)
    let layout = FrameLayout(state)
    let page = TextPage(state, body: layout.body)
    let losses = try #require(state.trace.readout).values(.loss, 0..<state.trace.recordedSteps)
    let scale = HeatScale(.gate, state.theme)
    for token in page.layout.tokens where token.step != state.step {
      let x = page.text.x + token.column + token.width / 2
      let style = grid[x, page.y(of: token)].style
      // Nobody foretells the first token.
      guard token.step > 0 else {
        #expect(style == state.theme.muted)
        continue
      }
      let value = losses[token.step - 1] / state.saidLimit
      #expect(style == scale.inkStyle(on: scale.cell(for: value)), "step \(token.step)")
    }
  }

  /// While a far step is still being computed its page holds nothing that is recorded.
  @Test func aPageThatIsStillToComeIsDrawnWithoutColours() throws {
    let scene = try Scene(
      try TestModels.letters(.lstm), .tokens(Array(repeating: 0, count: 9000)))
    var state = scene.state()
    state.theme = Theme(.dark, Capabilities(colors: .indexed, unicode: true))
    state.saidInHand = .loss
    state.view = .text
    state.step = 8000
    let grid = render(state)
    let page = TextPage(state, body: FrameLayout(state).body)
    let tokens = page.layout.tokens
    #expect(tokens.contains { $0.step == 8000 })
    for token in tokens where token.step != state.step {
      #expect(grid[page.text.x + token.column, page.y(of: token)].style == state.theme.muted)
    }
  }

  @Test func aChangeOfLossIsGoneTo() throws {
    var state = try state()
    let losses = try #require(state.trace.readout).values(.loss, 0..<state.trace.recordedSteps)
    try obeyed(&state, "lane loss")
    let expected = (1..<losses.count - 1).first {
      abs(losses[$0] - losses[$0 - 1]) > state.saidLimit / 4
    }
    _ = update(&state, .key(">"))
    while case .scan = state.pending { _ = update(&state, .goOn) }
    #expect(state.step == expected ?? 0)
  }

  @Test func unitsAreOrderedByLoss() throws {
    var state = try state()
    _ = obey(&state, try Instruction(parsing: "order loss"))
    while case .order = state.pending { _ = update(&state, .goOn) }
    let lane = GroundTruthLane(
      name: "loss", kind: .number,
      values: try #require(state.trace.readout).values(.loss, 0..<state.trace.recordedSteps))
    let following = LaneFollowing(of: lane, in: state.trace, track: 0)
    #expect(state.arrangement[track: 0].order == following.order)
  }

  /// The parts are the readout's own sum, and the chosen output is the one that is shown.
  @Test func pushesAddUp() throws {
    var state = try state()
    let readout = try #require(state.session.model?.network.readout)
    for step in [0, 7, 29] {
      state.step = step
      let hidden = state.trace.topHidden(at: step)
      var sums = [Double](repeating: 0, count: readout.outputSize)
      hidden.withUnsafeBufferPointer { hidden in
        sums.withUnsafeMutableBufferPointer { readout.add(hidden, into: $0.baseAddress!) }
      }
      for output in sums.indices {
        let terms = ReadoutTerms(readout, output: output, hidden: hidden)
        #expect(abs(terms.sum - sums[output]) < 1e-12 * max(1, abs(sums[output])))
        let magnitudes = terms.ranked.map { abs(terms.terms[$0]) }
        #expect(magnitudes == magnitudes.sorted(by: >))
      }
    }
  }

  @Test(
    arguments: [
      ("output V", 6, nil), ("output 2", 2, nil),
      ("output off", nil, nil),
      ("output QQ", nil, "no output is QQ; there are 0 to 6, or their symbols"),
      ("output 7", nil, "no output is 7; there are 0 to 6, or their symbols"),
    ] as [(String, Int?, String?)])
  func anOutputIsChosen(_ line: String, _ output: Int?, _ message: String?) throws {
    var state = try state()
    try obeyed(&state, line)
    #expect(state.chosenOutput == output)
    #expect(state.message?.text == message)
    // Without a choice the one that comes next.
    if output == nil { #expect(state.outputInHand == state.trace.token(at: state.step + 1)) }
  }
}
