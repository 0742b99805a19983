import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

extension CommandLineTests {
  /// `figure`: a view for a paper.
  @Suite struct Figure {
    @Test func drawsADemoATraceAndAModel() throws {
      let folder = try TemporaryFolder()
      let trace = folder.path + "/run.npz"
      let text = "BTBPVVETE"
      _ = try BuiltProgram.run(["trace", BuiltProgram.reberModel, "--text", text, "-o", trace])
      for arguments in [["reber"], [trace], [BuiltProgram.reberModel, "--text", text]] {
        let outcome = try BuiltProgram.run(
          ["figure"] + arguments + ["-o", "-", "--width", "174mm"])
        #expect(outcome.end == .exited(0) && outcome.error.isEmpty, "\(outcome.error)")
        _ = try XMLDocument(data: Data(outcome.text.utf8))
        #expect(outcome.text.contains(" width=\"174mm\" "))
        #expect(outcome.text.contains(">forget gate</text>"))
      }
    }

    /// A model's symbols are strangers' texts.
    @Test func hostileTokensStayText() throws {
      let folder = try TemporaryFolder()
      let vocab = folder.path + "/vocab.json"
      let symbols = [
        "</text><script>alert(1)</script>", "&", "\u{1B}[2J", "\"'", "]]>", "\u{202E}", "<",
      ]
      try JSONEncoder().encode(symbols).write(to: URL(fileURLWithPath: vocab))
      for view in ["lanes", "text", "cell", "unit"] {
        let outcome = try BuiltProgram.run([
          "figure", BuiltProgram.reberModel, "--tokens", "0,1,2,3,4,5,6", "--vocab", vocab,
          "--view", view, "--caption", "<b>&", "-o", "-",
        ])
        #expect(outcome.end == .exited(0), "\(outcome.error)")
        #expect(!outcome.text.contains("<script") && !outcome.text.contains("\u{1B}"))
        _ = try XMLDocument(data: Data(outcome.text.utf8))
      }
    }

    /// The page has every value as it was computed, and fetches nothing.
    @Test func aPageHasTheValuesToTheBit() throws {
      let folder = try TemporaryFolder()
      let (csv, html) = (folder.path + "/run.csv", folder.path + "/run.html")
      let text = "BTBPVVETE"
      let outcome = try BuiltProgram.run([
        "trace", BuiltProgram.reberModel, "--text", text, "--layout", "wide", "-o", csv, "--html",
        html,
      ])
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty, "\(outcome.error)")
      let page = try String(contentsOfFile: html, encoding: .utf8)
      for fetched in ["http:", "https:", "src=", "href=", "@import", "url("] {
        #expect(!page.contains(fetched), "\(fetched)")
      }
      #expect(page.contains("default-src 'none'"))
      let start = try #require(page.range(of: "id=\"trace\">")).upperBound
      let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)).lowerBound
      let trace = try JSONDecoder().decode(Page.self, from: Data(page[start..<end].utf8))
      #expect(trace.tokens.joined() == text && trace.numbers == Array(0..<9))
      let rows = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      let track = try #require(trace.tracks.first)
      #expect(track.signals.map(\.letter) == ["z", "f", "i", "o", "c", "h"])
      for signal in track.signals {
        let bytes = try #require(Data(base64Encoded: signal.data))
        #expect(bytes.count == 9 * 8 * 4)
        for step in 0..<9 {
          for unit in 0..<8 {
            let place = 4 * (8 * step + unit)
            let bits = (0..<4).reduce(0 as UInt32) { $0 | UInt32(bytes[place + $1]) << (8 * $1) }
            let name = "l0.fwd.\(signal.letter).\(unit)"
            let column = try #require(rows[0].firstIndex(of: name))
            #expect(Float(rows[step + 1][column])?.bitPattern == bits, "\(name) at \(step)")
          }
        }
      }
      // Nothing is replaced unasked, also where only the page is there.
      let again = try BuiltProgram.run([
        "trace", BuiltProgram.reberModel, "--text", text, "--html", html,
      ])
      #expect(again.end == .exited(1) && again.error.contains("already exists"))
    }

    private struct Page: Decodable {
      let tokens: [String]
      let numbers: [Int]
      let tracks: [Track]

      struct Track: Decodable { let signals: [Signal] }
      struct Signal: Decodable {
        let letter: String
        let data: String
      }
    }

    @Test func aDemosPageIsSmallAndHostileTokensDoNotLeaveTheirScript() throws {
      let folder = try TemporaryFolder()
      let html = folder.path + "/run.html"
      let demo = try BuiltProgram.run(["figure", "reber", "-o", html])
      #expect(demo.end == .exited(0), "\(demo.error)")
      let size = try FileManager.default.attributesOfItem(atPath: html)[.size] as? Int
      #expect(size.map { $0 < 100_000 } == true)
      let vocab = folder.path + "/vocab.json"
      let symbols = ["</script><script>alert(1)", "<!--", "\u{2028}", "\\", "\"", "&", "]]>"]
      try JSONEncoder().encode(symbols).write(to: URL(fileURLWithPath: vocab))
      let outcome = try BuiltProgram.run([
        "figure", BuiltProgram.reberModel, "--tokens", "0,1,2,3,4,5,6", "--vocab", vocab,
        "-o", html, "--force",
      ])
      #expect(outcome.end == .exited(0), "\(outcome.error)")
      let page = try String(contentsOfFile: html, encoding: .utf8)
      #expect(page.components(separatedBy: "<script").count == 3)
      #expect(!page.contains("<!--"))
    }

    @Test func whatIsWrongIsOneLineAndNothingIsWritten() throws {
      let folder = try TemporaryFolder()
      let there = folder.path + "/there.svg"
      try "mine".write(toFile: there, atomically: true, encoding: .utf8)
      let new = folder.path + "/new.svg"
      let cases: [(arguments: [String], words: String)] = [
        (["-o", there], "already exists; --force replaces it"),
        (["-o", folder.path + "/no/such/fig.svg"], "no/such/fig.svg"),
        (["-o", folder.path + "/fig.jpg"], "ends in .svg, .png or .pdf"),
        (["-o", new, "--width", "84"], "no width such as 84mm"),
        (["-o", new, "--width", "1mm"], "no width such as 84mm"),
        (["-o", new, "--view", "table"], "the table view has no figure"),
        (["-o", new, "--view", "nonsense"], "nonsense"),
        (["-o", new, "--steps", "900..999"], "--steps"),
        (["-o", new, "--unit", "99"], "--unit: there is no unit 99"),
        (["-o", new, "--order", "beauty"], "--order:"),
        (["-o", new, "--limits", "huge"], "--limits:"),
        (["-o", new, "--columns", "99"], "--columns"),
        (["-o", new, "--do", "dance"], "--do:"),
        (["-o", new, "--of", "q[9]"], "--of:"),
      ]
      for (arguments, words) in cases {
        let outcome = try BuiltProgram.run(["figure", "reber"] + arguments)
        #expect(outcome.end != .exited(0), "\(arguments)")
        let lines = outcome.error.split(separator: "\n")
        #expect(lines.first?.contains(words) == true, "\(arguments): \(outcome.error)")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["there.svg"])
      #expect(try String(contentsOfFile: there, encoding: .utf8) == "mine")
      let forced = try BuiltProgram.run(["figure", "reber", "-o", there, "--force"])
      #expect(forced.end == .exited(0))
      #expect(try String(contentsOfFile: there, encoding: .utf8).hasPrefix("<?xml"))
    }
  }
}
