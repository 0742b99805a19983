import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ProgramTests {
  /// Whatever happens, the terminal is given back as it was found.
  @Suite struct Restoration {
    private func running() throws -> TerminalSession {
      let session = try TerminalSession(["demo", "reber"])
      try session.waitForWholeStep(0)
      #expect(session.screen.isAlternate)
      #expect(session.screen.isBracketedPaste)
      #expect(session.screen.tellsMouse && session.screen.tellsMouseAsNumbers)
      #expect(!session.screen.isCursorVisible)
      #expect(!session.settings.echoes)
      return session
    }

    private func expectRestored(_ session: TerminalSession) {
      #expect(session.screen.modesLeftOn == [])
      #expect(session.settingsAfter == session.settingsBefore)
      #expect(session.screen.unknown == [])
    }

    @Test(arguments: [
      ("q", ProcessEnd.exited(0)), ("\u{03}", .exited(130)), ("\u{1C}", .signalled(SIGQUIT)),
    ])
    func keysThatEnd(keys: String, end: ProcessEnd) throws {
      let session = try running()
      session.type(keys)
      #expect(try session.waitForEnd() == end)
      expectRestored(session)
    }

    @Test(arguments: [
      (SIGTERM, ProcessEnd.exited(143)), (SIGHUP, .exited(129)), (SIGINT, .exited(130)),
      (SIGSEGV, .signalled(SIGSEGV)), (SIGILL, .signalled(SIGILL)), (SIGTRAP, .signalled(SIGTRAP)),
      (SIGABRT, .signalled(SIGABRT)),
    ])
    func signalsThatEnd(number: Int32, end: ProcessEnd) throws {
      let session = try running()
      session.signal(number)
      #expect(try session.waitForEnd() == end)
      expectRestored(session)
    }

    @Test func aSuspendedProgramGivesTheTerminalBackAndTakesItAgain() throws {
      let session = try running()
      session.type("lll")
      try session.waitForStep(3)
      let drawn = session.screen.text
      for _ in 0..<2 {
        session.type("\u{1A}")
        try session.waitUntilStopped()
        try session.wait("the shell's screen") { $0.modesLeftOn.isEmpty }
        #expect(session.settings == session.settingsBefore)
        session.signal(SIGCONT)
        try session.wait("the screen drawn again") { $0.text == drawn && $0.isAlternate }
        #expect(session.screen.isBracketedPaste && session.screen.tellsMouse)
        #expect(!session.screen.isCursorVisible)
        #expect(!session.settings.echoes)
      }
      session.type("l")
      try session.waitForStep(4)
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      expectRestored(session)
    }

    @Test func aWindowResizedWhileSuspendedIsFilledAfterwards() throws {
      let session = try running()
      session.type("\u{1A}")
      try session.waitUntilStopped()
      try session.wait("the shell's screen") { !$0.isAlternate }
      session.resize(width: 140, height: 40)
      session.signal(SIGCONT)
      try session.wait("the footer in the last row") { $0.rows[39].contains("help") }
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      expectRestored(session)
    }

    /// kill -STOP cannot be caught: the shell has the terminal without the program's goodbye.
    @Test func aProgramStoppedHardDrawsItselfAnewWhenItGoesOn() throws {
      let session = try running()
      let drawn = session.screen.text
      session.signal(SIGSTOP)
      try session.waitUntilStopped()
      session.restoreSettings()
      session.scribble("\u{1B}[H\u{1B}[2J$ ls -l")
      session.signal(SIGCONT)
      try session.wait("the screen drawn again") { $0.text == drawn }
      #expect(!session.settings.echoes)
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      expectRestored(session)
    }

    @Test func aClosedWindowEndsTheProgram() throws {
      let session = try running()
      session.hangUp()
      #expect(try session.waitForEnd() == .exited(129))
    }

    @Test func aClosedWindowEndsTheProgramInTheMiddleOfPlaying() throws {
      let session = try running()
      session.type("+++ ")
      try session.waitForStep(2)
      session.hangUp()
      #expect(try session.waitForEnd() == .exited(129))
    }
  }
}
