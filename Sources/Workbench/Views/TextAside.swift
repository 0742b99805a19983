import Inspector
import Recurrent
import Screen

/// Beside the text: what it is coloured by over the steps of the page, and where that is highest and
/// lowest over all steps.
struct TextAside {
  let state: State
  let page: TextPage

  private static let limitWidth = 6

  func draw(into grid: inout Grid) {
    guard page.aside.width > 0, state.isRecorded else { return }
    drawChart(into: &grid, at: chart)
    guard let places = state.strongPlaces else {
      if state.session.length > StrongPlaces.mostSteps {
        grid.put(
          Words.tooManyToSearch.fitted(to: page.aside.width), x: page.aside.x, y: chart.maxY + 1,
          state.theme.muted)
      }
      return
    }
    for list in lists(places) {
      draw(list, into: &grid)
    }
  }

  // MARK: - Where things stand

  /// A line of words and the chart.
  private var chart: Rect {
    let area = page.aside
    return Rect(
      x: area.x, y: area.y, width: area.width, height: 1 + min(12, max(5, area.height / 4)))
  }

  private struct List {
    let title: String
    let places: [StrongPlaces.Place]
    let area: Rect
  }

  /// One above the other, as many places of each as have room.
  private func lists(_ places: StrongPlaces) -> [List] {
    let area = page.aside
    let top = chart.maxY + 1
    // A line of words each, and a blank between them.
    let rows = max(0, (area.maxY - top - 3) / 2)
    let name = places.subject.name
    let high = places.highest.prefix(rows)
    let low = places.lowest.prefix(rows)
    let lower = top + 1 + high.count + 1
    return [
      List(
        title: Words.highest(name), places: Array(high),
        area: Rect(x: area.x, y: top, width: area.width, height: 1 + high.count)),
      List(
        title: Words.lowest(name), places: Array(low),
        area: Rect(x: area.x, y: lower, width: area.width, height: 1 + low.count)),
    ].filter { !$0.places.isEmpty }
  }

  /// A place of a list, or a column of the chart.
  func hit(at place: Point) -> Hit? {
    guard page.aside.contains(place) else { return nil }
    for list in state.strongPlaces.map(lists) ?? [] where list.area.contains(place) {
      let row = place.y - list.area.y - 1
      guard list.places.indices.contains(row) else { return nil }
      return Hit(step: list.places[row].step, in: list.area)
    }
    let plot = plot
    guard plot.contains(place) else { return nil }
    let steps = page.layout.steps
    let dots = dots(in: plot)
    let step = steps.lowerBound + (place.x - plot.x) * 2 * steps.count / max(1, dots)
    return steps.contains(step) ? Hit(step: step, in: plot) : nil
  }

  // MARK: - The chart

  private var plot: Rect {
    let area = chart
    let left = Self.limitWidth + 1
    return Rect(
      x: area.x + left, y: area.y + 1, width: area.width - left, height: area.height - 1)
  }

  /// Dots across for all steps of the page: no step has more than four columns.
  private func dots(in plot: Rect) -> Int {
    min(plot.width * 2, page.layout.steps.count * 8)
  }

  /// The signal in hand, and of the states the other one behind it.
  private var signals: [Signal] {
    let track = state.currentTrack
    let current = state.currentSignal
    let others: [Signal] = current == .c ? [.h] : current == .h ? [.c] : []
    return ([current] + others).filter {
      track.signals.contains($0) && state.unit < track.units(of: $0)
    }
  }

  private func drawChart(into grid: inout Grid, at area: Rect) {
    let theme = state.theme
    let steps = page.layout.steps.clamped(to: 0..<state.trace.recordedSteps)
    let plot = plot
    var x = grid.put(Words.course, x: area.x, y: area.y, theme.muted) + 2
    if let said = state.saidInHand {
      grid.put(said.rawValue, x: x, y: area.y, theme.text.with(.bold), limit: area.maxX - x)
    }
    for signal in signals where state.saidInHand == nil {
      x = grid.put(signal.rawValue, x: x, y: area.y, theme.line(of: signal).with(.bold)) + 1
      x = grid.put(state.name(of: signal), x: x, y: area.y, theme.muted, limit: area.maxX - x) + 2
    }
    guard !steps.isEmpty, plot.width > 0 else { return }
    let dots = dots(in: plot)
    let series: [LineChart.Series]
    let range: ClosedRange<Float>
    if let said = state.saidInHand {
      let values = points(of: state.saidOfTokens(said, steps), dots: dots)
      series = [.init(values, of: .f, place: 0, theme)]
      range = 0...state.saidLimit
    } else {
      let lines = signals.map { signal in
        points(
          of: state.trace.values(
            track: state.track, signal: signal, steps: steps, unit: state.unit), dots: dots)
      }
      series = zip(signals, lines).enumerated().reversed().map { index, line in
        .init(line.1, of: line.0, place: index, theme)
      }
      range = self.range(of: lines)
    }
    let now = (state.step - page.layout.steps.lowerBound) * dots / page.layout.steps.count / 2
    let chart = LineChart(
      range: range, series: series, future: now + 1, valuesPerColumn: 2)
    chart.draw(into: &grid, at: plot)
    LineChart.drawCursor(into: &grid, at: plot, column: now, theme)
    for (value, y) in [(range.upperBound, plot.y), (range.lowerBound, plot.maxY - 1)] {
      grid.put(
        Numbers.bound(value, width: Self.limitWidth).padded(left: Self.limitWidth), x: area.x,
        y: y, theme.muted)
    }
  }

  /// A value a dot: of several steps the one that is farthest from their mean on the page.
  private func points(of values: [Float], dots: Int) -> [Float] {
    let finite = values.filter(\.isFinite)
    let mean = finite.reduce(0, +) / Float(max(1, finite.count))
    let count = page.layout.steps.count
    return (0..<dots).map { dot in
      let first = dot * count / dots
      let end = max(first + 1, (dot + 1) * count / dots)
      guard first < values.count else { return .nan }
      return values[first..<min(end, values.count)].reduce(Float.nan) { farthest, value in
        farthest.isNaN || abs(value - mean) > abs(farthest - mean) ? value : farthest
      }
    }
  }

  private func range(of lines: [[Float]]) -> ClosedRange<Float> {
    switch state.range(of: signals.first ?? .h) {
    case .unit: return 0...1
    case .signedUnit where signals.count == 1: return -1...1
    case .signedUnit, .unbounded:
      return UnitStrip.range(lines.joined())
    }
  }

  // MARK: - The lists

  private func draw(_ list: List, into grid: inout Grid) {
    let theme = state.theme
    grid.put(list.title.fitted(to: list.area.width), x: list.area.x, y: list.area.y, theme.muted)
    let numbers = String(state.trace.stepNumber(at: state.lastStep)).count
    for (row, place) in list.places.enumerated() {
      let y = list.area.y + 1 + row
      let isHere = place.step == state.step
      if isHere { grid.put("▸", x: list.area.x, y: y, theme.accent) }
      var x = list.area.x + 2
      x = grid.put(
        String(state.trace.stepNumber(at: place.step)).padded(left: numbers), x: x, y: y,
        isHere ? theme.accent : theme.muted)
      x = grid.put(Numbers.fitted(place.value, width: 6).padded(left: 8), x: x, y: y, theme.text)
      drawTokens(around: place, into: &grid, x: x + 2, y: y, width: list.area.maxX - x - 2)
    }
  }

  /// The place's token on its colour, among those around it.
  private func drawTokens(
    around place: StrongPlaces.Place, into grid: inout Grid, x: Int, y: Int, width: Int
  ) {
    let theme = state.theme
    let gap = StripLayout.isSpaced(state) ? 1 : 0
    let lead = width / 3
    var start = place.step
    var used = 0
    while start > 0 {
      let columns = TextLayout.text(at: start - 1, state).displayWidth + gap
      guard used + columns <= lead else { break }
      start -= 1
      used += columns
    }
    let scale =
      state.saidInHand == nil
      ? SignalScales.alone(state.currentSignal, unit: state.unit, state)
      : HeatScale(.gate, theme)
    let cell = scale.cell(
      for: state.saidInHand == nil ? place.value : place.value / state.saidLimit)
    let strong =
      theme.capabilities.heatByColor
      ? scale.inkStyle(on: cell) : theme.text.with([.bold, .underline])
    var column = x + lead - used
    for step in start..<state.session.length {
      let text = TextLayout.text(at: step, state)
      guard column + text.displayWidth < x + width else { return }
      column =
        grid.put(text, x: column, y: y, step == place.step ? strong : theme.muted) + gap
    }
  }
}
