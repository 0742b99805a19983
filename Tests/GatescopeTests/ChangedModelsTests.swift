import Testing

extension CommandLineTests {
  /// `evaluate --without`, `generate` and `ablate`.
  @Suite struct ChangedModels {
    private func run(_ line: String, in folder: TemporaryFolder? = nil) throws
      -> BuiltProgram.Outcome
    {
      try BuiltProgram.run(line.split(separator: " ").map(String.init), in: folder)
    }

    // MARK: - Without a gate

    @Test func figuresStandBesideThoseWithoutAGate() throws {
      let outcome = try run("evaluate adding --without o --without f --without o,f")
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      let lines = outcome.text.split(separator: "\n").map(String.init)
      #expect(lines[1].hasSuffix("as it is   without o   without f   without o, f"))
      // An output gate that is open at the end changes nothing; one that never forgets does not either.
      let error = try #require(lines.first { $0.contains("fresh sequences") })
      #expect(error.split(separator: " ").suffix(4).first == "0.0062")
      #expect(lines.contains { $0.contains("the same on the sequence shown") })
    }

    struct Fault: Sendable {
      let line: String
      let code: Int32
      /// What its words begin with.
      let words: String

      init(_ line: String, _ code: Int32, _ words: String) {
        self.line = line
        self.code = code
        self.words = words
      }
    }

    static let faults: [Fault] = [
      Fault(
        "evaluate recall --variant gru --without o", 1,
        """
        Error: DEMOS/recall/model-gru.safetensors: the network has no o; a layer of \
        kind gru can be without r, u, n-from-h, gates-from-h
        """),
      Fault("evaluate recall --without q", 64, "Error: --without: there is no 'q'; "),
      Fault(
        "evaluate recall --without coupld", 64,
        "Error: --without: there is no 'coupld'; did you mean 'coupled'?"),
      Fault(
        "evaluate recall --without f,coupled", 64,
        "Error: --without f,coupled: coupled makes i of f, "),
      Fault("generate anbn -n 0", 64, "Error: -n must be 1 or more."),
      Fault("generate anbn --temperature -1", 64, "Error: "),
      Fault(
        "generate anbn --temperature=-1", 64,
        "Error: --temperature must be a number from 0 on; "),
      Fault(
        "generate anbn --temperature nan", 64,
        "Error: --temperature must be a number from 0 on; "),
      Fault("generate anbn --top-k 0", 64, "Error: --top-k must be 1 or more."),
      Fault("generate anbn --until", 64, "Error: "),
      Fault(
        "generate anbn --prompt SxS", 1,
        "Error: --prompt: \"x\" at position 1 is not in the model's vocabulary: S a b c"),
      Fault(
        "generate anbn --until Q", 1,
        "Error: --until: \"Q\" at position 0 is not in the model's vocabulary: S a b c"),
      Fault("generate anbn --force", 64, "Error: --force belongs to --record."),
      Fault("generate anbn --record t.txt", 1, "Error: "),
      Fault(
        "generate anbm", 1,
        "Error: anbm: No such file or directory, and there is no demo 'anbm'; did you mean 'anbn'?"),
      Fault(
        "trace anbm -o -", 1,
        "Error: anbm: No such file or directory, and there is no demo 'anbm'; did you mean 'anbn'?"),
      Fault(
        "info anbn --module x", 64, "Error: --module=x says how a file is read, but anbn is a demo"),
      Fault("open anbn", 64, "Error: 'anbn' is no file but a demo; 'gatescope demo anbn' opens it"),
      Fault(
        "find recall --variant xx --where h[0]>0", 64, "Error: demo 'recall' has no variant 'xx'"),
      Fault(
        "generate DEMOS/anbn/model.safetensors", 64,
        "Error: No beginning: give --prompt "),
      Fault(
        "generate DEMOS/anbn/model.safetensors --variant gru --prompt S", 64,
        "Error: --variant is "),
      Fault(
        "generate order", 1,
        "Error: DEMOS/order/model.safetensors: the readout gives 4 outputs, but "),
      Fault(
        "generate adding", 1,
        """
        Error: DEMOS/adding/model.safetensors: the readout gives 1 number a step, but a \
        step takes 2, so the model cannot run on its own output
        """),
      Fault(
        "generate mackey-glass --temperature 1", 64,
        "Error: --temperature chooses among symbols, but "),
      Fault(
        "ablate anbn --what gate --signal h", 64,
        "Error: --signal belongs to --what unit; "),
      Fault(
        "ablate anbn --signal q", 64,
        "Error: --signal: there is no 'q'; there are z, f, i, o, c, "),
      Fault(
        "ablate anbn --signal r", 1,
        """
        Error: DEMOS/anbn/model.safetensors: layer 0 fwd has no r to be held; it has z, \
        f, i, o, c, h
        """),
      Fault("ablate anbn --jobs 0", 64, "Error: --jobs must be a number from 1 to 256."),
      Fault(
        "ablate DEMOS/order/model.safetensors --text abXcYE", 1,
        """
        Error: DEMOS/order/model.safetensors: does not predict what it reads next, so \
        nothing says how wrong it is; a demo knows
        """),
      Fault(
        "ablate DEMOS/anbn/model.safetensors --text S", 1,
        """
        Error: DEMOS/anbn/model.safetensors: the sequence is too short: give two steps \
        at least
        """),
      Fault(
        "ablate recall --variant rnn --what gate", 1,
        "Error: DEMOS/recall/model-rnn.safetensors: "),
    ]

    @Test(arguments: faults) func whatMakesNoSenseIsOneClearLine(_ fault: Fault) throws {
      let outcome = try run(fault.line.replacing("DEMOS", with: BuiltProgram.demos))
      #expect(outcome.end == .exited(fault.code), "\(outcome.error)")
      #expect(
        outcome.error.hasPrefix(fault.words.replacing("DEMOS", with: BuiltProgram.demos)),
        "\(outcome.error)")
      if fault.code == 1 { #expect(outcome.error.split(separator: "\n").count == 1) }
      #expect(outcome.output.isEmpty)
    }

    // MARK: - Generating

    /// The demo's own text, which SampledTextTests knows.
    @Test func aDemoWritesItsTextAgain() throws {
      let outcome = try run("generate shakespeare --temperature 0.6 --seed 3 -n 36")
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      #expect(outcome.text == "ROMEO:\nBut what a drink and the stay?")
    }

    @Test func whatIsWrittenStartsAndStops() throws {
      let greedy = try run("generate anbn --prompt Saaab --temperature 0 -n 40 --until S")
      #expect(greedy.text == "SaaabbbcccS" && greedy.end == .exited(0))
      let model = try run(
        "generate \(BuiltProgram.demos)/anbn/model.safetensors --prompt Saaab --top-k 1 --seed 9 "
          + "-n 6")
      #expect(model.text == "SaaabbbcccS")
      let seeds = try (1...4).map { try run("generate reber --seed \($0) -n 60").text }
      #expect(Set(seeds).count == 4)
      #expect(seeds.allSatisfy { $0.count == 61 && $0.hasPrefix("B") })
      let lines = try run("generate tang --seed 5 -n 300 --until \\n")
      #expect(lines.text.hasPrefix("\n") && lines.text.hasSuffix("\n") && lines.text.count < 120)
      let tokens = try run(
        "generate \(BuiltProgram.demos)/anbn/model.safetensors --tokens 0,1,1 --temperature 0 -n 2")
      #expect(tokens.text.hasPrefix("Saa"))
    }

    /// The trace is what `trace` makes of the text.
    @Test func theRecordIsTheTrace() throws {
      let folder = try TemporaryFolder()
      let written = try run("generate reber --seed 2 -n 50 --record run.npz", in: folder)
      #expect(written.end == .exited(0) && written.error.isEmpty)
      let again = try run(
        "trace \(BuiltProgram.reberModel) --text \(written.text) -o again.npz", in: folder)
      #expect(again.end == .exited(0))
      #expect(try folder.read("run.npz") == folder.read("again.npz"))
      let kept = try run("generate reber --record run.npz", in: folder)
      #expect(kept.end == .exited(1) && kept.error.contains("already exists") && kept.text.isEmpty)
      #expect(try run("generate reber --record run.npz --force", in: folder).end == .exited(0))
    }

    @Test func numbersRunFree() throws {
      let outcome = try run("generate mackey-glass -n 300")
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      let rows = outcome.text.split(separator: "\n").map { $0.split(separator: ",") }
      #expect(rows.count == 301 && rows[0] == ["step", "x"] && rows[1][0] == "120")
      let values = rows.dropFirst().compactMap { Double($0[1]) }
      // It goes on swinging as the series does, and neither dies away nor runs off.
      #expect(values.count == 300 && values.allSatisfy { abs($0) < 0.7 })
      let late = values.suffix(100)
      #expect((late.max() ?? 0) - (late.min() ?? 0) > 0.3)
    }

    // MARK: - Ablation

    @Test func unitsAreSortedByWhatTheyCost() throws {
      let folder = try TemporaryFolder()
      let outcome = try run("ablate anbn -o a.csv", in: folder)
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      let rows = String(decoding: try folder.read("a.csv"), as: UTF8.self)
        .split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
      #expect(
        rows[0] == ["layer", "direction", "signal", "unit", "held_at", "loss", "change"])
      let changes = rows.dropFirst().compactMap { Double($0[6]) }
      #expect(changes.count == rows.count - 1 && changes == changes.sorted(by: >))
      #expect(changes[0] > 0.1)
      #expect(outcome.text.hasPrefix("as it is: 0.1243 nats a prediction\n"))
      #expect(outcome.text.contains("h[\(rows[1][3])]") && outcome.text.contains("█"))
      #expect(try folder.names() == ["a.csv"])
      // However many threads, and whatever stood there.
      let kept = try run("ablate anbn -o a.csv", in: folder)
      #expect(kept.end == .exited(1) && kept.error.contains("already exists"))
      let one = try run("ablate anbn -o - --jobs 1", in: folder)
      #expect(one.output == (try folder.read("a.csv")))
    }

    /// A part file of some lines, the last of them cut off, gives the same CSV as a sweep at one go.
    @Test func aSweepGoesOnWhereItStood() throws {
      let folder = try TemporaryFolder()
      let line = "ablate reber --what gate --to mean -o"
      #expect(try run("\(line) whole.csv", in: folder).end == .exited(0))
      // A CSV that has no room leaves the part file as it is.
      let full = try BuiltProgram.shell("ulimit -f 2; \"$G\" \(line) b.csv", in: folder)
      #expect(full.end == .exited(1))
      #expect(try folder.names() == ["b.csv.part", "whole.csv"])
      let lines = String(decoding: try folder.read("b.csv.part"), as: UTF8.self)
        .split(separator: "\n")
      #expect(lines.count > 12 && lines[0].hasPrefix("# a sweep of gatescope ablate, "))
      // What is known is not found again: a line of another loss stays.
      var kept = Array(lines.prefix(9))
      kept[4] = "3 99.5"
      try folder.write(
        Array((kept.joined(separator: "\n") + "\n8 0.").utf8), to: "b.csv.part")
      let again = try run("\(line) b.csv", in: folder)
      #expect(again.end == .exited(0))
      #expect(again.error.hasPrefix("b.csv.part: goes on after 8 of "))
      let rows = try ["b.csv", "whole.csv"].map { name in
        Set(String(decoding: try folder.read(name), as: UTF8.self).split(separator: "\n"))
      }
      #expect(rows[0].subtracting(rows[1]).map { $0.contains(",99.5,") } == [true])
      #expect(try folder.names() == ["b.csv", "whole.csv"])
    }

    @Test func aPartOfAnotherSweepIsNotTaken() throws {
      let folder = try TemporaryFolder()
      try folder.write(Array("# a sweep of gatescope ablate, 0\n".utf8), to: "b.csv.part")
      let other = try run("ablate anbn -o b.csv", in: folder)
      #expect(other.end == .exited(1) && other.error.contains("is of another sweep; --force"))
      #expect(try folder.names() == ["b.csv.part"])
      #expect(try run("ablate anbn -o b.csv --force", in: folder).end == .exited(0))
      #expect(try folder.names() == ["b.csv"])
    }
  }
}
