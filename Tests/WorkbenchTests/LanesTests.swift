import Demos
import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// What the lanes promise beyond their goldens.
@Suite struct LanesTests {
  private func state(
    _ cell: CellKind = .lstm, steps: Int = 66, _ size: (Int, Int),
    colors: Capabilities.ColorDepth = .indexed
  ) throws -> State {
    let scene = try Scene(
      try TestModels.letters(cell), .tokens((0..<steps).map { ($0 * $0 / 5 + $0) % 7 }))
    scene.recorder.recordAll()
    var state = scene.state(width: size.0, height: size.1, colors: colors)
    _ = update(&state, .recorded)
    return state
  }

  /// All steps, a column each, where fewer lanes side by side have room for them and every unit still
  /// has its row or half of one; else as many lanes as before, with two steps a column, or their means.
  @Test(
    arguments: [
      ((80, 24), 66, 3, 2), ((120, 40), 66, 3, 1), ((200, 60), 66, 2, 1), ((200, 60), 50, 3, 1),
      ((200, 60), 150, 1, 1), ((120, 60), 100, 1, 1), ((80, 24), 20, 3, 1),
    ] as [((Int, Int), Int, Int, Int)])
  func everythingIsAColumnAStepWhereThatFits(
    _ size: (Int, Int), _ steps: Int, _ columns: Int, _ perCell: Int
  ) throws {
    var state = try state(steps: steps, size)
    _ = press(&state, ["Z"])
    let frames = LanesLayout(state).frames.compactMap(\.self)
    #expect(frames.count == 6)
    #expect(frames.count { $0.area.y == frames[0].area.y } == columns)
    for frame in frames {
      #expect(frame.time.perCell == perCell && frame.time.visible == steps)
      #expect(frame.units.perCell == 1 && frame.units.visible == 8)
    }
    // What stands beside and under each other keeps apart.
    for (a, b) in zip(frames, frames.dropFirst()) {
      #expect(a.area.maxX < b.area.x || a.area.maxY <= b.area.y)
    }
  }

  /// Six columns hold two decimals; more come only while eight steps stay side by side.
  @Test(arguments: [
    (4, 22, 4), (6, 22, 6), (8, 22, 6), (12, 22, 6), (12, 62, 6), (8, 64, 8), (12, 95, 8),
    (12, 96, 12), (12, 114, 12), (6, 3, 3), (1, 1, 1),
  ])
  func stepsComeBeforeDecimals(_ wanted: Int, _ columns: Int, _ width: Int) {
    #expect(Zoom.width(wanted, in: columns) == width)
    let axis = HeatAxis.time(.columns(wanted), count: 500, columns: columns, showing: 0)
    #expect(axis.cellSize == width && axis.visible == max(1, columns / width))
  }

  @Test(arguments: [(80, 24), (120, 40)])
  func stepsGetWiderAsLongAsThatShowsMore(_ size: (Int, Int)) throws {
    var state = try state(.lstm, size)
    for _ in 0..<8 { _ = press(&state, [")"]) }
    #expect(state.message?.text == Words.widestSteps)
    #expect(LanesLayout(state).frame?.time.cellSize == 6)
    _ = press(&state, ["z", "z"] + Array(repeating: ")", count: 4))
    #expect(LanesLayout(state).frame.map { $0.time.visible >= 8 } == true)
  }

  /// Names, limits and colours keep a blank between them, and names stay.
  @Test(arguments: [(60, 16), (80, 24), (120, 40), (200, 60)], [CellKind.lstm, .gru, .rnn])
  func legendsAndNamesKeepApart(_ size: (Int, Int), _ kind: CellKind) throws {
    for limits in ["lane", "0.125", "12345"] {
      var state = try state(kind, size)
      _ = press(&state, keys(":set limits \(limits)") + [.enter])
      let grid = render(state)
      for (signal, frame) in zip(state.currentTrack.signals, LanesLayout(state).frames) {
        let area = try #require(frame).area
        let row = (area.x..<area.maxX).map { grid[$0, area.y] }
        let text = String(String.UnicodeScalarView(row.map(\.scalar)))
        let names = [Words.shortName(of: signal, in: kind), Words.name(of: signal, in: kind)]
        #expect(names.contains { text.contains(" \($0)") }, "\(text)")
        // Where colours begin or end there is no sign beside them.
        for (a, b) in zip(row, row.dropFirst()) {
          let isColored = [a, b].map { $0.style.background != state.theme.ground }
          guard isColored[0] != isColored[1] else { continue }
          #expect((isColored[0] ? b : a).scalar == " ", "\(text)")
        }
      }
    }
  }

  @Test(arguments: [
    (9, "-8 ▇▇ +8"), (10, "-8 ▇▇▇▇ +8"), (30, "-8 ▇▇▇▇ +8"), (7, "▇▇▇▇ ±8"), (5, "▇▇ ±8"),
    (4, "±8"), (2, "±8"), (1, ""), (0, ""), (-3, ""),
  ])
  func aLegendGivesWay(_ room: Int, _ expected: String) {
    let theme = Theme(.dark, Capabilities(colors: .indexed, unicode: true))
    let legend = Legend(scale: HeatScale(.signed(limit: 8), theme), room: room, isNarrow: true)
    var grid = Grid(width: 40, height: 1, fill: theme.blank)
    legend.draw(into: &grid, x: 0, y: 0, theme)
    for x in 0..<40 where grid[x, 0].style.background != theme.ground { grid[x, 0].scalar = "▇" }
    #expect(grid.text(row: 0) == expected)
    #expect(legend.width == expected.count)
    #expect(legend.width <= max(0, room))
  }

  // MARK: - What is in hand

  /// The lane in hand has a line at both sides, from its header to its last row.
  @Test(arguments: [(60, 16), (80, 24), (120, 36), (120, 40), (200, 60)])
  func theLaneInHandHasAFrame(_ size: (Int, Int)) throws {
    for lane in 0..<6 {
      var state = try state(.lstm, size)
      _ = press(&state, Array(repeating: .tab, count: lane))
      let grid = render(state)
      for (index, frame) in LanesLayout(state).frames.enumerated() {
        let area = try #require(frame).area
        let edges = [area.x - 1, area.maxX].map { x in
          String(
            String.UnicodeScalarView((area.y..<area.maxY).map { grid[x, $0].scalar }))
        }
        let isFramed = edges[0].first == "┌" && edges[1].first == "┐"
        #expect(isFramed == (index == lane), "\(edges)")
        guard isFramed else { continue }
        #expect(edges.allSatisfy { $0.dropFirst().dropLast().allSatisfy { $0 == "│" } })
      }
    }
  }

  /// Of all numbers on the screen two are lit: the unit's in its lane, and the value that it has there.
  @Test(arguments: [(80, 24), (120, 40), (200, 60)], ["lanes", "cell"])
  func theNumberThatIsSpokenOfIsLit(_ size: (Int, Int), _ view: String) throws {
    var state = try state(.lstm, size)
    func lit() -> [String] {
      let grid = render(state)
      let body = FrameLayout(state).body
      var found: [String] = []
      for y in body.y..<body.maxY {
        var word = ""
        for x in 0...grid.width {
          let isLit = x < grid.width && grid[x, y].style == state.theme.marked
          if isLit {
            word.unicodeScalars.append(grid[x, y].scalar)
          } else if !word.isEmpty {
            found.append(word)
            word = ""
          }
        }
      }
      return found
    }
    _ = press(&state, keys(":view \(view)") + [.enter] + keys("Ljj"))
    // Nobody has chosen a lane; a picture of a cell marks its token.
    let before = lit()
    #expect(before.count == (view == "cell" ? 1 : 0))
    for name in ["f", "c", "h", "z"] {
      _ = press(&state, keys(":lane \(name)") + [.enter])
      let signal = try #require(Signal(rawValue: name))
      let value = state.trace.value(track: 0, signal: signal, step: state.step, unit: 2)
      let numbers = lit().filter { !before.contains($0) }
      // In the cell's picture the numbers of a strip have decimals of their own.
      let written = [Numbers.value(value), Numbers.factor(value), Numbers.fixed(value)]
      #expect(numbers.contains { written.contains($0) }, "\(name): \(numbers)")
      #expect(numbers.count == (view == "lanes" ? 2 : 1), "\(name): \(numbers)")
      if view == "lanes" { #expect(numbers.contains("2")) }
    }
  }

  /// A tour's stop that names no signal lights none, whatever the one before named.
  @Test func aStopLightsWhatItNames() throws {
    let text = "Look."
    let scene = try Scene(
      try TestModels.letters(.lstm), .tokens((0..<30).map { $0 % 7 }),
      tour: Tour(stops: [
        TourStop(step: 3, view: .lanes, unit: 2, signal: "f", text: text),
        TourStop(step: 4, view: .lanes, unit: 2, text: text),
      ]))
    let workbench = scene.workbench(scene.state(width: 120, height: 40, colors: .indexed))
    workbench.type("t")
    #expect(workbench.state.litSignal == .f)
    workbench.type("\r")
    #expect(workbench.state.tourStop == 1 && workbench.state.litSignal == nil)
    workbench.press(.escape)
    #expect(workbench.state.litSignal == .f)
  }

  /// Where there are rows to spare, one of them parts the view from the footer.
  @Test(arguments: ["1", "2"])
  func nothingTouchesTheFooter(_ view: String) throws {
    for (kind, size) in [(CellKind.lstm, (120, 40)), (.gru, (120, 36)), (.rnn, (200, 60))] {
      var state = try state(kind, size)
      _ = press(&state, keys(view + "L"))
      #expect(render(state).text(row: size.1 - 2).isEmpty, "\(kind)")
    }
  }
}
