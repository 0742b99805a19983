import Demos
import Inspector
import Recurrent
import Screen
import Testing
import Workbench

/// Every tour, walked in the workbench: each stop shows what it speaks of.
@Suite struct TourWalkTests {
  /// Numbers that a text needs and no screen shows: lengths.
  private static let exceptions: [String: Set<String>] = ["recall": ["200"]]

  @Test(arguments: TourWalk.all) func everyStopShowsWhatItSpeaksOf(walk: TourWalk) throws {
    for (width, height) in [(80, 24), (120, 40)] {
      try walk.walk(width: width, height: height) { place, workbench in
        let (state, stop) = (workbench.state, place.stop)
        #expect(state.step == stop.step, "\(place.label)")
        #expect(state.view.name == stop.view.rawValue, "\(place.label)")
        #expect(state.message?.isError != true, "\(place.label): \(state.message?.text ?? "")")
        #expect(state.script.isEmpty && !workbench.isBusy)
        if let unit = stop.unit { #expect(state.unit == unit, "\(place.label)") }
        let track = state.session.trace.layout[state.track]
        #expect(track.track.layer == stop.layer)
        if let signal = stop.signal {
          let inHand = state.saidInHand?.rawValue ?? track.signals[state.lane].rawValue
          #expect(signal == inHand, "\(place.label)")
        }
        let words = stop.text.split(separator: " ").prefix(4).joined(separator: " ")
        #expect(workbench.frame().text.contains(words), "\(place.label) at \(width)x\(height)")
        let shown = WrittenNumbers(on: Self.screen(of: workbench))
        for number in WrittenNumbers(inWordsOf: stop.text).all
        where Self.exceptions[walk.demo]?.contains(number) != true {
          #expect(shown.contain(number), "\(place.label) at \(width)x\(height): \(number)")
        }
      }
    }
  }

  /// Without what the tour says itself.
  private static func screen(of workbench: Workbench) -> String {
    let lines = workbench.frame().text.split(separator: "\n", omittingEmptySubsequences: false)
    // Its rule is the last of the screen; a diagram may have heavy lines too.
    let rule = lines.lastIndex { $0.contains("━━━") } ?? lines.endIndex
    return lines[..<rule].joined(separator: "\n")
  }

  /// A stop looks the same from whichever side one comes to it, once everything that the tour measures
  /// has been measured, and leaving gives back what was set.
  @Test(arguments: TourWalk.all) func aStopLooksTheSameFromBothSides(walk: TourWalk) throws {
    let count = try walk.places().count
    guard count > 0 else { return }
    let workbench = try walk.workbench(width: 120, height: 40)
    try workbench.replay(["set limits lane", "tour"])
    for _ in 1..<count { try workbench.replay(["tour-next"]) }
    var frames: [String] = []
    for _ in 0..<count {
      frames.append(Self.withoutMessage(workbench.frame().text))
      try workbench.replay(["tour-back"])
    }
    for (number, frame) in frames.reversed().enumerated() {
      let isSame = Self.withoutMessage(workbench.frame().text) == frame
      #expect(isSame, "\(walk), place \(number + 1)")
      try workbench.replay(["tour-next"])
    }
    #expect(workbench.state.tourStop == nil && workbench.state.settings.limits == .lane)
  }

  private static func withoutMessage(_ frame: String) -> String {
    frame.split(separator: "\n").dropLast().joined(separator: "\n")
  }

  /// Enter at the end of recall's tour leads to the plain network and the GRU, beside the demo's own.
  @Test func recallGoesOnToItsVariants() throws {
    let walk = TourWalk(demo: "recall", variant: nil)
    let places = try walk.places()
    let own = places.count { !$0.isBeside }
    #expect(places.count { $0.label.contains("the plain network") } >= 3)
    #expect(places.count { $0.label.contains("the GRU") } >= 3)
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
      var seen: [String] = []
      var number = 0
      try walk.walk(width: width, height: height) { place, workbench in
        number += 1
        let text = workbench.frame().text
        if number == own { #expect(text.contains("Enter on to the plain network")) }
        if number == places.count { #expect(text.contains("Enter ends the tour")) }
        guard place.isBeside, place.stop.view != .flow else { return }
        let run = try #require(workbench.state.otherRuns.first)
        #expect(workbench.state.view == .compare)
        #expect(run.trace.recordedSteps >= place.stop.step + 1)
        if seen.last != run.name { seen.append(run.name) }
      }
      #expect(seen == ["rnn", "gru"])
    }
  }
}
