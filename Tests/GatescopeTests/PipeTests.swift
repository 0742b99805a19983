import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ProgramTests {
  /// What the screen's commands write into pipes, and over files.
  @Suite struct Pipes {
    private func running(_ folder: TemporaryFolder) throws -> TerminalSession {
      let session = try TerminalSession(["demo", "reber"], in: folder)
      try session.waitForWholeStep(0)
      return session
    }

    private func expectGoodEnd(_ session: TerminalSession) throws {
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      #expect(session.screen.modesLeftOn == [])
      #expect(session.settingsAfter == session.settingsBefore)
    }

    @Test(arguments: ["screen", "record", "export"])
    func aPipeThatNobodyReadsIsALine(_ command: String) throws {
      let folder = try TemporaryFolder()
      #expect(mkfifo(folder.file("p.csv"), 0o600) == 0)
      let session = try running(folder)
      session.type(":\(command) p.csv\r")
      try session.waitFor("p.csv: is a pipe that nobody reads")
      try expectGoodEnd(session)
    }

    /// A command waits for a reader, as others in a shell do, until a signal ends it.
    @Test(arguments: [("TERM", 143), ("HUP", 129), ("INT", 130)] as [(String, Int32)])
    func aCommandThatWaitsForAReaderCanBeEnded(_ signal: String, _ code: Int32) throws {
      let outcome = try BuiltProgram.shell(
        """
        mkfifo p.csv
        "$G" trace '\(BuiltProgram.reberModel)' --text BTX -o p.csv &
        while ! grep -q nanosleep /proc/$!/wchan /proc/$!/stack 2>/dev/null; do
          kill -0 $! || break
          i=$((${i:-0} + 1)); [ $i -gt 300 ] && break; sleep 0.01
        done
        kill -\(signal) $!
        wait $!
        """, in: try TemporaryFolder())
      #expect(outcome.end == .exited(code))
      #expect(outcome.error.isEmpty)
    }

    /// One that is open but takes nothing, and one that leaves.
    @Test(arguments: ["screen", "record"])
    func aReaderThatLeavesIsALine(_ command: String) throws {
      let folder = try TemporaryFolder()
      #expect(mkfifo(folder.file("p"), 0o600) == 0)
      let session = try running(folder)
      let reader = open(folder.file("p"), O_RDWR | O_NONBLOCK)
      var block = [UInt8](repeating: 0, count: 4096)
      while write(reader, &block, block.count) > 0 {}
      session.type(":\(command) p\r")
      try session.waitFor("p: the pipe's reader takes nothing")
      session.type(":\(command) p\r")
      close(reader)
      try session.wait("the reader's end") {
        $0.contains("p: cannot write: Broken pipe") || $0.contains("is a pipe that nobody reads")
      }
      try expectGoodEnd(session)
    }

    @Test(arguments: ["screen", "record"])
    func aFileIsNotReplacedUnasked(_ command: String) throws {
      let folder = try TemporaryFolder()
      try folder.write(Array("old".utf8), to: "x")
      let session = try running(folder)
      session.type(":\(command) x\r")
      try session.waitFor("x exists. Replace it? (y/n)")
      session.type("n")
      try session.wait("the question's end") { !$0.contains("Replace it?") }
      #expect(try folder.read("x") == Array("old".utf8))
      session.type(":\(command) x\r")
      try session.waitFor("x exists. Replace it? (y/n)")
      session.type("y")
      try session.wait("the file's name") { $0.rows.last?.contains("x") == true }
      try session.wait("the question's end") { !$0.contains("Replace it?") }
      #expect(try folder.read("x") != Array("old".utf8))
      session.type(":\(command) -\r")
      try session.waitFor("- is the screen itself")
      try expectGoodEnd(session)
    }
  }
}
