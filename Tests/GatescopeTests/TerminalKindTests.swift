import Testing

extension ProgramTests {
  /// Terminals that cannot do everything, or nothing.
  @Suite struct TerminalKinds {
    @Test func colorsWhereTheTerminalHasThem() throws {
      let session = try TerminalSession(["demo", "reber"])
      try session.waitForStep(0)
      #expect(session.screen.hasSetColors)
    }

    @Test func noColorMeansNoColor() throws {
      let session = try TerminalSession(["demo", "reber"], environment: ["NO_COLOR": "1"])
      try session.waitForStep(0)
      session.type("l2")
      try session.waitForStep(1)
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      #expect(!session.screen.hasSetColors)
    }

    /// https://no-color.org: only a value that is not empty counts.
    @Test func anEmptyNoColorMeansNothing() throws {
      let session = try TerminalSession(["demo", "reber"], environment: ["NO_COLOR": ""])
      try session.waitForStep(0)
      #expect(session.screen.hasSetColors)
    }

    @Test func onlyASCIIWithoutUTF8() throws {
      let session = try TerminalSession(["demo", "reber"], environment: ["LC_ALL": "C"])
      try session.waitForStep(0)
      session.type("2")
      try session.waitForFrame("tanh")
      session.type("?")
      try session.waitForFrame("moving in time")
      session.type("q")
      try session.waitForStep(0)
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      #expect(session.received.allSatisfy { $0 < 0x80 })
    }

    @Test(arguments: [
      (
        "no-such-terminal",
        "this system does not know the terminal 'no-such-terminal' that TERM names; "
          + "try TERM=xterm-256color"
      ),
      ("", "TERM is not set; try TERM=xterm-256color"),
      (
        "dumb",
        "the terminal 'dumb' cannot move its cursor; `gatescope trace` records without a screen"
      ),
    ])
    func terminalsThatWillNotDo(name: String, message: String) throws {
      let session = try TerminalSession(
        ["demo", "reber"], width: 200, environment: ["TERM": name])
      #expect(try session.waitForEnd() == .exited(1))
      #expect(String(decoding: session.received, as: UTF8.self) == "Error: \(message)\r\n")
      #expect(session.settingsAfter == session.settingsBefore)
    }

    @Test(arguments: ["xterm", "linux", "vt100", "screen-256color", "tmux-256color", "ansi"])
    func otherTerminalsGetAScreenAndGiveItBack(name: String) throws {
      let session = try TerminalSession(["demo", "reber"], environment: ["TERM": name])
      try session.wait("the lanes") { $0.contains("forget gate") }
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      #expect(session.settingsAfter == session.settingsBefore)
    }
  }
}
