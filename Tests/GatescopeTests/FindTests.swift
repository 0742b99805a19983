import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension CommandLineTests {
  /// `find`: the steps at which an expression holds.
  @Suite struct Find {
    private static let text = "BTBPVVETEBPBTXSEPE"

    private func find(_ condition: String, _ options: String...) -> [String] {
      ["find", BuiltProgram.reberModel, "--text", Self.text, "--where", condition] + options
    }

    private func lines(_ outcome: BuiltProgram.Outcome) -> [String] {
      outcome.text.split(separator: "\n").map(String.init)
    }

    @Test func everyHitIsARowWithItsValues() throws {
      let trace = try BuiltProgram.run([
        "trace", BuiltProgram.reberModel, "--text", Self.text, "--layout", "wide", "-o", "-",
      ])
      let rows = lines(trace).map { $0.split(separator: ",").map(String.init) }
      let f = try #require(rows[0].firstIndex(of: "l0.fwd.f.4"))
      let c = try #require(rows[0].firstIndex(of: "l0.fwd.c.4"))
      var expected = ["step,token,f[4],c[4]"]
      for (before, row) in zip(rows.dropFirst(), rows.dropFirst(2))
      where Float(row[f])! < 0.1 && Float(row[c])! > Float(before[c])! {
        expected.append([row[0], row[1], row[f], row[c]].joined(separator: ","))
      }
      #expect(expected.count > 2)
      // Step 0 comes from the zeros of the initial state, and its f is large.
      let outcome = try BuiltProgram.run(find("step > 0 && f[4] < 0.1 && rise(c[4])"))
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      #expect(lines(outcome) == expected)
    }

    @Test func columnsSayWhatTheExpressionSpeaksOf() throws {
      let outcome = try BuiltProgram.run(
        find(
          "any(o[0..3]) > 0.5 && count(f > 0.5) >= 0 && token' == \"B\" && mean(l0.i) < 2 && c[1]' < 99"
        ))
      #expect(outcome.end == .exited(0))
      let rows = lines(outcome)
      #expect(
        rows.first == "step,token,any(o[0..3]) > 0.5,count(f > 0.5),token',mean(l0.i),c[1]'")
      let fields = try #require(rows.dropFirst().first).split(
        separator: ",", omittingEmptySubsequences: false)
      #expect(fields.count == 7)
      #expect(fields[2].split(separator: " ").allSatisfy { (0...3).contains(Int($0) ?? -1) })
      #expect(Int(fields[3]) != nil)
      #expect(fields[4] == "B")
      #expect(Float(fields[5]) != nil && Float(fields[6]) != nil)
    }

    @Test func namesWithCommasAreQuoted() throws {
      let outcome = try BuiltProgram.run(find("mean(o[0,2]) >= -1 && step == 3"))
      #expect(lines(outcome).first == "step,token,\"mean(o[0,2])\"")
      #expect(lines(outcome).count == 2)
    }

    @Test func aFileGetsWhatStandardOutputGets() throws {
      let folder = try TemporaryFolder()
      let direct = try BuiltProgram.run(find("f[4] < 0.1"))
      let toFile = try BuiltProgram.run(find("f[4] < 0.1", "-o", "hits.csv"), in: folder)
      #expect(toFile.end == .exited(0) && toFile.output.isEmpty && toFile.error.isEmpty)
      #expect(try folder.read("hits.csv") == direct.output)
      #expect(direct.output.count > 20)
    }

    @Test func stepsNarrowTheSearch() throws {
      let outcome = try BuiltProgram.run(find("1 > 0", "--steps", "5..7"))
      #expect(lines(outcome) == ["step,token", "5,V", "6,E", "7,T"])
      let none = try BuiltProgram.run(find("1 < 0"))
      #expect(none.end == .exited(0))
      #expect(none.text == "step,token\n")
    }

    @Test(arguments: [
      (
        "f[99] < 1",
        "--where: unit 99 of 8; there is f[0] to f[7]\n  f[99] < 1\n    ^^\n"
      ),
      ("f[0] <", "--where: expected a value, but the expression ends\n  f[0] <\n        ^\n"),
      (
        "token == \"月\" && q > 1",
        "--where: no token is \"月\"; there is \"B\", \"T\", \"P\", \"S\", \"X\", \"V\", \"E\"\n"
          + "  token == \"月\" && q > 1\n           ^^^^\n"
      ),
      (
        "lane(\"depth\") > 1",
        "--where: there are no lanes here; demos have them\n  lane(\"depth\") > 1\n  ^^^^^^^^^^^^^\n"
      ),
      ("f[0]\t< \n&", "--where: '&' is not known; did you mean '&&'?\n  f[0] <  &\n          ^\n"),
    ])
    func faultsAreMarked(condition: String, message: String) throws {
      let outcome = try BuiltProgram.run(find(condition))
      #expect(outcome.end == .exited(1))
      #expect(outcome.output.isEmpty)
      #expect(outcome.error == "Error: " + message)
    }

    /// Before the model is looked for.
    @Test func whatIsNoExpressionIsSaidFirst() throws {
      let outcome = try BuiltProgram.run(["find", "nowhere.pt", "--where", "f[0", "--text", "a"])
      #expect(outcome.end == .exited(1))
      #expect(outcome.error == "Error: --where: '[' is never closed\n  f[0\n   ^\n")
      let usage = try BuiltProgram.run(["find", "nowhere.pt", "--text", "a"])
      #expect(usage.end == .exited(64))
    }

    @Test func aReaderThatHasSeenEnoughIsNoFailure() throws {
      let text = String(repeating: "BTXSE", count: 4000)
      let outcome = try BuiltProgram.shell(
        """
        { "$G" find '\(BuiltProgram.reberModel)' --text \(text) --where 'step >= 0'; echo $? >&2; } \
        | head -1
        """)
      #expect(outcome.text == "step,token\n")
      #expect(outcome.error == "0\n")
    }

    /// Half a search leaves no file.
    @Test func anInterruptStopsIt() throws {
      let folder = try TemporaryFolder()
      let text = String(repeating: "BTXSE", count: 60_000)
      try folder.write(Array(text.utf8), to: "text")
      let outcome = try BuiltProgram.shell(
        """
        "$G" find '\(BuiltProgram.reberModel)' --text-file text --where 'f[0] < 0.1' -o hits.csv &
        \(BuiltProgram.untilItWrites)
        kill -INT $!
        wait $!
        echo $?
        """, in: folder)
      #expect(outcome.text == "130\n")
      #expect(try folder.names() == ["text"])
    }
  }
}
