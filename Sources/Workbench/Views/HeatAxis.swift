/// One direction of a heatmap: which of its things (steps, or units by their places) can be seen, how
/// many of them a cell stands for, and how large that is on the screen.
struct HeatAxis {
  /// All things.
  let count: Int
  /// Columns or rows that there are for them.
  let space: Int
  /// Things a cell.
  let perCell: Int
  /// Columns or rows a cell; 1 where a line holds two cells.
  let cellSize: Int
  /// 2 where half-blocks draw two cells in a row or column.
  let cellsPerLine: Int
  /// The first line that is seen; a line is `cellSize` rows or columns.
  let firstLine: Int
  let visibleLines: Int

  init(
    count: Int, space: Int, perCell: Int, cellSize: Int, cellsPerLine: Int = 1, showing thing: Int
  ) {
    self.count = count
    self.space = space
    self.perCell = perCell
    self.cellSize = cellSize
    self.cellsPerLine = cellsPerLine
    let perLine = perCell * cellsPerLine
    let lines = (count + perLine - 1) / perLine
    visibleLines = min(lines, max(1, space / cellSize))
    firstLine = Paging.first(showing: thing / perLine, visible: visibleLines, count: lines)
  }

  /// Steps, across.
  ///
  /// - Parameter canHalve: whether a column may be two cells, side by side.
  static func time(
    _ scale: TimeScale, count: Int, columns: Int, showing step: Int, canHalve: Bool = false
  ) -> HeatAxis {
    let columns = max(1, columns)
    let normal = min(max(columns / count, 1), 4)
    let cells = canHalve ? 2 : 1
    let fitting = (count + columns * cells - 1) / (columns * cells)
    func several(_ perCell: Int) -> HeatAxis {
      HeatAxis(
        count: count, space: columns, perCell: perCell, cellSize: 1, cellsPerLine: cells,
        showing: step)
    }
    func single(_ width: Int) -> HeatAxis {
      HeatAxis(count: count, space: columns, perCell: 1, cellSize: width, showing: step)
    }
    switch scale {
    case .normal: return single(normal)
    case .columns(let width): return single(Zoom.width(width, in: columns))
    case .steps(let steps):
      return count <= columns || steps < 2
        ? single(1) : several(max(1, min(steps / cells, fitting)))
    case .everything: return count <= columns ? single(normal) : several(fitting)
    }
  }

  /// Units, down.
  ///
  /// - Parameter canHalve: whether a row may be two cells, one above the other.
  static func units(
    _ scale: UnitScale, count: Int, rows: Int, showing place: Int, canHalve: Bool
  ) -> HeatAxis {
    let rows = max(1, rows)
    let normal = min(max(rows / count, 1), 3)
    let cells = canHalve ? 2 : 1
    let fitting = (count + rows * cells - 1) / (rows * cells)
    func several(_ perCell: Int) -> HeatAxis {
      HeatAxis(
        count: count, space: rows, perCell: perCell, cellSize: 1, cellsPerLine: cells,
        showing: place)
    }
    func single(_ height: Int) -> HeatAxis {
      HeatAxis(count: count, space: rows, perCell: 1, cellSize: height, showing: place)
    }
    switch scale {
    case .normal: return single(normal)
    case .rows(let height): return single(min(height, rows))
    case .units(let units):
      return count <= rows ? single(1) : several(max(1, min(units / cells, fitting)))
    case .everything: return count <= rows ? single(normal) : several(fitting)
    }
  }

  /// Things a line.
  var perLine: Int { perCell * cellsPerLine }
  var lines: Range<Int> { firstLine..<firstLine + visibleLines }
  /// The cells that are seen; the last line may have one less than the others.
  var cells: Range<Int> {
    let end = min(lines.upperBound * cellsPerLine, (count + perCell - 1) / perCell)
    return lines.lowerBound * cellsPerLine..<end
  }
  /// The things that are seen.
  var things: Range<Int> { lines.lowerBound * perLine..<min(lines.upperBound * perLine, count) }
  var visible: Int { things.count }
  /// Columns or rows that the seen lines take.
  var extent: Int { visibleLines * cellSize }

  func things(in cell: Int) -> Range<Int> {
    cell * perCell..<min((cell + 1) * perCell, count)
  }

  /// Where the line of a thing begins, in columns or rows from the first that is seen.
  func offset(of thing: Int) -> Int { (thing / perLine - firstLine) * cellSize }

  /// The first thing of the line at a column or row; nil beyond the last.
  func thing(at offset: Int) -> Int? {
    guard (0..<extent).contains(offset) else { return nil }
    return (firstLine + offset / cellSize) * perLine
  }

  /// Whether two things stand in one line, so that a click cannot tell them apart.
  func isOnOneLine(_ a: Int, _ b: Int) -> Bool { a / perLine == b / perLine }

  /// Columns or rows that all things would take, so many of them a line.
  func space(forPerLine things: Int) -> Int { (count + things - 1) / things }
}
