/// A rectangle of cells that views write and a terminal shows. What falls outside is dropped.
public struct Grid: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// (height, width), row-major.
  public private(set) var cells: [Cell]
  /// Where the terminal's own cursor stands, for a line that is being typed; nil hides it.
  public var cursor: Point?

  public init(width: Int, height: Int, fill: Cell = Cell()) {
    self.width = max(0, width)
    self.height = max(0, height)
    cells = Array(repeating: fill, count: self.width * self.height)
  }

  public var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  public subscript(x: Int, y: Int) -> Cell {
    get { contains(x, y) ? cells[y * width + x] : Cell() }
    set {
      guard contains(x, y) else { return }
      separateWide(x: x, y: y)
      cells[y * width + x] = newValue
    }
  }

  private func contains(_ x: Int, _ y: Int) -> Bool {
    x >= 0 && x < width && y >= 0 && y < height
  }

  /// Writes text from (x, y) rightwards; combining marks and controls are left out, a wide scalar
  /// that would stand half outside is a blank.
  ///
  /// - Parameter limit: the columns it may take.
  /// - Returns: the column after the last one written.
  @discardableResult
  public mutating func put(_ text: String, x: Int, y: Int, _ style: Style, limit: Int = .max)
    -> Int
  {
    var column = x
    let end = limit == .max ? width : min(width, x + limit)
    for scalar in text.unicodeScalars {
      let columns = scalar.displayWidth
      if columns == 0 { continue }
      if column >= end { break }
      if column + columns > end {
        self[column, y] = Cell(" ", style)
        return end
      }
      put(scalar, width: columns, x: column, y: y, style)
      column += columns
    }
    return column
  }

  private mutating func put(
    _ scalar: Unicode.Scalar, width columns: Int, x: Int, y: Int, _ style: Style
  ) {
    guard y >= 0, y < height, x + columns > 0, x < width else { return }
    if columns == 2 && (x < 0 || x + 1 >= width) {
      self[max(0, x), y] = Cell(" ", style)
      return
    }
    self[x, y] = Cell(scalar, style)
    if columns == 2 {
      self[x + 1, y] = Cell(" ", style)
      cells[y * width + x] = Cell(scalar, style)
      cells[y * width + x + 1] = Cell(Cell.continuation, style)
    }
  }

  /// Fills a rectangle with one cell.
  public mutating func fill(_ rect: Rect, with cell: Cell) {
    let inside = rect.clipped(to: bounds)
    for y in inside.y..<inside.maxY {
      for x in inside.x..<inside.maxX { self[x, y] = cell }
    }
  }

  /// Changes how the cells of a rectangle look and leaves what they say.
  public mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
    let inside = rect.clipped(to: bounds)
    for y in inside.y..<inside.maxY {
      for x in inside.x..<inside.maxX {
        cells[y * width + x].style = change(cells[y * width + x].style)
      }
    }
  }

  /// Overwriting half of a wide scalar leaves a blank in place of the other half.
  private mutating func separateWide(x: Int, y: Int) {
    let place = y * width + x
    if cells[place].scalar == Cell.continuation && x > 0 {
      cells[place - 1].scalar = " "
    } else if x + 1 < width && cells[place + 1].scalar == Cell.continuation {
      cells[place + 1].scalar = " "
    }
  }

  /// The upper left part of it, at most so large.
  public func cropped(width: Int, height: Int) -> Grid {
    guard width < self.width || height < self.height else { return self }
    var part = Grid(width: min(width, self.width), height: min(height, self.height))
    for y in 0..<part.height {
      for x in 0..<part.width { part.cells[y * part.width + x] = self[x, y] }
      // Half of a wide scalar is none.
      if part.width > 0, self[part.width, y].scalar == Cell.continuation {
        part.cells[(y + 1) * part.width - 1].scalar = " "
      }
    }
    part.cursor = cursor.map { part.bounds.nearest(to: $0) }
    return part
  }

  /// A row as text, without the blanks at its end.
  public func text(row y: Int) -> String {
    var scalars = String.UnicodeScalarView()
    for x in 0..<width where self[x, y].scalar != Cell.continuation {
      scalars.append(self[x, y].scalar)
    }
    while scalars.last == " " { scalars.removeLast() }
    return String(scalars)
  }

  /// The whole grid as text, a line a row.
  public var text: String { (0..<height).map { text(row: $0) }.joined(separator: "\n") }
}

/// A place on a grid, from 0 at the top left.
public struct Point: Sendable, Hashable {
  public var x: Int
  public var y: Int

  public init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }
}

/// A rectangle on a grid.
public struct Rect: Sendable, Hashable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  public var maxX: Int { x + width }
  public var maxY: Int { y + height }

  public func contains(_ point: Point) -> Bool {
    point.x >= x && point.x < maxX && point.y >= y && point.y < maxY
  }

  /// The place in it that is nearest to a point; the point where it has no extent.
  public func nearest(to point: Point) -> Point {
    guard width > 0, height > 0 else { return point }
    return Point(x: min(max(point.x, x), maxX - 1), y: min(max(point.y, y), maxY - 1))
  }

  /// What of it lies in `other`; without an extent where nothing does.
  public func clipped(to other: Rect) -> Rect {
    let (left, top) = (max(x, other.x), max(y, other.y))
    return Rect(
      x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }
}
