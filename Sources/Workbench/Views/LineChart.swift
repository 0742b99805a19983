import Screen

/// Lines over time in Braille: two dots a column, four a row.
struct LineChart {
  struct Series {
    /// One value a column, or as many as the chart says; NaN leaves a gap.
    let values: [Float]
    let style: Style
    /// How it looks in the future; nil where that looks the same.
    var ahead: Style?
    var texture = Texture.solid
    var textureAhead = Texture.solid
  }

  /// Which dots of a line are drawn, where colours do not tell lines apart.
  enum Texture {
    case solid
    /// One of two dots.
    case dotted
    /// The same in every second column.
    case sparse

    func dots(column: Int) -> UInt32 {
      switch self {
      case .solid: 0xFF
      case .dotted: 0x47
      case .sparse: column.isMultiple(of: 2) ? 0x47 : 0
      }
    }
  }

  let range: ClosedRange<Float>
  /// From back to front.
  let series: [Series]
  /// The first column of what lies in the future.
  var future = Int.max
  /// One, or two: one a dot.
  var valuesPerColumn = 1

  func draw(into grid: inout Grid, at area: Rect) {
    for line in series {
      var dots: [Point: UInt32] = [:]
      var previous: (x: Int, y: Int)?
      for (index, value) in line.values.enumerated() where index < area.width * valuesPerColumn {
        guard value.isFinite else {
          previous = nil
          continue
        }
        let point = (x: index * 2 / valuesPerColumn, y: row(of: value, rows: area.height * 4))
        connect(previous ?? point, point) { x, y in
          dots[Point(x: x / 2, y: y / 4), default: 0] |= Self.bit(x % 2, y % 4)
        }
        previous = point
      }
      for (place, all) in dots {
        let (x, y) = (area.x + place.x, area.y + place.y)
        let isAhead = place.x >= future
        let bits = all & (isAhead ? line.textureAhead : line.texture).dots(column: place.x)
        guard place.x < area.width, place.y < area.height, bits != 0 else { continue }
        let old = grid[x, y].scalar.value
        let merged = (0x2800...0x28FF).contains(old) ? bits | (old - 0x2800) : bits
        if let scalar = Unicode.Scalar(0x2800 + merged) {
          grid[x, y] = Cell(scalar, isAhead ? line.ahead ?? line.style : line.style)
        }
      }
    }
  }

  /// A quiet line at 0 behind the others, where there are rows for it and values on both sides.
  func drawZero(into grid: inout Grid, at area: Rect, _ theme: Theme) {
    guard area.height >= 3, range.lowerBound < 0, range.upperBound > 0 else { return }
    let y = area.y + row(of: 0, height: area.height)
    for x in area.x..<area.maxX { grid[x, y] = Cell("╌", theme.faint) }
  }

  /// The present, where the lines leave room for it.
  static func drawCursor(
    into grid: inout Grid, at area: Rect, column: Int, _ theme: Theme
  ) {
    guard (0..<area.width).contains(column) else { return }
    for y in area.y..<area.maxY where grid[area.x + column, y].scalar == " " {
      grid[area.x + column, y] = Cell("┊", theme.muted)
    }
  }

  /// The row of the screen, from the top, in which a value stands.
  func row(of value: Float, height: Int) -> Int { row(of: value, rows: height * 4) / 4 }

  private func row(of value: Float, rows: Int) -> Int {
    // In double precision the largest floats have a difference too.
    let span = Double(range.upperBound) - Double(range.lowerBound)
    let place = span > 0 ? (Double(range.upperBound) - Double(value)) / span : 0.5
    return Int((min(max(place, 0), 1) * Double(rows - 1)).rounded())
  }

  /// The dots of a straight line (Bresenham 1965).
  private func connect(
    _ start: (x: Int, y: Int), _ end: (x: Int, y: Int), dot: (Int, Int) -> Void
  ) {
    let (dx, dy) = (abs(end.x - start.x), -abs(end.y - start.y))
    let (stepX, stepY) = (start.x < end.x ? 1 : -1, start.y < end.y ? 1 : -1)
    var (x, y) = start
    var error = dx + dy
    while true {
      dot(x, y)
      if x == end.x && y == end.y { return }
      let doubled = 2 * error
      if doubled >= dy {
        error += dy
        x += stepX
      }
      if doubled <= dx {
        error += dx
        y += stepY
      }
    }
  }

  /// The bit of a dot in a Braille scalar (Unicode, Braille Patterns).
  private static func bit(_ x: Int, _ y: Int) -> UInt32 {
    let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
    return bits[x][y]
  }
}
