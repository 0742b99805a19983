import Testing

extension CommandLineTests {
  /// `why`: where a value comes from.
  @Suite struct Why {
    private static let text = "BTBPVVETEBPBTXSEPE"

    private func why(_ value: String, _ options: String...) -> [String] {
      ["why", BuiltProgram.reberModel, "--text", Self.text, "--of", value] + options
    }

    private func rows(_ outcome: BuiltProgram.Outcome) -> [[String]] {
      outcome.text.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
    }

    /// What the trace says of a unit at a step.
    private func recorded(_ signal: String, unit: Int, step: Int) throws -> Double {
      let trace = try BuiltProgram.run([
        "trace", BuiltProgram.reberModel, "--text", Self.text, "--layout", "wide", "-o", "-",
      ])
      let table = rows(trace)
      let column = try #require(table[0].firstIndex(of: "l0.fwd.\(signal).\(unit)"))
      return try #require(Double(table[step + 1][column]))
    }

    @Test func writesAddUpToTheState() throws {
      let outcome = try BuiltProgram.run(why("c[4]", "--step", "9"))
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      let table = rows(outcome)
      #expect(table[0] == ["step", "token", "wrote", "kept", "left"])
      #expect(table[1][0] == "" && table.count == 12)
      #expect(table.dropFirst(2).map { $0[0] } == (0...9).map(String.init))
      #expect(table.dropFirst(2).map { $0[1] }.joined() == Self.text.prefix(10))
      let sum = table.dropFirst().reduce(0.0) { $0 + Double($1[4])! }
      #expect(abs(sum - (try recorded("c", unit: 4, step: 9))) < 1e-5)
    }

    @Test func aGatesPartsGiveTheGate() throws {
      let table = rows(try BuiltProgram.run(why("f[4] @ 9")))
      #expect(table[0] == ["from", "index", "weight", "times", "part"])
      #expect(table.dropFirst().filter { $0[0] == "h'" }.count == 8)
      let sum = table.dropFirst().reduce(0.0) { $0 + Double($1[4])! }
      let expected = try recorded("f", unit: 4, step: 9)
      // σ⁻¹, without its rounding.
      #expect(expected == 0 || abs(1 / (1 + power(-sum)) - expected) < 1e-5)
    }

    private func power(_ x: Double) -> Double {
      // e^x by halving, so that no C library is needed here.
      var (sum, term) = (1.0, 1.0)
      let part = x / 1024
      for n in 1...12 {
        term *= part / Double(n)
        sum += term
      }
      for _ in 0..<10 { sum *= sum }
      return sum
    }

    @Test func pushesNameWhatTheyReach() throws {
      let table = rows(try BuiltProgram.run(why("h[4]", "--step", "9")))
      #expect(table[0] == ["in", "layer", "direction", "signal", "index", "push"])
      #expect(table.filter { $0[0] == "output" }.count == 7)
      #expect(table.filter { $0[0] == "next" && $0[3] == "f" }.count == 8)
      let sizes = table.dropFirst().map { abs(Double($0[5])!) }
      #expect(sizes == sizes.sorted(by: >))
    }

    @Test func predictionsComeByTokenAndByUnit() throws {
      let tokens = rows(try BuiltProgram.run(why("y", "--step", "9")))
      #expect(tokens[0] == ["step", "token", "part"] && tokens.count == 11)
      let near = rows(try BuiltProgram.run(why("y[P] @ 9", "--window", "3")))
      #expect(near.dropFirst().map { $0[0] } == ["7", "8", "9"])
      let units = rows(try BuiltProgram.run(why("y", "--step", "9", "--by", "unit")))
      #expect(
        units[0]
          == ["step", "token", "layer", "direction", "unit", "signal", "value", "gradient"])
      #expect(units.count == 1 + 10 * 2 * 8)
      let parts = rows(try BuiltProgram.run(why("integrated y[P]", "--step", "9")))
      #expect(parts[0] == ["step", "token", "part"] && parts.count == 11)
    }

    @Test func aFileGetsWhatStandardOutputGets() throws {
      let folder = try TemporaryFolder()
      let direct = try BuiltProgram.run(why("c[4]"))
      let toFile = try BuiltProgram.run(why("c[4]", "-o", "c.csv"), in: folder)
      #expect(toFile.end == .exited(0) && toFile.output.isEmpty && toFile.error.isEmpty)
      #expect(try folder.read("c.csv") == direct.output)
      let again = try BuiltProgram.run(why("c[4]", "-o", "c.csv"), in: folder)
      #expect(again.end == .exited(1) && again.error.contains("--force"))
    }

    @Test(arguments: [
      ("c[99]", "--of: there is no unit 99; the last is 7\n  c[99]\n    ^^\n"),
      ("c", "--of: which unit? write c[0]\n  c\n  ^\n"),
      (
        "u[1]",
        "--of: u is no signal; there is z, f, i, o, c, h and y\n  u[1]\n  ^\n"
      ),
      ("f[1] @ 99", "--of: there is no step 99; the last is 17\n  f[1] @ 99\n         ^^\n"),
      ("y[q]", "--of: no output is q; there are 0 to 6, or their symbols\n  y[q]\n    ^\n"),
      ("f[1", "--of: the bracket is never closed\n  f[1\n   ^\n"),
      ("gate h[1]", "h has no sum of its own before an activation; z, f, i, o have\n"),
      ("write f[1]", "f is made anew at every step; what is written to and kept is c\n"),
      ("out c[1]", "nothing reads c outside of its unit; what is read is h\n"),
    ])
    func faultsAreOneLine(value: String, message: String) throws {
      let outcome = try BuiltProgram.run(why(value))
      #expect(outcome.end == .exited(1))
      #expect(outcome.output.isEmpty)
      #expect(outcome.error == "Error: " + message)
    }

    @Test func stepsAndFlagsAreProved() throws {
      let past = try BuiltProgram.run(why("c[4]", "--step", "18"))
      #expect(past.end == .exited(1))
      #expect(past.error == "Error: --step: there is no step 18; the last is 17\n")
      for options in [["--step", "-1"], ["--window", "0"], ["--by", "layer"]] {
        #expect(try BuiltProgram.run(why("y") + options).end == .exited(64))
      }
    }
  }
}
