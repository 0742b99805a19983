import Testing

extension ProgramTests {
  /// The file of a person's settings, found, read, and beaten by flags.
  @Suite struct SettingsFiles {
    private func running(_ text: String, _ flags: [String] = []) throws -> TerminalSession {
      let folder = try TemporaryFolder()
      try folder.makeFolder("gatescope")
      try folder.write(Array(text.utf8), to: "gatescope/config.yml")
      let session = try TerminalSession(
        ["demo", "reber"] + flags, width: 120, environment: ["XDG_CONFIG_HOME": folder.path])
      try session.wait("the lanes") { $0.contains("forget gate") }
      return session
    }

    @Test func whatItSaysCounts() throws {
      let session = try running("mouse: off\nkeys:\n  step-forward: [K]\n  quit: [\"!\"]\n")
      session.type("KK")
      try session.waitForStep(2)
      try session.wait("the footer") { $0.contains("! quit") }
      session.type("!")
      #expect(try session.waitForEnd() == .exited(0))
      #expect(!String(decoding: session.received, as: UTF8.self).contains("\u{1B}[?1002h"))
    }

    @Test func aBadLineIsNamedAndTheProgramRuns() throws {
      let session = try running("speed: 7\ntheme: blue\nkeys:\n  step-forward: [K]\n")
      try session.waitFor(
        "config.yml:1: speed cannot be '7'; 1, 2, 4, 8, 16, 30 or 60 can (and 1 more)")
      session.type("K")
      try session.waitForStep(1)
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      let sent = String(decoding: session.received, as: UTF8.self)
      #expect(sent.contains("/gatescope/config.yml:2: theme cannot be 'blue'"))
    }

    @Test func withoutThatFolderItIsInTheHomeFolder() throws {
      let home = try TemporaryFolder()
      try home.makeFolder(".config")
      try home.makeFolder(".config/gatescope")
      try home.write(
        Array("keys: {step-forward: [K]}\n".utf8), to: ".config/gatescope/config.yml")
      // A path that is not absolute does not count.
      let session = try TerminalSession(
        ["demo", "reber"], environment: ["HOME": home.path, "XDG_CONFIG_HOME": "nowhere"])
      try session.waitForStep(0)
      session.type("K")
      try session.waitForStep(1)
    }

    @Test func aFolderInItsPlaceIsSaid() throws {
      let folder = try TemporaryFolder()
      try folder.makeFolder("gatescope")
      try folder.makeFolder("gatescope/config.yml")
      let session = try TerminalSession(
        ["demo", "reber"], environment: ["XDG_CONFIG_HOME": folder.path])
      try session.waitFor("config.yml: is no file; put the settings into one")
    }

    @Test func flagsBeatIt() throws {
      let session = try running("mouse: on\n", ["--no-mouse"])
      #expect(!session.screen.tellsMouse)
      session.type(":set mouse on\r")
      try session.wait("the mouse") { $0.tellsMouse }
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      #expect(session.screen.modesLeftOn == [])
    }
  }
}
