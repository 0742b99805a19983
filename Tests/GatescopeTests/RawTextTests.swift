import Testing

extension CommandLineTests {
  /// Nothing that was typed or stands in a file commands the terminal, and no message is longer than
  /// somebody reads.
  @Suite struct RawText {
    /// ESC, NEL and CSI of C1, DEL, a bidi override, a line separator.
    private static let hostile = "\u{1B}[31m\u{85}\u{9B}\u{7F}\u{202E}\u{2066}\u{2028}\u{200F}"
    private static let reber = BuiltProgram.reberModel

    private func expectClean(_ bytes: [UInt8], _ what: String) {
      let text = String(decoding: bytes, as: UTF8.self)
      let raw = text.unicodeScalars.filter {
        let isControl = $0.properties.generalCategory == .control && $0 != "\n"
        return isControl || $0.properties.generalCategory == .format || $0 == "\u{2028}"
      }
      #expect(raw.isEmpty, "\(what): \(text.debugDescription)")
    }

    @Test(
      arguments: [
        ["HOSTILE"], ["help", "HOSTILE"], ["demo", "HOSTILE"], ["trace", "HOSTILE", "--text", "B"],
        ["trace", reber, "--HOSTILE"], ["trace", reber, "--text", "BHOSTILE", "-o", "-"],
        ["trace", reber, "--text-file", "text", "-o", "-"],
        ["trace", reber, "--text-file", "HOSTILE", "-o", "-"],
        ["trace", reber, "--tokens", "1,HOSTILE", "-o", "-"],
        ["trace", reber, "--text", "B", "--units", "HOSTILE", "-o", "-"],
        ["trace", reber, "--text", "B", "-o", "HOSTILE"],
        ["find", reber, "--text", "B", "--where", "f[0] > HOSTILE"],
        ["why", reber, "--text", "BT", "--of", "HOSTILE"],
        ["demo", "reber", "--replay", "replay", "--screen", "-"], ["info", "HOSTILE"],
        ["view", "HOSTILE"], ["train", "HOSTILE", "-o", "x.safetensors"],
        ["evaluate", "HOSTILE"], ["demo", "bad"],
      ])
    func messagesAreEscaped(_ arguments: [String]) throws {
      let folder = try TemporaryFolder()
      try folder.write(Array("B\(Self.hostile)".utf8), to: "text")
      try folder.write(Array("go \(Self.hostile)\n".utf8), to: "replay")
      try folder.makeFolder("bad")
      try folder.write(
        Array("task: \"\\e\\u0085\\u202e\"\ntext: [\u{85}]\n".utf8), to: "bad/demo.yml")
      var environment: [String: String] = [:]
      if arguments.last == "bad" { environment["GATESCOPE_DEMOS"] = folder.path }
      let outcome = try BuiltProgram.run(
        arguments.map { $0.replacing("HOSTILE", with: Self.hostile) }, environment: environment,
        in: folder)
      #expect(outcome.end != .exited(0))
      #expect(!outcome.error.isEmpty)
      expectClean(outcome.output, "\(arguments)")
      expectClean(Array(outcome.error.utf8), "\(arguments)")
    }

    /// A model whose vocabulary holds them: raw in a pipe, as the format has it, escaped on a terminal.
    private func model(in folder: TemporaryFolder) throws {
      try folder.write(ModelBytes.lstm(), to: "m.safetensors")
      try folder.write(Array("[\"a\", \"\u{85}\u{202E}\", \"\u{7F}\"]".utf8), to: "v.json")
    }

    @Test func aTraceIsRawOnlyInAPipe() throws {
      let folder = try TemporaryFolder()
      try model(in: folder)
      let arguments = [
        "trace", "m.safetensors", "--vocab", "v.json", "--tokens", "0,1,2", "-o", "-",
        "--signals", "c", "--units", "0",
      ]
      let piped = try BuiltProgram.run(arguments, in: folder)
      #expect(piped.text.contains("\u{85}\u{202E}") && piped.text.contains("\u{7F}"))
      let session = try TerminalSession(arguments, in: folder)
      #expect(try session.waitForEnd() == .exited(0))
      let shown = String(decoding: session.received, as: UTF8.self)
      #expect(shown.contains("1,\"\\u{85}\\u{202e}\",0,fwd,0,"), "\(shown.debugDescription)")
      #expect(shown.contains("2,\\u{7f},0,fwd,0,"))
      expectClean(session.received.filter { $0 != 0x0D }, "trace")
    }

    @Test func aScreenShowsNoneOfThem() throws {
      let folder = try TemporaryFolder()
      try model(in: folder)
      for view in ["lanes", "cell", "unit", "text", "table", "compare", "why", "flow"] {
        try folder.write(Array("view \(view)\n".utf8), to: "r")
        let outcome = try BuiltProgram.run(
          [
            "open", "m.safetensors", "--vocab", "v.json", "--tokens", "0,1,2", "--replay", "r",
            "--screen", "-",
          ], in: folder)
        #expect(outcome.end == .exited(0), "\(outcome.error)")
        expectClean(outcome.output, "view \(view)")
      }
    }

    @Test func jsonEscapesThem() throws {
      let folder = try TemporaryFolder()
      let name = "a\u{85}\u{7F}\u{202E}\u{1F600}\u{E0001}"
      try folder.write(
        ModelBytes.container(
          "{\"\(name)\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
          data: Array(repeating: 0, count: 4)), to: "m.safetensors")
      let outcome = try BuiltProgram.run(["info", "m.safetensors", "--json"], in: folder)
      expectClean(outcome.output, "info --json")
      #expect(outcome.text.contains("a\\u0085\\u007f\\u202e\u{1F600}\\udb40\\udc01"))
    }

    @Test(
      arguments: [
        ["find", reber, "--text", "BT", "--where", "LONG"],
        ["find", reber, "--text", "BT", "--where", "f[0] > 0 and LONG"],
        ["why", reber, "--text", "BT", "--of", "LONG"],
        ["trace", reber, "--text", "BT", "--units", "LONG", "-o", "-"],
        ["trace", reber, "--tokens", "1,LONG", "-o", "-"], ["LONG"], ["trace", reber, "--LONG"],
      ])
    func aLongArgumentIsNotSaidWhole(_ arguments: [String]) throws {
      for long in [String(repeating: "x", count: 5000), String(repeating: "(", count: 30_000)] {
        let outcome = try BuiltProgram.run(arguments.map { $0.replacing("LONG", with: long) })
        let lines = outcome.error.split(separator: "\n")
        #expect(lines.allSatisfy { $0.unicodeScalars.count <= 600 }, "\(lines.map(\.count))")
        #expect(outcome.end != .exited(0))
      }
    }

    @Test func aLongLineOfAReplayIsNotSaidWhole() throws {
      let folder = try TemporaryFolder()
      try folder.write(Array("go 1\n\(String(repeating: "x", count: 9000))\n".utf8), to: "r")
      let outcome = try BuiltProgram.run(
        ["demo", "reber", "--replay", "r", "--screen", "-"], in: folder)
      #expect(outcome.end == .exited(1))
      #expect(outcome.error.hasPrefix("Error: r: line 2: \(String(repeating: "x", count: 200))…: "))
      #expect(outcome.error.count <= 600)
    }

    /// The fault is in what is shown, and the mark under it.
    @Test(arguments: [0, 150, 1900, 3700])
    func theMarkStandsUnderTheFault(_ place: Int) throws {
      let blanks = (
        String(repeating: " ", count: place), String(repeating: " ", count: 3900 - place)
      )
      let outcome = try BuiltProgram.run(
        ["find", Self.reber, "--text", "BT", "--where", blanks.0 + "qq > 1" + blanks.1])
      let lines = outcome.error.split(separator: "\n").map(Array.init)
      try #require(lines.count == 3)
      #expect(lines[1].count <= 204)
      let mark = try #require(lines[2].firstIndex(of: "^"))
      #expect(lines[1][mark] == "q")
    }
  }

  /// What cannot be written, and what never ends.
  @Suite struct Limits {
    #if os(Linux)
      @Test(
        arguments: [
          ["info", BuiltProgram.reberModel], ["info", BuiltProgram.reberModel, "--json"],
          ["--help"], ["trace", "--help"], ["help", "train"], ["--version"], ["demo"],
          ["trace", BuiltProgram.reberModel, "--text", "BT", "-o", "-"],
          ["demo", "reber", "--screen", "-"],
        ])
      func aFullDiskIsALine(_ arguments: [String]) throws {
        let words = arguments.map { "'\($0)'" }.joined(separator: " ")
        let outcome = try BuiltProgram.shell("\"$G\" \(words) >/dev/full")
        #expect(outcome.end == .exited(1))
        #expect(outcome.error == "Error: standard output: cannot write: No space left on device\n")
      }

      /// The runtime's own words, without its trace of the stack.
      @Test func memoryThatIsNotThereIsALine() throws {
        let outcome = try BuiltProgram.shell(
          """
          ulimit -v 2000000; export GATESCOPE_READ_LIMIT=64G
          "$G" trace '\(BuiltProgram.reberModel)' --text-file /dev/zero -o -
          """)
        #expect(outcome.end == .exited(1))
        #expect(outcome.error.split(separator: "\n").count == 1, "\(outcome.error)")
      }
    #endif

    @Test func theLimitCanBeRaised() throws {
      let folder = try TemporaryFolder()
      let text = String(repeating: "BTXSPVE", count: 200_000)
      try folder.write(Array(text.utf8), to: "text")
      let arguments = [
        "trace", BuiltProgram.reberModel, "--text-file", "text", "--steps", "0..1", "-o", "-",
      ]
      let stopped = try BuiltProgram.run(
        arguments, environment: ["GATESCOPE_READ_LIMIT": "1M"], in: folder)
      #expect(stopped.end == .exited(1))
      #expect(stopped.error.contains("text: is longer than 1M"))
      let read = try BuiltProgram.run(
        arguments, environment: ["GATESCOPE_READ_LIMIT": "2M"], in: folder)
      #expect(read.end == .exited(0) && read.error.isEmpty)
      let wrong = try BuiltProgram.run(["demo"], environment: ["GATESCOPE_READ_LIMIT": "much"])
      #expect(wrong.end == .exited(64))
      #expect(wrong.error.contains("GATESCOPE_READ_LIMIT: 'much' is no size"))
    }

    /// Every kind of text that is read, as Windows ends its lines.
    @Test(
      arguments: [
        "trace REBER --text-file FILE -o -|BTX\n",
        "trace REBER --sequences FILE -o -|BTX\nBTS\n",
        "trace REBER --sequences FILE.jsonl -o -|{\"text\":\"BTX\"}\n{\"text\":\"BTS\"}\n",
        "trace ADDING --features FILE -o -|number,mark\n0.5,1\n0.25,0\n",
        "trace REBER --vocab FILE --text abc -o -|a\nb\nc\nd\ne\nf\ng\n",
        "trace REBER --vocab FILE.dict --text abc -o -|a 0\nb 1\nc 2\nd 3\ne 4\nf 5\ng 6\n",
        "trace REBER --vocab FILE.json --text abc -o -|[\"a\",\n\"b\",\"c\",\"d\",\"e\",\"f\",\"g\"]\n",
        "view FILE.csv --screen -|step,unit,c,h\n0,0,1,0.5\n1,0,2,0.25\n",
        "demo reber --screen - --replay FILE|go 3\nview cell\n",
      ])
    func linesMayEndInCRLF(_ example: String) throws {
      let parts = example.split(separator: "|")
      var found: [String] = []
      for text in [String(parts[1]), String(parts[1]).replacing("\n", with: "\r\n")] {
        let folder = try TemporaryFolder()
        let words: [String] = parts[0].split(separator: " ").map { word in
          String(word).replacing("REBER", with: BuiltProgram.reberModel)
            .replacing("ADDING", with: BuiltProgram.addingModel)
        }
        let name = words.first { $0.hasPrefix("FILE") } ?? "FILE"
        try folder.write(Array(text.utf8), to: name)
        let outcome = try BuiltProgram.run(words, in: folder)
        #expect(outcome.end == .exited(0), "\(outcome.error)")
        found.append(outcome.text)
      }
      #expect(found[0] == found[1])
      #expect(!found[0].isEmpty)
    }
  }
}
