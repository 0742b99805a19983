import CTestProcess
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program on a pseudo-terminal, as a person would run it: keys in, a screen out.
///
/// Every wait is for something to happen, with a deadline that only a broken program reaches.
final class TerminalSession {
  private(set) var screen: TerminalEmulator
  /// Every byte that came.
  private(set) var received: [UInt8] = []
  let process: pid_t
  /// The settings of the terminal before the program had it.
  let settingsBefore: TerminalSettings

  private let original: termios
  private var master: Int32
  /// Held open so that the settings can be read when the program has gone.
  private var slave: Int32
  private var ended: ProcessEnd?

  static let patience: Duration = .seconds(8)

  init(
    _ arguments: [String], width: Int = 100, height: Int = 30,
    environment: [String: String] = [:], in folder: TemporaryFolder? = nil,
    executable: String = BuiltProgram.path, typedAhead: String = "", echoes: Bool = true
  ) throws {
    var name = [CChar](repeating: 0, count: 256)
    let master = test_open_terminal(&name, name.count)
    self.master = master
    guard master >= 0 else { throw ChildSpecification.Failure(call: "openpt", code: errno) }
    let terminal = String(
      decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    slave = open(terminal, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard slave >= 0 else { throw ChildSpecification.Failure(call: "open", code: errno) }
    screen = TerminalEmulator(width: width, height: height)
    Self.setSize(of: master, width, height)
    var settings = termios()
    tcgetattr(slave, &settings)
    if !echoes {
      // What nobody reads any more is not shown either.
      settings.c_lflag &= ~tcflag_t(ECHO)
      tcsetattr(slave, TCSANOW, &settings)
    }
    original = settings
    settingsBefore = TerminalSettings(settings)
    if !typedAhead.isEmpty {
      var text = typedAhead
      _ = text.withUTF8 { write(master, $0.baseAddress, $0.count) }
    }
    var child = ChildSpecification(executable: executable, arguments: arguments)
    child.environment = BuiltProgram.environment(environment)
    child.workingFolder = folder?.path
    child.streams = .terminal(terminal)
    process = try child.spawn()
  }

  deinit {
    if ended == nil {
      kill(process, SIGKILL)
      var status: Int32 = 0
      waitpid(process, &status, 0)
    }
    if master >= 0 { close(master) }
    if slave >= 0 { close(slave) }
  }

  var settings: TerminalSettings { TerminalSettings(of: slave) }

  // MARK: - What a person does

  func type(_ text: String) { send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else {
        // A program that has ended reads no more.
        if hasEnded { return }
        pump(milliseconds: 10)
      }
    }
  }

  func resize(width: Int, height: Int) {
    pump(milliseconds: 0)
    screen.resize(width: width, height: height)
    Self.setSize(of: master, width, height)
  }

  func signal(_ number: Int32) { kill(process, number) }

  /// What a shell does when it takes the terminal back by force.
  func restoreSettings() {
    var settings = original
    tcsetattr(slave, TCSANOW, &settings)
  }

  /// Something else than the program writes to the terminal.
  func scribble(_ text: String) { screen.feed(text.utf8) }

  /// Closes the window.
  func hangUp() {
    close(master)
    master = -1
  }

  // MARK: - Waiting

  /// Waits until the screen is as wanted.
  ///
  /// - Throws: `Timeout` with the screen as it was at the end.
  func wait(_ what: String, until condition: (TerminalEmulator) -> Bool) throws {
    let end = ContinuousClock.now + Self.patience
    while true {
      pump(milliseconds: 20)
      if condition(screen) { return }
      if hasEnded {
        pump(milliseconds: 50)
        if condition(screen) { return }
        throw Timeout(what: what, screen: screen.text, end: ended)
      }
      if ContinuousClock.now > end { throw Timeout(what: what, screen: screen.text, end: ended) }
    }
  }

  func waitFor(_ text: String) throws { try wait(text) { $0.contains(text) } }

  /// Waits for a whole frame: the program parks the cursor in the last row when it has drawn one.
  func waitForFrame(_ text: String) throws {
    try wait(text) { $0.contains(text) && $0.cursor == (0, $0.height - 1) }
  }

  /// Waits for the frame of a step.
  func waitForStep(_ step: Int) throws {
    try wait("step \(step)") {
      // In the header, which leaves out the word where it has no room.
      $0.rows[0].contains(" \(step) / ") && $0.cursor == (0, $0.height - 1)
    }
  }

  /// Waits for the frame of a step in which no step ahead is missing: a short sequence is computed
  /// between the first frames.
  func waitForWholeStep(_ step: Int) throws {
    try waitForStep(step)
    try wait("the whole sequence") { screen in
      !screen.text.contains("··") && screen.rows.last?.contains("help") == true
    }
  }

  /// Waits for the end of the program and reads what it left.
  func waitForEnd() throws -> ProcessEnd {
    let end = ContinuousClock.now + Self.patience
    while !hasEnded {
      pump(milliseconds: 5)
      if ContinuousClock.now > end {
        throw Timeout(what: "the program's end", screen: screen.text, end: nil)
      }
    }
    settingsAfter = settings
    close(slave)
    slave = -1
    while master >= 0, pump(milliseconds: 1000) {}
    return ended!
  }

  /// The settings that the program left behind; after `waitForEnd`.
  private(set) var settingsAfter: TerminalSettings?

  /// Waits until the program is stopped (^Z).
  func waitUntilStopped() throws {
    let end = ContinuousClock.now + Self.patience
    var status: Int32 = 0
    while true {
      pump(milliseconds: 5)
      let found = waitpid(process, &status, WNOHANG | WUNTRACED)
      if found == process {
        guard case .stopped = ProcessEnd(status: status) else {
          ended = ProcessEnd(status: status)
          throw Timeout(what: "a stop", screen: screen.text, end: ended)
        }
        return
      }
      if ContinuousClock.now > end {
        throw Timeout(what: "a stop", screen: screen.text, end: nil)
      }
    }
  }

  /// Waits until the program has taken everything that was typed.
  func waitUntilRead() throws {
    try wait("the program to read") { _ in
      var waiting: Int32 = 0
      return ioctl(slave, UInt(FIONREAD), &waiting) == 0 && waiting == 0
    }
  }

  /// Reads until the program sleeps and nothing is on its way.
  func settle() throws {
    let end = ContinuousClock.now + Self.patience
    while pump(milliseconds: 50) {
      if ContinuousClock.now > end {
        throw Timeout(what: "quiet", screen: screen.text, end: nil)
      }
    }
  }

  /// Hundredths of a second that the program has computed for.
  func processorTicks() throws -> Int {
    #if os(Linux)
      // proc(5): fields 14 and 15; the name before them stands in brackets.
      let line = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      let fields = line[(line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ")
      guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else {
        throw ChildSpecification.Failure(call: "/proc/\(process)/stat", code: 0)
      }
      return user + system
    #else
      var usage = rusage_info_v0()
      let code = withUnsafeMutablePointer(to: &usage) {
        $0.withMemoryRebound(to: rusage_info_t?.self, capacity: 1) {
          proc_pid_rusage(process, RUSAGE_INFO_V0, $0)
        }
      }
      guard code == 0 else {
        throw ChildSpecification.Failure(call: "proc_pid_rusage", code: errno)
      }
      return Int((usage.ri_user_time + usage.ri_system_time) / 10_000_000)
    #endif
  }

  struct Timeout: Error, CustomStringConvertible {
    let what: String
    let screen: String
    let end: ProcessEnd?
    var description: String {
      "waited in vain for: \(what)\n\(end.map { "ended: \($0)\n" } ?? "")\(screen)"
    }
  }

  /// Whether the program has ended.
  var isOver: Bool { hasEnded }

  private var hasEnded: Bool {
    if ended != nil { return true }
    var status: Int32 = 0
    if waitpid(process, &status, WNOHANG) == process { ended = ProcessEnd(status: status) }
    return ended != nil
  }

  /// Reads what has come, waiting a little for it.
  ///
  /// - Returns: whether there may be more; false at the end and when nothing came.
  @discardableResult
  private func pump(milliseconds: Int32) -> Bool {
    guard master >= 0 else {
      usleep(UInt32(milliseconds) * 1000)
      return false
    }
    var descriptor = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&descriptor, 1, milliseconds) > 0 else { return false }
    var block = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(master, &block, block.count)
    if count > 0 {
      received += block[..<count]
      screen.feed(block[..<count])
    }
    return count > 0
  }

  private static func setSize(of terminal: Int32, _ width: Int, _ height: Int) {
    var size = winsize()
    size.ws_col = UInt16(width)
    size.ws_row = UInt16(height)
    _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
  }
}

/// The settings of a terminal that a program could leave changed.
struct TerminalSettings: Equatable {
  let input: UInt
  let output: UInt
  let control: UInt
  let local: UInt
  let characters: [UInt8]

  init(of terminal: Int32) {
    var settings = termios()
    tcgetattr(terminal, &settings)
    self.init(settings)
  }

  init(_ settings: termios) {
    input = UInt(settings.c_iflag)
    output = UInt(settings.c_oflag)
    control = UInt(settings.c_cflag)
    local = UInt(settings.c_lflag)
    characters = withUnsafeBytes(of: settings.c_cc) { Array($0) }
  }

  var echoes: Bool { local & UInt(ECHO) != 0 }
}
