import CNcurses
import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What came while the program waited.
public enum TerminalInput: Sendable, Equatable {
  case event(Event)
  /// ^Z was typed, or somebody sent SIGTSTP: call `suspend`.
  case suspend
  /// SIGINT, SIGTERM or SIGHUP, or the terminal is gone: close and end.
  case end(signal: Int32)
}

/// A terminal taken over by ncurses: shows grids, reads events, and is given back as it was found,
/// whatever happens.
///
/// The only code that calls ncurses, whose state is global: there is one at a time, on one thread.
public final class CursesTerminal {
  public let capabilities: Capabilities
  private let screen: OpaquePointer
  private var colors: ColorPairs
  private var shown: Grid?
  private var isOpen = true
  /// Between the two marks that terminals put around a paste.
  private var isPasting = false
  /// The beginning of a character whose other bytes are still to come.
  private var decoding = mbstate_t()
  /// The beginning of what the terminal says of its mouse.
  private var mouseReports = MouseReports()
  private var emptyReads = 0

  /// Whether the mouse's clicks come as events. While they do, a terminal selects text only with
  /// Shift held.
  public var isMouseOn: Bool {
    didSet { if isOpen, isMouseOn != oldValue { TerminalModes.setMouse(isMouseOn) } }
  }

  /// Takes the terminal over.
  ///
  /// - Parameters:
  ///   - environment: `TERM` and `NO_COLOR` (https://no-color.org) are looked at.
  ///   - mouse: whether the mouse's clicks are wanted.
  public init(environment: [String: String], mouse: Bool) throws(TerminalError) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
    let name = environment["TERM"] ?? ""
    gs_use_locale()
    TerminalGuard.remember()
    let canMoveCursor = gs_can_move_cursor()
    guard canMoveCursor != 0 else { throw .cannotMoveCursor(name) }
    guard canMoveCursor > 0, let screen = gs_newterm() else { throw .unknownTerminal(name) }
    self.screen = screen
    cbreak()
    noecho()
    nonl()
    set_escdelay(25)
    keypad(gs_stdscr(), true)
    nodelay(gs_stdscr(), true)
    curs_set(0)
    // Terminals that ignore the keypad's mode send these whatever terminfo says.
    for (letter, key) in zip("ABCDHF", Self.cursorKeys) {
      define_key("\u{1B}[\(letter)", Int32(key))
      define_key("\u{1B}O\(letter)", Int32(key))
    }
    for (letter, key) in zip("ABCD", Self.shiftedKeys) {
      define_key("\u{1B}[1;2\(letter)", Int32(key))
    }
    define_key("\u{1B}[200~", Int32(gs_key_paste_begin))
    define_key("\u{1B}[201~", Int32(gs_key_paste_end))
    if TerminalModes.hasMouse {
      define_key("\u{1B}[<", Int32(gs_key_mouse))
      define_key("\u{1B}[M", Int32(gs_key_old_mouse))
    }
    let unicode = String(cString: gs_codeset()) == "UTF-8"
    let isColored = has_colors() && (environment["NO_COLOR"] ?? "").isEmpty
    let depth = isColored ? Self.startColors() : .none
    capabilities = Capabilities(colors: depth, unicode: unicode)
    colors = ColorPairs(depth: depth)
    isMouseOn = mouse
    TerminalGuard.arm()
    setModes(true)
  }

  private static let cursorKeys = [
    gs_key_up, gs_key_down, gs_key_right, gs_key_left, gs_key_home, gs_key_end,
  ]

  private static let shiftedKeys = [
    gs_key_shift_up, gs_key_shift_down, gs_key_shift_right, gs_key_shift_left,
  ]

  deinit { close() }

  /// Columns and rows.
  public var size: (width: Int, height: Int) { (Int(gs_columns()), Int(gs_lines())) }

  /// Shows a grid; only what differs from the last one is sent.
  public func show(_ grid: Grid) {
    let old = shown.flatMap { $0.width == grid.width && $0.height == grid.height ? $0 : nil }
    // Every other row at a time: ncurses would else take rows that moved for a scrolled region, and
    // there are terminals that know those only in part. No three rows in a row, no region.
    for parity in [0, 1] {
      var hasChanged = false
      for y in stride(from: parity, to: min(grid.height, size.height), by: 2) {
        hasChanged = putRow(y, of: grid, over: old) || hasChanged
      }
      if parity == 0 && hasChanged { wrefresh(gs_stdscr()) }
    }
    if let cursor = grid.cursor {
      curs_set(1)
      wmove(gs_stdscr(), Int32(cursor.y), Int32(cursor.x))
    } else {
      curs_set(0)
      wmove(gs_stdscr(), Int32(max(0, grid.height - 1)), 0)
    }
    wrefresh(gs_stdscr())
    shown = grid
  }

  /// Waits for input until `timeout` milliseconds have passed (nil: for ever) and gives all there is.
  public func wait(timeout: Int?) -> [TerminalInput] {
    if let inputs = answerSignals() { return inputs }
    var descriptors = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: TerminalGuard.wakeDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    let result = poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: timeout ?? -1))
    if let inputs = answerSignals() { return inputs }
    guard result > 0, descriptors[0].revents != 0 else { return [] }
    let (events, hasRead) = readEvents()
    guard !hasRead else {
      emptyReads = 0
      return events.map { .event($0) }
    }
    // Readable, yet nothing to read: the other end has gone.
    emptyReads += 1
    let gone = Int16(POLLHUP) | Int16(POLLERR) | Int16(POLLNVAL)
    let isGone = descriptors[0].revents & gone != 0 || emptyReads > 50
    return isGone ? [.end(signal: SIGHUP)] : []
  }

  /// Does what signals have asked for, as far as that is the terminal's business.
  ///
  /// - Returns: nil where there was nothing.
  private func answerSignals() -> [TerminalInput]? {
    switch TerminalGuard.takeRequest() {
    case nil: return nil
    case .end(let signal): return [.end(signal: signal)]
    case .suspend: return [.suspend]
    case .takeBack:
      endwin()
      takeBack()
      return []
    case .followSize:
      gs_follow_size()
      return readEvents().events.map { .event($0) }
    }
  }

  /// Gives the terminal back, stops as ^Z does everywhere, and takes it again on `fg`.
  public func suspend() {
    setModes(false)
    curs_set(1)
    endwin()
    kill(getpid(), SIGSTOP)
    TerminalGuard.forgetContinued()
    takeBack()
  }

  /// The next `show` puts ncurses's own modes back and draws everything.
  private func takeBack() {
    setModes(true)
    redraw()
  }

  private func setModes(_ isOn: Bool) {
    TerminalModes.setBracketedPaste(isOn)
    if isMouseOn { TerminalModes.setMouse(isOn) }
  }

  /// Draws everything anew at the next `show`.
  public func redraw() {
    shown = nil
    clearok(gs_curscr(), true)
  }

  /// Gives the terminal back. Calling it again does nothing.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    setModes(false)
    curs_set(1)
    endwin()
    TerminalGuard.disarm()
    delscreen(screen)
  }

  // MARK: - Input

  /// Everything that has been typed; whether there was anything, be it without a meaning.
  private func readEvents() -> (events: [Event], hasRead: Bool) {
    var events: [Event] = []
    var text = String.UnicodeScalarView()
    var hasRead = false
    func endPaste() {
      if !text.isEmpty { events.append(.paste(String(text))) }
      text = String.UnicodeScalarView()
    }
    reading: while true {
      var value: UInt32 = 0
      let kind = mouseReports.isReading ? gs_read_byte(&value) : gs_read(&decoding, &value)
      if kind == gs_input_key { mouseReports.cancel() }
      switch kind {
      case gs_input_none: break reading
      case gs_input_byte:
        let byte = UInt8(truncatingIfNeeded: value)
        if mouseReports.mayGoOn(with: byte) {
          // What is pasted can look like a click.
          if let event = mouseReports.take(byte), !isPasting { events.append(.mouse(event)) }
        } else {
          // A report that was cut short must not cost a person the next key.
          mouseReports.cancel()
          if !isPasting, let key = KeyNames.key(character: Unicode.Scalar(byte)) {
            events.append(.key(key))
          }
        }
      case gs_input_key where value == gs_key_mouse || value == gs_key_old_mouse:
        mouseReports.begin(isOld: value == gs_key_old_mouse)
      case gs_input_key where value == gs_key_paste_begin:
        isPasting = true
      case gs_input_key where value == gs_key_paste_end:
        isPasting = false
        endPaste()
      case gs_input_key where value == gs_key_resize:
        shown = nil
        wclear(gs_stdscr())
        events.append(.resize(width: size.width, height: size.height))
      case gs_input_key:
        if !isPasting, let key = KeyNames.key(code: value) { events.append(.key(key)) }
      case gs_input_character:
        if let scalar = Unicode.Scalar(value) {
          if isPasting {
            text.append(scalar)
          } else if let key = KeyNames.key(character: scalar) {
            events.append(.key(key))
          }
        }
      default:
        break
      }
      hasRead = true
    }
    // A long paste comes in parts; what follows must not be taken for keys.
    endPaste()
    return (events, hasRead)
  }

  // MARK: - Output

  /// Puts the cells of a row that differ from those shown.
  ///
  /// - Returns: whether there were any.
  private func putRow(_ y: Int, of grid: Grid, over old: Grid?) -> Bool {
    var hasChanged = false
    for x in 0..<min(grid.width, size.width) {
      let cell = grid[x, y]
      if cell.scalar == Cell.continuation || (old.map { $0[x, y] == cell } ?? false) { continue }
      put(cell, x: x, y: y)
      hasChanged = true
    }
    return hasChanged
  }

  private func put(_ cell: Cell, x: Int, y: Int) {
    let scalar = capabilities.unicode ? cell.scalar : AsciiGlyphs.glyph(for: cell.scalar)
    gs_put(
      Int32(y), Int32(x), scalar.value,
      gs_attributes(UInt32(cell.style.attributes.rawValue)), colors.pair(for: cell.style))
  }

  private static func startColors() -> Capabilities.ColorDepth {
    start_color()
    use_default_colors()
    let count = gs_colors()
    if gs_has_flag("RGB") != 0 && count >= 1 << 24 { return .direct }
    if count >= 256 { return .indexed }
    if count >= 16 { return .sixteen }
    return count >= 8 ? .eight : .none
  }
}
