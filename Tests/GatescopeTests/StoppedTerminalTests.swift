import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ProgramTests {
  /// A terminal that stands still does not hold the program.
  @Suite struct StoppedTerminals {
    private func running(_ environment: [String: String] = [:]) throws -> TerminalSession {
      let session = try TerminalSession(
        ["demo", "reber"], width: 200, height: 60, environment: environment)
      try session.wait("the lanes") { $0.contains("forget gate") }
      try session.settle()
      return session
    }

    @Test func flowControlIsOffWhileItRuns() throws {
      let session = try running()
      #expect(session.settingsBefore.stops && !session.settings.stops)
      session.type("\u{13}l")
      try session.waitForStep(1)
      session.type("\u{1A}")
      try session.waitUntilStopped()
      #expect(session.settings.stops)
      session.signal(SIGCONT)
      try session.wait("the screen drawn again") { $0.isAlternate }
      #expect(!session.settings.stops)
      session.type("\u{13}")
      session.signal(SIGTERM)
      #expect(try session.waitForEnd() == .exited(143))
      #expect(session.screen.modesLeftOn == [])
      #expect(session.settingsAfter == session.settingsBefore)
    }

    /// Nobody reads what the program draws, until it stands in the middle of a frame.
    @Test(arguments: [(SIGTERM, 143), (SIGHUP, 129), (SIGINT, 130)] as [(Int32, Int32)])
    func aTerminalThatTakesNothingDoesNotHoldUpTheEnd(_ number: Int32, _ code: Int32) throws {
      let session = try running()
      session.type(String(repeating: "\u{0C}lh", count: 300))
      usleep(700_000)
      session.signal(number)
      let end = ContinuousClock.now + .seconds(8)
      while !session.isOver && ContinuousClock.now < end { usleep(10_000) }
      #expect(session.isOver)
      #expect(try session.waitForEnd() == .exited(code))
      #expect(session.settingsAfter == session.settingsBefore)
    }

    @Test(arguments: ["99999999", "-3", "0", "x", ""])
    func anAbsurdSizeInTheEnvironmentDoesNotCount(_ size: String) throws {
      let session = try running(["COLUMNS": size, "LINES": size])
      session.type("q")
      #expect(try session.waitForEnd() == .exited(0))
      #expect(session.screen.modesLeftOn == [])
    }

    #if os(Linux)
      /// Somebody shortens the file that is shown.
      @Test func aTraceThatShrinksIsALine() throws {
        let folder = try TemporaryFolder()
        // Larger than what is copied into memory.
        let (steps, units) = (200_000, 100)
        let size = 4 * steps * units
        let path = try folder.write(
          ModelBytes.npy("<f4", "(\(steps), \(units))", data: 0), to: "h.npy")
        let head = try folder.read("h.npy").count
        #expect(truncate(path, off_t(head + size)) == 0)
        let session = try TerminalSession(["view", "h.npy"], in: folder)
        try session.waitFor("0 / 199999")
        #expect(truncate(path, off_t(head)) == 0)
        session.type("G")
        #expect(try session.waitForEnd() == .exited(1))
        #expect(session.screen.modesLeftOn == [])
        #expect(session.settingsAfter == session.settingsBefore)
        #expect(session.screen.contains("h.npy: was shortened while it was read"))
      }
    #endif
  }
}

extension TerminalSettings {
  /// Whether ^S stops the terminal.
  fileprivate var stops: Bool { input & UInt(IXON) != 0 }
}

extension ProgramTests {
  /// A training that a signal ends goes on where it was.
  @Suite struct Checkpoints {
    private static let options = ["--seed", "3", "--units", "4", "--steps", "60"]

    /// The numbers, and what is said of them but for the time they took.
    private func model(_ folder: TemporaryFolder, _ name: String) throws -> (String, [UInt8]) {
      let bytes = try folder.read(name)
      let length = (0..<8).reduce(0) { $0 + Int(bytes[$1]) << (8 * $1) }
      let head = String(decoding: bytes[8..<8 + length], as: UTF8.self)
      let seconds = /"gatescope.training.seconds":"[0-9.]+"/
      return (
        head.replacing(seconds, with: "").trimmingCharacters(in: .whitespaces),
        Array(bytes[(8 + length)...])
      )
    }

    @Test func aSignalLeavesWhatGoesOnToTheSameFile() throws {
      let folder = try TemporaryFolder()
      let whole = try BuiltProgram.run(
        ["train", "anbn", "-o", "whole.safetensors"] + Self.options, in: folder)
      #expect(whole.end == .exited(0) || whole.end == .exited(1), "\(whole.error)")
      for (number, code): (Int32, Int32) in [(SIGTERM, 143), (SIGHUP, 129), (SIGINT, 130)] {
        let name = "part\(number).safetensors"
        let arguments = ["train", "anbn", "-o", name] + Self.options
        let session = try TerminalSession(arguments, in: folder)
        try session.waitFor("[")
        session.signal(number)
        #expect(try session.waitForEnd() == .exited(code))
        #expect(try folder.names().contains(name + ".checkpoint"))
        let resumed = try BuiltProgram.run(
          arguments + ["--resume", name + ".checkpoint"], in: folder)
        #expect(resumed.end == whole.end, "\(resumed.error)")
        #expect(try model(folder, name) == model(folder, "whole.safetensors"))
        #expect(try !folder.names().contains(name + ".checkpoint"))
      }
      #expect(try folder.names().allSatisfy { !$0.hasPrefix(".unfinished") })
    }
  }
}
