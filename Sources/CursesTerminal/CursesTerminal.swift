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
/// ncurses knows terminals: it sets their modes, reads their keys and sizes, and gives them back. What is
/// drawn goes past it, by `FrameWriter`.
///
/// The only code that calls ncurses, whose state is global: there is one at a time, on one thread.
public final class CursesTerminal {
  /// What the terminal has, as far as it says so.
  public let capabilities: Capabilities
  private let screen: OpaquePointer
  /// What keys are read from.
  private let reader: UnsafeMutableRawPointer
  private var frames: FrameWriter
  /// Whether a frame is shown at once.
  private let isSynchronized: Bool
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

  /// How many colours it is drawn in: at first as many as the terminal has.
  public var colors: Capabilities.ColorDepth {
    get { frames.colors }
    set { frames.colors = newValue }
  }

  /// Takes the terminal over.
  ///
  /// - Parameters:
  ///   - environment: `TERM`, `COLORTERM`, `STY` and `NO_COLOR` (https://no-color.org) are looked at.
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
    gs_no_flow_control()
    set_escdelay(25)
    guard let reader = gs_reader() else {
      endwin()
      throw .unknownTerminal(name)
    }
    self.reader = reader
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
    let support = ColorSupport.ofTerminal()
    capabilities = Capabilities(
      colors: support.depth(in: environment),
      unicode: String(cString: gs_codeset()) == "UTF-8")
    frames = FrameWriter(.ofTerminal(support), capabilities)
    isMouseOn = mouse
    isSynchronized = TerminalModes.isSynchronized
    TerminalGuard.arm()
    begin()
  }

  private static let cursorKeys = [
    gs_key_up, gs_key_down, gs_key_right, gs_key_left, gs_key_home, gs_key_end,
  ]

  private static let shiftedKeys = [
    gs_key_shift_up, gs_key_shift_down, gs_key_shift_right, gs_key_shift_left,
  ]

  deinit { close() }

  /// Called when the program dies of a signal, after the terminal was given back: nothing but what
  /// signal-safety(7) allows. `errno` is as it was. Set it before a terminal is taken over.
  public static var lastWords: (@convention(c) (_ signal: Int32) -> Void)? {
    get { TerminalGuard.lastWords }
    set { TerminalGuard.lastWords = newValue }
  }

  /// Columns and rows.
  public var size: (width: Int, height: Int) { (Int(gs_columns()), Int(gs_lines())) }

  /// Shows a grid; only what differs from the last one is sent.
  public func show(_ grid: Grid) {
    let bytes = frames.frame(grid.cropped(width: size.width, height: size.height))
    if grid.cursor == nil { curs_set(0) }
    TerminalOutput.write(
      isSynchronized && !bytes.isEmpty
        ? TerminalModes.frameBegin + bytes + TerminalModes.frameEnd : bytes)
    if grid.cursor != nil { curs_set(1) }
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

  private func takeBack() {
    begin()
    redraw()
  }

  /// Lets ncurses send what it begins with, or what puts its modes back; ours then come after them.
  private func begin() {
    clearok(gs_curscr(), true)
    wrefresh(gs_stdscr())
    setModes(true)
  }

  private func setModes(_ isOn: Bool) {
    TerminalModes.setBracketedPaste(isOn)
    if isMouseOn { TerminalModes.setMouse(isOn) }
  }

  /// Draws everything anew at the next `show`.
  public func redraw() {
    frames.forget()
  }

  /// Gives the terminal back. Calling it again does nothing.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    setModes(false)
    curs_set(1)
    endwin()
    alarm(0)
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
      let kind =
        mouseReports.isReading
        ? gs_read_byte(reader, &value) : gs_read(reader, &decoding, &value)
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
        frames.forget()
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
}
