import Testing

extension ProgramTests {
  /// A file with several recurrent modules.
  @Suite struct ModuleList {
    private func folder() throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      try folder.write(
        ModelBytes.file([
          ("decoder.lstm.weight_ih_l0", [8, 3]), ("decoder.lstm.weight_hh_l0", [8, 2]),
          ("encoder.gru.weight_ih_l0", [12, 5]), ("encoder.gru.weight_hh_l0", [12, 4]),
          ("torn.weight_ih_l0", [12, 5]),
        ]), to: "m.safetensors")
      return folder
    }

    @Test func aPersonChoosesOnTheScreenAndComesBack() throws {
      let folder = try folder()
      let session = try TerminalSession(
        ["open", "m.safetensors", "--tokens", "0,4,1"], width: 80, height: 24, in: folder)
      try session.waitForFrame("m.safetensors: 3 recurrent modules")
      #expect(session.screen.contains("LSTM, 3 inputs, 2 units"))
      #expect(session.screen.contains("GRU, 5 inputs, 4 units"))
      let list = session.screen.text
      // The first module reads three tokens, which the list says and stays.
      session.type("\r")
      try session.waitForFrame("token 4")
      session.type("j\r")
      try session.waitForStep(0)
      #expect(session.screen.contains("m · encoder.gru"))
      #expect(session.screen.contains("update gate"))
      session.type("q")
      try session.waitForFrame("3 recurrent modules")
      session.type("j\r")
      try session.waitForFrame("'torn.weight_hh_l0' is missing")
      session.type("g")
      try session.wait("the list as before") { $0.text == list }
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      #expect(session.screen.modesLeftOn == [])
      #expect(session.settingsAfter == session.settingsBefore)
    }

    /// A part of a name that fits two narrows the list; one that fits one opens at once.
    @Test func aPartOfANameNarrowsTheList() throws {
      let folder = try folder()
      let session = try TerminalSession(
        ["open", "m.safetensors", "--tokens", "0,1", "--module", "coder"], in: folder)
      try session.waitForFrame("2 recurrent modules")
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      let direct = try TerminalSession(
        ["open", "m.safetensors", "--tokens", "0,1", "--module", "gru"], in: folder)
      try direct.waitForStep(0)
      direct.type("q")
      #expect(try direct.waitForEnd() == .exited(0))
    }

    @Test(arguments: ["open", "trace"])
    func withoutAScreenTheErrorNamesThem(command: String) throws {
      let output = command == "trace" ? ["-o", "-"] : []
      let outcome = try BuiltProgram.run(
        [command, "m.safetensors", "--tokens", "0"] + output, in: folder())
      #expect(outcome.end == .exited(1))
      #expect(
        outcome.error == "Error: m.safetensors: several recurrent modules: 'decoder.lstm', "
          + "'encoder.gru', 'torn'; choose one with --module NAME\n")
    }
  }
}
