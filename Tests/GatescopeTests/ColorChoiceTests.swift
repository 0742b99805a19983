import Screen
import Testing

@testable import CursesTerminal

/// How many colours: what the terminal says, what a person says, and what is sent then.
@Suite struct ColorSupportTests {
  /// terminfo's colours, whether it has RGB or Tc, and the environment.
  static let cases: [(Int, Bool, [String: String], Capabilities.ColorDepth)] = [
    (256, false, [:], .indexed), (88, false, [:], .sixteen), (16, false, [:], .sixteen),
    (8, false, [:], .eight), (-1, false, [:], .none), (2, false, [:], .none),
    (1 << 24, true, [:], .direct), (256, true, [:], .direct),
    (256, false, ["COLORTERM": "truecolor"], .direct),
    (256, false, ["COLORTERM": "24bit"], .direct),
    (8, false, ["COLORTERM": "truecolor"], .direct),
    (256, false, ["COLORTERM": "TrueColor"], .direct), (256, false, ["COLORTERM": "yes"], .indexed),
    (256, false, ["COLORTERM": ""], .indexed), (-1, false, ["COLORTERM": "truecolor"], .none),
    (256, false, ["COLORTERM": "truecolor", "TERM": "tmux-256color", "TMUX": "x"], .direct),
    (256, false, ["COLORTERM": "truecolor", "TERM": "screen-256color", "TMUX": "x"], .direct),
    // GNU screen hands on what its own terminal could do.
    (256, false, ["COLORTERM": "truecolor", "TERM": "screen-256color", "STY": "1.x"], .indexed),
    (256, true, ["COLORTERM": "truecolor", "TERM": "screen-256color", "STY": "1.x"], .direct),
    (256, false, ["COLORTERM": "truecolor", "NO_COLOR": "1"], .none),
    (1 << 24, true, ["NO_COLOR": "1"], .none), (256, false, ["NO_COLOR": ""], .indexed),
  ]

  @Test(arguments: cases.indices)
  func theTerminalSays(_ index: Int) {
    let (colors, isDirect, environment, depth) = Self.cases[index]
    let support = ColorSupport(colors: colors, isDirect: isDirect)
    #expect(support.depth(in: environment) == depth)
  }
}

extension ProgramTests {
  /// On the bytes sent.
  @Suite struct ColorChoices {
    /// The codes of colours that a session sent, the ground's of the lanes first.
    struct Sent: Equatable {
      /// Of the place before the title's name: the bar of the theme.
      var bar: [Int]
      /// "2" for 24 bits, "5" for 256, "" for plain codes.
      var kinds: Set<String>
    }

    private func sent(
      _ environment: [String: String] = [:], _ arguments: [String] = [],
      kind: String = "xterm-256color"
    ) throws -> Sent {
      let session = try TerminalSession(
        ["demo", "reber"] + arguments, environment: ["TERM": kind].merging(environment) { $1 })
      try session.wait("the lanes") { $0.contains("forget gate") }
      session.type("ll")
      try session.waitForStep(2)
      #expect(session.screen.repetitions == 0)
      return Self.sent(session)
    }

    private static func sent(_ session: TerminalSession) -> Sent {
      var kinds: Set<String> = []
      let screen = session.screen
      for y in 0..<screen.height {
        for x in 0..<screen.width {
          let style = screen.style(x: x, y: y)
          for code in [style.foreground, style.background] where !code.isEmpty {
            kinds.insert(code.count > 1 ? String(code[1]) : "")
          }
        }
      }
      return Sent(bar: screen.style(x: 0, y: 0).background, kinds: kinds)
    }

    static let direct = Sent(bar: [48, 2, 0x1F, 0x21, 0x29], kinds: ["2"])
    static let indexed = Sent(bar: [48, 5, 235], kinds: ["5"])
    static let plain = Sent(bar: [], kinds: [""])
    static let none = Sent(bar: [], kinds: [])

    @Test func colortermMeans24Bits() throws {
      for value in ["truecolor", "24bit"] {
        #expect(try sent(["COLORTERM": value]) == Self.direct)
        #expect(try sent(["COLORTERM": value], kind: "tmux-256color") == Self.direct)
      }
      #expect(try sent(["COLORTERM": ""]) == Self.indexed)
      #expect(try sent(["COLORTERM": "truecolor", "NO_COLOR": "1"]) == Self.none)
      #expect(try sent(["COLORTERM": "truecolor"], kind: "vt100") == Self.none)
    }

    /// RGB with numbers of 24 bits, as xterm-direct has it, and tmux's Tc.
    @Test func terminfoMeans24Bits() throws {
      let folder = try TemporaryFolder()
      for name in ["xterm-direct", "tmux-true"] {
        let source = BuiltProgram.repository + "/Tests/GatescopeTests/Fixtures/\(name).ti"
        let outcome = try BuiltProgram.shell("tic -x -o . '\(source)'", in: folder)
        #expect(outcome.end == .exited(0), "\(outcome.error)")
        #expect(try sent(["TERMINFO": folder.path], kind: name) == Self.direct, "\(name)")
        #expect(
          try sent(["TERMINFO": folder.path], ["--colors", "256"], kind: name) == Self.indexed)
      }
    }

    /// Frames are marked where terminfo has `Sync`, and nowhere else.
    @Test func framesAreShownAtOnceWhereTheTerminalSaysSo() throws {
      let folder = try TemporaryFolder()
      let source = BuiltProgram.repository + "/Tests/GatescopeTests/Fixtures/tmux-sync.ti"
      let outcome = try BuiltProgram.shell("tic -x -o . '\(source)'", in: folder)
      #expect(outcome.end == .exited(0), "\(outcome.error)")
      for (kind, isMarked) in [("tmux-sync", true), ("tmux-256color", false)] {
        let session = try TerminalSession(
          ["demo", "reber"], environment: ["TERM": kind, "TERMINFO_DIRS": folder.path + ":"])
        try session.waitForStep(0)
        session.type("ll")
        try session.waitForStep(2)
        session.type("q")
        #expect(try session.waitForEnd() == .exited(0))
        #expect((session.screen.heldFrames >= 2) == isMarked)
        #expect(!session.screen.isHoldingFrame)
      }
    }

    @Test(arguments: [
      ("24bit", direct), ("256", indexed), ("16", plain), ("8", plain), ("none", none),
      ("auto", indexed),
    ])
    func aPersonSays(_ choice: String, _ expected: Sent) throws {
      #expect(try sent([:], ["--colors", choice]) == expected)
      // What is said on the command line counts more than what the environment wants for all programs.
      #expect(
        try sent(["NO_COLOR": "1"], ["--colors", choice])
          == (choice == "auto" ? Self.none : expected)
      )
      #expect(
        try sent(["COLORTERM": "truecolor"], ["--colors", choice])
          == (choice == "auto" ? Self.direct : expected))
    }

    @Test func colorsCanBeSet() throws {
      let folder = try TemporaryFolder()
      try folder.makeFolder("gatescope")
      try folder.write(Array("colors: 24bit\n".utf8), to: "gatescope/config.yml")
      #expect(try sent(["XDG_CONFIG_HOME": folder.path]) == Self.direct)
      #expect(try sent(["XDG_CONFIG_HOME": folder.path], ["--colors", "16"]) == Self.plain)

      let session = try TerminalSession(["demo", "reber"])
      try session.waitForStep(0)
      for (choice, expected) in [
        ("24bit", Self.direct), ("none", Self.none), ("8", Self.plain), ("256", Self.indexed),
        ("24bit", Self.direct), ("auto", Self.indexed),
      ] {
        session.type(":set colors \(choice)\r")
        try session.waitForFrame("colors: \(choice == "auto" ? "256" : choice)  (auto, 24bit")
        #expect(Self.sent(session) == expected, "\(choice)")
      }
    }

    @Test func anythingElseIsRefused() throws {
      let outcome = try BuiltProgram.run(["demo", "reber", "--colors", "many"])
      #expect(outcome.end == .exited(64))
      #expect(outcome.error.contains("'--colors <colors>'"), "\(outcome.error)")
    }
  }
}
