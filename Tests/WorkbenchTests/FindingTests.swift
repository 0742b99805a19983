import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// Going to tokens and to changes.
@Suite struct FindingTests {
  /// BTBPVVETEBPBTXSEPEBTBTXXTVVETE: where each search ends, from step 0 on.
  @Test(arguments: [
    ("PV", "", 3), ("PVV", "", 3), ("XX", "", 22), ("B", "", 2), ("B", "n", 9), ("B", "nn", 11),
    ("B", "nnN", 9), ("BT", "n", 18), ("E", "N", 29), ("ZZ", "", 0),
    ("BTBPVVETEBPBTXSEPEBTBTXXTVVETEB", "", 0),
  ])
  func searchesGoToTokens(_ query: String, _ then: String, _ step: Int) throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    workbench.type("/\(query)")
    workbench.press(.enter)
    workbench.type(then)
    #expect(workbench.state.step == step)
    #expect(workbench.state.prompt == nil && workbench.state.query == query)
  }

  @Test func aSearchSaysWhereItWentOn() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    workbench.type("G/BTBP")
    workbench.press(.enter)
    #expect(workbench.state.step == 0)
    #expect(workbench.state.message?.text == Words.searchWrapped)
    workbench.type("/ZZ")
    workbench.press(.enter)
    #expect(workbench.state.message?.text == Words.notFound("ZZ"))
    workbench.type("/BT")
    workbench.press(.escape)
    #expect(workbench.state.query == "ZZ", "Esc leaves what was searched for")
  }

  @Test func aSearchComputesTheStepsOnItsWay() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    workbench.type("/XX")
    workbench.press(.enter)
    #expect(scene.session.trace.recordedSteps == 23)
  }

  @Test func changesAreFoundOneByOne() throws {
    let scene = try Scene.letters()
    let workbench = scene.workbench(scene.state())
    workbench.press(.tab)  // f
    var found: [Int] = []
    while true {
      workbench.type(">")
      if workbench.state.message != nil { break }
      found.append(workbench.state.step)
    }
    let trace = scene.session.trace
    let expected = (1..<30).filter { step in
      let now = trace.value(track: 0, signal: .f, step: step, unit: 0)
      return abs(now - trace.value(track: 0, signal: .f, step: step - 1, unit: 0)) > 0.25
    }
    #expect(!expected.isEmpty && found == expected)
    #expect(workbench.state.message?.text == Words.noChange(forwards: true))
    var back: [Int] = []
    while true {
      workbench.type("<")
      if workbench.state.message != nil { break }
      back.append(workbench.state.step)
    }
    #expect(back == expected.dropLast().reversed())
  }

  /// A long way is gone in slices, each a frame, and can be stopped.
  @Test func aLongSearchGoesInSlices() throws {
    let count = 3 * Scan.slice
    let scene = try Scene(
      try TestModels.letters(.rnn, units: 1), .tokens(Array(repeating: 0, count: count - 1) + [1]))
    var state = scene.recordedState()
    #expect(press(&state, keys("/T") + [.enter]) == [.goOn])
    #expect(state.pending != nil && state.step == 0)
    #expect(update(&state, .goOn) == [.goOn])
    #expect(update(&state, .goOn) == [])
    #expect(state.step == count - 1 && state.pending == nil)
    _ = press(&state, ["n"])
    #expect(press(&state, [.escape]) == [])
    #expect(state.pending == nil && state.step == count - 1)
    #expect(update(&state, .goOn) == [], "and it stays so")
    // Nothing changes, which a way back finds out at the other end.
    _ = press(&state, ["<"])
    var slices = 0
    while state.pending != nil {
      _ = update(&state, .goOn)
      slices += 1
    }
    #expect(slices == 2 && state.message?.text == Words.noChange(forwards: false))
  }
}
