import Foundation
import Testing

extension CommandLineTests {
  /// `flow`: gradients and memory by the lag, as CSV.
  @Suite struct Flow {
    private static let text = "BTBPVVETEBPBTXSEPE"

    private func flow(_ options: String...) throws -> BuiltProgram.Outcome {
      try BuiltProgram.run(["flow", BuiltProgram.reberModel, "--text", Self.text] + options)
    }

    private func rows(_ outcome: BuiltProgram.Outcome) -> [[String]] {
      outcome.text.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
    }

    @Test func aRowIsALag() throws {
      let outcome = try flow()
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      let table = rows(outcome)
      #expect(
        table[0].joined(separator: ",")
          == "lag,c_norm,c_mean,h_norm,h_mean,f_product,f_product_mean,c_difference,h_difference,sample"
      )
      #expect(table.count == 19 && table.allSatisfy { $0.count == 10 })
      // At lag 0 a state is all that itself hangs on.
      #expect(table[1].prefix(7) == ["0", "1", "1", "1", "1", "1", "1"])
      #expect(table.dropFirst().allSatisfy { $0.dropLast().allSatisfy { Double($0) != nil } })
      // Eight units, and as many lags: all of them count.
      #expect(table.dropFirst().allSatisfy { $0[9].isEmpty })
      // ∏ f is the product of the forget gates that `trace` writes.
      let trace = try BuiltProgram.run([
        "trace", BuiltProgram.reberModel, "--text", Self.text, "--signals", "f", "--layout",
        "wide", "-o", "-",
      ])
      let gates = rows(trace).dropFirst().map { $0.dropFirst(2).compactMap(Double.init) }
      let products = (0..<8).map { unit in gates.suffix(3).reduce(1.0) { $0 * $1[unit] } }
      let found = try #require(Double(table[4][5]))
      #expect(abs(found / products.max()! - 1) < 1e-5)
    }

    @Test func whatIsAskedIsDone() throws {
      let part = try rows(flow("--from", "9", "--back", "3", "--swap", "7", "--by", "X"))
      #expect(part.count == 5)
      // From step 7 to 9 there are three states that can differ.
      #expect(part.dropFirst().map { $0[8].isEmpty } == [false, false, false, true])
      let same = try rows(flow("--swap", "0", "--by", "B"))
      #expect(same.dropFirst().allSatisfy { Float($0[7]) == 0 && Float($0[8]) == 0 })
      let pace = try rows(flow("--pace"))
      #expect(pace[0] == ["unit", "c_time", "c_movement", "h_time", "h_movement", "slowness"])
      #expect(pace.count == 9 && pace[1][0] == "0")
      for row in pace.dropFirst() where !row[5].isEmpty {
        let numbers = row.compactMap(Double.init)
        #expect(abs(numbers[5] - numbers[4] / numbers[2]) < 1e-9 * numbers[5])
      }
    }

    @Test func aFileIsWrittenOnce() throws {
      let folder = try TemporaryFolder()
      let words = [
        "flow", BuiltProgram.reberModel, "--text", Self.text, "-o", "flow.csv",
      ]
      #expect(try BuiltProgram.run(words, in: folder).end == .exited(0))
      let again = try BuiltProgram.run(words, in: folder)
      #expect(again.end == .exited(1))
      #expect(again.error.contains("flow.csv: already exists; --force replaces it"))
    }

    @Test(arguments: [
      (["--from", "18"], "--from 18: there is no such step; the sequence has 0 to 17"),
      (["--swap", "99"], "--swap 99: there is no such step; the sequence has 0 to 17"),
      (["--by", "q"], "--by q: no such token; there are 0 to 6, or the vocabulary's symbols"),
      (["--layer", "l3.fwd"], "--layer l3.fwd: there is no such layer; there is l0.fwd"),
    ])
    func aFaultIsALine(_ options: [String], _ message: String) throws {
      let outcome = try BuiltProgram.run(
        ["flow", BuiltProgram.reberModel, "--text", Self.text] + options)
      #expect(outcome.end == .exited(1) && outcome.output.isEmpty)
      #expect(outcome.error == "Error: \(message)\n")
    }

    @Test func wrongUsageIsToldAsSuch() throws {
      #expect(try flow("--back", "0").end == .exited(64))
      #expect(try flow("--pace", "--from", "3").end == .exited(64))
    }
  }

  /// What `info` says of the cost: reber's LSTM has 7 inputs, 8 units and 7 outputs.
  @Suite struct Cost {
    @Test func infoHasATable() throws {
      let outcome = try BuiltProgram.run(["info", BuiltProgram.reberModel])
      let lines = outcome.text.split(separator: "\n").map(String.init)
      let start = try #require(lines.firstIndex { $0.hasPrefix("cost ") })
      #expect(
        lines[start].hasPrefix(
          "cost           as it is  607 parameters, 560 multiplications a step"))
      #expect(
        lines[start + 1].hasPrefix(
          "               as GRU    471 parameters, 440 multiplications a step"))
      #expect(
        lines[start + 2].hasPrefix(
          "               as RNN    199 parameters, 176 multiplications a step"))
      let json = try BuiltProgram.run(["info", BuiltProgram.reberModel, "--json"])
      let report = try #require(
        JSONSerialization.jsonObject(with: Data(json.output)) as? [String: Any])
      let modules = try #require(report["modules"] as? [[String: Any]])
      let costs = try #require(modules[0]["costs"] as? [[String: Any]])
      #expect(costs.map { $0["cell"] as? String } == ["lstm", "gru", "rnn"])
      #expect(costs.map { $0["parameters"] as? Int } == [607, 471, 199])
      #expect(costs.map { $0["multiplications"] as? Int } == [560, 440, 176])
    }
  }
}
