/// The cells of a terminal's screen and its cursor, and what a terminal does to them.
struct ScreenBuffer {
  private(set) var width: Int
  private(set) var height: Int
  /// The cursor's column; `width` after a character was printed in the last one: the next one wraps.
  var x = 0
  private(set) var margins: Range<Int>
  var y = 0
  private var cells: [[Cell]]
  /// How what comes is drawn; what is erased takes its ground, as xterm does it.
  var style = TerminalEmulator.Style()

  /// A character with what combines with it, or the right half of a wide one.
  private struct Cell {
    var content: Content
    var style = TerminalEmulator.Style()

    enum Content {
      case text(String)
      case rightHalf
    }
  }

  private static let blank = Cell(content: .text(" "))
  private var erased: Cell {
    Cell(content: .text(" "), style: .init(background: style.background))
  }

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    margins = 0..<height
    cells = Array(repeating: Array(repeating: Self.blank, count: width), count: height)
  }

  var rows: [String] {
    cells.map { row in
      var line = ""
      for case .text(let text) in row.map(\.content) { line += text }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// What a place shows: nil for the right half of a wide character.
  func character(x: Int, y: Int) -> String? {
    guard case .text(let text) = cells[y][x].content else { return nil }
    return text
  }

  func style(x: Int, y: Int) -> TerminalEmulator.Style { cells[y][x].style }

  mutating func resize(width: Int, height: Int) {
    var resized = ScreenBuffer(width: width, height: height)
    for row in 0..<min(height, self.height) {
      for column in 0..<min(width, self.width) { resized.cells[row][column] = cells[row][column] }
    }
    resized.move(x: x, y: y)
    resized.style = style
    self = resized
  }

  mutating func move(x: Int, y: Int) {
    self.x = min(max(x, 0), width - 1)
    self.y = min(max(y, 0), height - 1)
  }

  mutating func print(_ scalar: Unicode.Scalar) {
    let columns = Self.columns(of: scalar)
    if columns == 0 {
      guard x > 0, case .text(let base) = cells[y][x - 1].content else { return }
      cells[y][x - 1].content = .text(base + String(scalar))
      return
    }
    if x + columns > width {
      x = 0
      lineFeed()
    }
    cells[y][x] = Cell(content: .text(String(scalar)), style: style)
    if columns == 2 && x + 1 < width {
      cells[y][x + 1] = Cell(content: .rightHalf, style: style)
    }
    x += columns
  }

  mutating func lineFeed() {
    if y == margins.upperBound - 1 { scroll(up: 1) } else { y = min(y + 1, height - 1) }
  }

  mutating func reverseLineFeed() {
    if y == margins.lowerBound { scroll(down: 1) } else { y = max(y - 1, 0) }
  }

  mutating func setMargins(top: Int, bottom: Int) {
    guard top >= 0, top < bottom, bottom <= height else { return }
    margins = top..<bottom
    move(x: 0, y: 0)
  }

  mutating func scroll(up count: Int) { deleteLines(count, from: margins.lowerBound) }
  mutating func scroll(down count: Int) { insertLines(count, from: margins.lowerBound) }
  mutating func insertLines(_ count: Int) { insertLines(count, from: y) }
  mutating func deleteLines(_ count: Int) { deleteLines(count, from: y) }

  mutating func eraseDisplay(_ part: Int) {
    eraseLine(part)
    for row in 0..<height where part == 2 || (part == 0 ? row > y : row < y) {
      cells[row] = Array(repeating: erased, count: width)
    }
  }

  mutating func eraseLine(_ part: Int) {
    let column = min(x, width - 1)
    for place in 0..<width where part == 2 || (part == 0 ? place >= column : place <= column) {
      cells[y][place] = erased
    }
  }

  mutating func erase(_ count: Int) {
    for place in x..<max(x, min(x + count, width)) { cells[y][place] = erased }
  }

  mutating func insertCharacters(_ count: Int) {
    guard x < width else { return }
    let count = min(count, width - x)
    cells[y].insert(contentsOf: Array(repeating: erased, count: count), at: x)
    cells[y].removeLast(count)
  }

  mutating func deleteCharacters(_ count: Int) {
    guard x < width else { return }
    let count = min(count, width - x)
    cells[y].removeSubrange(x..<x + count)
    cells[y] += Array(repeating: erased, count: count)
  }

  private mutating func insertLines(_ count: Int, from row: Int) {
    guard margins.contains(row) else { return }
    for _ in 0..<min(count, margins.upperBound - row) {
      cells.remove(at: margins.upperBound - 1)
      cells.insert(Array(repeating: erased, count: width), at: row)
    }
  }

  private mutating func deleteLines(_ count: Int, from row: Int) {
    guard margins.contains(row) else { return }
    for _ in 0..<min(count, margins.upperBound - row) {
      cells.remove(at: row)
      cells.insert(Array(repeating: erased, count: width), at: margins.upperBound - 1)
    }
  }

  /// Enough of Unicode's East Asian Width for what the program shows.
  private static func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    case _: break
    }
    let wide: [ClosedRange<UInt32>] = [
      0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD,
    ]
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }
}
