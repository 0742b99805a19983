import Demos
import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// What a person who sees a screen for the first time takes amiss.
@Suite struct ScreenDetailTests {
  private func known() throws -> Scene {
    let depth = (0..<30).map { Float($0 % 5) }
    return try Scene(
      try TestModels.letters(.lstm), .tokens((0..<30).map { ($0 * $0 + $0 / 3) % 7 }),
      lanes: [
        GroundTruthLane(name: "depth", kind: .number, values: depth),
        GroundTruthLane(name: "waited", kind: .number, values: (0..<30).map { Float($0 / 2) }),
      ],
      tour: Tour(stops: [
        TourStop(step: 9, unit: 2, signal: "f", text: "The forget gate of unit 2 stays open."),
        TourStop(step: 14, unit: 2, text: "And so on."),
      ]))
  }

  // MARK: - What comes next

  /// Every number right after its output, a line after it, and blanks before the next.
  @Test(arguments: [(60, 16), (80, 24), (120, 40), (200, 60)])
  func aProbabilityStandsBesideItsOutput(_ size: (Int, Int)) throws {
    let state = try known().preparedState(.lanes, size)
    let grid = render(state)
    let row = grid.text(row: FrameLayout(state).prediction.y)
    let entries = try #require(Prediction(state)).all
    var rest = row[...]
    for entry in entries {
      let text = "\(entry.isTrue ? "✓" : " ")\(entry.symbol) \(Numbers.fixed(entry.probability))"
      guard let range = rest.firstRange(of: text) else {
        // What has no room is left out whole.
        #expect(size.0 < 80, "\(text) in \(row)")
        return
      }
      rest = rest[range.upperBound...]
      let line = rest.dropFirst().prefix { "━╸─".contains($0) }
      #expect(rest.first.map { $0 == " " } ?? true)
      let share = Double(line.count { $0 == "━" }) + (line.contains("╸") ? 0.5 : 0)
      let isNear = abs(share - Double(entry.probability) * Double(line.count)) <= 0.25
      #expect(isNear, "\(line) \(entry.probability)")
    }
  }

  @Test(arguments: [
    (0.0, "────"), (0.1, "╸───"), (0.25, "━───"), (0.5, "━━──"), (0.99, "━━━━"), (7, "━━━━"),
    (-1, "────"),
  ])
  func aShareIsALine(_ share: Double, _ expected: String) {
    let theme = Theme(.dark, Capabilities(colors: .direct, unicode: true))
    var grid = Grid(width: 4, height: 1, fill: theme.blank)
    ShareLine(share: share, width: 4).draw(into: &grid, x: 0, y: 0, theme, theme.text)
    #expect(grid.text(row: 0) == expected)
  }

  // MARK: - Lanes

  /// The steps have their numbers under the lanes, or beside the unit's where no row is free.
  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func lanesSayWhichStepsTheyShow(_ size: (Int, Int)) throws {
    let state = try Scene.letters().preparedState(.lanes, size)
    let layout = LanesLayout(state)
    let frame = try #require(layout.frame)
    let grid = render(state)
    let steps = frame.time.things
    if layout.hasRulers {
      let frames = layout.frames.compactMap(\.self).filter { layout.isFree(under: $0) }
      #expect(!frames.isEmpty)
      for frame in frames {
        let row = (frame.area.x..<frame.area.maxX).map { grid[$0, frame.area.maxY].scalar }
        let text = String(String.UnicodeScalarView(row))
        #expect(text.contains("▲17") || text.contains("17▲"), "\(text)")
      }
    } else {
      let words = Words.steps(steps.lowerBound, steps.upperBound - 1)
      #expect(grid.text(row: layout.panel.y).hasSuffix(" " + words))
    }
  }

  /// Where no row is free under the lane in hand its last row has the lower edge, over its colours.
  @Test(arguments: [Capabilities.ColorDepth.direct, .indexed, .sixteen, .none])
  func theFrameHasALowerEdge(_ colors: Capabilities.ColorDepth) throws {
    let state = try Scene.letters().preparedState(.lanes, (80, 24), colors)
    let layout = LanesLayout(state)
    let area = try #require(layout.frame).area
    #expect(!layout.isFree(under: try #require(layout.frame)))
    let grid = render(state)
    for x in area.x..<area.maxX {
      let cell = grid[x, area.maxY - 1]
      let isEdge = cell.scalar == "▁" && cell.style.foreground == state.theme.accent.foreground
      #expect(isEdge || cell.style.attributes.contains(.underline), "\(x)")
    }
  }

  /// Their names say which of the states is slow, at every size.
  @Test(arguments: [(CellKind.lstm, ["slow", "fast"]), (.gru, ["slow"])])
  func statesAreToldApartByTheirNames(_ cell: CellKind, _ paces: [String]) throws {
    for size in [(80, 24), (120, 40)] {
      let state = try Scene.letters(cell).preparedState(.lanes, size, .none)
      let text = render(state).text
      for pace in paces { #expect(text.contains(", \(pace)")) }
    }
  }

  // MARK: - Table

  /// A number stands on its own colour, and titles keep apart.
  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func aTablesNumbersStandOnTheirColours(_ size: (Int, Int)) throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state(width: size.0, height: size.1, colors: .direct))
    workbench.type("l5")
    let state = workbench.state
    let grid = workbench.frame()
    let body = FrameLayout(state).body
    let table = TableView(state: state)
    let statistics = try #require(state.statistics[0])
    var x = body.x + 2
    for (_, column) in table.shown(width: body.width) {
      let title = (x..<x + column.width).map { grid[$0, body.y].scalar }
      #expect(title.first == " " || grid[x - 1, body.y].scalar == " ", "\(column.title)")
      for (row, place) in table.places(in: body).enumerated() {
        guard let heat = column.heat(statistics[state.unit(at: place)]) else { continue }
        let cells = (x + 1..<x + column.width).map { grid[$0, body.y + 1 + row] }
        #expect(cells.allSatisfy { $0.style.background == heat.cell.style.background })
        #expect(cells.contains { $0.scalar == "." })
        #expect(grid[x, body.y + 1 + row].style.background == state.theme.ground)
      }
      x += column.width
    }
  }

  /// Rows that no unit needs show the unit in hand in numbers and over time.
  @Test func aShortTableLeavesNoScreenBlank() throws {
    for size in [(80, 24), (120, 40), (200, 60)] {
      let scene = try Scene.letters()
      let workbench = scene.workbench(scene.state(width: size.0, height: size.1, colors: .direct))
      workbench.type("Gjj5")
      let body = FrameLayout(workbench.state).body
      let detail = try #require(TableView(state: workbench.state).detail(in: body))
      #expect(detail.panel.y > body.y + 8 && detail.chart.maxY <= body.maxY - 1)
      let grid = workbench.frame()
      #expect(grid.text(row: detail.panel.y + 1).contains(" unit 2 / 7 "))
      let blank = (body.y..<body.maxY).count { grid.text(row: $0).isEmpty }
      #expect(blank <= body.height * 2 / 5, "\(size): \(blank) of \(body.height)")
      // A column of the chart is its step.
      guard detail.chart.height > 4 else { continue }
      let strip = StripLayout(workbench.state, x: body.x, width: body.width)
      let place = Point(x: strip.column(of: 7), y: detail.chart.y)
      #expect(Hit(at: place, in: workbench.state)?.target == .spot(.init(step: 7)))
    }
  }

  // MARK: - What is said

  @Test(arguments: [
    ([0, 1, 2, 2, 5] as [Float], true), ([5, 4, 4], true), ([0, 1, 0], false), ([3, 3, 3], false),
    ([.nan, 1, .nan, 2], true), ([], false), ([2, .nan, 1, 2], false),
  ])
  func aLaneThatGoesOneWayOnlyDrifts(_ values: [Float], _ expected: Bool) {
    let lane = GroundTruthLane(name: "lane", kind: .number, values: values)
    #expect(lane.onlyDrifts == expected)
  }

  /// No unit is said to follow what only rises; who orders by it is told.
  @Test func nothingIsClaimedOfDrift() throws {
    let scene = try known()
    let workbench = scene.workbench(scene.state(width: 200, height: 60, colors: .direct))
    workbench.type("5")
    let state = workbench.state
    #expect(state.following[0]?.count == 2 && state.following[0]?[1] != nil)
    for unit in 0..<8 {
      let statistics = try #require(state.statistics[0]?[unit])
      let measured = MeasuredUnit(
        statistics, track: 0, following: state.following[0] ?? [], lanes: state.session.lanes)
      #expect(measured.best?.lane == 0)
    }
    #expect(!workbench.frame().text.contains("waited 0."))
    workbench.type(":order waited\r")
    #expect(workbench.state.message?.text.hasSuffix(Words.asDriftDoes) == true)
    workbench.type(":order depth\r")
    #expect(workbench.state.message?.text.contains(Words.asDriftDoes) == false)
  }

  @Test(arguments: [
    (1.0, "moves 1.00 a step"), (0.114, "moves 0.11 a step"), (0.0049, "moves 0.005 a step"),
    (0.0005, "moves 0.001 a step"), (0.0004, "hardly moves"), (0, "does not move"),
  ])
  func movementHasTheDecimalsThatItTakes(_ movement: Double, _ words: String) throws {
    let trace = try ViewedTraces.table("step,unit,h\n0,0,0\n1,0,\(movement)\n").session.trace
    let statistics = UnitStatistics(unit: 0, in: trace, track: 0)
    #expect(StatisticsWords(statistics, over: 2).movement(of: .h) == words)
  }

  @Test(arguments: [
    (Float(1), "1"), (-1, "-1"), (0, "0"), (5.468, "5.47"), (0.0049, "0.005"), (-0.0012, "-1e-3"),
    (0.0004, "4e-4"), (-3.2e-7, "-3e-7"), (9.9e-5, "1e-4"), (1234.5, "1235"), (-1e-30, "-0"),
  ])
  func aLimitIsNotZeroUnlessItIs(_ value: Float, _ expected: String) {
    #expect(Numbers.bound(value, width: 5) == expected)
  }

  @Test func theOnlyUnitIsCalledThat() {
    #expect(Words.unit(0, last: 0) == "unit 0, the only one")
    #expect(Words.unit(0, last: 7) == "unit 0 / 7")
  }

  // MARK: - Help

  @Test(arguments: [
    ("exp", "export"), ("find", "find"), ("unit", "unit"), ("order", "order"),
    ("next-u", "next-unit"),
  ])
  func theNearestCommandIsTheFirst(_ typed: String, _ first: String) throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state(width: 120, height: 40))
    workbench.type("?" + typed)
    let bindings = HelpView.bindings(workbench.state)
    #expect(bindings.first?.instruction.command.rawValue == first)
    #expect(workbench.state.help == 0)
    // What is listed first is drawn first, and Enter does it.
    let rows = workbench.frame().text.split(separator: "\n")
    #expect(rows.first { $0.contains("▸") }?.contains(bindings[0].words) == true)
  }

  // MARK: - Tour

  @Test func theTourKeepsOffTheFooterAndOutOfForms() throws {
    let scene = try known()
    for size in [(80, 24), (120, 40)] {
      let workbench = scene.workbench(scene.state(width: size.0, height: size.1))
      workbench.type("t")
      #expect(workbench.frame().text(row: size.1 - 2).isEmpty)
      #expect(workbench.frame().text.contains("Enter \(Words.tourOn)"))
      workbench.type("e")
      #expect(workbench.state.exportForm != nil)
      #expect(!workbench.frame().text.contains("Enter \(Words.tourOn)"))
      workbench.press(.escape)
      workbench.type(":")
      #expect(!workbench.frame().text.contains("Enter \(Words.tourOn)"))
    }
  }

  // MARK: - Cell

  /// The boxes of the activations stand over the bus, and what is not seen is counted.
  @Test(arguments: [(60, 16), (80, 24), (120, 30), (120, 36), (120, 40)], [CellKind.lstm, .gru])
  func boxesStandOverTheWire(_ size: (Int, Int), _ cell: CellKind) throws {
    let state = try Scene.letters(cell, units: 12).preparedState(.cell, size)
    let body = FrameLayout(state).body
    let layout = try #require(CellView(state: state).diagram(in: body)?.layout)
    #expect(layout.activationRow < layout.busRow)
    let grid = render(state)
    #expect(!grid.text(row: layout.busRow).contains("σ"))
    #expect(grid.text(row: layout.activationRow).contains("σ"))
    let below = 12 - layout.places.upperBound
    if below > 0 { #expect(grid.text(row: layout.upperEnd).contains("↓\(below) more")) }
  }

  // MARK: - Compare

  /// Lanes above each other: the legend stands at the heatmap's end, the chart in its columns.
  @Test func theChartStandsInTheLanesColumns() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(
      scene.state(width: 120, height: 40, colors: .direct))
    workbench.type("Gjj6")
    let state = workbench.state
    let comparison = try Comparison.of(state)
    let layout = CompareLayout(state, comparison, body: FrameLayout(state).body)
    #expect(layout.isStacked && layout.frames.count == 2)
    let frame = layout.frames[0]
    #expect(frame.area.width <= max(56, frame.labelWidth + frame.time.extent))
    let grid = workbench.frame()
    let rows = layout.panel.y..<layout.panel.maxY
    let dotted = rows.flatMap { y in
      (0..<120).filter { (0x2801...0x28FF).contains(grid[$0, y].scalar.value) }
    }
    #expect(dotted.min() == frame.heat.x && dotted.max() == frame.heat.maxX - 1)
  }
}
