import CNcurses
import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TerminalStrings {
  /// What terminfo says of the terminal that ncurses has opened.
  static func ofTerminal(_ support: ColorSupport) -> TerminalStrings {
    var strings = TerminalStrings()
    strings.takeMoves()
    strings.clear = sequence("clear") ?? (sequence("ed").map { strings.home + $0 } ?? [])
    strings.eraseToEnd = sequence("el") ?? []
    strings.erasesSome = has("ech", "\u{1B}[%p1%dX")
    strings.erasesWithGround = gs_has("bce") != 0
    strings.movesStyled = gs_has("msgr") != 0
    strings.waitsAtMargin = gs_has("am") == 0 || gs_has("xenl") != 0
    strings.takeAttributes(support)
    strings.takeInks(support)
    return strings
  }

  private mutating func takeMoves() {
    movesByECMA = Self.has("cup", "\u{1B}[%i%p1%d;%p2%dH")
    if let cup = gs_terminfo("cup") { move = { x, y in Self.expanded(cup, y, x) } }
    movesForward = Self.has("cuf", "\u{1B}[%p1%dC")
    movesBack = Self.has("cub", "\u{1B}[%p1%dD")
    backspaces = Self.has("cub1", "\u{08}")
    returns = Self.has("cr", "\r")
    // A driver that makes CR LF of it takes the column away.
    var settings = termios()
    let isPlain = tcgetattr(STDOUT_FILENO, &settings) == 0
    let changes = settings.c_oflag & tcflag_t(OPOST) != 0 && settings.c_oflag & tcflag_t(ONLCR) != 0
    feedsDown = Self.has("cud1", "\n") && isPlain && !changes
  }

  private var home: [UInt8] { movesByECMA ? Array("\u{1B}[H".utf8) : move(0, 0) }

  private mutating func takeAttributes(_ support: ColorSupport) {
    let names: [(Attributes, String)] = [
      (.bold, "bold"), (.dim, "dim"), (.underline, "smul"), (.reverse, "rev"),
    ]
    // Attributes that take a place of their own on the screen are none.
    let hasCookies = gs_number("xmc") >= 0
    attributes = names.compactMap { attribute, name in
      hasCookies ? nil : Self.sequence(name).map { (attribute, SelectCode($0)) }
    }
    // An xterm's also chooses the character set, which is never changed here.
    let off = Self.sequence("sgr0") ?? []
    let isSelect = movesByECMA && String(decoding: off, as: UTF8.self).contains("\u{1B}[")
    reset = isSelect ? SelectCode("") : .raw(off)
    endsAttributes = Self.has("rmul", "\u{1B}[24m")
    endsColors = Self.has("op", "\u{1B}[39;49m")
    if !isSelect, let op = Self.sequence("op") { reset = .raw(off + op) }
    // term(5): standout, underline, reverse, blink, dim, bold.
    let lost = max(0, Int(gs_number("ncv")))
    for (bit, attribute) in [(2, Attributes.underline), (4, .reverse), (16, .dim), (32, .bold)]
    where lost & bit != 0 { colorless.insert(attribute) }
  }

  /// The terminal's own ways to choose a colour, as far as it has them.
  private mutating func takeInks(_ support: ColorSupport) {
    let byNumber = [
      gs_terminfo("setaf") ?? gs_terminfo("setf"), gs_terminfo("setab") ?? gs_terminfo("setb"),
    ]
    let byParts = [gs_terminfo("setrgbf"), gs_terminfo("setrgbb")]
    ink = { ink, isGround in
      let place = isGround ? 1 : 0
      if let color = ink.color {
        if support.numbersAreDirect, let number = byNumber[place] {
          // 0 to 7 are the eight plain colours there.
          return SelectCode(Self.expanded(number, max(Int(color.hex), 8)))
        }
        if let parts = byParts[place] {
          return SelectCode(
            Self.expanded(parts, Int(color.red), Int(color.green), Int(color.blue)))
        }
      } else if let index = ink.index, let number = byNumber[place], index < support.colors,
        !support.numbersAreDirect
      {
        return SelectCode(Self.expanded(number, index))
      }
      return Self.standardInk(ink, isGround)
    }
  }

  private static func has(_ name: String, _ value: String) -> Bool {
    guard let found = gs_terminfo(name) else { return false }
    return String(cString: found) == value
  }

  /// A capability without parameters.
  static func sequence(_ name: String) -> [UInt8]? { gs_terminfo(name).map { expanded($0) } }

  /// Without terminfo's marks for padding, `$<5>`: they are for lines that cannot say when to wait.
  private static func expanded(
    _ capability: UnsafePointer<CChar>, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0
  ) -> [UInt8] {
    guard let text = gs_parameters(capability, a, b, c) else { return [] }
    var bytes = Array(String(cString: text).utf8)
    while let start = bytes.firstIndex(of: UInt8(ascii: "$")),
      start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "<"),
      let end = bytes[start...].firstIndex(of: UInt8(ascii: ">"))
    {
      bytes.removeSubrange(start...end)
    }
    return bytes
  }
}
