import ParquetReading
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension CommandLineTests {
  /// `trace --sequences`.
  @Suite struct Sequences {
    static let lines = [
      "BTBPVVETE", "B", "BPTTVPSEPE", "BTXXVVE", "TX", "PPPPPPPPPPPPPPPPPPPPPPPPE",
    ]

    private func trace(_ options: String...) -> [String] {
      ["trace", BuiltProgram.reberModel] + options
    }

    private func folder() throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      try folder.write(Array(Self.lines.joined(separator: "\n").utf8), to: "lines.txt")
      return folder
    }

    /// Each line's rows are those of `--text`, whatever form the lines come in.
    @Test func everyLineGivesWhatItGivesAlone() throws {
      let folder = try folder()
      var expected = ""
      for (number, line) in Self.lines.enumerated() {
        let rows = try BuiltProgram.run(trace("--text", line, "-o", "-")).text
          .split(separator: "\n")
        if number == 0 { expected += "sequence,\(rows[0])\n" }
        for row in rows.dropFirst() { expected += "\(number),\(row)\n" }
      }
      let file = try BuiltProgram.run(
        trace("--sequences", "lines.txt", "--jobs", "2", "-o", "-"), in: folder)
      #expect(file.end == .exited(0) && file.error.isEmpty)
      #expect(file.text == expected)
      let windows = "\u{FEFF}" + Self.lines.joined(separator: "\r\n") + "\r\n"
      let piped = try BuiltProgram.run(
        trace("--sequences", "-", "--memory", "1M", "-o", "-"), input: Array(windows.utf8))
      #expect(piped.error.isEmpty)
      #expect(piped.text == expected)
    }

    @Test func namesAndTokensComeFromJSON() throws {
      let folder = try TemporaryFolder()
      let objects = """
        {"text": "BTX", "label": [1, {"a": "}"}], "id": "first"}
        {"id": 17, "tokens": [0, 1, 4]}
        {"tokens": [3], "id": null, "more": true}
        """
      try folder.write(Array(objects.utf8), to: "s.jsonl")
      let outcome = try BuiltProgram.run(
        trace("--sequences", "s.jsonl", "--signals", "h", "-o", "s.parquet"), in: folder)
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      let reader = try ParquetReader(folder.read("s.parquet"))
      #expect(
        reader.columns.map(\.name) == [
          "sequence", "id", "step", "token", "layer", "direction", "h",
        ])
      #expect(
        try reader.column("id")
          == Array(repeating: .text("first"), count: 3) + Array(repeating: .text("17"), count: 3)
          + [.null])
      #expect(
        try reader.column("token")
          == [0, 1, 4, 0, 1, 4, 3].map { ParquetReader.Cell.number($0) })
      let h = try reader.column("h")
      #expect(h[0..<3] == h[3..<6])
      #expect(reader.metadata["gatescope.cell"] == "lstm")
      #expect(reader.metadata["gatescope.model"] == "model.safetensors")
      #expect(
        reader.metadata["gatescope.vocabulary"] == #"["B", "T", "P", "S", "X", "V", "E"]"#)
    }

    /// Rows of an array, as long as another says.
    @Test func arraysComeWithTheirLengths() throws {
      let folder = try TemporaryFolder()
      let tokens = ModelBytes.npy("<i8", "(3, 4)", [Int64](repeating: 1, count: 12))
      try folder.write(tokens, to: "tokens.npy")
      try folder.write(
        ModelBytes.npy("<i4", "(3,)", [Int32](repeating: 2, count: 3)), to: "lengths.npy")
      let outcome = try BuiltProgram.run(
        trace(
          "--sequences", "tokens.npy", "--lengths", "lengths.npy", "--reduce", "last", "-o",
          "s.parquet"), in: folder)
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      let reader = try ParquetReader(folder.read("s.parquet"))
      #expect(try reader.column("sequence") == [0, 1, 2].map { ParquetReader.Cell.number($0) })
      #expect(try reader.column("steps") == [2, 2, 2].map { ParquetReader.Cell.number($0) })
    }

    /// One sequence goes to Parquet as many do.
    @Test func oneSequenceIsAFileOfOne() throws {
      let folder = try TemporaryFolder()
      let outcome = try BuiltProgram.run(
        trace("--text", "BTXSE", "-o", "one.parquet"), in: folder)
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      #expect(try ParquetReader(folder.read("one.parquet")).rowCount == 5)
    }

    // MARK: - Shards

    @Test func shardsAreMadeOnceAndTogetherAreTheWhole() throws {
      let folder = try folder()
      func shard(_ name: String, _ more: String...) throws -> BuiltProgram.Outcome {
        try BuiltProgram.run(
          ["trace", BuiltProgram.reberModel, "--sequences", "lines.txt", "--shard", name, "-o"]
            + ["parts"] + more, in: folder)
      }
      for part in 1...4 {
        let outcome = try shard("\(part)/4")
        #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      }
      let names = (1...4).map { "part-0000\($0)-of-00004.parquet" }
      func numbers(_ name: String) throws -> [ParquetReader.Cell] {
        try ParquetReader(folder.read("parts/" + name)).column("sequence")
      }
      let all = Self.lines.enumerated().flatMap { number, line in
        line.map { _ in ParquetReader.Cell.number(number) }
      }
      #expect(try names.flatMap(numbers) == all)
      // 6 sequences in 4 parts.
      #expect(try names.map { Set(try numbers($0).map { "\($0)" }).count } == [2, 2, 1, 1])
      // What is there stays, and what is missing is made again, the same.
      let before = try folder.read("parts/" + names[1])
      try folder.write([1, 2, 3], to: "parts/" + names[0])
      unlink(folder.file("parts/" + names[1]))
      let there = try shard("1/4")
      #expect(there.end == .exited(0))
      #expect(
        there.error
          == "parts/\(names[0]): is there already, nothing to do; --force makes it anew\n")
      #expect(try folder.read("parts/" + names[0]) == [1, 2, 3])
      #expect(try shard("2/4").error.isEmpty)
      #expect(try folder.read("parts/" + names[1]) == before)
      #expect(try shard("1/4", "--force").error.isEmpty)
      #expect(try folder.read("parts/" + names[0]) != [1, 2, 3])
      // More parts than sequences: some are empty, and there.
      #expect(try shard("9/9").end == .exited(0))
      #expect(try numbers("part-00009-of-00009.parquet").isEmpty)
    }

    // MARK: - Bad sequences

    /// A line that is far down, in the last of 100 parts: named, and nothing is left of what was written
    /// before it.
    @Test func anUnknownSymbolIsOneLine() throws {
      let folder = try TemporaryFolder()
      var lines = Array(repeating: "BTX", count: 70_000)
      lines[69_999] = "BTXq"
      lines.append("B")
      try folder.write(Array(lines.joined(separator: "\n").utf8), to: "many.txt")
      let options = ["--sequences", "many.txt", "--shard", "100/100", "-o", "parts"]
      let outcome = try BuiltProgram.run(["trace", BuiltProgram.reberModel] + options, in: folder)
      let fault =
        "many.txt, line 70000: \"q\" at position 3 is not in the model's vocabulary: B T P S X V E\n"
      #expect(outcome.end == .exited(1))
      #expect(outcome.error == "Error: " + fault)
      #expect(try folder.names() == ["many.txt", "parts"])
      #expect(rmdir(folder.file("parts")) == 0)
      let skipped = try BuiltProgram.run(
        ["trace", BuiltProgram.reberModel, "--skip-bad", "--reduce", "last"] + options, in: folder)
      #expect(skipped.end == .exited(0))
      #expect(skipped.error == "many.txt: passed over 1 of 700 sequences: " + fault)
      let numbers = try ParquetReader(folder.read("parts/part-00100-of-00100.parquet"))
        .column("sequence")
      #expect(
        numbers == (69_301...70_000).filter { $0 != 69_999 }.map { ParquetReader.Cell.number($0) })
    }

    struct Bad: Sendable, CustomTestStringConvertible {
      let arguments: String
      var status: Int32 = 1
      let message: String
      var testDescription: String { arguments }
    }

    static let bad: [Bad] = [
      .init(
        arguments: "--sequences none.txt -o t.csv",
        message: "none.txt: cannot be read: No such file or directory"),
      .init(
        arguments: "--sequences . -o t.csv", message: ".: is a directory; give a file of sequences"),
      .init(arguments: "--sequences empty.txt -o t.csv", message: "empty.txt: has no sequences"),
      .init(
        arguments: "--sequences gap.txt -o t.csv",
        message: "gap.txt, line 2: is empty; a sequence has at least one symbol"),
      .init(
        arguments: "--sequences latin.txt -o t.csv", message: "latin.txt, line 2: is not UTF-8"),
      .init(
        arguments: "--sequences open.jsonl -o t.csv",
        message: "open.jsonl, line 2: expected ',' or '}' at byte 12"),
      .init(
        arguments: "--sequences both.jsonl -o t.csv",
        message: "both.jsonl, line 1: has both 'text' and 'tokens'; keep one"),
      .init(
        arguments: "--sequences neither.jsonl -o t.csv",
        message: "neither.jsonl, line 1: has neither 'text' nor 'tokens'"),
      .init(
        arguments: "--sequences far.jsonl -o t.csv",
        message: "far.jsonl, line 1: step 1: token 7 is not one of the network's 7 (0 to 6)"),
      .init(
        arguments: "--sequences deep.jsonl -o t.csv",
        message: "deep.jsonl, line 1: expected a value at byte 100006"),
      .init(
        arguments: "--sequences twice.jsonl -o t.csv",
        message: "twice.jsonl, line 1: expected 'id' once at byte 15"),
      .init(
        arguments: "--sequences tokens.npy -o t.csv",
        message: "tokens.npy, row 0: step 0: token 9 is not one of the network's 7 (0 to 6)"),
      .init(
        arguments: "--sequences ones.npy --lengths five.npy -o t.csv",
        message: "ones.npy, row 0: its length of 5 is not one of 1 to 4"),
      .init(
        arguments: "--sequences ones.npy --lengths two.npy -o t.csv",
        message: "two.npy: has 2 lengths for 3 sequences"),
      .init(
        arguments: "--sequences floats.npy -o t.csv",
        message: "floats.npy: holds F32 where the network takes tokens, whole numbers"),
      .init(
        arguments: "--sequences cube.npy -o t.csv",
        message: "cube.npy: expected (N, T) tokens or (N, T, 7) features, found (2, 3, 2)"),
      .init(
        arguments: "--sequences short.npy -o t.csv",
        message: "short.npy: (3, 4) takes 96 bytes, but there are 95; truncated?"),
      .init(
        arguments: "--sequences zip.npz -o t.csv",
        message: "zip.npz: is an archive; save the array of sequences alone, as .npy"),
      .init(
        arguments: "--sequences gap.txt --lengths two.npy -o t.csv",
        message: "gap.txt: has a sequence a line; --lengths belongs to a .npy"),
      .init(
        arguments: "--sequences gap.txt -o t.xlsx",
        message:
          "t.xlsx: the name must end in .parquet, .npz or .csv, or be - for CSV on standard output"
      ),
      .init(
        arguments: "--sequences gap.txt -o gap.csv",
        message: "gap.csv: already exists; --force replaces it, or give another name"),
      .init(
        arguments: "--sequences gap.txt --shard 1/2 -o gap.csv",
        message: "gap.csv: is there and no folder; --shard writes its part into a folder"),
      .init(
        arguments: "--sequences gap.txt --shard 1/2 -o no/such",
        message: "no/such: the folder cannot be made: No such file or directory"),
      .init(
        arguments: "--sequences gap.txt --shard 0/2 -o parts", status: 64,
        message: "The value '0/2' is invalid for '--shard <k/n>'"),
      .init(
        arguments: "--sequences gap.txt --shard 3/2 -o parts", status: 64,
        message: "The value '3/2' is invalid for '--shard <k/n>'"),
      .init(
        arguments: "--sequences - --shard 1/2 -o parts", status: 64,
        message: "--shard reads a file and writes into a folder, not standard input or output."),
      .init(
        arguments: "--sequences gap.txt --text B -o t.csv", status: 64,
        message: "Give --sequences, or one sequence with --text and the like."),
      .init(
        arguments: "--sequences gap.txt --steps 0..2 -o t.csv", status: 64,
        message: "--steps counts the steps of one sequence; --where 'step < 10' keeps some of each."
      ),
      .init(
        arguments: "--text B --reduce last -o t.csv", status: 64,
        message: "--reduce belongs to --sequences."),
      .init(
        arguments: "--sequences gap.txt --jobs 0 -o t.csv", status: 64,
        message: "--jobs must be a number from 1 to 256."),
    ]

    @Test(arguments: bad) func badInputIsOneLine(_ example: Bad) throws {
      let folder = try TemporaryFolder()
      let nested = String(repeating: "[", count: 100_000)
      for (name, text) in [
        ("empty.txt", ""), ("gap.txt", "B\n\nT"), ("gap.csv", "old"),
        ("open.jsonl", "{\"text\":\"B\"}\n{\"text\":\"B\" "),
        ("both.jsonl", #"{"text": "B", "tokens": [1]}"#), ("neither.jsonl", #"{"id": 3}"#),
        ("far.jsonl", #"{"tokens": [6, 7]}"#), ("deep.jsonl", "{\"a\": \(nested)"),
        ("twice.jsonl", #"{"id": 1, "id": 2, "text": "B"}"#),
      ] { try folder.write(Array(text.utf8), to: name) }
      try folder.write(Array("B\nB".utf8) + [0xE9], to: "latin.txt")
      try folder.write(
        ModelBytes.npy("<i8", "(3, 4)", [Int64](repeating: 9, count: 12)), to: "tokens.npy")
      try folder.write(
        ModelBytes.npy("<i8", "(3, 4)", [Int64](repeating: 1, count: 12)), to: "ones.npy")
      try folder.write(
        ModelBytes.npy("<i8", "(3,)", [Int64](repeating: 5, count: 3)), to: "five.npy")
      try folder.write(
        ModelBytes.npy("<i8", "(2,)", [Int64](repeating: 1, count: 2)), to: "two.npy")
      try folder.write(ModelBytes.npy("<f4", "(3, 4)", data: 48), to: "floats.npy")
      try folder.write(ModelBytes.npy("<f4", "(2, 3, 2)", data: 48), to: "cube.npy")
      try folder.write(ModelBytes.npy("<i8", "(3, 4)", data: 95), to: "short.npy")
      try folder.write(Array("PK\u{3}\u{4}".utf8), to: "zip.npz")
      let names = try folder.names()
      let outcome = try BuiltProgram.run(
        ["trace", BuiltProgram.reberModel]
          + example.arguments.split(separator: " ").map(String.init), in: folder)
      #expect(outcome.end == .exited(example.status))
      if example.status == 64 {
        #expect(outcome.error.split(separator: "\n").first ?? "" == "Error: \(example.message)")
      } else {
        #expect(outcome.error == "Error: \(example.message)\n")
      }
      #expect(try folder.names() == names)
    }

    /// Nothing of a run that is stopped is left, waiting files included.
    @Test(arguments: ["INT", "TERM", "HUP"]) func aStoppedRunLeavesNothing(_ signal: String) throws
    {
      let folder = try TemporaryFolder()
      let line = String(repeating: "BTXSPVE", count: 100)
      let text = Array(repeating: line, count: 20_000).joined(separator: "\n")
      try folder.write(Array(text.utf8), to: "many.txt")
      for name in ["t.parquet", "t.npz"] {
        let outcome = try BuiltProgram.shell(
          """
          "$G" trace '\(BuiltProgram.reberModel)' --sequences many.txt --memory 1M -o \(name) &
          \(BuiltProgram.untilItWrites)
          kill -\(signal) $!
          wait $!
          """, in: folder)
        let codes: [String: Int32] = ["INT": 130, "TERM": 143, "HUP": 129]
        #expect(outcome.end == .exited(codes[signal]!))
        #expect(outcome.error.isEmpty)
        #expect(try folder.names() == ["many.txt"])
      }
    }
  }
}
