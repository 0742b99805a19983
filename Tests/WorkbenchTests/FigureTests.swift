import Figures
import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Figures show what the screen shows: its values, limits and order, on paper.
@Suite struct FigureTests {
  private struct Missing: Error {}

  private static let cells: [CellKind] = [.lstm, .gru, .rnn]
  private static let views: [ViewKind] = [.lanes, .cell, .unit, .text, .compare, .why, .flow]

  private static func state(_ cell: CellKind, _ view: ViewKind) throws -> State {
    var state = try Scene.letters(cell).preparedState(view, (120, 40))
    // A plain network keeps no sum of writes.
    if cell == .rnn, view == .why { state.why.mode = .gate }
    return state
  }

  private static func request(_ width: Length = .column) -> FigureRequest {
    var request = FigureRequest(path: "fig.svg")
    request.width = width
    request.isAsSeen = false
    return request
  }

  // MARK: - Every view

  @Test(arguments: cells, views)
  func labelsKeepClearOfEachOther(_ cell: CellKind, _ view: ViewKind) throws {
    // A plain network has nothing beside its one signal.
    if cell == .rnn, view == .compare { return }
    let state = try Self.state(cell, view)
    for width in [Length.column, .page] {
      let figure = try FigureMaker(state, Self.request(width)).figure()
      let scene = FigureLayout.scene(of: figure)
      #expect(abs(scene.width - width.points) < 1e-9)
      let labels = scene.labels
      for (index, label) in labels.enumerated() {
        #expect(label.box.x >= -0.5 && label.box.maxX <= scene.width + 0.5, "\(label.text)")
        #expect(label.box.y >= 0 && label.box.maxY <= scene.height, "\(label.text)")
        // Letters side by side may touch.
        for other in labels[(index + 1)...] where label.place.y != other.place.y {
          #expect(!label.box.meets(other.box), "\(label.text) on \(other.text)")
        }
      }
    }
  }

  /// The documents, so that what changes in them is seen.
  @Test(arguments: views)
  func aFigureIsAsItWas(_ view: ViewKind) throws {
    var request = Self.request()
    if view != .flow && view != .cell { request.steps = "0..19" }
    let figure = try FigureMaker(try Self.state(.lstm, view), request).figure()
    let svg = SVGWriter.text(of: FigureLayout.scene(of: figure))
    var golden = GoldenScreen(name: "figures/\(view.name)") {
      Grid(width: 1, height: 1, fill: Cell(" ", Style()))
    }
    golden.ending = "svg"
    if getenv("GATESCOPE_RECORD") != nil { return try golden.store(svg) }
    let stored = try #require(golden.stored, "\(golden.name) is missing; GATESCOPE_RECORD=1")
    if svg != stored { Issue.record("\(GoldenScreen.differences(stored, svg))") }
  }

  // MARK: - The screen's numbers

  @Test func colorsAndLimitsAreTheScreens() throws {
    let state = try Self.state(.lstm, .lanes)
    let figure = try FigureMaker(state, Self.request()).figure()
    let theme = Theme(.light, Capabilities(colors: .direct, unicode: true))
    var light = state
    light.theme = theme
    for (panel, signal) in zip(figure.panels, state.currentTrack.signals) {
      guard case .heat(let heat) = panel else { throw Missing() }
      let scales = SignalScales(signal, light)
      #expect(heat.letter == signal.rawValue)
      for unit in 0..<8 {
        for step in 0..<state.session.length {
          let value = state.trace.value(track: 0, signal: signal, step: step, unit: unit)
          let color = scales[unit].cell(for: value).style.background
          #expect(heat.colors[unit * heat.columns + step] == color)
        }
      }
      if case .signed(let limit) = scales.lane.kind {
        #expect(heat.bar.high.hasSuffix("+" + Numbers.limit(limit)))
      } else {
        #expect((heat.bar.low, heat.bar.high) == ("0", "1"))
      }
    }
  }

  @Test func orderUnitsAndStepsAreThoseThatWereAskedFor() throws {
    var state = try Self.state(.lstm, .lanes)
    state.shown = [5, 1, 7]
    var request = Self.request()
    request.steps = "3..9"
    request.signals = "c,f"
    var figure = try FigureMaker(state, request).figure()
    #expect(figure.time?.numbers == Array(3...9))
    #expect(figure.panels.count == 2)
    guard case .heat(let heat) = figure.panels[0] else { throw Missing() }
    #expect(heat.rows == ["5", "1", "7"] && heat.columns == 7)
    // The chosen ones, in the order in which they are shown.
    request.units = "1..5"
    figure = try FigureMaker(state, request).figure()
    guard case .heat(let fewer) = figure.panels[0] else { throw Missing() }
    #expect(fewer.rows == ["5", "1"])
    request.units = "2"
    #expect(throws: FigureRefusal.self) { try FigureMaker(state, request).figure() }
  }

  @Test func whatIsSeenIsWhatThePageShows() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.preparedState(.lanes, (60, 20)))
    let figure = try workbench.figure(FigureRequest(path: "fig.svg"))
    let frame = try #require(workbench.state.frameInHand)
    #expect(figure.time?.count == frame.time.visible)
    #expect(figure.time?.present == workbench.state.step - frame.time.things.lowerBound)
  }

  /// Many steps and units become one cell, as the screen has it: the mean, or the farthest.
  @Test func manyValuesACellAreReduced() throws {
    let scene = try Scene.letters()
    let state = scene.recordedState()
    let source = SignalSource.signal(TracedSignal(state.trace, track: 0, signal: .c))
    func value(_ step: Int, _ unit: Int) -> Float {
      state.trace.value(track: 0, signal: .c, step: step, unit: unit)
    }
    let length = state.session.length
    for reduction in Representative.allCases {
      let cells = FigureCells(
        source, steps: 0..<length, units: Array(0..<8), reduction: reduction,
        mostColumns: (length + 3) / 4)
      #expect(cells.stepsPerColumn == 4 && cells.unitsPerRow == 1)
      for unit in 0..<8 {
        let first = (0..<4).map { value($0, unit) }
        let expected =
          switch reduction {
          case .mean: Float(first.reduce(0.0) { $0 + Double($1) } / 4)
          case .extreme: first.max { abs($0) < abs($1) }!
          }
        #expect(cells.values[unit * cells.columns] == expected)
      }
    }
  }

  // MARK: - What is refused

  @Test(arguments: [
    ("fig.svg --width 84", "no width such as"), ("fig.svg --width nonsense", "no width such as"),
    ("fig.svg --width 9999mm", "no width such as"), ("fig.jpg", "ends in .svg, .png or .pdf"),
    ("fig", "ends in .svg"), ("fig.svg --columns 0", "from 1 to 8"),
    ("fig.svg --colour red", "no option --colour"), ("fig.svg --width", "--width needs"),
    ("fig.svg --steps 900..999", "out of range"), ("fig.svg --signals q", "q"),
  ])
  func aLineSaysWhatIsWrong(_ text: String, _ words: String) throws {
    let trace = try Scene.letters().recordedState().trace
    do throws(InstructionError) {
      _ = try FigureRequest(parsing: text, of: trace, isForced: false)
      Issue.record("\(text) is taken")
    } catch {
      #expect(error.message.contains(words), "\(error.message)")
      #expect(!error.message.contains("\n"))
    }
  }

  @Test func aLineIsReadAndWrittenAlike() throws {
    let trace = try Scene.letters().recordedState().trace
    let text = "my fig.pdf --width 174mm --steps 3..9 --signals f,c --units 0..3 --columns 2"
    let request = try FigureRequest(parsing: text, of: trace, isForced: true)
    #expect(request.path == "my fig.pdf" && request.columns == 2 && request.mayReplace)
    #expect(try FigureRequest(parsing: request.text, of: trace, isForced: true) == request)
  }

  @Test func theTableAndWhatIsNotThereHaveNoFigure() throws {
    let state = try Self.state(.lstm, .table)
    #expect(throws: FigureRefusal.self) { try FigureMaker(state, Self.request()).figure() }
    var empty = try Scene.letters().state()
    empty.view = .lanes
    #expect(throws: FigureRefusal.self) { try FigureMaker(empty, Self.request()) }
  }

  /// Typed on the screen it writes a file, and says which.
  @Test func aFigureIsTyped() throws {
    let scene = try Scene.letters()
    var files: [String: [UInt8]] = [:]
    let workbench = Workbench(
      state: scene.preparedState(.lanes, (120, 40)), recorder: scene.recording,
      writeBytes: { bytes, path, mayReplace in
        if files[path] != nil, !mayReplace { return .exists }
        files[path] = bytes
        return .written
      }, exportTrace: { _, _ in .written })
    workbench.type(":figure fig.svg --width 174mm\r")
    let svg = String(decoding: try #require(files["fig.svg"]), as: UTF8.self)
    #expect(svg.contains("width=\"174mm\"") && svg.hasSuffix("</svg>\n"))
    #expect(workbench.state.message?.text == Words.written("fig.svg"))
    // Once more it asks.
    workbench.type(":figure fig.svg\r")
    #expect(workbench.state.prompt != nil)
    workbench.type("y")
    #expect(String(decoding: files["fig.svg"]!, as: UTF8.self).contains("width=\"84mm\""))
  }
}
