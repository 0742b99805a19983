import Screen

/// One half of the view `flow`: a title, curves over the lag, and under them their numbers.
struct FlowPanel {
  /// The longest first.
  let titles: [String]
  /// What the lags are.
  let words: String
  /// The last lag.
  let longest: Int
  /// A lag that is marked; nil for none.
  let marked: Int?
  /// Whether more is to come.
  let isWorking: Bool
  /// The step at which the lags begin, and whether they lead on or back.
  let start: Int
  let direction: Int
  var curves: [FlowCurve] = []
  var table: [FlowTable.Row] = []
  /// The lowest power of ten that says something; nil for all of them.
  var floor: Double?
  /// Why there is nothing.
  var problem: String?

  private func chart(_ theme: Theme) -> FlowChart {
    FlowChart(curves: curves, longest: longest, floor: floor ?? -8, marked: marked, theme: theme)
  }

  private func numbers(_ theme: Theme) -> FlowTable {
    FlowTable(
      title: words, rows: table, longest: longest, theme: theme, isWorking: isWorking, floor: floor)
  }

  /// Where the curves and the numbers stand.
  private func parts(of area: Rect, chart: Int) -> (chart: Rect, table: Rect) {
    (
      Rect(x: area.x, y: area.y + 1, width: area.width, height: chart - 1),
      Rect(x: area.x, y: area.y + chart, width: area.width, height: area.height - chart)
    )
  }

  /// Whether any curve has begun: without one there is nothing that an axis could be of.
  private var hasBegun: Bool { curves.contains { $0.logs.contains { !$0.isNaN } } }

  /// - Parameter chart: rows of the title, the curves and their axis.
  func draw(into grid: inout Grid, at area: Rect, chart: Int, _ theme: Theme) {
    let title = titles.first { $0.displayWidth <= area.width } ?? titles[titles.count - 1]
    grid.put(title.fitted(to: area.width), x: area.x, y: area.y, theme.text.with(.bold))
    let parts = parts(of: area, chart: chart)
    guard problem == nil, hasBegun else {
      let words = problem ?? (isWorking ? Words.flowAwaited : Words.flowNothing)
      grid.put(words.fitted(to: area.width), x: area.x, y: area.y + 1, theme.muted)
      return
    }
    self.chart(theme).draw(into: &grid, at: parts.chart)
    if parts.table.height > 0 { numbers(theme).draw(into: &grid, at: parts.table) }
  }

  /// The step that the place stands for: of the curves, or of a column of numbers; and what a drag that
  /// begins there stays in.
  func step(at place: Point, in area: Rect, chart: Int, _ theme: Theme) -> (Int, area: Rect)? {
    guard problem == nil, hasBegun else { return nil }
    let parts = parts(of: area, chart: chart)
    let plot = self.chart(theme).plot(in: parts.chart)
    let whole = Rect(x: plot.x, y: plot.y, width: plot.width, height: plot.height + 1)
    if whole.contains(place), let lag = self.chart(theme).lag(at: place.x, in: plot) {
      return (start + direction * lag, whole)
    }
    guard parts.table.contains(place), let lag = numbers(theme).lag(at: place.x, in: parts.table)
    else { return nil }
    return (start + direction * lag, parts.table)
  }
}
