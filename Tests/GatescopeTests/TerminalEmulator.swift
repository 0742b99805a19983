/// A small terminal: understands what ncurses sends to an xterm-256color, and gives the text that a
/// person would see, and the modes that are switched on.
///
/// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html. Sequences that it does not know are kept
/// in `unknown`, so that a test can say that there were none.
struct TerminalEmulator {
  private(set) var width: Int
  private(set) var height: Int
  private var screen = ScreenBuffer(width: 1, height: 1)
  private var mainScreen: ScreenBuffer?
  private var savedCursor = (x: 0, y: 0)
  private var lastPrinted: Unicode.Scalar?

  private var state = State.ground
  private var utf8: [UInt8] = []

  // What a program can leave switched on.
  var isAlternate: Bool { mainScreen != nil }
  private(set) var isCursorVisible = true
  private(set) var isBracketedPaste = false
  /// Between the marks of a frame that is to be shown at once, and how many there were.
  private(set) var isHoldingFrame = false
  private(set) var heldFrames = 0
  /// Whether clicks are told, and as numbers: modes 1002 and 1006.
  private(set) var tellsMouse = false
  private(set) var tellsMouseAsNumbers = false
  private(set) var isKeypad = false
  private(set) var isApplicationCursor = false
  /// The parameters of the last SGR, "" and "0" where everything is plain.
  private(set) var style = Style() { didSet { screen.style = style } }

  /// Whether a colour was ever set; going back to the terminal's own colours does not count.
  private(set) var hasSetColors = false
  /// How often the last character was repeated by number (REP), which not every terminal knows.
  private(set) var repetitions = 0
  /// How often the whole screen was cleared.
  private(set) var clearings = 0
  private(set) var unknown: [String] = []

  struct Style: Equatable {
    var foreground: [Int] = []
    var background: [Int] = []
    var attributes: Set<Int> = []
  }

  private enum State {
    case ground
    case escape
    case control(String)
    case operatingSystem(sawEscape: Bool)
    case characterSet
  }

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    screen = ScreenBuffer(width: width, height: height)
  }

  /// Everything as a program should leave it: only then may a shell go on.
  var modesLeftOn: [String] {
    var modes: [String] = []
    if isAlternate { modes.append("alternate screen") }
    if !isCursorVisible { modes.append("hidden cursor") }
    if isBracketedPaste { modes.append("bracketed paste") }
    if tellsMouse || tellsMouseAsNumbers { modes.append("mouse") }
    if isKeypad { modes.append("keypad") }
    if isApplicationCursor { modes.append("application cursor keys") }
    if style != Style() { modes.append("style \(style)") }
    if screen.margins != 0..<height { modes.append("scrolling region \(screen.margins)") }
    return modes
  }

  /// The rows, without the blanks at their ends.
  var rows: [String] { screen.rows }
  var text: String { rows.joined(separator: "\n") }
  var cursor: (x: Int, y: Int) { (min(screen.x, width - 1), screen.y) }

  /// What stands in a place; nil for the right half of a wide character.
  func character(x: Int, y: Int) -> String? { screen.character(x: x, y: y) }
  func style(x: Int, y: Int) -> Style { screen.style(x: x, y: y) }

  func contains(_ words: String) -> Bool { rows.contains { $0.contains(words) } }

  mutating func resize(width: Int, height: Int) {
    self.width = width
    self.height = height
    screen.resize(width: width, height: height)
    mainScreen?.resize(width: width, height: height)
  }

  mutating func feed(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { take(byte) }
  }

  // MARK: - Parsing

  private mutating func take(_ byte: UInt8) {
    switch state {
    case .ground: ground(byte)
    case .escape: escape(byte)
    case .control(let text):
      if byte == 0x1B {
        // Cut short, as after ^C, at which the terminal's driver throws waiting output away.
        state = .escape
      } else if (0x40...0x7E).contains(byte) {
        state = .ground
        control(text, final: Character(Unicode.Scalar(byte)))
      } else if text.utf8.count > 200 {
        unknown.append("CSI \(text)")
        state = .ground
      } else {
        state = .control(text + String(Unicode.Scalar(byte)))
      }
    case .operatingSystem(let sawEscape):
      let isEnd = byte == 0x07 || (sawEscape && byte == UInt8(ascii: "\\"))
      state = isEnd ? .ground : .operatingSystem(sawEscape: byte == 0x1B)
    case .characterSet: state = .ground
    }
  }

  private mutating func ground(_ byte: UInt8) {
    switch byte {
    case 0x1B: state = .escape
    case 0x08: screen.x = max(0, min(screen.x, width - 1) - 1)
    case 0x09: screen.x = min(width - 1, (screen.x / 8 + 1) * 8)
    case 0x0A: screen.lineFeed()
    case 0x0D: screen.x = 0
    case 0x07, 0x00, 0x0E, 0x0F: break
    default: text(byte)
    }
  }

  private mutating func text(_ byte: UInt8) {
    utf8.append(byte)
    let needed = utf8[0] < 0x80 ? 1 : utf8[0] < 0xE0 ? 2 : utf8[0] < 0xF0 ? 3 : 4
    guard utf8.count >= needed else { return }
    if let decoded = String(validating: utf8, as: UTF8.self) {
      for scalar in decoded.unicodeScalars { show(scalar) }
    } else {
      unknown.append("bytes \(utf8) are not UTF-8")
    }
    utf8 = []
  }

  private mutating func show(_ scalar: Unicode.Scalar) {
    screen.print(scalar)
    lastPrinted = scalar
  }

  private mutating func escape(_ byte: UInt8) {
    state = .ground
    switch Character(Unicode.Scalar(byte)) {
    case "[": state = .control("")
    case "]": state = .operatingSystem(sawEscape: false)
    case "(", ")": state = .characterSet
    case "M": screen.reverseLineFeed()
    case "D": screen.lineFeed()
    case "7": savedCursor = (screen.x, screen.y)
    case "8": (screen.x, screen.y) = savedCursor
    case "=": isKeypad = true
    case ">": isKeypad = false
    default: unknown.append("ESC \(Character(Unicode.Scalar(byte)))")
    }
  }

  private mutating func control(_ text: String, final: Character) {
    if text.hasPrefix("?") {
      for mode in text.dropFirst().split(separator: ";") { setMode(String(mode), final) }
      return
    }
    if final == "m", text.contains(":") {
      setStyle(Self.withoutColons(text))
      return
    }
    let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
    if !text.isEmpty, numbers.contains(nil), !text.allSatisfy({ $0.isNumber || $0 == ";" }) {
      unknown.append("CSI \(text)\(final)")
      return
    }
    let first = numbers.first.flatMap { $0 }
    let count = max(1, first ?? 1)
    switch final {
    case "H", "f":
      screen.move(x: ((numbers.count > 1 ? numbers[1] : nil) ?? 1) - 1, y: (first ?? 1) - 1)
    case "A": screen.move(x: screen.x, y: screen.y - count)
    case "B": screen.move(x: screen.x, y: screen.y + count)
    case "C": screen.move(x: screen.x + count, y: screen.y)
    case "D": screen.move(x: min(screen.x, width - 1) - count, y: screen.y)
    case "G": screen.move(x: count - 1, y: screen.y)
    case "d": screen.move(x: screen.x, y: count - 1)
    case "Z": screen.move(x: (max(0, screen.x - 1) / 8) * 8, y: screen.y)
    case "J":
      if first == 2 || (screen.x == 0 && screen.y == 0) { clearings += 1 }
      screen.eraseDisplay(first ?? 0)
    case "K": screen.eraseLine(first ?? 0)
    case "X": screen.erase(count)
    case "b":
      repetitions += 1
      for _ in 0..<count { if let lastPrinted { screen.print(lastPrinted) } }
    case "@": screen.insertCharacters(count)
    case "P": screen.deleteCharacters(count)
    case "L": screen.insertLines(count)
    case "M": screen.deleteLines(count)
    case "S": screen.scroll(up: count)
    case "T": screen.scroll(down: count)
    case "r":
      let bottom = (numbers.count > 1 ? numbers[1] : nil) ?? height
      screen.setMargins(top: (first ?? 1) - 1, bottom: bottom)
    case "m": setStyle(text.isEmpty ? [0] : numbers.map { $0 ?? 0 })
    case "l" where first == 4: break  // insert mode off: it is never on
    case "t": break  // the window's title
    default: unknown.append("CSI \(text)\(final)")
    }
  }

  /// ISO 8613-6 parts a colour by colons and names its space, mostly by nothing: "38:2::1:2:3".
  private static func withoutColons(_ text: String) -> [Int] {
    text.split(separator: ";", omittingEmptySubsequences: false).flatMap { part -> [Int] in
      var numbers = part.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
      if numbers.count == 6, numbers[1] == 2 { numbers.remove(at: 2) }
      return numbers.map { $0 ?? 0 }
    }
  }

  private mutating func setMode(_ mode: String, _ final: Character) {
    guard final == "h" || final == "l" else {
      unknown.append("CSI ?\(mode)\(final)")
      return
    }
    let isOn = final == "h"
    switch mode {
    case "1": isApplicationCursor = isOn
    case "7", "12": break  // wrapping and a blinking cursor
    case "25": isCursorVisible = isOn
    case "1049":
      if isOn, mainScreen == nil {
        mainScreen = screen
        screen = ScreenBuffer(width: width, height: height)
        screen.style = style
      } else if !isOn, let main = mainScreen {
        screen = main
        screen.style = style
        mainScreen = nil
      }
    case "1002": tellsMouse = isOn
    case "1006": tellsMouseAsNumbers = isOn
    case "2004": isBracketedPaste = isOn
    case "2026":
      isHoldingFrame = isOn
      if isOn { heldFrames += 1 }
    default: unknown.append("CSI ?\(mode)\(final)")
    }
  }

  private mutating func setStyle(_ parameters: [Int]) {
    var rest = parameters[...]
    while let code = rest.popFirst() {
      switch code {
      case 0: style = Style()
      case 1...9: style.attributes.insert(code)
      case 22: style.attributes.subtract([1, 2])
      case 23...29: style.attributes.remove(code - 20)
      case 39: style.foreground = []
      case 49: style.background = []
      case 30...38, 90...97:
        style.foreground = color(code, &rest)
        hasSetColors = true
      case 40...48, 100...107:
        style.background = color(code, &rest)
        hasSetColors = true
      default: unknown.append("SGR \(code)")
      }
    }
  }

  private func color(_ code: Int, _ rest: inout ArraySlice<Int>) -> [Int] {
    guard code == 38 || code == 48, let kind = rest.first else { return [code] }
    let values = rest.prefix(kind == 5 ? 2 : 4)
    rest = rest.dropFirst(values.count)
    return [code] + values
  }
}
