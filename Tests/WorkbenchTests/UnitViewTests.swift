import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// One unit over time: strips that fit, values that are the model's, words that were measured.
@Suite struct UnitViewTests {
  static let sizes = [(60, 16), (80, 24), (97, 31), (120, 40), (200, 60)]
  static let cells = [CellKind.lstm, .gru, .rnn]

  private func state(
    _ scene: Scene, _ size: (Int, Int), _ colors: Capabilities.ColorDepth = .direct
  ) -> State {
    scene.preparedState(.unit, size, colors)
  }

  private func lanes() throws -> Scene {
    let depth = (0..<30).map { Float($0 % 5) }
    return try Scene(
      try TestModels.letters(.lstm), .tokens((0..<30).map { ($0 * $0 + $0 / 3) % 7 }),
      lanes: [
        GroundTruthLane(name: "depth", kind: .number, values: depth),
        GroundTruthLane(name: "is open", kind: .flag, values: depth.map { $0 > 1 ? 1 : 0 }),
      ])
  }

  // MARK: - Where things stand

  @Test(arguments: sizes, cells)
  func stripsFillTheBodyAndDoNotOverlap(_ size: (Int, Int), _ cell: CellKind) throws {
    let state = state(try .letters(cell), size)
    let body = FrameLayout(state).body
    let layout = UnitLayout(state, body: body)
    var taken = Set(layout.rules)
    for strip in layout.strips {
      #expect(!strip.rows.isEmpty && strip.rows.count >= min(2, strip.signals.count))
      #expect(taken.isDisjoint(with: strip.rows))
      taken.formUnion(strip.rows)
    }
    #expect(taken.min()! > body.y && taken.max()! < layout.knownTop)
    #expect(layout.knownTop + layout.known.count <= layout.panel.y)
    // Nothing touches the footer where there are rows.
    #expect(layout.panel.maxY == body.maxY - (FrameLayout.isAiry(state) ? 1 : 0))
    #expect(layout.strips.flatMap(\.signals).sorted() == state.currentTrack.signals.sorted())
    let gates = layout.strips.filter { state.currentTrack.role(of: $0.signals[0]) == .gate }
    #expect(gates.allSatisfy { $0.signals.count == 1 }, "every gate has a strip of its own")
    #expect(Set(gates.map(\.rows.count)).count <= 1)
  }

  /// Every step is as wide as the next where that takes three quarters of the room; else one may be a
  /// column wider, the last ends where the values begin, and a token's columns are marked.
  @Test(arguments: sizes, [30, 22, 17])
  func timeTakesTheWidth(_ size: (Int, Int), _ count: Int) throws {
    let text = String(TestModels.reberText.prefix(count))
    let state = state(try Scene(try TestModels.letters(.lstm), text: text), size)
    let area = FrameLayout(state).sequence
    let strip = StripLayout(state, x: area.x, width: area.width)
    #expect(strip.steps == 0..<count)
    let widths = strip.steps.map { strip.width(of: $0) }
    #expect(widths.min()! >= 1)
    #expect(strip.isUneven == (widths.max()! > widths.min()!))
    let room = area.maxX - strip.valueWidth - strip.column(of: 0)
    let row = render(state).text(row: area.y)
    if strip.isUneven {
      #expect(strip.end == area.maxX - strip.valueWidth && widths.max()! - widths.min()! == 1)
      #expect(room / count * count * 4 < room * 3)
      #expect(row.contains("·"))
    } else {
      #expect(widths[0] == min(room / count, 12) && !row.contains("·"))
    }
    #expect(strip.spread((0..<count).map(Float.init)).count == strip.end - strip.column(of: 0))
  }

  @Test(arguments: sizes, cells)
  func theValuesAtTheRightAreTheModels(_ size: (Int, Int), _ cell: CellKind) throws {
    let state = state(try .letters(cell), size)
    let grid = render(state)
    let body = FrameLayout(state).body
    let layout = UnitLayout(state, body: body)
    for signal in state.currentTrack.signals {
      let strip = try #require(layout.strips.first { $0.signals.contains(signal) })
      let value = state.trace.value(track: 0, signal: signal, step: 17, unit: 2)
      let text = "\(signal.rawValue) " + Numbers.fitted(value, width: 6).padded(left: 6)
      let rows = strip.rows.map { grid.text(row: $0) }
      #expect(rows.contains { $0.hasSuffix(text) }, "\(signal) in \(rows)")
    }
  }

  /// What is known stands under the charts, its values among theirs.
  @Test func whatIsKnownStandsUnderTheCharts() throws {
    let state = state(try lanes(), (120, 40))
    let grid = render(state)
    let frame = FrameLayout(state)
    #expect(frame.sequence.height == 1)
    let layout = UnitLayout(state, body: frame.body)
    #expect(layout.known.map(\.name) == ["depth", "is open", "loss", "entropy"])
    let row = grid.text(row: layout.knownTop)
    #expect(row.hasPrefix("  depth ") && row.hasSuffix(" 2"))
    #expect(grid.text(row: layout.knownTop + 1).hasSuffix(" yes"))
  }

  /// What is known leaves before a view has no room.
  @Test(arguments: ViewKind.allCases)
  func theSmallestScreenHasRoomForEveryView(_ view: ViewKind) throws {
    var state = state(try lanes(), (60, 16))
    state.view = view
    #expect(hasRoom(state))
  }

  @Test(arguments: sizes)
  func aColumnOfAChartIsItsStep(_ size: (Int, Int)) throws {
    let state = state(try lanes(), size)
    let body = FrameLayout(state).body
    let layout = UnitLayout(state, body: body)
    let strip = StripLayout(state, x: body.x, width: body.width)
    for y in [layout.charts.y, layout.charts.maxY - 1] {
      for step in strip.steps {
        for x in strip.column(of: step)..<strip.column(of: step + 1) {
          #expect(Hit(at: Point(x: x, y: y), in: state)?.target == .spot(.init(step: step)))
        }
      }
    }
  }

  @Test(arguments: sizes, cells)
  func aNameAndAValueAreTheirSignals(_ size: (Int, Int), _ cell: CellKind) throws {
    let state = state(try .letters(cell), size)
    let grid = render(state)
    let body = FrameLayout(state).body
    var names: Set<Int> = []
    for strip in UnitLayout(state, body: body).strips {
      for y in strip.rows {
        let left = Hit(at: Point(x: body.x, y: y), in: state)
        let right = Hit(at: Point(x: body.maxX - 8, y: y), in: state)
        #expect(left?.target == right?.target)
        guard case .spot(let spot)? = left?.target, let lane = spot.lane else { continue }
        #expect(spot.step == nil && spot.unit == nil)
        let letter = String(grid[body.x, y].scalar)
        guard letter != " " else { continue }
        #expect(letter == state.currentTrack.signals[lane].rawValue)
        names.insert(lane)
      }
    }
    #expect(names.count == state.currentTrack.signals.count)
  }

  // MARK: - What is drawn

  @Test(arguments: [
    (0, 1, "▁"), (1, 1, "▇"), (0.5, 1, "▄"), (0, 3, "▁"), (1, 3, "██▇"), (0.5, 2, "█"),
    (2, 2, "█▇"), (-1, 2, "▁"),
  ])
  func aBarIsAsHighAsItsShare(_ share: Double, _ height: Int, _ glyphs: String) {
    let bar = TallBar(share: share, height: height)
    #expect(bar.glyphs == Array(glyphs.unicodeScalars))
    #expect(bar.outline.row == bar.glyphs.count - 1)
  }

  /// A gate's bars rise and fall as its values do.
  @Test func barsFollowTheGate() throws {
    let state = state(try .letters(), (120, 40))
    let grid = render(state)
    let body = FrameLayout(state).body
    let strip = StripLayout(state, x: body.x, width: body.width)
    let rows = try #require(
      UnitLayout(state, body: body).strips.first { $0.signals == [.f] }
    ).rows
    for step in strip.steps {
      let value = state.trace.value(track: 0, signal: .f, step: step, unit: 2)
      let glyphs = TallBar(share: Double(value), height: rows.count).glyphs
      for (row, glyph) in glyphs.enumerated() {
        let cell = grid[strip.column(of: step), rows.upperBound - 1 - row]
        #expect(cell.scalar == glyph)
        let style =
          step == 17
          ? state.theme.accent
          : step > 17 ? state.theme.lineAhead(of: .f) : state.theme.area(of: .f)
        #expect(cell.style == style, "\(step)")
      }
    }
  }

  /// Where no colour is paler, the future has fewer dots and no filled bars.
  @Test(arguments: [Capabilities.ColorDepth.none, .sixteen])
  func theFutureIsToldWithoutColours(_ colors: Capabilities.ColorDepth) throws {
    let state = state(try .letters(), (120, 40), colors)
    let grid = render(state)
    let body = FrameLayout(state).body
    let strip = StripLayout(state, x: body.x, width: body.width)
    let start = strip.column(of: 18)
    for one in UnitLayout(state, body: body).strips {
      for y in one.rows {
        for x in start..<strip.end {
          let scalar = grid[x, y].scalar
          #expect(!("▂"..."█").contains(scalar), "\(x) \(y)")
          guard (0x2800...0x28FF).contains(scalar.value) else { continue }
          #expect((scalar.value - 0x2800) & 0xB8 == 0, "only the left dots")
        }
      }
    }
  }

  @Test func texturesLeaveDotsOut() {
    var grid = Grid(width: 4, height: 1)
    let level = LineChart.Series(
      values: [0, 0, 0, 0], style: Style(), ahead: Style(nil, on: nil, .dim), texture: .solid,
      textureAhead: .sparse)
    LineChart(range: 0...1, series: [level], future: 2)
      .draw(into: &grid, at: Rect(x: 0, y: 0, width: 4, height: 1))
    #expect(grid.text(row: 0) == "⣀⣀⡀")
    #expect(grid[1, 0].style == Style() && grid[2, 0].style == Style(nil, on: nil, .dim))
  }

  // MARK: - What is said

  @Test func aUnitIsMeasuredOnceEverythingIsRecorded() throws {
    let scene = try lanes()
    let workbench = scene.workbench(scene.state(width: 120, height: 40))
    workbench.type("3")
    #expect(workbench.state.measured == nil)
    #expect(workbench.frame().text.contains(Words.measuredLater))
    workbench.type("Ggjj")
    let measured = try #require(workbench.state.measured)
    #expect(measured.statistics == UnitStatistics(unit: 2, in: scene.session.trace, track: 0))
    let screen = workbench.frame().text
    #expect(!screen.contains(Words.measuredLater))
    // As the table has them.
    workbench.type("53")
    let table = try #require(workbench.state.statistics[0])
    #expect(workbench.state.measured?.statistics == table[2])
    #expect(workbench.state.measured?.best?.lane == measured.best?.lane)
    #expect(workbench.state.measured?.best?.score == measured.best?.score)
    #expect(workbench.frame().text == screen)
  }

  @Test(arguments: [
    (CellKind.lstm, 120, ["c cell state, slow", "h hidden state, fast", "f forget gate"]),
    (.gru, 120, ["h hidden state, slow", "r reset gate", "u update gate", "n candidate"]),
    (.rnn, 120, ["h hidden state", "only memory"]),
    (.lstm, 80, ["c cell state", "slow", "h hidden state", "fast", "o output gate"]),
  ])
  func signalsAreNamed(_ cell: CellKind, _ width: Int, _ names: [String]) throws {
    let state = state(try .letters(cell), (width, width == 80 ? 24 : 40))
    let screen = render(state).text
    for name in names { #expect(screen.contains(name), "\(name)") }
  }
}

extension [Signal] {
  fileprivate func sorted() -> [Signal] { sorted { $0.rawValue < $1.rawValue } }
}
