import Screen

/// Curves over the lag on a logarithmic axis, each with its name where it ends.
struct FlowChart {
  /// From front to back; those without a name are only drawn.
  let curves: [FlowCurve]
  /// The last lag.
  let longest: Int
  /// The lowest power of ten that is drawn.
  var floor = -8.0
  /// A lag that is marked; nil for none.
  var marked: Int?
  let theme: Theme

  private static let labelWidth = 5

  /// Powers of ten at the bottom and, but for a little above one, at the top.
  private var powers: ClosedRange<Double> {
    let all = curves.flatMap(\.logs).filter { !$0.isNaN }
    let highest = min(300, all.max() ?? 0)
    let top = highest <= Self.nearOne ? Self.nearOne : highest.rounded(.up)
    let low = max(floor, (all.min() ?? 0).rounded(.down))
    return min(low, top.rounded(.down) - 2)...top
  }

  private static let nearOne = 0.35

  /// An axis on which as many powers of ten lie between two rows with a number, everywhere.
  private struct Axis {
    let range: ClosedRange<Double>
    /// Powers of ten from one number to the next.
    let apart: Int

    /// - Parameter powers: what has to be on it; it ends lower where the rows ask for that.
    init(_ powers: ClosedRange<Double>, height: Int) {
      let needed = powers.upperBound - powers.lowerBound
      // The last row is reached by its first quarter; see `LineChart.row`.
      let rows = Double(4 * height - 1) / 4
      for apart in [1, 2, 4, 10, 20, 50, 100] {
        let between = (rows * Double(apart) / needed).rounded(.down)
        let span = rows * Double(apart) / max(between, 1)
        guard between >= 1, span <= 1.35 * needed else { continue }
        range = powers.upperBound - span...powers.upperBound
        self.apart = apart
        return
      }
      range = powers
      apart = 100
    }
  }

  private var nameWidth: Int { min(7, curves.map(\.name.displayWidth).max() ?? 0) + 1 }

  /// The part in which the curves run.
  func plot(in area: Rect) -> Rect {
    Rect(
      x: area.x + Self.labelWidth + 1, y: area.y,
      width: area.width - Self.labelWidth - 1 - nameWidth, height: area.height - 1)
  }

  /// The first lag whose mark stands in a column, or in one after it.
  func lag(at column: Int, in plot: Rect) -> Int? {
    let (place, last) = (column - plot.x, plot.width - 1)
    guard (0...max(0, last)).contains(place), last > 0 else { return nil }
    return min((place * longest + last - 1) / last, longest)
  }

  func draw(into grid: inout Grid, at area: Rect) {
    let plot = plot(in: area)
    guard plot.width > 3, plot.height > 1 else { return }
    let axis = Axis(powers, height: plot.height)
    let range = axis.range
    drawAxes(axis, plot, into: &grid)
    if let marked, longest > 0 {
      let column = plot.x + marked * (plot.width - 1) / longest
      for y in plot.y..<plot.maxY { grid[column, y] = Cell("│", theme.accent) }
    }
    let chart = LineChart(
      range: Float(range.lowerBound)...Float(range.upperBound),
      series: curves.reversed().map { curve in
        .init(
          values: values(of: curve, dots: 2 * plot.width, range), style: curve.style,
          texture: curve.texture)
      }, valuesPerColumn: 2)
    chart.draw(into: &grid, at: plot)
    shareCells(range, plot, into: &grid)
    drawNames(range, plot, into: &grid)
  }

  /// A value a dot; what falls below the axis ends there, and begins again where it comes back.
  private func values(
    of curve: FlowCurve, dots: Int, _ range: ClosedRange<Double>
  ) -> [Float] {
    let filled = curve.filled
    let lowest = max(range.lowerBound, floor)
    var isBelow = false
    return (0..<dots).map { dot in
      let lag = longest == 0 ? 0 : dot * longest / max(1, dots - 1)
      guard lag < filled.count, !filled[lag].isNaN, dot == 0 || longest > 0 else { return .nan }
      let isUnder = filled[lag] < lowest
      defer { isBelow = isUnder }
      return isUnder && isBelow
        ? .nan : Float(min(max(filled[lag], lowest), range.upperBound))
    }
  }

  private func drawAxes(_ axis: Axis, _ plot: Rect, into grid: inout Grid) {
    let range = axis.range
    for y in plot.y..<plot.maxY { grid[plot.x - 1, y] = Cell("│", theme.faint) }
    let powers = Int(range.lowerBound.rounded(.up))...Int(range.upperBound.rounded(.down))
    // From 1 downwards and upwards.
    var taken: Set<Int> = []
    for power in powers.sorted(by: { abs($0) < abs($1) }) where power.isMultiple(of: axis.apart) {
      let row = self.row(of: Double(power), range, plot)
      guard taken.insert(row).inserted else { continue }
      let label = power == 0 ? "1" : power == 1 ? "10" : "1e\(power)"
      grid.put(
        label.padded(left: Self.labelWidth), x: plot.x - 1 - Self.labelWidth, y: plot.y + row,
        theme.muted)
    }
    var x = plot.x
    for lag in ticks(columns: plot.width) {
      let text = String(lag)
      let middle = plot.x + (longest == 0 ? 0 : lag * (plot.width - 1) / longest)
      let start = min(max(middle - text.count / 2, plot.x), plot.maxX - text.count + 1)
      guard start >= x else { continue }
      grid.put(text, x: start, y: plot.maxY, theme.muted)
      x = start + text.count + 1
    }
  }

  /// Round lags, some columns apart.
  private func ticks(columns: Int) -> [Int] {
    let most = max(1, columns / 9)
    let step =
      [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000].first {
        longest / $0 <= most
      } ?? max(1, longest)
    return Array(stride(from: 0, through: longest, by: step))
  }

  private func row(of log: Double, _ range: ClosedRange<Double>, _ plot: Rect) -> Int {
    LineChart(range: Float(range.lowerBound)...Float(range.upperBound), series: []).row(
      of: Float(min(max(log, range.lowerBound), range.upperBound)), height: plot.height)
  }

  /// Where several curves share a cell they have it by turns, so that none hides the others.
  private func shareCells(_ range: ClosedRange<Double>, _ plot: Rect, into grid: inout Grid) {
    let named = curves.filter { !$0.name.isEmpty }
    guard named.count > 1, theme.capabilities.colors != .none else { return }
    let values = named.map { self.values(of: $0, dots: 2 * plot.width, range) }
    for column in 0..<plot.width {
      var curvesOfRow: [Int: [Int]] = [:]
      for (index, values) in values.enumerated() {
        let value = values[2 * column].isNaN ? values[2 * column + 1] : values[2 * column]
        guard !value.isNaN else { continue }
        curvesOfRow[row(of: Double(value), range, plot), default: []].append(index)
      }
      for (row, indices) in curvesOfRow where indices.count > 1 {
        let turn = indices[column / 3 % indices.count]
        grid[plot.x + column, plot.y + row].style = named[turn].style
      }
    }
  }

  /// From the highest end to the lowest, each in a row of its own as near as there is one.
  private func drawNames(_ range: ClosedRange<Double>, _ plot: Rect, into grid: inout Grid) {
    let ends = curves.compactMap { curve -> (curve: FlowCurve, log: Double)? in
      guard !curve.name.isEmpty, let end = curve.logs.last(where: { !$0.isNaN }) else { return nil }
      return (curve, end)
    }.sorted { $0.log > $1.log }
    var next = 0
    for (index, end) in ends.enumerated() {
      let last = plot.height - (ends.count - index)
      let place = min(max(row(of: end.log, range, plot), next), max(last, next))
      guard place < plot.height else { return }
      next = place + 1
      grid.put(
        end.curve.name.fitted(to: nameWidth - 1), x: plot.maxX + 1, y: plot.y + place,
        end.curve.style.with(.bold))
    }
  }
}
