import Screen
import TestRandom
import Testing

@testable import CursesTerminal

/// Frames as bytes: a terminal that takes them shows the grid, whatever it showed before, and gets no
/// more than it must.
@Suite struct FrameWriterTests {
  /// A kind of terminal, by what it lacks.
  struct Kind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout TerminalStrings) -> Void

    var strings: TerminalStrings {
      var strings = TerminalStrings()
      change(&strings)
      return strings
    }
  }

  static let kinds = [
    Kind(testDescription: "xterm") { _ in },
    Kind(testDescription: "erases without ground") { $0.erasesWithGround = false },
    Kind(testDescription: "erases little") {
      $0.eraseToEnd = []
      $0.erasesSome = false
    },
    Kind(testDescription: "moves only by place") {
      ($0.movesForward, $0.movesBack, $0.backspaces, $0.returns) = (false, false, false, false)
      $0.feedsDown = false
      $0.movesByECMA = false
      $0.move = { x, y in Array("\u{1B}[\(y + 1);\(x + 1)H".utf8) }
    },
    Kind(testDescription: "resets only") {
      ($0.endsAttributes, $0.endsColors) = (false, false)
      $0.reset = .raw(Array("\u{1B}[0m".utf8))
    },
    Kind(testDescription: "moves plain, loses attributes") {
      $0.movesStyled = false
      $0.colorless = [.underline, .dim]
    },
  ]

  static let depths: [Capabilities.ColorDepth] = [.none, .eight, .sixteen, .indexed, .direct]

  @Test(arguments: kinds, depths)
  func aTerminalShowsTheGrid(_ kind: Kind, _ depth: Capabilities.ColorDepth) throws {
    var random = SplitMix(7)
    let strings = kind.strings
    for (width, height) in [(40, 12), (17, 5), (1, 1), (2, 3)] {
      var writer = FrameWriter(strings, Capabilities(colors: depth, unicode: true))
      var terminal = TerminalEmulator(width: width, height: height)
      // What was there before must not be seen.
      terminal.feed(Array("\u{1B}[44;31mleft over\u{1B}[1;3Hfrom others".utf8))
      var grid = Grid(width: width, height: height)
      for frame in 0..<30 {
        Self.change(&grid, &random, isNew: frame % 10 == 0)
        if frame % 7 == 6 { writer.forget() }
        terminal.feed(writer.frame(grid))
        let shown = Self.appearance(terminal, width, height)
        let wanted = Self.appearance(grid, depth, strings)
        for place in wanted.indices where shown[place] != wanted[place] {
          Issue.record(
            "\(width)x\(height), frame \(frame), \(place % width) \(place / width): \(shown[place]), not \(wanted[place])"
          )
          return
        }
        #expect(terminal.cursor == (0, height - 1))
      }
      #expect(terminal.unknown == [] && terminal.repetitions == 0)
      #expect(terminal.style == TerminalEmulator.Style())
    }
  }

  /// Where writing it makes the screen scroll, the last place stays as it is.
  @Test func theLastPlaceIsLeftWhereItScrolls() {
    var strings = TerminalStrings()
    strings.waitsAtMargin = false
    var writer = FrameWriter(strings, Capabilities(colors: .eight, unicode: true))
    var grid = Grid(width: 3, height: 2)
    for y in 0..<2 { grid.put("abc", x: 0, y: y, Style()) }
    var terminal = TerminalEmulator(width: 3, height: 2)
    terminal.feed(writer.frame(grid))
    #expect(terminal.rows == ["abc", "ab"])
  }

  @Test func theSameAgainSendsNothing() {
    var writer = Self.xterm(.direct)
    var random = SplitMix(3)
    var grid = Grid(width: 60, height: 20)
    Self.change(&grid, &random, isNew: true)
    #expect(!writer.frame(grid).isEmpty)
    #expect(writer.frame(grid).isEmpty)
    // Nor does what only looks different in the grid: nobody sees the ink of a blank.
    var other = Grid(width: 60, height: 20, fill: Cell(" ", Style(Color(0xFF0000), on: nil, .bold)))
    writer.forget()
    _ = writer.frame(other)
    other.restyle(other.bounds) { _ in Style(Color(0x00FF00)) }
    #expect(writer.frame(other).isEmpty)
  }

  /// Bytes to the last, for what frames are made of.
  @Test func whatIsSentIsShort() {
    let ground = Style(Color(0xD8D8DC), on: Color(0x101014))
    func sent(_ depth: Capabilities.ColorDepth, _ change: (inout Grid) -> Void) -> String {
      var writer = Self.xterm(depth)
      var grid = Grid(width: 80, height: 24, fill: Cell(" ", ground))
      _ = writer.frame(grid)
      change(&grid)
      return String(decoding: writer.frame(grid), as: UTF8.self)
        .replacing("\u{1B}", with: "E").replacing("\n", with: "N").replacing("\u{8}", with: "B")
    }
    let heat = [0x5F8787, 0x5F8787, 0xFFFF5F].map { Cell(" ", Style(Color(0), on: Color($0))) }
    // A row of a heatmap: a ground for each run of one colour, no ink.
    let row: (inout Grid) -> Void = { grid in
      for (x, cell) in heat.enumerated() { grid[5 + x, 3] = cell }
    }
    #expect(sent(.indexed, row) == "E[4;6HE[48;5;66m  E[48;5;227m E[mE[24H")
    #expect(sent(.direct, row) == "E[4;6HE[48;2;95;135;135m  E[48;2;255;255;95m E[mE[24H")
    // A column of one: down and back, not anew each time.
    #expect(
      sent(.indexed) { grid in for y in 2..<5 { grid[9, y] = heat[0] } }
        == "E[3;10HE[48;5;66m NB NB E[mE[24H")
    // A line of text, then the line empty again.
    #expect(
      sent(.indexed) { $0.put("abc", x: 0, y: 0, ground) } == "E[HE[38;5;253;48;5;233mabcE[mE[24H")
    #expect(
      sent(.none) { grid in
        grid.put("yes", x: 2, y: 1, Style(nil, on: nil, .bold))
        grid.put("no", x: 6, y: 1, Style())
      } == "E[2;3HE[1myes E[mnoE[24H")
    // Two colours in turn: the one goes all the way, the other over it.
    #expect(
      sent(.direct) { grid in
        for x in 0..<6 { grid[x, 0] = heat[x % 2 == 0 ? 0 : 2] }
      } == "E[HE[48;2;95;135;135m     BBBBE[48;2;255;255;95m E[C E[C E[mE[24H")
  }

  /// A whole frame of one ground is a few bytes a row where erasing takes the ground along.
  @Test func aWholeGroundIsErased() {
    var writer = Self.xterm(.direct)
    let grid = Grid(width: 200, height: 60, fill: Cell(" ", Style(Color(0), on: Color(0x101014))))
    #expect(writer.frame(grid).count < 60 * 6 + 40)
  }

  @Test func changingTheNumberOfColoursDrawsAnew() {
    var writer = Self.xterm(.direct)
    var grid = Grid(width: 10, height: 2)
    grid[0, 0] = Cell("x", Style(Color(0xFF8700)))
    var terminal = TerminalEmulator(width: 10, height: 2)
    let inks: [(Capabilities.ColorDepth, [Int])] = [
      (.direct, [38, 2, 255, 135, 0]), (.indexed, [38, 5, 208]), (.sixteen, [33]), (.eight, [33]),
      (.none, []), (.direct, [38, 2, 255, 135, 0]),
    ]
    for (depth, ink) in inks {
      writer.colors = depth
      terminal.feed(writer.frame(grid))
      #expect(terminal.style(x: 0, y: 0).foreground == ink, "\(depth)")
    }
  }

  // MARK: - Grids and what is seen of them

  private static func xterm(_ depth: Capabilities.ColorDepth) -> FrameWriter {
    FrameWriter(TerminalStrings(), Capabilities(colors: depth, unicode: true))
  }

  /// Words, heat, blanks and wide characters in random places, or a grid of them.
  private static func change(_ grid: inout Grid, _ random: inout SplitMix, isNew: Bool) {
    let colors: [Color?] = [
      nil, Color(0x101014), Color(0xFFE552), Color(0x1F3A72), Color(0xCD0000),
    ]
    func style(_ random: inout SplitMix) -> Style {
      Style(
        random.element(of: colors), on: random.element(of: colors),
        Attributes(rawValue: random.below(3) == 0 ? UInt8(random.below(16)) : 0))
    }
    if isNew { grid.fill(grid.bounds, with: Cell(" ", style(&random))) }
    for _ in 0..<(isNew ? 30 : 1 + random.below(6)) {
      let (x, y) = (random.below(grid.width), random.below(grid.height))
      switch random.below(4) {
      case 0:
        let words = ["gate", "│", "◆", "中文", "████", "a中b", "·····", "▀▄", "é😀x"]
        grid.put(random.element(of: words), x: x, y: y, style(&random))
      case 1:
        grid.fill(
          Rect(x: x, y: y, width: 1 + random.below(20), height: 1 + random.below(3)),
          with: Cell(" ", style(&random)))
      case 2:
        for column in 0..<8 { grid[x + column, y] = Cell(" ", style(&random)) }
      default:
        for row in 0..<4 { grid[x, y + row] = Cell("│", style(&random)) }
      }
    }
  }

  /// The character, then the colours that are seen, as a terminal is told them, then the attributes.
  private static func appearance(_ terminal: TerminalEmulator, _ width: Int, _ height: Int)
    -> [String]
  {
    (0..<height).flatMap { y in
      (0..<width).map { x in
        let style = terminal.style(x: x, y: y)
        return seen(
          terminal.character(x: x, y: y) ?? "", "\(style.foreground.dropFirst())",
          "\(style.background.dropFirst())", plain: ("\(style.foreground)", "\(style.background)"),
          style.attributes)
      }
    }
  }

  private static func appearance(
    _ grid: Grid, _ depth: Capabilities.ColorDepth, _ strings: TerminalStrings
  ) -> [String] {
    var inks = InkMap(depth)
    func code(_ color: Color?, isGround: Bool) -> [Int] {
      let ink = inks.ink(of: color)
      if let color = ink.color {
        return [isGround ? 48 : 38, 2, Int(color.red), Int(color.green), Int(color.blue)]
      }
      guard let index = ink.index else { return [] }
      if index < 8 { return [index + (isGround ? 40 : 30)] }
      return index < 16 ? [index + (isGround ? 92 : 82)] : [isGround ? 48 : 38, 5, index]
    }
    return grid.cells.map { cell in
      let isWideEnd = cell.scalar == Cell.continuation
      let ink = code(cell.style.foreground, isGround: false)
      let ground = code(cell.style.background, isGround: true)
      var kept = cell.style.attributes
      if !ink.isEmpty || !ground.isEmpty { kept.subtract(strings.colorless) }
      let codes: [(Attributes, Int)] = [(.bold, 1), (.dim, 2), (.underline, 4), (.reverse, 7)]
      return seen(
        isWideEnd ? "" : String(cell.scalar), "\(ink.dropFirst())", "\(ground.dropFirst())",
        plain: ("\(ink)", "\(ground)"), Set(codes.filter { kept.contains($0.0) }.map(\.1)))
    }
  }

  /// Two colours are the same whichever of ink and ground they are; what cannot be seen is left out.
  private static func seen(
    _ character: String, _ ink: String, _ ground: String, plain: (String, String),
    _ attributes: Set<Int>
  ) -> String {
    func normal(_ code: String, _ rest: String) -> String {
      // "[31]" and "[41]" are one colour, as are "[38, 5, 9]" and "[48, 5, 9]".
      guard rest == "[]" else { return rest }
      let digits = code.filter(\.isNumber)
      guard let number = Int(digits) else { return "own" }
      return "\(number >= 90 ? 8 : 0) \(number % 10)"
    }
    var (front, back) = (normal(plain.0, ink), normal(plain.1, ground))
    var rest = attributes
    if rest.remove(7) != nil {
      // The terminal's own ink and ground are not one colour.
      (front, back) = (back == "own" ? "own ground" : back, front == "own" ? "own ink" : front)
    }
    if character == " ", !rest.contains(4) {
      front = ""
      rest = []
    }
    if character == "█", !rest.contains(4) { back = "" }
    return "\(character) \(front) on \(back) \(rest.sorted())"
  }
}
