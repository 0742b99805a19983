import Testing

extension CommandLineTests {
  /// `trace` writes a file, `view` shows it as `open` shows the model.
  @Suite struct View {
    private static let tokens = "0,1,2,2,1,0,0,1"

    /// A folder with a model without a readout, and its trace in every format.
    private static let folder = Result { () throws -> TemporaryFolder in
      let folder = try TemporaryFolder()
      try folder.write(ModelBytes.lstm(), to: "m.safetensors")
      try folder.write(Array("last-step\nstep-back 2\nnext-unit\n".utf8), to: "keys")
      let trace = ["trace", "m.safetensors", "--tokens", tokens]
      let narrow = ["--steps", "2..5", "--units", "1", "--signals", "f,c,h"]
      for options in [
        ["-o", "t.npz"], ["-o", "t.csv"], ["-o", "l.csv", "--layout", "long"],
        ["-o", "w.csv", "--layout", "wide"], ["-o", "n.npz"] + narrow, ["-o", "n.csv"] + narrow,
      ] {
        let outcome = try BuiltProgram.run(trace + options, in: folder)
        #expect(outcome.end == .exited(0))
      }
      return folder
    }

    /// The screen after some commands.
    private func screen(_ arguments: [String], _ keys: String, size: String) throws -> [Substring] {
      let outcome = try BuiltProgram.run(
        arguments + ["--replay", keys, "--screen", "-", "--size", size],
        in: try Self.folder.get())
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      return outcome.text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    @Test(arguments: ["t.npz", "t.csv", "l.csv", "w.csv"], ["80x24", "120x40"])
    func looksAsTheModelDid(file: String, size: String) throws {
      let opened = try screen(
        ["open", "m.safetensors", "--tokens", Self.tokens], "keys", size: size)
      let viewed = try screen(["view", file], "keys", size: size)
      #expect(viewed.first?.contains(file) == true)
      // The first row says what is open.
      #expect(Array(viewed.dropFirst()) == Array(opened.dropFirst()))
      #expect(opened.count > 20)
    }

    @Test(arguments: ["t.npz", "t.csv", "n.npz", "n.csv"])
    func exportsWhatItWasMadeOf(file: String) throws {
      let folder = try Self.folder.get()
      let ending = file.split(separator: ".")[1]
      let copy = "copy-\(file.first!).\(ending)"
      try folder.write(Array("export \(copy)\n".utf8), to: "export-\(file)")
      _ = try screen(["view", file], "export-\(file)", size: "80x24")
      #expect(try folder.read(copy) == folder.read(file))
    }

    @Test func aPartHasTheNumbersOfTheWhole() throws {
      let screen = try screen(["view", "n.npz"], "keys", size: "80x24").joined(separator: "\n")
      #expect(screen.contains("step 3 in 2..5"))
      #expect(screen.contains("unit 1 "))
      #expect(screen.contains("not in this trace: z, i, o"))
    }

    @Test func lstmVisIsOpenedWithItsWords() throws {
      let folder = BuiltProgram.repository + "/Tests/TraceFilesTests/Fixtures/lstmvis"
      let screen = try screen(["view", folder + "/states.hdf5"], "keys", size: "80x24")
        .joined(separator: "\n")
      #expect(screen.contains("<eos> the cat cat <eos>"))
      #expect(screen.contains("states.hdf5"))
      let words = try self.screen(
        [
          "view", folder + "/../bare.npz", "--tokens", folder + "/train.hdf5", "--vocab",
          folder + "/words.dict",
        ], "keys", size: "80x24"
      ).joined(separator: "\n")
      #expect(words.contains("<eos> the cat cat <eos>"))
    }

    @Test func stepsInATerminalAndGivesItBack() throws {
      let session = try TerminalSession(["view", "t.npz"], in: try Self.folder.get())
      try session.waitFor("t.npz")
      session.type("lll")
      try session.waitForStep(3)
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      #expect(session.screen.modesLeftOn == [])
      #expect(session.settingsAfter == session.settingsBefore)
    }
  }
}
