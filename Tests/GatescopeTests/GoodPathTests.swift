import Testing

extension CommandLineTests {
  /// What works without a screen.
  @Suite struct GoodPaths {
    private func trace(_ options: String...) -> [String] {
      ["trace", BuiltProgram.reberModel, "--text", "BTBPVVETE"] + options
    }

    @Test(arguments: ["unit", "long", "wide"])
    func standardOutputGetsWhatAFileGets(layout: String) throws {
      let folder = try TemporaryFolder()
      let toFile = try BuiltProgram.run(trace("--layout", layout, "-o", "t.csv"), in: folder)
      #expect(toFile.end == .exited(0))
      #expect(toFile.output.isEmpty && toFile.error.isEmpty)
      let toOutput = try BuiltProgram.run(trace("--layout", layout, "-o", "-"), in: folder)
      #expect(toOutput.end == .exited(0))
      #expect(toOutput.error.isEmpty)
      #expect(try folder.read("t.csv") == toOutput.output)
      #expect(toOutput.output.count > 1000)
    }

    /// A file is replaced where that was said; what goes into a pipe replaces nothing.
    @Test func aFileIsReplacedByForce() throws {
      let folder = try TemporaryFolder()
      let expected = try BuiltProgram.run(trace("-o", "-")).output
      let hits = ["find", BuiltProgram.reberModel, "--text", "BTX", "--where", "1 > 0"]
      for arguments in [trace("-o", "t.csv", "--force"), hits + ["-o", "t.csv", "--force"]] {
        try folder.write(Array("old".utf8), to: "t.csv")
        let outcome = try BuiltProgram.run(arguments, in: folder)
        #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
        #expect(try folder.read("t.csv") != Array("old".utf8))
      }
      let pipe = try BuiltProgram.shell(
        """
        mkfifo p.csv; cat p.csv & "$G" trace '\(BuiltProgram.reberModel)' --text BTBPVVETE -o p.csv
        wait
        """, in: folder)
      #expect(pipe.output == expected)
    }

    @Test func textComesFromStandardInputAndFromFilesAlike() throws {
      let folder = try TemporaryFolder()
      try folder.write(Array("BTBPVVETE\n".utf8), to: "text")
      let direct = try BuiltProgram.run(trace("-o", "-"))
      let model = BuiltProgram.reberModel
      let piped = try BuiltProgram.run(
        ["trace", model, "--text-file", "-", "-o", "-"], input: Array("BTBPVVETE\n".utf8))
      let file = try BuiltProgram.run(
        ["trace", model, "--text-file", "text", "-o", "-"], in: folder)
      let tokens = try BuiltProgram.run(
        ["trace", model, "--tokens", "0,1,0,2,5,5,6,1,6", "-o", "-"])
      #expect(direct.end == .exited(0))
      #expect(!direct.output.isEmpty)
      #expect(piped.output == direct.output)
      #expect(file.output == direct.output)
      #expect(tokens.output == direct.output)
    }

    @Test func anNPZIsAZipArchiveWithTheArrays() throws {
      let folder = try TemporaryFolder()
      let outcome = try BuiltProgram.run(trace("-o", "t.npz"), in: folder)
      #expect(outcome.end == .exited(0))
      let bytes = try folder.read("t.npz")
      #expect(bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]))
      let text = String(decoding: bytes, as: Unicode.ASCII.self)
      for name in ["l0_fwd_z.npy", "l0_fwd_c.npy", "l0_fwd_h.npy", "tokens.npy", "x.npy"] {
        #expect(text.contains(name))
      }
    }

    @Test func selectionsNarrowTheRows() throws {
      let outcome = try BuiltProgram.run(
        trace("--steps", "2..3", "--units", "0,7", "--signals", "c,h", "-o", "-"))
      #expect(outcome.end == .exited(0))
      let lines = outcome.text.split(whereSeparator: \.isNewline)
      #expect(lines.first == "step,token,layer,direction,unit,c,h")
      #expect(
        lines.dropFirst().map { $0.split(separator: ",").prefix(5).joined(separator: ",") } == [
          "2,B,0,fwd,0", "2,B,0,fwd,7", "3,P,0,fwd,0", "3,P,0,fwd,7",
        ])
    }

    /// `| head`: enough was read to make the writer notice, and it ends without a word.
    @Test func aReaderThatHasSeenEnoughIsNoFailure() throws {
      let text = String(repeating: "BTXSE", count: 2000)
      let outcome = try BuiltProgram.shell(
        """
        { "$G" trace '\(BuiltProgram.reberModel)' --text \(text) -o -; echo $? >&2; } | head -1
        """)
      #expect(outcome.text == "step,token,layer,direction,unit,z,f,i,o,c,h\n")
      #expect(outcome.error == "0\n")
    }

    @Test func demosAreListed() throws {
      let outcome = try BuiltProgram.run(["demo"])
      #expect(outcome.end == .exited(0))
      #expect(outcome.text.contains("reber"))
      #expect(outcome.error.isEmpty)
      #expect(try BuiltProgram.run([]).text == outcome.text)
    }

    @Test func theVersionIsALine() throws {
      let outcome = try BuiltProgram.run(["--version"])
      #expect(outcome.end == .exited(0))
      let numbers = outcome.text.dropLast().split(separator: ".").map { Int($0) }
      #expect(numbers.count == 3 && !numbers.contains(nil))
    }

    @Test(arguments: [
      [], ["demo"], ["open"], ["view"], ["info"], ["trace"], ["find"], ["train"], ["evaluate"],
    ])
    func helpSaysHow(command: [String]) throws {
      for arguments in [command + ["--help"], ["help"] + command] {
        let outcome = try BuiltProgram.run(arguments)
        #expect(outcome.end == .exited(0))
        #expect(outcome.error.isEmpty)
        #expect(outcome.text.hasPrefix("OVERVIEW: "))
        #expect(
          outcome.text.contains("USAGE: gatescope \((command + [""]).joined(separator: " "))"))
      }
    }
  }
}
