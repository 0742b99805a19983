import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ProgramTests {
  /// What a person does, from the command to the shell's prompt.
  @Suite struct Journey {
    @Test func stepsLooksHelpsAndExports() throws {
      let folder = try TemporaryFolder()
      let session = try TerminalSession(["demo", "reber"], in: folder)
      try session.waitForStep(0)
      #expect(session.screen.contains("forget gate"))
      #expect(session.screen.contains("cell, slow"))
      #expect(session.screen.contains("reber"))

      session.type("l")
      try session.waitForStep(1)
      session.type("\u{1B}OC\u{1B}OC\u{1B}OD")
      try session.waitForStep(2)
      session.type("\u{1B}[1;2C\u{1B}[1;2CH")
      try session.waitForStep(12)
      session.type(":+12\r")
      try session.waitForStep(24)
      // A digit is a view at once, whatever follows.
      session.type("3l")
      try session.waitForStep(25)
      try session.waitFor("unit 0 / 7  resetter: f shuts at times")
      session.type("1:12\r")
      try session.waitForStep(12)
      session.type("j\u{1B}OB")
      try session.waitForFrame("unit 2 ")

      let lanes = session.screen.text
      session.type("2")
      try session.wait("the cell") { $0.contains("tanh") && !$0.contains("forget gate      0") }
      session.type("?")
      try session.waitForFrame("moving in time")
      session.type("q1")
      try session.wait("the lanes as before") { $0.text == lanes }

      let proposed = "reber.csv"
      session.type("e")
      try session.waitFor(proposed)
      try session.wait("the cursor in the prompt") { $0.isCursorVisible }
      session.type("\u{15}")
      try session.wait("no name") { !$0.contains(proposed) }
      session.type("out.csv\r")
      try session.waitForFrame("out.csv: 66 steps written")
      #expect(!session.screen.isCursorVisible)
      let written = try folder.read("out.csv")
      let lines = String(decoding: written, as: UTF8.self).split(whereSeparator: \.isNewline)
      #expect(lines.first == "step,token,layer,direction,unit,z,f,i,o,c,h")
      #expect(lines.count == 1 + 66 * 8)
      #expect(lines.last?.hasPrefix("65,E,0,fwd,7,") == true)

      // The same name again: asked, refused, nothing changed.
      try folder.write(Array("old".utf8), to: "out.csv")
      session.type("e\u{15}out.csv\r")
      try session.waitFor("out.csv exists")
      session.type("n")
      try session.waitForFrame("nothing written")
      #expect(try folder.read("out.csv") == Array("old".utf8))
      session.type("e\u{15}out.csv\r")
      try session.waitFor("out.csv exists")
      session.type("y")
      try session.waitForFrame("66 steps written")
      #expect(try folder.read("out.csv") == written)
      #expect(try folder.names() == ["out.csv"])

      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      #expect(session.screen.modesLeftOn == [])
      #expect(session.screen.unknown == [])
      #expect(session.settingsAfter == session.settingsBefore)
    }

    @Test func aloneItShowsTheDemosAndComesBackToThem() throws {
      let session = try TerminalSession([])
      try session.waitFor("embedded Reber grammar")
      session.resize(width: 80, height: 24)
      try session.wait("the list's footer") { $0.rows[23].contains("q") }
      let list = session.screen.text
      session.type("\r")
      try session.waitForStep(0)
      session.type("q")
      try session.wait("the list again") { $0.text == list }
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      #expect(session.screen.modesLeftOn == [])
      #expect(session.settingsAfter == session.settingsBefore)
    }

    /// What follows a resize must look as if the window had always had that size.
    @Test func followsTheWindow() throws {
      let session = try TerminalSession(["demo", "reber"])
      try session.waitForWholeStep(0)
      let first = session.screen.text
      for (width, height) in [(80, 24), (200, 60), (20, 5), (1, 1), (100, 30)] {
        session.resize(width: width, height: height)
        if width > 20 {
          try session.waitForStep(0)
          try session.wait("the last row") { $0.rows[height - 1].contains("help") }
        } else if width == 20 {
          try session.waitFor("too small:")
        }
      }
      #expect(session.screen.text == first)
      let fresh = try TerminalSession(["demo", "reber"], width: 80, height: 24)
      try fresh.waitForWholeStep(0)
      session.resize(width: 80, height: 24)
      try session.wait("the screen of 80×24") { $0.text == fresh.screen.text }
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
    }

    /// Several sizes before the program has looked once: the last one counts.
    @Test func followsAWindowThatIsDragged() throws {
      let session = try TerminalSession(["demo", "reber"])
      try session.waitForStep(0)
      for width in stride(from: 99, through: 70, by: -1) {
        session.resize(width: width, height: 30 - (100 - width) / 5)
      }
      session.resize(width: 110, height: 32)
      try session.wait("the last row") { $0.rows[31].contains("help") }
      try session.waitForStep(0)
      session.type("l")
      try session.waitForStep(1)
      #expect(session.screen.rows[0].count == 110 - 1 || session.screen.rows[0].count == 110)
    }

    @Test func startsInATinyWindow() throws {
      let session = try TerminalSession(["demo", "reber"], width: 20, height: 5)
      try session.waitFor("too small:")
      session.type("l")
      session.resize(width: 100, height: 30)
      try session.waitForStep(1)
    }

    @Test func opensAModelFileWithText() throws {
      let session = try TerminalSession(["open", BuiltProgram.reberModel, "--text", "BTBPVVETE"])
      try session.waitFor("step 0 / 8")
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
    }

    @Test func asksForNoTimeWhenNothingHappens() throws {
      let session = try TerminalSession(["demo", "reber"])
      try session.waitForStep(0)
      try session.settle()
      let before = try session.processorTicks()
      usleep(300_000)
      #expect(try session.processorTicks() - before <= 1)
    }
  }

  /// Bytes that do not come as one would like.
  @Suite struct Keyboard {
    private func running(typedAhead: String = "") throws -> TerminalSession {
      try TerminalSession(["demo", "reber"], typedAhead: typedAhead)
    }

    @Test func keysTypedBeforeTheProgramIsReadyCount() throws {
      let session = try running(typedAhead: "lll")
      try session.waitForStep(3)
    }

    @Test(arguments: ["\u{1B}[C", "\u{1B}OC"])
    func anArrowInTwoPieces(arrow: String) throws {
      let session = try running()
      try session.waitForStep(0)
      for byte in arrow.utf8 { session.send([byte]) }
      try session.waitForStep(1)
    }

    /// Keys that mean nothing are no reason to end.
    @Test(arguments: [
      "\u{1B}OP", "\u{1B}[15~", "\u{1B}[1;5C", "\u{1B}[2~", "\u{0}", "\u{1B}[I", "\u{1B}[<0;1;1M",
      "\u{1B}[?1;2c", "é", "中",
    ])
    func keysThatMeanNothing(keys: String) throws {
      let session = try running()
      try session.waitForStep(0)
      session.type(keys)
      session.type("g")
      session.type("l")
      try session.wait("a step") { $0.contains("step 1 /") }
    }

    @Test(arguments: [[0xFF], [0xC3], [0xE4, 0xB8], [0x80, 0x80]] as [[UInt8]])
    func bytesThatAreNotUTF8(bytes: [UInt8]) throws {
      let session = try running()
      try session.waitForStep(0)
      session.send(bytes)
      // The first one may be taken as what completes the broken character.
      session.type("gl")
      try session.waitForStep(1)
    }

    @Test func escapeAloneLeavesThePrompt() throws {
      let session = try running()
      try session.waitForStep(0)
      session.type("e")
      try session.waitFor("reber.csv")
      session.type("\u{1B}")
      try session.waitForFrame("nothing written")
    }

    @Test func aCharacterInPiecesIsOneCharacter() throws {
      let session = try running()
      try session.waitForStep(0)
      session.type("e\u{15}")
      for byte in "中é".utf8 {
        session.send([byte])
        try session.waitUntilRead()
      }
      session.type(".csv")
      try session.waitFor("中é.csv")
    }

    @Test func aPasteGoesIntoThePromptAndNowhereElse() throws {
      let session = try running()
      try session.waitForStep(0)
      session.type("\u{1B}[200~lllq\u{1B}[201~l")
      try session.waitForStep(1)
      session.type("e\u{15}\u{1B}[200~a\nq/中文.csv\u{1B}[201~")
      try session.waitFor("aq/中文.csv")
      session.type("x")
      try session.waitFor("aq/中文.csvx")
    }

    /// What comes later of a paste is text like its beginning: this Enter gives no name.
    @Test func aPasteInPartsIsNotTakenForKeys() throws {
      let session = try running()
      try session.waitForStep(0)
      session.type("e\u{15}\u{1B}[200~part")
      try session.waitFor("part")
      session.type("\rial\u{1B}[201~.csv")
      try session.waitFor("partial.csv")
    }

    /// More than the terminal's driver hands out at once.
    @Test func aLongPasteIsNotTakenForKeys() throws {
      let session = try running()
      try session.waitForStep(0)
      session.type("\u{1B}[200~" + String(repeating: "中q", count: 4000) + "\u{1B}[201~l")
      try session.waitForStep(1)
    }
  }
}
