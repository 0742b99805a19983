import Screen
import Testing

@Suite struct GridTests {
  private let plain = Style()
  private let loud = Style(Color(0xFF0000), on: Color(0x000000), .bold)

  private func row(_ width: Int, _ write: (inout Grid) -> Void) -> String {
    var grid = Grid(width: width, height: 1, fill: Cell("."))
    write(&grid)
    return String(
      String.UnicodeScalarView(
        (0..<width).map { grid[$0, 0].scalar == Cell.continuation ? "<" : grid[$0, 0].scalar }))
  }

  @Test(arguments: [
    ("abc", 0, Int.max, "abc...", 3), ("abc", 4, Int.max, "....ab", 6),
    ("abc", 6, Int.max, "......", 6),
    ("abc", 9, Int.max, "......", 9), ("abc", -1, Int.max, "bc....", 2),
    ("abc", -3, Int.max, "......", 0), ("abc", -9, Int.max, "......", -6),
    ("abc", 1, 2, ".ab...", 3), ("abc", 1, 0, "......", 1), ("abc", 1, -5, "......", 1),
    ("abc", 4, 100, "....ab", 6), ("", 2, Int.max, "......", 2),
    // Marks and controls are left out.
    ("a\u{301}\tb\n", 0, Int.max, "ab....", 2),
    // Wide scalars take two, and where one would stand half outside it is a blank.
    ("春天", 0, Int.max, "春<天<..", 4), ("春", 5, Int.max, "..... ", 6), ("春", 4, Int.max, "....春<", 6),
    ("春天", -1, Int.max, " 天<...", 3), ("春天", -2, Int.max, "天<....", 2),
    ("春天", 0, 3, "春< ...", 3), ("春", 0, 1, " .....", 1), ("春", 0, 0, "......", 0),
    ("春a", 0, 1, " .....", 1),
  ])
  func textIsClipped(_ text: String, _ x: Int, _ limit: Int, _ expected: String, _ end: Int) {
    var returned = 0
    let shown = row(6) { returned = $0.put(text, x: x, y: 0, plain, limit: limit) }
    #expect(shown == expected)
    #expect(returned == end, "the column after the last")
  }

  @Test(arguments: [
    (0, "x春", "x春<..."), (1, "x", " x..."), (0, "x", "x ..."), (1, "天", " 天<.."),
    (2, "xx", "春<xx."),
  ])
  func overwritingHalfOfAWideScalarLeavesABlank(_ x: Int, _ text: String, _ expected: String) {
    let shown = row(expected.unicodeScalars.count) {
      $0.put("春", x: 0, y: 0, plain)
      $0.put(text, x: x, y: 0, plain)
    }
    #expect(shown == expected)
  }

  @Test func aWideScalarOverTwoOthersLeavesBlanksOnBothSides() {
    let shown = row(6) {
      $0.put("春天", x: 0, y: 0, plain)
      $0.put("水", x: 1, y: 0, plain)
    }
    #expect(shown == " 水< ..")
  }

  @Test func aCellWrittenAloneTakesAWideScalarApart() {
    let left = row(4) {
      $0.put("春", x: 1, y: 0, plain)
      $0[1, 0] = Cell("x")
    }
    let right = row(4) {
      $0.put("春", x: 1, y: 0, plain)
      $0[2, 0] = Cell("x")
    }
    #expect(left == ".x .")
    #expect(right == ". x.")
  }

  @Test(arguments: [-100, -1, 0, 2, 3, 100], [-100, -1, 0, 1, 2, 100])
  func nothingOutsideIsWrittenOrRead(_ x: Int, _ y: Int) {
    let blank = Grid(width: 3, height: 2)
    var grid = blank
    grid[x, y] = Cell("x", loud)
    grid.put("春", x: x, y: y, loud, limit: 1)
    let isInside = (0..<3).contains(x) && (0..<2).contains(y)
    #expect((grid == blank) != isInside)
    #expect(grid[x, y] == Cell(" ", isInside ? loud : plain))
    grid.put("a", x: x, y: y, loud)
    #expect(grid[x, y] == (isInside ? Cell("a", loud) : Cell()))
  }

  static let rects: [(Rect, Int)] = [
    (Rect(x: 0, y: 0, width: 4, height: 3), 12), (Rect(x: 1, y: 1, width: 2, height: 1), 2),
    (Rect(x: -2, y: -2, width: 3, height: 3), 1), (Rect(x: 3, y: 2, width: 9, height: 9), 1),
    (Rect(x: -5, y: -5, width: 99, height: 99), 12), (Rect(x: 9, y: 0, width: 2, height: 2), 0),
    (Rect(x: 0, y: 9, width: 2, height: 2), 0), (Rect(x: -9, y: 0, width: 2, height: 2), 0),
    (Rect(x: 0, y: -9, width: 2, height: 2), 0), (Rect(x: 1, y: 1, width: 0, height: 2), 0),
    (Rect(x: 1, y: 1, width: -3, height: 2), 0), (Rect(x: 4, y: 3, width: 1, height: 1), 0),
  ]

  @Test(arguments: rects)
  func rectanglesMayLieOutside(_ rect: Rect, _ covered: Int) {
    var filled = Grid(width: 4, height: 3)
    filled.fill(rect, with: Cell("#", loud))
    #expect(filled.cells.count { $0 == Cell("#", loud) } == covered)
    var styled = Grid(width: 4, height: 3, fill: Cell("a"))
    styled.restyle(rect) { $0.with(.reverse) }
    #expect(styled.cells.count { $0.style.attributes == .reverse } == covered)
    #expect(styled.cells.allSatisfy { $0.scalar == "a" })
  }

  @Test func fillingOverHalfAWideScalarLeavesABlank() {
    let shown = row(5) {
      $0.put("春天", x: 0, y: 0, plain)
      $0.fill(Rect(x: 1, y: 0, width: 2, height: 1), with: Cell("#"))
    }
    #expect(shown == " ## .")
  }

  @Test(arguments: [(0, 0), (0, 5), (5, 0), (-1, 4), (4, -1), (-1, -1)])
  func aGridWithoutCellsTakesEverything(_ width: Int, _ height: Int) {
    var grid = Grid(width: width, height: height)
    grid.put("春 text", x: 0, y: 0, plain)
    grid.fill(Rect(x: 0, y: 0, width: 9, height: 9), with: Cell("#"))
    grid.restyle(Rect(x: 0, y: 0, width: 9, height: 9)) { $0.with(.bold) }
    #expect(grid.cells.isEmpty)
    #expect(grid.text.contains { $0 != "\n" } == false)
    #expect(grid[0, 0] == Cell())
  }

  @Test func textLeavesOutContinuationsAndBlanksAtTheEnd() {
    var grid = Grid(width: 8, height: 2)
    grid.put("a 春", x: 1, y: 1, plain)
    #expect(grid.text == "\n a 春")
  }
}
