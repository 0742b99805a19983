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

  /// Takes the terminal over.
  ///
  /// - Parameter environment: `TERM` and `NO_COLOR` (https://no-color.org) are looked at.
  public init(environment: [String: String]) throws(TerminalError) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
    let name = environment["TERM"] ?? ""
    gs_use_locale()
    TerminalGuard.remember()
    guard let screen = gs_newterm() else { throw .unknownTerminal(name) }
    self.screen = screen
    guard gs_terminfo("cup") != nil else {
      endwin()
      delscreen(screen)
      throw .cannotMoveCursor(name)
    }
    cbreak()
    noecho()
    nonl()
    set_escdelay(25)
    keypad(gs_stdscr(), true)
    nodelay(gs_stdscr(), true)
    curs_set(0)
    define_key("\u{1B}[200~", Int32(gs_key_paste_begin))
    define_key("\u{1B}[201~", Int32(gs_key_paste_end))
    let unicode = String(cString: gs_codeset()) == "UTF-8"
    let isColored = has_colors() && (environment["NO_COLOR"] ?? "").isEmpty
    let depth = isColored ? Self.startColors() : .none
    capabilities = Capabilities(colors: depth, unicode: unicode)
    colors = ColorPairs(depth: depth)
    TerminalGuard.arm()
    Self.setBracketedPaste(true)
  }

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
    if let input = TerminalGuard.takeSignal() { return [input] }
    var descriptors = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: TerminalGuard.wakeDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    let result = poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: timeout ?? -1))
    if let input = TerminalGuard.takeSignal() { return [input] }
    // An interrupted wait may be a resize, which ncurses tells as a key.
    guard result != 0 || timeout == nil else { return [] }
    let events = readEvents()
    let gone = Int16(POLLHUP) | Int16(POLLERR) | Int16(POLLNVAL)
    if events.isEmpty && result > 0 && descriptors[0].revents != 0 {
      // Readable, yet nothing to read: the other end has gone.
      if descriptors[0].revents & gone != 0 || !hasInput() { return [.end(signal: SIGHUP)] }
    }
    return events.map { .event($0) }
  }

  /// Gives the terminal back, stops as ^Z does everywhere, and takes it again on `fg`.
  public func suspend() {
    Self.setBracketedPaste(false)
    endwin()
    kill(getpid(), SIGSTOP)
    Self.setBracketedPaste(true)
    redraw()
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
    Self.setBracketedPaste(false)
    curs_set(1)
    endwin()
    TerminalGuard.disarm()
    delscreen(screen)
  }

  // MARK: - Input

  private func readEvents() -> [Event] {
    var events: [Event] = []
    var pasted: String.UnicodeScalarView?
    reading: while true {
      var value: UInt32 = 0
      let kind = gs_read(&value)
      switch kind {
      case gs_input_key where value == gs_key_paste_begin:
        pasted = String.UnicodeScalarView()
      case gs_input_key where value == gs_key_paste_end:
        if let text = pasted { events.append(.paste(String(text))) }
        pasted = nil
      case gs_input_key where value == gs_key_resize:
        shown = nil
        wclear(gs_stdscr())
        events.append(.resize(width: size.width, height: size.height))
      case gs_input_key:
        if pasted == nil, let key = KeyNames.key(code: value) { events.append(.key(key)) }
      case gs_input_character:
        guard let scalar = Unicode.Scalar(value) else { continue }
        if pasted != nil {
          pasted!.append(scalar)
        } else if let key = KeyNames.key(character: scalar) {
          events.append(.key(key))
        }
      default:
        break reading
      }
    }
    if let text = pasted { events.append(.paste(String(text))) }
    return events
  }

  private func hasInput() -> Bool {
    var bytes: Int32 = 0
    return ioctl(STDIN_FILENO, UInt(FIONREAD), &bytes) == 0 && bytes > 0
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

  /// Terminals that have it say so in terminfo (BE and BD, ncurses user_caps(5)).
  private static func setBracketedPaste(_ isOn: Bool) {
    guard let sequence = gs_terminfo(isOn ? "BE" : "BD") else { return }
    gs_send(sequence)
  }
}
