import Testing

extension CommandLineTests {
  /// The same input by every way that leads in: standard input, NumPy's files, vocabularies, states.
  @Suite struct InputPaths {
    /// A folder with an LSTM of 3 inputs and 2 units, without a vocabulary.
    private func folder() throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      try folder.write(ModelBytes.lstm(), to: "m.safetensors")
      return folder
    }

    /// What the trace is, or the error.
    private func trace(
      _ options: String..., input: [UInt8] = [], in folder: TemporaryFolder
    ) throws -> String {
      let outcome = try BuiltProgram.run(
        ["trace", "m.safetensors", "-o", "-"] + options, input: input, in: folder)
      #expect(outcome.end == .exited(0), "\(outcome.error)")
      return outcome.text
    }

    @Test(
      arguments: [
        ("list.json", "[\"x\", \"yy\", \"z\"]"), ("map.json", "{\"z\": 2, \"x\": 0, \"yy\": 1}"),
        ("lines", "x\nyy\nz\n"),
      ])
    func aVocabularyGivesTheSymbols(name: String, text: String) throws {
      let folder = try folder()
      try folder.write(Array(text.utf8), to: name)
      let read = try trace("--vocab", name, "--text", "zyyxx", in: folder)
      #expect(read == (try trace("--vocab", name, "--tokens", "2,1,0,0", in: folder)))
      #expect(
        read == (try trace("--vocab", "-", "--text", "zyyxx", input: Array(text.utf8), in: folder)))
      let rows = read.split(whereSeparator: \.isNewline).dropFirst()
      #expect(
        rows.map { $0.split(separator: ",", omittingEmptySubsequences: false)[1] }
          == ["z", "z", "yy", "yy", "x", "x", "x", "x"])
      // Without the vocabulary the same numbers, but no symbols.
      let bare = try trace("--tokens", "2,1,0,0", in: folder)
      #expect(bare != read)
      #expect(bare.hasPrefix("step,token,layer,direction,unit,z,f,i,o,c,h\n0,2,0,fwd,0,"))
    }

    /// What Windows adds to a text is read as if it were not there, unless the model knows it.
    @Test func lineEndsAreReadAsTheModelHasThem() throws {
      let folder = try folder()
      func read(_ text: String, symbols: String) throws -> BuiltProgram.Outcome {
        try folder.write(Array(text.utf8), to: "text")
        try folder.write(Array(symbols.utf8), to: "v.json")
        return try BuiltProgram.run(
          ["trace", "m.safetensors", "-o", "-", "--vocab", "v.json", "--text-file", "text"],
          in: folder)
      }
      func traced(_ tokens: String) throws -> String {
        try trace("--tokens", tokens, "--vocab", "v.json", in: folder)
      }
      let lines = #"["a", "\n", "b"]"#
      let plain = try read("a\nb\n", symbols: lines)
      #expect(try plain.text == traced("0,1,2,1") && plain.error.isEmpty)
      let windows = try read("\u{FEFF}a\r\nb\r\n", symbols: lines)
      #expect(windows.text == plain.text)
      #expect(
        windows.error == "text: line ends of CR LF are read as LF: the model has no CR\n")
      let known = try read("a\r\na\r\n", symbols: #"["a", "\n", "\r"]"#)
      #expect(try known.text == traced("0,2,1,0,2,1") && known.error.isEmpty)
      let whole = try read("a\r\nb", symbols: #"["a", "\r\n", "b"]"#)
      #expect(try whole.text == traced("0,1,2") && whole.error.isEmpty)
      // Without lines the last line end alone is none of the text.
      let none = try read("ab\r\n", symbols: #"["a", "c", "b"]"#)
      #expect(try none.text == traced("0,2") && none.error.isEmpty)
      let alone = try read("a\rb", symbols: lines)
      #expect(alone.end == .exited(1))
      #expect(alone.error.hasPrefix(#"Error: text: "\r" at position 1 is not in"#))
    }

    private static let rows: [[Float]] = [
      [0.25, -1, 3], [0.5, 0.125, -2], [1, 0, -0.5], [2, 4, -8],
    ]

    @Test func numbersComeFromACSVAndFromNumPyAlike() throws {
      let folder = try folder()
      let csv =
        "a,b,c\n"
        + Self.rows.map { $0.map { "\($0)" }.joined(separator: ",") + "\n" }
        .joined()
      try folder.write(Array(csv.utf8), to: "x.csv")
      let flat = Self.rows.flatMap { $0 }
      let single = ModelBytes.npy("<f4", "(4, 3)", flat)
      try folder.write(single, to: "x.npy")
      try folder.write(ModelBytes.npy("<f8", "(4, 3)", flat.map(Double.init)), to: "wide.npy")
      let expected = try trace("--features", "x.csv", in: folder)
      #expect(expected.split(whereSeparator: \.isNewline).count == 1 + 4 * 2)
      #expect(try trace("--features", "x.npy", in: folder) == expected)
      #expect(try trace("--features", "wide.npy", in: folder) == expected)
      #expect(try trace("--features", "-", input: single, in: folder) == expected)
      #expect(try trace("--features", "-", input: Array(csv.utf8), in: folder) == expected)
    }

    @Test func aBatchHasItsSequencesByNumber() throws {
      let folder = try folder()
      let flat = Self.rows.flatMap { $0 }
      let batches = ModelBytes.npy("<f4", "(2, 2, 3)", flat)
      try folder.write(batches, to: "b.npy")
      for (number, rows) in [(0, 0..<6), (1, 6..<12)] {
        try folder.write(ModelBytes.npy("<f4", "(2, 3)", Array(flat[rows])), to: "x.npy")
        let expected = try trace("--features", "x.npy", in: folder)
        #expect(try trace("--features", "b.npy", "--batch", "\(number)", in: folder) == expected)
        #expect(
          try trace("--features", "-", "--batch", "\(number)", input: batches, in: folder)
            == expected)
      }
      let tokens = ModelBytes.npy("<i8", "(2, 3)", [0, 1, 2, 2, 2, 1])
      try folder.write(tokens, to: "t.npy")
      let expected = try trace("--tokens", "2,2,1", in: folder)
      #expect(try trace("--tokens", "t.npy", "--batch", "1", in: folder) == expected)
      #expect(try trace("--tokens", "-", "--batch", "1", input: tokens, in: folder) == expected)
    }

    /// What a trace ends with is what another may begin with.
    @Test func aStateGoesOnWhereATraceHasStopped() throws {
      let folder = try TemporaryFolder()
      func reber(_ options: String...) throws -> [Substring] {
        let outcome = try BuiltProgram.run(
          ["trace", BuiltProgram.reberModel] + options, in: folder)
        #expect(outcome.end == .exited(0), "\(outcome.error)")
        return outcome.text.split(whereSeparator: \.isNewline).dropFirst().map {
          $0.drop { $0 != "," }
        }
      }
      _ = try reber("--text", "BTXSE", "--steps", "2..2", "--signals", "c,h", "-o", "s.npz")
      let whole = try reber("--text", "BTXSE", "-o", "-")
      let rest = try reber("--text", "SE", "--state", "s.npz", "-o", "-")
      #expect(rest.count == 16)
      #expect(rest == Array(whole.suffix(16)))
      #expect(try reber("--text", "SE", "-o", "-") != rest)
    }
  }
}
