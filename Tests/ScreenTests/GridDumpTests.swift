import Screen
import Testing

@Suite struct GridDumpTests {
  @Test func aDumpShowsGlyphsThenStylesThenWhatTheyAre() {
    var grid = Grid(width: 5, height: 2)
    grid.put("a春", x: 0, y: 0, Style(Color(0xFFC66B), on: Color(0x00000A), [.bold, .reverse]))
    grid.put("z", x: 4, y: 1, Style(nil, on: nil, [.dim, .underline]))
    #expect(
      GridDump(grid).description == """
        glyphs
        a春
            z
        styles
        aaabb
        bbbbc
        legend
        a ffc66b on 00000a bold reverse
        b default on default
        c default on default dim underline

        """)
  }

  @Test func theCursorIsTold() {
    var grid = Grid(width: 2, height: 1)
    grid.cursor = Point(x: 1, y: 0)
    #expect(GridDump(grid).description.hasSuffix("legend\na default on default\ncursor 1 0\n"))
  }

  @Test func moreStylesThanSignsDoNotTrap() {
    var grid = Grid(width: 40, height: 20)
    for y in 0..<20 {
      for x in 0..<40 { grid[x, y] = Cell("#", Style(Color(UInt32(y * 40 + x)))) }
    }
    let dump = GridDump(grid).description
    #expect(dump.split(separator: "\n").count == 3 + 2 * 20 + 800)
    #expect(dump == GridDump(grid).description)
  }
}
