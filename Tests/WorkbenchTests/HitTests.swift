import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// What stands under the mouse is what is drawn there.
@Suite struct HitTests {
  static let sizes = [(60, 16), (80, 24), (97, 31), (120, 40), (200, 60)]

  /// The scenes whose layouts differ most, with a place in them that needs paging.
  static let scenes: [(String, @Sendable () throws -> Scene)] = [
    ("letters", { try .letters() }), ("forty units", { try .letters(units: 40) }),
    ("GRU", { try .letters(.gru) }), ("RNN", { try .letters(.rnn, units: 3) }),
    ("projected", { try Scene(try TestModels.projected(), text: TestModels.reberText) }),
    ("bidirectional", { try Scene(try TestModels.bidirectional(), text: TestModels.reberText) }),
    (
      "long",
      { try Scene(try TestModels.letters(.lstm), .tokens((0..<400).map { $0 * $0 % 7 })) }
    ),
  ]

  private func state(
    _ scene: Scene, _ size: (Int, Int), _ view: ViewKind = .lanes, step: Int = 17, unit: Int = 2
  ) -> State {
    var state = scene.recordedState()
    state.theme = Theme(.dark, Capabilities(colors: .direct, unicode: true))
    (state.width, state.height) = size
    state.view = view
    state.step = step
    state.unit = unit
    return state
  }

  /// Every place of a screen with what is hit there; of a large screen one in so many.
  private func hits(_ state: State, oneIn many: Int = 1) -> [(place: Point, hit: Hit)] {
    stride(from: 0, to: state.width * state.height, by: many).compactMap { index in
      let place = Point(x: index % state.width, y: index / state.width)
      return Hit(at: place, in: state).map { (place, $0) }
    }
  }

  @Test(arguments: [(60, 16), (97, 31), (200, 60)], scenes.indices)
  func aHeatmapsCellIsTheValueDrawnThere(_ size: (Int, Int), _ scene: Int) throws {
    let scene = try Self.scenes[scene].1()
    let isSmall = size.0 <= 60
    let track = scene.session.trace.layout[0]
    for (step, unit) in [(17, 2), (scene.session.length - 1, track.units - 1)] {
      let state = state(scene, size, step: step, unit: unit)
      let grid = render(state)
      var seen: Set<[Int]> = []
      for (place, hit) in hits(state, oneIn: isSmall ? 1 : 53) {
        guard case .spot(let spot) = hit.target, let lane = spot.lane, let unit = spot.unit,
          let step = spot.step
        else { continue }
        seen.insert([lane, unit, step])
        let signal = state.currentTrack.signals[lane]
        let value = state.trace.value(track: 0, signal: signal, step: step, unit: unit)
        let cell = SignalScales(signal, state)[unit].cell(for: value, isDimmed: step > state.step)
        if grid[place.x, place.y].style.background != cell.style.background {
          Issue.record("\(place) is not unit \(unit) of \(signal) at \(step)")
        }
        if !hit.area.contains(place) { Issue.record("\(place) is not in \(hit.area)") }
      }
      guard isSmall else {
        #expect(seen.count > 10)
        continue
      }
      let frame = try #require(LanesLayout(state).frame)
      let values = state.currentTrack.signals.reduce(0) { sum, signal in
        sum + frame.units.things.count { state.unit(at: $0) < state.currentTrack.units(of: signal) }
      }
      #expect(seen.count == values * frame.time.visible, "and every one can be hit")
      #expect(seen.contains { $0[1] == state.unit && $0[2] == state.step })
    }
  }

  @Test(arguments: sizes.prefix(3))
  func aUnitsNumberAndALanesNameAreThemselves(_ size: (Int, Int)) throws {
    let state = state(try .letters(), size)
    let grid = render(state)
    var units = 0
    var names: Set<Int> = []
    for (place, hit) in hits(state) {
      guard case .spot(let spot) = hit.target, let lane = spot.lane, spot.step == nil else {
        continue
      }
      if let unit = spot.unit, grid[place.x, place.y].scalar != " " {
        #expect(String(grid[place.x, place.y].scalar) == String(unit))
        units += 1
      } else if spot.unit == nil, place.x == hit.area.x {
        #expect(String(grid[place.x, place.y].scalar) == state.currentTrack.signals[lane].rawValue)
        names.insert(lane)
      }
    }
    let visible = try #require(LanesLayout(state).frame).units.visible
    #expect(units == 6 * visible && names == Set(0..<6))
  }

  @Test(arguments: sizes.prefix(3), [ViewKind.lanes, .text])
  func aTokenIsItsStep(_ size: (Int, Int), _ view: ViewKind) throws {
    let state = state(try .letters(), size, view)
    let grid = render(state)
    let letters = Array(TestModels.reberText.unicodeScalars)
    var rows: [Int: Set<Int>] = [:]
    for (place, hit) in hits(state) {
      guard case .spot(let spot) = hit.target, let step = spot.step, spot.lane == nil,
        letters.contains(grid[place.x, place.y].scalar)
      else { continue }
      #expect(grid[place.x, place.y].scalar == letters[step])
      rows[place.y, default: []].insert(step)
    }
    let frame = FrameLayout(state)
    #expect(rows[frame.sequence.y]?.contains(17) == true)
    if view == .text {
      let shown = rows.filter { $0.key >= frame.body.y }.values.reduce(into: Set()) {
        $0.formUnion($1)
      }
      #expect(shown == Set(0..<30))
    }
  }

  /// Words and wide characters, a blank after each.
  @Test func aWideTokenIsHitInAllItsColumns() throws {
    let scene = try Scene(
      try TestModels.symbols(["春", "long", "a"]), .tokens((0..<40).map { $0 % 3 }))
    let state = state(scene, (80, 24))
    let area = FrameLayout(state).sequence
    let layout = StripLayout(state, x: area.x, width: area.width)
    for step in layout.steps {
      for x in layout.column(of: step)..<min(layout.column(of: step + 1), area.maxX) {
        let hit = Hit(at: Point(x: x, y: area.y), in: state)
        #expect(hit?.target == .spot(.init(step: step)))
      }
    }
  }

  @Test(arguments: sizes)
  func aViewsNameIsTheView(_ size: (Int, Int)) throws {
    for shown in ViewKind.allCases {
      let state = state(try .letters(), size, shown)
      let row = render(state).text(row: 0)
      for (index, view) in ViewKind.allCases.enumerated() {
        for word in ["\(index + 1) ", Words.name(of: view)] {
          // The shape of the network has numbers, too.
          guard let first = row.range(of: "1 ") ?? row.range(of: "1"),
            let range = row[first.lowerBound...].range(of: word)
          else { continue }
          let x = row.distance(from: row.startIndex, to: range.lowerBound)
          #expect(Hit(at: Point(x: x, y: 0), in: state)?.target == .view(view), "\(word) in \(row)")
        }
      }
      #expect(Hit(at: Point(x: 2, y: 0), in: state) == nil, "the program's name")
      #expect(Hit(at: Point(x: size.0 - 3, y: 0), in: state) == nil, "the step")
    }
  }

  @Test(arguments: [(60, 16), (120, 40)])
  func aRowOfTheTableIsItsUnit(_ size: (Int, Int)) throws {
    let scene = try Scene.letters(units: 40)
    let workbench = scene.workbench(state(scene, size))
    workbench.type("5")
    let state = workbench.state
    let grid = workbench.frame()
    let body = FrameLayout(state).body
    var units: Set<Int> = []
    for y in body.y + 1..<body.maxY {
      guard case .spot(let spot) = Hit(at: Point(x: body.x + 9, y: y), in: state)?.target else {
        continue
      }
      let number = grid.text(row: y).split(whereSeparator: { " ▸".contains($0) }).first
      #expect(number == spot.unit.map { Substring(String($0)) })
      spot.unit.map { _ = units.insert($0) }
    }
    #expect(units.count == TableView(state: state).places(in: body).count && units.contains(2))
    // A title stands between blanks: "h" is none of "half-life".
    let header = Array((" " + grid.text(row: body.y) + " ").unicodeScalars)
    for (index, column) in TableView(state: state).shown(width: body.width) {
      let title = Array(" \(column.title) ".unicodeScalars)
      let x = try #require(
        header.indices.first { Array(header[$0...].prefix(title.count)) == title })
      for place in [x, x + column.title.count - 1] {
        #expect(Hit(at: Point(x: place, y: body.y), in: state)?.target == .column(index))
      }
    }
  }

  /// The strips of the diagram, with their numbers, and the units' numbers.
  @Test(arguments: [(80, 24), (120, 40)], [CellKind.lstm, .gru, .rnn])
  func aStripsCellIsTheUnitDrawnThere(_ size: (Int, Int), _ kind: CellKind) throws {
    let state = state(try .letters(kind), size, .cell)
    let grid = render(state)
    var found: Set<Int> = []
    for (place, hit) in hits(state) {
      guard case .spot(let spot) = hit.target, let lane = spot.lane, let unit = spot.unit else {
        continue
      }
      let signal = state.currentTrack.signals[lane]
      let scale = SignalScales(signal, state)[unit]
      let value = state.trace.value(track: 0, signal: signal, step: 17, unit: unit)
      let before = try #require(
        state.trace.previous(track: 0, signal: signal, step: 17, unit: unit))
      func now(_ other: Signal) -> Float {
        state.trace.value(track: 0, signal: other, step: 17, unit: unit)
      }
      // The states stand there twice or more: as they were, what is kept of them, as they are; a GRU's u
      // with what it leaves.
      let kept: Float
      switch (kind, signal) {
      case (.lstm, .c): kept = before * now(.f)
      case (.gru, .h): kept = before * now(.u)
      case (.gru, .u): kept = 1 - value
      case (_, _): kept = value
      }
      let colors = [value, before, kept].map { scale.cell(for: $0).style.background }
      #expect(colors.contains(grid[place.x, place.y].style.background))
      found.insert(lane)
    }
    #expect(found == Set(state.currentTrack.signals.indices))
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func aChartsColumnIsTheStepOfTheTokenAboveIt(_ size: (Int, Int)) throws {
    let state = state(try .letters(), size, .unit)
    let frame = FrameLayout(state)
    let strip = StripLayout(state, x: frame.sequence.x, width: frame.sequence.width)
    for step in strip.steps {
      let x = strip.column(of: step)
      let y = (frame.body.y + frame.body.maxY) / 2
      #expect(Hit(at: Point(x: x, y: y), in: state)?.target == .spot(.init(step: step)))
    }
    #expect(Hit(at: Point(x: frame.body.x, y: frame.body.y), in: state) == nil)
  }

  /// Nothing is hit where nothing is: outside, and in a window that is too small.
  @Test func elsewhereIsNothing() throws {
    var state = state(try .letters(), (80, 24))
    for place in [(-1, 3), (80, 3), (3, -1), (3, 24), (Int.max, 0), (0, Int.min)] {
      #expect(Hit(at: Point(x: place.0, y: place.1), in: state) == nil)
    }
    (state.width, state.height) = (40, 10)
    #expect(Hit(at: Point(x: 20, y: 0), in: state) == nil)
    (state.width, state.height) = (0, 0)
    #expect(Hit(at: Point(x: 0, y: 0), in: state) == nil)
  }
}
