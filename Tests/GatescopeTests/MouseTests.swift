import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ProgramTests {
  /// The mouse as a terminal tells of it.
  @Suite struct Mouse {
    private func running(
      _ arguments: [String] = ["demo", "reber"], _ environment: [String: String] = [:]
    ) throws -> TerminalSession {
      let session = try TerminalSession(arguments, environment: environment)
      try session.wait("the lanes") { $0.contains("forget gate") && $0.contains("quit") }
      return session
    }

    /// The column, from 1, and the row, from 1, where words stand.
    private func place(of words: String, _ session: TerminalSession) throws -> (x: Int, y: Int) {
      // A frame comes in pieces, pen by pen.
      try session.wait(words) { $0.contains(words) }
      for (y, row) in session.screen.rows.enumerated() {
        if let range = row.firstRange(of: words) {
          return (row.distance(from: row.startIndex, to: range.lowerBound) + 1, y + 1)
        }
      }
      struct Nowhere: Error { let words: String }
      throw Nowhere(words: words)
    }

    @Test func clicksDragsAndTurns() throws {
      let session = try running()
      try session.waitForStep(0)
      let tokens = try place(of: "BTBP", session)
      session.type("\u{1B}[<0;\(tokens.x + 5);\(tokens.y)M\u{1B}[<0;\(tokens.x + 5);\(tokens.y)m")
      try session.waitForStep(5)
      session.type("\u{1B}[<65;30;12M\u{1B}[<65;30;12M\u{1B}[<64;30;12M")
      try session.waitForStep(6)
      // A drag whose report comes in pieces.
      session.type("\u{1B}[<0;\(tokens.x + 2);\(tokens.y)M")
      try session.waitForStep(2)
      session.type("\u{1B}[<32;\(tokens.x + 9);")
      try session.waitUntilRead()
      session.type("1M")
      try session.waitForStep(9)
      session.type("\u{1B}[<0;1;1m")

      let view = try place(of: "2 cell", session)
      session.type("\u{1B}[<0;\(view.x + 3);\(view.y)M")
      try session.wait("the cell") { $0.contains("tanh") }
      let quit = try place(of: "quit", session)
      session.type("\u{1B}[<0;\(quit.x);\(quit.y)M")
      #expect(try session.waitForEnd() == .exited(0))
      #expect(session.screen.modesLeftOn == [] && session.screen.unknown == [])
    }

    /// Nothing of a report is taken for keys, in whichever form it comes.
    @Test(arguments: [
      "\u{1B}[<0;1;30M", "\u{1B}[<35;5;5M", "\u{1B}[<0;99999;99999M",
      "\u{1B}[<2;5;5M\u{1B}[<2;5;5m",
      "\u{1B}[M !!", "\u{1B}[M#!!", "\u{1B}[<;;M", "\u{1B}[<0;1;1",
      "\u{1B}[200~\u{1B}[<0;97;30M\u{1B}[201~",
    ])
    func reportsThatMeanNothing(report: String) throws {
      let session = try running()
      try session.waitForStep(0)
      session.type(report)
      try session.waitUntilRead()
      session.type("l")
      try session.waitForStep(1)
    }

    /// GNU screen's way: three bytes, which may be any.
    @Test func terminalsThatKnowOnlyTheOldWay() throws {
      let session = try running(["demo", "reber"], ["TERM": "screen-256color"])
      let tokens = try place(of: "BTBP", session)
      session.send(Array("\u{1B}[M".utf8) + [32, UInt8(32 + tokens.x + 5), UInt8(32 + tokens.y)])
      try session.wait("step 5") { $0.contains("step 5 /") }
      session.send(Array("\u{1B}[M".utf8) + [35, 255, 160])
      session.type("l")
      try session.wait("step 6") { $0.contains("step 6 /") }
    }

    @Test func whoWantsNoMouseIsNotAskedForOne() throws {
      let session = try running(["demo", "reber", "--no-mouse"])
      session.type("\u{1A}")
      try session.waitUntilStopped()
      session.signal(SIGCONT)
      try session.waitForStep(0)
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      #expect(!String(decoding: session.received, as: UTF8.self).contains("\u{1B}[?1002h"))
    }

    /// What has no mouse gets no word of one.
    @Test(arguments: ["linux", "vt100", "ansi"])
    func terminalsWithoutAMouse(name: String) throws {
      let session = try running(["demo", "reber"], ["TERM": name])
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      let sent = String(decoding: session.received, as: UTF8.self)
      #expect(!sent.contains("\u{1B}[?1002") && !sent.contains("\u{1B}[?1006"))
    }
  }
}
