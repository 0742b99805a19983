import Foundation
import TestRandom
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ProgramTests {
  /// Random bytes typed into the real program, in windows of any size: it lives, answers, and gives the
  /// terminal back. `scripts/monkey` types many more.
  @Suite struct Monkey {
    private static let terminals = [
      "xterm-256color", "xterm-direct", "screen-256color", "tmux-256color", "linux", "vt100",
    ]

    @Test(arguments: terminals, ["UTF-8", "C"])
    func leavesTheTerminalAsItWas(terminal: String, locale: String) throws {
      let variables = ProcessInfo.processInfo.environment
      let kinds = Self.terminals.count * 2
      let events = (variables["GATESCOPE_MONKEY_EVENTS"].flatMap(Int.init) ?? 30 * kinds) / kinds
      let seed = variables["GATESCOPE_MONKEY_SEED"].flatMap(UInt64.init) ?? 1
      var monkey = TypingMonkey(seed: seed, terminal: terminal, locale: locale)
      var left = max(1, events)
      while left > 0 { left -= try monkey.type(left) }
    }

    /// What cannot move its cursor is told so.
    @Test(arguments: ["UTF-8", "C"])
    func aDumbTerminalIsRefused(locale: String) throws {
      let environment = ["TERM": "dumb"].merging(TypingMonkey.variables(locale)) { $1 }
      let session = try TerminalSession(
        ["demo", "reber"], environment: environment, typedAhead: "lll:q\n")
      #expect(try session.waitForEnd() == .exited(1))
      #expect(session.settingsAfter == session.settingsBefore)
    }
  }
}

/// Types into one program after the other, for as long as each lives.
private struct TypingMonkey {
  private var random: SplitMix
  private let terminal: String
  private let locale: String
  private let name: String

  init(seed: UInt64, terminal: String, locale: String) {
    name = "\(terminal), \(locale), seed \(seed)"
    let salt = "\(terminal)\(locale)".utf8.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) }
    random = SplitMix(seed &+ salt)
    self.terminal = terminal
    self.locale = locale
  }

  static func variables(_ locale: String) -> [String: String] {
    locale == "C" ? ["LC_ALL": "C"] : [:]
  }

  /// - Returns: how many events it took until they were through, or the program ended.
  mutating func type(_ count: Int) throws -> Int {
    let folder = try TemporaryFolder()
    var environment = ["TERM": terminal, "HOME": folder.path, "XDG_CONFIG_HOME": folder.path]
    environment.merge(Self.variables(locale)) { $1 }
    if terminal == "xterm-direct" {
      let source = BuiltProgram.repository + "/Tests/GatescopeTests/Fixtures/xterm-direct.ti"
      let outcome = try BuiltProgram.shell("tic -x -o . '\(source)'", in: folder)
      #expect(outcome.end == .exited(0), "\(outcome.error)")
      environment["TERMINFO"] = folder.path
    }
    let session = try TerminalSession(
      ["demo", "reber"], environment: environment, in: folder, echoes: false)
    try session.wait("the lanes") { $0.contains("forget gate") }
    var typed = 0
    while typed < count, !session.isOver {
      // So much at once that the program has to catch up.
      for _ in 0..<min(count - typed, 1 + random.below(40)) {
        typed += 1
        event(session)
      }
      try answers(session)
    }
    try end(session)
    return typed
  }

  private mutating func event(_ session: TerminalSession) {
    switch random.below(40) {
    case 0: session.resize(width: 1 + random.below(500), height: 1 + random.below(200))
    case 1: session.resize(width: 60 + random.below(100), height: 15 + random.below(40))
    case 2: session.type("\u{1B}[200~\(random.element(of: Self.pastes))\u{1B}[201~")
    case 3:
      let bytes = (0..<1 + random.below(8)).map { _ in UInt8(random.below(256)) }
      session.send(bytes.filter { !Self.ending.contains($0) })
    case 4...9:
      let buttons = [0, 0, 0, 1, 2, 32, 32, 35, 64, 65, 66, 4, 16]
      let place = "\(1 + random.below(120));\(1 + random.below(50))"
      session.type(
        "\u{1B}[<\(random.element(of: buttons));\(place)\(random.below(3) > 0 ? "M" : "m")")
    case 10: session.type(random.element(of: ["q", ":q\r", "\u{1B}q"]))
    case 11...16: session.type(random.element(of: Self.sequences))
    case 17: session.type(":\(random.element(of: Self.lines))\r")
    default: session.type(String(Unicode.Scalar(UInt8(32 + random.below(95)))))
    }
  }

  /// A program that hangs leaves what is typed.
  private func answers(_ session: TerminalSession) throws {
    for _ in 0..<8 where !session.isOver {
      do {
        return try session.waitUntilRead()
      } catch let timeout as TerminalSession.Timeout {
        // Ended meanwhile, or busy: a loaded machine is given a minute in all.
        if timeout.end != nil { return }
      }
    }
    if !session.isOver { Issue.record("\(name): does not read what is typed") }
  }

  private mutating func end(_ session: TerminalSession) throws {
    // At ^C the driver throws away what the terminal has not read yet, be it the end of a program that
    // was already leaving; so it comes last, and when all is quiet.
    try? session.settle()
    if random.below(2) == 0 { session.signal(SIGTERM) } else { session.type("\u{03}") }
    let end = try session.waitForEnd()
    // A signal may come when the terminal is given back and all is as usual.
    let ends: [ProcessEnd] = [
      .exited(0), .exited(130), .exited(143), .signalled(SIGINT), .signalled(SIGTERM),
    ]
    #expect(ends.contains(end), "\(name): \(end)")
    #expect(session.screen.modesLeftOn == [], "\(name): \(end)")
    #expect(session.settingsAfter == session.settingsBefore, "\(name): \(end)")
    if terminal == "xterm-256color" { #expect(session.screen.unknown == [], "\(name)") }
    if locale == "C" { #expect(session.received.allSatisfy { $0 < 0x80 }, "\(name)") }
  }

  /// ^C, ^Z and ^\ have tests of their own; ^S and ^Q stop the terminal's driver.
  private static let ending: [UInt8] = [0x03, 0x1A, 0x1C, 0x13, 0x11]
  private static let pastes = ["", "words", "春眠\n", String(repeating: "x/", count: 400), "\u{07}q"]
  private static let sequences = [
    "\u{1B}", "\r", "\t", "\u{7F}", "\u{15}", "\u{0F}", "\u{0C}", "\u{1B}[A", "\u{1B}[B",
    "\u{1B}OC",
    "\u{1B}OD", "\u{1B}[5~", "\u{1B}[6~", "\u{1B}[H", "\u{1B}[F", "\u{1B}[Z", "\u{1B}[1;5C",
    "\u{1B}[",
    "\u{1B}[<0;1", "\u{1B}O", "\u{1B}[200~", "\u{1B}]11;rgb:0/0/0\u{07}", "\u{9B}", "é", "春",
  ]
  private static let lines = [
    "0", "30", "9999999999", "set theme light", "find f[0] < 0.5", "go 3", "view 3", "unit 2",
    "(((",
    "order variance", "help", "play", "mark a", "record x.replay", "screen x.txt", "export x.csv",
  ]
}
