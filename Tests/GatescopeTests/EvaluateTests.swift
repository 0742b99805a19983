import Testing

extension CommandLineTests {
  /// What `gatescope evaluate` says of a demo, and when it fails.
  @Suite struct Evaluate {
    /// The demo anbn in a folder of its own, with another line in demo.yml.
    private func demos(_ old: String, _ new: String) throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      let there = try BuiltProgram.shell("cp -R '\(BuiltProgram.demos)/anbn' .", in: folder)
      #expect(there.end == .exited(0))
      let yaml = String(decoding: try folder.read("anbn/demo.yml"), as: UTF8.self)
      #expect(yaml.contains(old))
      try folder.write(Array(yaml.replacing(old, with: new).utf8), to: "anbn/demo.yml")
      return folder
    }

    private func evaluate(_ folder: TemporaryFolder) throws -> BuiltProgram.Outcome {
      try BuiltProgram.run(["evaluate", "anbn"], environment: ["GATESCOPE_DEMOS": folder.path])
    }

    @Test func theSequenceShownIsMeasuredToo() throws {
      let outcome = try BuiltProgram.run(["evaluate", "anbn"])
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      let lines = outcome.text.split(separator: "\n").dropFirst().map { $0.dropFirst(2) }
      #expect(
        lines == [
          "right up to n: 50.0000 (wanted: at least 50.0000)",
          "nats a prediction, fresh sequences: 0.1586",
          "the same on the sequence shown: 0.1243 (wanted: at most 0.1983)",
        ])
    }

    /// A sequence of which the network makes nothing.
    @Test func nonsenseOnTheScreenIsAFailure() throws {
      let outcome = try evaluate(try demos("text: Saaabbbccc", "text: Sabcabcabc"))
      #expect(outcome.end == .exited(1))
      #expect(outcome.text.contains("(wanted: at most 0.1983) — falls short"))
    }

    @Test func anotherErrorThanIsNotedIsAFailure() throws {
      let folder = try demos("error: 0.1586", "error: 0.15")
      let outcome = try evaluate(folder)
      #expect(outcome.end == .exited(1))
      #expect(
        outcome.error == "\(folder.path)/anbn/demo.yml says error: 0.15; write error: 0.1586\n")
      let none = try evaluate(try demos("error: 0.1586\n", ""))
      #expect(none.end == .exited(1) && none.error.contains("says no error; write error: 0.1586"))
    }

    /// Other fresh sequences cost something else, and another model too.
    @Test func anotherSeedOrModelIsNotHeldAgainstTheNote() throws {
      let folder = try demos("error: 0.1586", "error: 0.15")
      for options in [
        ["--seed", "3"], ["--model", BuiltProgram.demos + "/anbn/model.safetensors"],
      ] {
        let outcome = try BuiltProgram.run(
          ["evaluate", "anbn"] + options, environment: ["GATESCOPE_DEMOS": folder.path])
        #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      }
    }

    /// A command file from another system: CR LF, and a mark before the first line.
    @Test func aReplayReadsEveryLineEnd() throws {
      let folder = try TemporaryFolder()
      let lines = ["size 100x30", "# a note", "", "view unit", "go 40"]
      try folder.write(Array(lines.joined(separator: "\n").utf8), to: "lf.gs")
      try folder.write(
        Array(("\u{FEFF}" + lines.map { $0 + "\r\n" }.joined()).utf8), to: "crlf.gs")
      let screens = try ["lf.gs", "crlf.gs"].map { name in
        let outcome = try BuiltProgram.run(
          ["demo", "reber", "--replay", name, "--screen", "-"], in: folder)
        #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
        return outcome.text
      }
      #expect(screens[0] == screens[1] && screens[0].contains("step 40"))
      try folder.write(Array("go 3\r\nfly\r\n".utf8), to: "bad.gs")
      let bad = try BuiltProgram.run(["demo", "reber", "--replay", "bad.gs"], in: folder)
      #expect(bad.error.hasPrefix("Error: bad.gs: line 2: "))
      #expect(!bad.error.contains("\r"))
    }

    /// The demo's folder is found from anywhere.
    @Test func aReplayFindsAVariantFromAnywhere() throws {
      let folder = try TemporaryFolder()
      try folder.write(
        Array("size 120x40\nlane c\ngo 60\ncompare variant rnn\nscreen s.txt\n".utf8),
        to: "session.gs")
      let outcome = try BuiltProgram.run(
        ["demo", "recall", "--replay", "session.gs"], in: folder)
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      let screen = String(decoding: try folder.read("s.txt"), as: UTF8.self)
      #expect(screen.contains("rnn has no c; h comes nearest"))
    }
  }
}
