import Screen

/// Turns grids into what a terminal has to be sent: only what differs from what it shows, as briefly as
/// it can be said.
///
/// ncurses would say the same with several times the bytes: it selects a foreground and a background with
/// every cell of a heatmap, though a blank shows one of them only.
struct FrameWriter {
  let strings: TerminalStrings
  private let isUnicode: Bool
  private var inks: InkMap
  var pen: PenWriter
  var cursor: CursorWriter
  /// The grid that is shown; nil where nothing is known.
  private var shown: Grid?
  /// Whether nothing has been drawn yet.
  private var isFirst = true
  /// What the terminal makes of it.
  var screen: [PaintedCell] = []
  var bytes: [UInt8] = []

  init(_ strings: TerminalStrings, _ capabilities: Capabilities) {
    self.strings = strings
    isUnicode = capabilities.unicode
    inks = InkMap(capabilities.colors)
    pen = PenWriter(strings)
    cursor = CursorWriter(strings)
  }

  var colors: Capabilities.ColorDepth {
    get { inks.depth }
    set {
      guard newValue != inks.depth else { return }
      inks = InkMap(newValue)
      forget()
    }
  }

  /// The next frame is drawn whole: somebody else has written to the terminal.
  mutating func forget() { shown = nil }

  /// What makes the terminal show a grid, with its cursor where the grid has one, else in the last row.
  mutating func frame(_ grid: Grid) -> [UInt8] {
    bytes = []
    let old = shown.flatMap { $0.width == grid.width && $0.height == grid.height ? $0 : nil }
    if old == nil { clear(for: grid) }
    let wanted = paint(grid, over: old)
    // The first one a person waits for; to find the shortest way takes twice as long.
    if isFirst { draw(wanted, grid) } else { drawShortest(wanted, grid) }
    isFirst = false
    screen = wanted
    shown = grid
    let rest = grid.cursor ?? Point(x: 0, y: max(0, grid.height - 1))
    pen.reset(to: &bytes)
    cursor.move(to: rest, &bytes)
    return bytes
  }

  // MARK: - What is to be seen

  /// Begins with an empty screen, in the colour of most of it where the terminal can: row by row, since
  /// not every terminal takes the ground along that says so when all is cleared.
  private mutating func clear(for grid: Grid) {
    bytes += SelectCode.bytes([strings.reset])
    pen.forget()
    bytes += strings.clear
    cursor.isNow(Point(x: 0, y: 0))
    let ground = mostGround(of: grid)
    screen = Array(repeating: .blank(.own), count: grid.cells.count)
    guard ground != .own, strings.erasesWithGround, !strings.eraseToEnd.isEmpty else { return }
    pen.take(Pen(ground: ground), isBlank: true, to: &bytes)
    for y in 0..<grid.height {
      cursor.move(to: Point(x: 0, y: y), &bytes)
      bytes += strings.eraseToEnd
    }
    screen = Array(repeating: .blank(ground), count: grid.cells.count)
  }

  private mutating func mostGround(of grid: Grid) -> Ink {
    var counts: [Color?: Int] = [:]
    for cell in grid.cells where cell.scalar == " " && cell.style.attributes.isEmpty {
      counts[cell.style.background, default: 0] += 1
    }
    let most = counts.max { ($0.value, $1.key?.hex ?? 0) < ($1.value, $0.key?.hex ?? 0) }
    return inks.ink(of: most?.key ?? nil)
  }

  private mutating func paint(_ grid: Grid, over old: Grid?) -> [PaintedCell] {
    var painted = screen
    for index in grid.cells.indices {
      let cell = grid.cells[index]
      if let old, old.cells[index] == cell { continue }
      painted[index] = paint(cell)
    }
    return painted
  }

  private mutating func paint(_ cell: Cell) -> PaintedCell {
    let scalar =
      isUnicode || cell.scalar == Cell.continuation
      ? cell.scalar : AsciiGlyphs.glyph(for: cell.scalar)
    var pen = Pen(
      ink: inks.ink(of: cell.style.foreground), ground: inks.ink(of: cell.style.background),
      attributes: cell.style.attributes.intersection(strings.knownAttributes))
    if pen.ink != .own || pen.ground != .own { pen.attributes.subtract(strings.colorless) }
    return PaintedCell(scalar, pen)
  }

  // MARK: - What is sent

  /// Row by row, or pen by pen, whichever says it in fewer bytes.
  private mutating func drawShortest(_ wanted: [PaintedCell], _ grid: Grid) {
    let before = (bytes: bytes, pen: pen.pen, cursor: cursor)
    draw(wanted, grid)
    let byRows = (bytes: bytes, pen: pen.pen, cursor: cursor)
    bytes = before.bytes
    pen.isNow(before.pen)
    cursor = before.cursor
    drawByPens(wanted, width: grid.width, height: grid.height)
    draw(wanted, grid)
    guard bytes.count >= byRows.bytes.count else { return }
    bytes = byRows.bytes
    pen.isNow(byRows.pen)
    cursor = byRows.cursor
  }

  private mutating func draw(_ wanted: [PaintedCell], _ grid: Grid) {
    var rows = (0..<grid.height).map { spans(of: $0, wanted, grid) }
    for y in rows.indices {
      while !rows[y].isEmpty {
        // Downwards as long as the row below has changes in the same columns: a cursor that moves
        // through heatmaps is such a column.
        var (row, span) = (y, rows[y].removeFirst())
        while true {
          draw(span, row, wanted, grid)
          row += 1
          guard row < grid.height, let place = cursor.place,
            let next = rows[row].firstIndex(where: { abs($0.lowerBound - place.x) <= 4 }),
            cursor.cost(to: Point(x: rows[row][next].lowerBound, y: row)) <= 5
          else { break }
          span = rows[row].remove(at: next)
        }
      }
    }
  }

  /// The columns of changed cells that are sent in one go, with what lies between them where that is
  /// cheaper than to jump over it.
  private func spans(of y: Int, _ wanted: [PaintedCell], _ grid: Grid) -> [Range<Int>] {
    let start = y * grid.width
    var spans: [Range<Int>] = []
    for x in 0..<grid.width where wanted[start + x] != screen[start + x] {
      // The two halves of a wide character go together.
      var (first, end) = (x, x + 1)
      if wanted[start + x].scalar == Cell.continuation, x > 0 { first = x - 1 }
      if end < grid.width, wanted[start + end].scalar == Cell.continuation { end += 1 }
      if let last = spans.last, bridges(wanted, start, last.upperBound, first) {
        spans[spans.count - 1] = last.lowerBound..<max(end, last.upperBound)
      } else {
        spans.append(first..<end)
      }
    }
    return spans
  }

  /// Whether unchanged cells are sent again rather than jumped over: those that look like what stands
  /// before them cost a byte each, a jump four.
  private func bridges(_ wanted: [PaintedCell], _ start: Int, _ end: Int, _ next: Int) -> Bool {
    guard next > end else { return true }
    guard next - end <= 4 else { return false }
    let before = wanted[start + end - 1].pen
    return wanted[start + end..<start + next].allSatisfy { cell in
      cell.isBlank
        ? cell.pen.ground == before.ground
          && before.attributes.isDisjoint(with: [.underline, .reverse])
        : cell.pen == before && (0x20..<0x7F).contains(cell.scalar.value)
    }
  }

  private mutating func draw(_ columns: Range<Int>, _ y: Int, _ wanted: [PaintedCell], _ grid: Grid)
  {
    let start = y * grid.width
    var x = columns.lowerBound
    while x < columns.upperBound {
      let cell = wanted[start + x]
      if cell.isBlank, erase(&x, y, columns.upperBound, wanted, grid) { continue }
      let width = x + 1 < grid.width && wanted[start + x + 1].scalar == Cell.continuation ? 2 : 1
      let isLast = x + width >= grid.width
      if isLast && y == grid.height - 1 && !strings.waitsAtMargin {
        // The screen would scroll.
        x += width
        continue
      }
      move(to: Point(x: x, y: y))
      if cell.isBlank {
        let rest = wanted[start + x + 1..<start + columns.upperBound]
        pen.take(ground: cell.pen.ground, before: rest, to: &bytes)
      } else {
        pen.take(cell.pen, isBlank: false, to: &bytes)
      }
      bytes += cell.scalar.utf8Bytes
      x += width
      if isLast || width > 1 || !cell.scalar.isSurelyNarrow {
        cursor.forget()
      } else {
        cursor.advance(by: 1)
      }
    }
  }

  mutating func move(to place: Point) {
    if cursor.place != place, !strings.movesStyled { pen.reset(to: &bytes) }
    cursor.move(to: place, &bytes)
  }

  /// Erases a run of blanks where that is shorter than to write them.
  ///
  /// - Returns: whether it did; `x` stands behind them then.
  private mutating func erase(
    _ x: inout Int, _ y: Int, _ end: Int, _ wanted: [PaintedCell], _ grid: Grid
  ) -> Bool {
    let start = y * grid.width
    let blank = wanted[start + x]
    guard strings.erasesWithGround || blank.pen.ground == .own else { return false }
    var stop = x
    while stop < grid.width, wanted[start + stop] == blank { stop += 1 }
    let isToEnd = stop == grid.width
    let count = min(stop, end) - x
    // "CSI K" is three bytes, "CSI n X" and the way over it are eight and more.
    let isWorth =
      isToEnd && !strings.eraseToEnd.isEmpty
      ? count > strings.eraseToEnd.count
      : strings.erasesSome && count > 9
    guard isWorth else { return false }
    move(to: Point(x: x, y: y))
    pen.take(Pen(ink: .any, ground: blank.pen.ground), isBlank: true, to: &bytes)
    if isToEnd && !strings.eraseToEnd.isEmpty {
      bytes += strings.eraseToEnd
      x = grid.width
    } else {
      bytes += Array("\u{1B}[\(count)X".utf8)
      x += count
    }
    return true
  }
}

extension Unicode.Scalar {
  var utf8Bytes: [UInt8] { Unicode.UTF8.encode(self).map { Array($0) } ?? [] }

  /// Whether every terminal gives it one column: not so with what came to Unicode late, or is a picture
  /// in some fonts.
  var isSurelyNarrow: Bool {
    switch value {
    case 0x20..<0x7F, 0xA1..<0x300, 0x370..<0x530, 0x2010..<0x2070, 0x2190..<0x231A,
      0x2400..<0x2440,
      0x2500..<0x2600, 0x2800..<0x2900:
      value != 0xAD
    default: false
    }
  }
}
