import Screen
import Testing

@testable import Workbench

/// Ctrl-P: any command, by a few letters of its words.
@Suite struct CommandPaletteTests {
  /// What is typed, and the first that is found.
  @Test(
    arguments: [
      ("nl", "next-lane"), ("nextu", "next-unit"), ("stf", "step-forward"), ("undo", "undo"),
      ("vla", "view lanes"), ("pu", "previous-unit"), ("NL", "next-lane"), ("figure", "figure"),
      ("quit", "quit"), ("whatif", "what-if"),
    ] as [(String, String)])
  func aFewLettersFindACommand(_ letters: String, _ name: String) throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.recordedState())
    workbench.press(.control("p"))
    workbench.type(letters)
    #expect(workbench.state.helpFilter == letters)
    let first = try #require(HelpView.bindings(workbench.state).first)
    #expect(first.instruction.description.hasPrefix(name), "\(first.instruction)")
  }

  @Test func enterDoesIt() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.recordedState())
    workbench.press(.control("p"))
    workbench.type("nu")
    workbench.press(.enter)
    #expect(workbench.state.help == nil && workbench.state.unit == 1)
    // Digits and letters that move elsewhere are letters here; Ctrl-P and Esc leave.
    workbench.press(.control("p"))
    workbench.type("jq1")
    #expect(workbench.state.helpFilter == "jq1" && workbench.state.view == .lanes)
    workbench.press(.enter)
    #expect(workbench.state.unit == 1)
    workbench.press(.control("p"))
    #expect(workbench.state.help == nil && workbench.state.helpFilter == nil)
  }

  /// Letters of several words begin them, in order; nothing else is meant.
  @Test(
    arguments: [
      ("ln", false), ("nx", false), ("n", false), ("ne", true), ("nela", true), ("n l", false),
      ("", false), ("nextlanes", false),
    ] as [(String, Bool)])
  func initialsAreThoseOfWords(_ letters: String, _ isMeant: Bool) throws {
    let binding = try #require(
      Keymap.standard.bindings.first { $0.instruction == Instruction(.nextLane) })
    #expect(binding.hasInitials(letters) == isMeant)
  }
}
