import Testing

extension ProgramTests {
  /// What the line to a terminal carries.
  @Suite struct Wire {
    private static let steps = 11_111 * 18

    /// A text of which nobody would wait for every step to be drawn.
    private func opened(_ folder: TemporaryFolder) throws -> TerminalSession {
      let text = String(repeating: "BTBPVVETEBPBTXSEPE", count: Self.steps / 18)
      try folder.write(Array(text.utf8), to: "long.txt")
      let session = try TerminalSession(
        ["open", BuiltProgram.reberModel, "--text-file", "long.txt"], width: 200, height: 50,
        environment: ["COLORTERM": "truecolor"], in: folder)
      try session.waitForStep(0)
      return session
    }

    /// Ten frames a second, of one line each: a machine that needs a minute for it sends as little.
    @Test func workDoesNotFloodTheLine() throws {
      let session = try opened(TemporaryFolder())
      try session.settle()
      let before = session.received.count
      session.type("G")
      try session.waitForStep(Self.steps - 1)
      let sent = session.received.count - before
      #expect(sent < 150_000, "\(sent) bytes")
    }

    @Test func anyKeyStopsIt() throws {
      let session = try opened(TemporaryFolder())
      session.type("G")
      try session.waitFor("any key stops")
      session.type("j")
      try session.wait("the step that was reached") {
        $0.contains("unit 1 ") && !$0.contains("any key stops") && !$0.contains("step 0 ")
      }
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
    }

    /// The frames of a play in 256 colours: whole ones, a page turned, and steps in every view.
    @Test(arguments: [(200, 50, 40_000), (120, 40, 10_000)])
    func framesAreLean(_ width: Int, _ height: Int, _ page: Int) throws {
      let session = try TerminalSession(["demo", "shakespeare"], width: width, height: height)
      func sent(_ keys: String, _ step: Int, by limit: Int) throws {
        try session.settle()
        let before = session.received.count
        session.type(keys)
        try session.waitForStep(step)
        try session.settle()
        let count = session.received.count - before
        #expect(count < limit, "\(keys) at \(step): \(count) bytes")
      }
      try session.waitForWholeStep(0)
      try sent("G", 389, by: page)
      try sent(":100\r", 100, by: page)
      var step = 100
      for view in ["1", "2", "3", "4", "6"] {
        session.type(view)
        try sent("l", step + 1, by: 40_000)
        try sent("l", step + 2, by: 4_000)
        step += 2
      }
    }
  }
}
