import Figures
import Inspector
import Recurrent
import Screen

/// Heatmaps: lanes, and what is compared.
extension FigureMaker {
  func lanes() throws(FigureRefusal) -> Figure {
    let layout = LanesLayout(state)
    let signals = state.currentTrack.signals.enumerated().filter { index, signal in
      // A lane that has the whole screen is what is seen.
      let isSeen = !request.isAsSeen || layout.frames[index] != nil
      return request.signals == nil ? isSeen : selection.signals.contains(signal)
    }.map(\.element)
    guard !signals.isEmpty else { throw .noSignals }
    let panels = signals.map { signal -> Figure.Panel in
      let source = SignalSource.signal(
        TracedSignal(state.trace, track: state.track, signal: signal))
      return .heat(
        heat(
          source, SignalScales(signal, state), letter: signal.rawValue,
          name: state.name(of: signal), beside: signals.count))
    }
    return figure(
      panels, title: "\(signals.map(\.rawValue).joined(separator: ", ")) of every unit over time")
  }

  func compare() throws(FigureRefusal) -> Figure {
    let comparison: Comparison
    do throws(ComparisonError) {
      comparison = try Comparison.of(state)
    } catch {
      throw .nothingToCompare(error.words.joined(separator: "; "))
    }
    let view = CompareView(state: state)
    var panels: [Figure.Panel] = []
    if state.comparison.isDifference {
      let differences = comparison.differences
      let scales = view.scales(of: differences)
      for (difference, other) in zip(differences, comparison.lanes.dropFirst()) {
        panels.append(
          .heat(
            heat(
              difference, scales, letter: comparison.letters(of: other),
              name: Words.minus(comparison.lanes[0].name, other.name), beside: 1)))
      }
    } else {
      for lane in comparison.lanes {
        panels.append(
          .heat(
            heat(
              .signal(lane.signal), view.scales(of: lane, beside: comparison.lanes),
              letter: lane.signal.signal.rawValue, name: lane.name, beside: 1)))
      }
    }
    let lines = comparison.lanes.enumerated().compactMap { index, lane in
      series(of: lane, look: LaneLook(index, of: comparison, state.theme).line)
    }
    if !lines.isEmpty {
      let range = UnitStrip.range(lines.flatMap(\.values))
      panels.append(
        .chart(ChartPanel(series: lines, form: .lines, range: range, height: 42)))
    }
    let names = comparison.lanes.map(\.name).joined(separator: " beside ")
    var figure = figure(panels, title: "\(comparison.first.signal.rawValue), \(names)")
    // The same steps stand in the same columns.
    figure.columns = request.columns ?? 1
    return figure
  }

  /// The unit in hand in one of those that are compared.
  private func series(of lane: Comparison.Lane, look: Style) -> ChartPanel.Series? {
    let signal = lane.signal
    let recorded = steps.clamped(to: 0..<signal.trace.recordedSteps)
    guard state.unit < signal.units, !recorded.isEmpty else { return nil }
    let values = signal.trace.values(
      track: signal.track, signal: signal.signal, steps: recorded, unit: state.unit)
    return ChartPanel.Series(
      letter: "\(signal.signal.rawValue)[\(signal.layout.number(of: state.unit))]",
      name: lane.run == nil && !signalsAreRuns ? "" : lane.name,
      values: values + Array(repeating: Float.nan, count: steps.count - recorded.count),
      color: look.foreground ?? Color(0))
  }

  private var signalsAreRuns: Bool { !state.otherRuns.isEmpty }

  // MARK: - One heatmap

  /// - Parameter beside: how many heatmaps the figure may have side by side.
  func heat(
    _ source: SignalSource, _ scales: SignalScales, letter: String, name: String, beside: Int
  ) -> HeatPanel {
    let cells = FigureCells(
      source, steps: steps.clamped(to: 0..<source.recordedSteps),
      units: places.map { state.unit(at: $0) }, reduction: state.zoom.reduction,
      mostColumns: mostColumns(beside: beside))
    let colors = (0..<cells.rows).map { row in scales.scale(of: cells.units(in: row)) }
    let reduction = ReductionWords(
      state.zoom.reduction, steps: cells.stepsPerColumn, units: cells.unitsPerRow)
    return HeatPanel(
      letter: letter, name: [name, reduction.long].filter { !$0.isEmpty }.joined(separator: ", "),
      rows: (0..<cells.rows).map { row in
        cells.units(in: row).first.map { String(source.layout.number(of: $0)) } ?? ""
      },
      columns: cells.columns, stepsPerColumn: cells.stepsPerColumn,
      colors: cells.values.enumerated().map { index, value in
        value.flatMap { Self.color(of: $0, colors[index / max(1, cells.columns)]) }
      },
      bar: Self.bar(scales),
      marked: markedPlace.map { $0 / cells.unitsPerRow })
  }

  /// Columns that are narrower than that cannot be told apart on paper.
  private static let narrowest = 0.4

  private func mostColumns(beside: Int) -> Int {
    let columns = request.columns ?? (request.width.millimetres >= 120 && beside > 1 ? 2 : 1)
    let width = FigureLayout.plotWidth(request.width, columns: columns)
    return max(1, Int(width / Self.narrowest))
  }
}

/// The values of a heatmap, several steps or units a cell where there are too many for paper.
struct FigureCells {
  let stepsPerColumn: Int
  let unitsPerRow: Int
  let columns: Int
  let rows: Int
  /// (rows, columns); nil where the signal has no such unit.
  let values: [Float?]
  private let units: [Int]

  private static let mostRows = 180

  /// - Parameter units: those that are drawn, from the top down.
  init(
    _ source: SignalSource, steps: Range<Int>, units: [Int], reduction: Representative,
    mostColumns: Int
  ) {
    self.units = units
    let perColumn = max(1, (steps.count + mostColumns - 1) / mostColumns)
    let perRow = max(1, (units.count + Self.mostRows - 1) / Self.mostRows)
    let columns = (steps.count + perColumn - 1) / perColumn
    let rows = (units.count + perRow - 1) / perRow
    (stepsPerColumn, unitsPerRow, self.columns, self.rows) = (perColumn, perRow, columns, rows)
    let there = (units.min() ?? 0)..<(units.max().map { $0 + 1 } ?? 0)
    let read = there.clamped(to: 0..<source.units)
    var values = [Float?](repeating: nil, count: rows * columns)
    for column in 0..<columns {
      let start = steps.lowerBound + column * perColumn
      let window = source.window(
        steps: start..<min(start + perColumn, steps.upperBound), units: read)
      for row in 0..<rows {
        let cell = units[row * perRow..<min((row + 1) * perRow, units.count)]
          .filter { read.contains($0) }
        values[row * columns + column] = Self.reduced(
          cell.map { unit in
            Self.reduced(window.steps.map { window[$0, unit] }, reduction, source.center)
          }.compactMap(\.self), reduction, source.center)
      }
    }
    self.values = values
  }

  func units(in row: Int) -> ArraySlice<Int> {
    units[row * unitsPerRow..<min((row + 1) * unitsPerRow, units.count)]
  }

  /// As the screen's heatmaps do it: over the steps, then over the units.
  private static func reduced(
    _ values: [Float], _ reduction: Representative, _ center: Float
  ) -> Float? {
    guard let first = values.first else { return nil }
    guard values.count > 1 else { return first }
    switch reduction {
    case .mean: return Float(values.reduce(0.0) { $0 + Double($1) } / Double(values.count))
    case .extreme:
      return values.dropFirst().reduce(first) { Representative.farther($0, $1, from: center) }
    }
  }
}
