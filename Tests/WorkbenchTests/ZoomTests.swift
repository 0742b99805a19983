import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// However many steps and units a cell stands for, it shows what its legend says.
@Suite struct ZoomTests {
  /// 40 units over 700 letters; the recorder's steps through `last` are there.
  private static func state(
    _ cell: CellKind = .lstm, units: Int = 40, steps: Int = 700, last: Int? = nil,
    width: Int = 120, height: Int = 40, colors: Capabilities.ColorDepth = .direct
  ) throws -> State {
    let scene = try Scene(
      try TestModels.letters(cell, units: units),
      .tokens((0..<steps).map { ($0 * $0 / 5 + $0) % 7 }))
    scene.recorder.record(through: last ?? steps - 1)
    var state = scene.state(width: width, height: height, colors: colors)
    _ = update(&state, .recorded)
    return state
  }

  struct Case: Sendable {
    var size = LaneSize.whole
    var time = TimeScale.normal
    var units = UnitScale.normal
    var reduction = Representative.mean
    var isReversed = false
    var last: Int?
    var colors = Capabilities.ColorDepth.direct
  }

  static let cases: [Case] = [
    Case(), Case(units: .units(2)), Case(units: .units(4)), Case(units: .units(8)),
    Case(units: .units(4), reduction: .extreme, isReversed: true),
    Case(units: .units(2), reduction: .extreme, colors: .none),
    Case(time: .steps(2)), Case(time: .steps(4), units: .units(4)),
    Case(time: .everything), Case(time: .everything, units: .everything),
    Case(size: .half, time: .everything, units: .everything, reduction: .extreme),
    Case(size: .place, time: .everything, units: .everything, reduction: .extreme),
    Case(size: .place, time: .everything, units: .everything, last: 333),
    Case(size: .place, time: .steps(16), isReversed: true, last: 333),
    Case(size: .half, time: .steps(4), units: .rows(2), reduction: .extreme, last: 101),
    Case(time: .columns(6)), Case(size: .half, time: .columns(12), units: .rows(3)),
  ]

  /// From the trace, value by value, to the colours on the screen.
  @Test(arguments: cases)
  func aCellShowsWhatItsValuesCometo(_ example: Case) throws {
    var state = try Self.state(last: example.last, colors: example.colors)
    state.zoom.size = example.size
    state.zoom.time = example.time
    state.zoom.units = example.units
    state.zoom.reduction = example.reduction
    state.step = 97
    state.unit = 33
    state.lane = 4
    if example.isReversed {
      state.arrangement[track: 0].order = (0..<40).reversed()
      state.rearrange()
    }
    while !overlook(state) {}
    let grid = render(state)
    let layout = LanesLayout(state)
    for (signal, frame) in zip(state.currentTrack.signals, layout.frames) {
      guard let frame else { continue }
      Self.check(signal, frame, state, grid)
    }
  }

  private static func check(_ signal: Signal, _ frame: LaneFrame, _ state: State, _ grid: Grid) {
    let scale = SignalScales(signal, state).lane
    let center: Float = state.currentTrack.range(of: signal).isGate ? 0.5 : 0
    let units = state.currentTrack.units
    let all = state.trace.window(
      WindowRequest(
        track: 0, signal: signal, steps: 0..<state.trace.recordedSteps, units: 0..<units)
    ).values
    for column in frame.time.cells {
      let steps = frame.time.things(in: column).clamped(to: 0..<state.trace.recordedSteps)
      guard !steps.isEmpty, !frame.isUnderCursor(column, of: state.step) else { continue }
      for row in frame.units.cells {
        let cellUnits = frame.units.things(in: row).map { state.unit(at: $0) }
        let values = cellUnits.map { unit in steps.map { all[$0 * units + unit] } }
        let expected: Float
        switch state.zoom.reduction {
        case .mean:
          let sum = values.joined().reduce(0) { $0 + Double($1) }
          expected = Float(sum / Double(values.joined().count))
        case .extreme: expected = first(values.map { first($0, center) }, center)
        }
        let cell = scale.cell(
          for: expected, isDimmed: column * frame.time.perCell > state.step)
        let x =
          frame.heat.x
          + (column / frame.time.cellsPerLine - frame.time.firstLine) * frame.time.cellSize
        let line = row / frame.units.cellsPerLine
        let y = frame.heat.y + (line - frame.units.firstLine) * frame.units.cellSize
        let found = grid[x + frame.time.cellSize / 2, y]
        let isSame: Bool
        if frame.isHalved {
          isSame =
            found.scalar == "▀"
            && isClose(
              row % 2 == 0 ? found.style.foreground : found.style.background,
              cell.style.background)
        } else if state.theme.capabilities.heatByColor {
          isSame = isClose(
            frame.color(ofTime: column, y: y, in: grid), cell.style.background)
        } else {
          isSame = found.scalar == cell.scalar
        }
        if !isSame { Issue.record("\(signal) steps \(steps) row \(row): \(found), not \(cell)") }
      }
    }
  }

  /// The first of those that lie farthest from the middle.
  private static func first(_ values: [Float], _ center: Float) -> Float {
    let farthest = values.map { abs($0 - center) }.max()
    return values.first { abs($0 - center) == farthest }!
  }

  /// The screen's numbers come another way, so the last bit may round otherwise.
  private static func isClose(_ a: Color?, _ b: Color?) -> Bool {
    guard let a, let b else { return false }
    return zip([a.red, a.green, a.blue], [b.red, b.green, b.blue]).allSatisfy {
      abs(Int($0) - Int($1)) <= 1
    }
  }

  @Test(arguments: cases)
  func theCursorIsAlwaysSeen(_ example: Case) throws {
    var state = try Self.state(colors: example.colors)
    state.zoom.size = example.size
    state.zoom.time = example.time
    state.zoom.units = example.units
    for step in stride(from: 0, to: 700, by: 61) {
      for unit in [0, 1, 19, 38, 39] {
        (state.step, state.unit) = (step, unit)
        for frame in LanesLayout(state).frames.compactMap(\.self) {
          let isSeen =
            frame.time.things.contains(step) && frame.units.things.contains(unit)
            && frame.time.offset(of: step) + frame.time.cellSize <= frame.time.extent
            && frame.units.offset(of: unit) + frame.units.cellSize <= frame.units.extent
            && frame.heat.maxX <= frame.area.maxX
            && frame.time.thing(at: frame.time.offset(of: step))!
              == step / frame.time.perLine * frame.time.perLine
          if !isSeen { Issue.record("step \(step), unit \(unit): \(frame)") }
        }
      }
    }
  }

  /// A click chooses the first of what stands in a cell, and leaves what is in hand there.
  @Test(arguments: cases)
  func aClickHitsWhatIsDrawnThere(_ example: Case) throws {
    var state = try Self.state(colors: example.colors)
    state.zoom.size = example.size
    state.zoom.time = example.time
    state.zoom.units = example.units
    (state.step, state.unit) = (97, 33)
    var hits = 0
    for (lane, frame) in LanesLayout(state).frames.enumerated() {
      guard let frame else { continue }
      for (x, y) in [(0, 0), (7, 3), (frame.heat.width - 1, frame.heat.height - 1)] {
        let place = Point(x: frame.heat.x + x, y: frame.heat.y + y)
        guard frame.heat.contains(place), case .spot(let spot)? = Hit(at: place, in: state)?.target
        else { continue }
        let line = frame.time.firstLine + x / frame.time.cellSize
        let row = frame.units.firstLine + y / frame.units.cellSize
        let (step, unit) = (line * frame.time.perLine, row * frame.units.perLine)
        #expect(spot.lane == lane)
        #expect(spot.step == (97 / frame.time.perLine == line ? 97 : step))
        #expect(spot.unit == (33 / frame.units.perLine == row ? 33 : unit))
        hits += 1
      }
    }
    #expect(hits > 1)
  }

  @Test func aLaneGrowsAndGoesBackToItsPlace() throws {
    var state = try Self.state()
    state.lane = 2
    _ = press(&state, ["z"])
    #expect(state.zoom.size == .half)
    #expect(LanesLayout(state).frames.allSatisfy { $0 != nil })
    _ = press(&state, ["z"])
    #expect(state.zoom.size == .whole)
    #expect(
      LanesLayout(state).frames.map { $0 != nil } == [false, false, true, false, false, false])
    // The next lane takes the room of the one before.
    _ = press(&state, [.tab])
    #expect(LanesLayout(state).frames[3] != nil && LanesLayout(state).frames[2] == nil)
    _ = press(&state, ["z"])
    #expect(state.zoom == Zoom())
  }

  @Test func zoomingInAndOutAreEachOthersOpposite() throws {
    var state = try Self.state()
    state.zoom.size = .whole
    var times: [TimeScale] = []
    while state.message?.text != Words.everyStepIsSeen {
      times.append(state.zoom.time)
      _ = press(&state, ["("])
    }
    #expect(times == [.normal, .steps(2), .steps(4), .everything])
    while state.message?.text != Words.widestSteps { _ = press(&state, [")"]) }
    #expect(state.zoom.time == .columns(12))
    var units: [UnitScale] = []
    while state.message?.text != Words.everyUnitIsSeen {
      units.append(state.zoom.units)
      _ = press(&state, ["{"])
    }
    #expect(units == [.normal, .everything])
    while state.message?.text != Words.highestUnits { _ = press(&state, ["}"]) }
    #expect(state.zoom.units == .rows(3))
    _ = press(&state, ["Z"])
    #expect(state.zoom.time == .normal && state.zoom.units == .normal)
    _ = press(&state, ["Z"])
    #expect(state.zoom.time == .everything && state.zoom.units == .everything)
    let frame = try #require(LanesLayout(state).frame)
    #expect(frame.time.visible == 700 && frame.units.visible == 40)
  }

  @Test func aCountZoomsAsOften() throws {
    var state = try Self.state()
    state.zoom.size = .whole
    _ = press(&state, keys(":time-out 2\r"))
    #expect(state.zoom.time == .steps(4))
    _ = press(&state, keys(":time-in 9\r"))
    #expect(state.zoom.time == .columns(12))
    _ = update(&state, .instruct(Instruction(.unitsIn, "2")))
    #expect(state.zoom.units == .rows(3))
    _ = update(&state, .instruct(Instruction(.timeOut, "1000000000")))
    #expect(state.zoom.time == .everything)
  }

  @Test func aStepIsAStepAtAnyZoom() throws {
    var state = try Self.state()
    state.zoom.size = .whole
    _ = press(&state, ["Z", "l", "l", "j"])
    #expect(state.step == 2 && state.unit == 1)
    state.zoom.time = .steps(4)
    let visible = LanesLayout(state).visibleSteps
    #expect(visible > 300)
    _ = press(&state, [.pageDown])
    #expect(state.step == visible)
  }

  /// 64 units over a long input: the columns take many slices, are seen to come, and can be stopped.
  @Test func whatTakesLongCanBeStopped() throws {
    let scene = try Scene(
      try TestModels.letters(.lstm, units: 64), .tokens((0..<40_000).map { $0 % 7 }))
    scene.recorder.recordAll()
    var state = scene.state()
    state.step = 20_000
    var effects = press(&state, ["Z"])
    #expect(effects == [.goOn] && state.pending == .overlook)
    _ = update(&state, .goOn)
    #expect(state.pending == .overlook)
    _ = press(&state, [.escape])
    #expect(state.pending == nil && state.zoom == Zoom())
    #expect(state.journal.lines.suffix(2) == ["fit", "fit"], "a replay ends up the same way")
    #expect(update(&state, .goOn) == [])

    effects = press(&state, ["Z"])
    var slices = 0
    while state.pending == .overlook {
      effects = update(&state, .goOn)
      slices += 1
    }
    #expect(slices > 3 && effects == [])
    #expect(overlook(state))
  }
}

extension SignalRange {
  fileprivate var isGate: Bool {
    switch self {
    case .unit: true
    case .signedUnit, .unbounded: false
    }
  }
}
