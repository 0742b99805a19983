import Demos
import Inspector
import ModelFiles
import Recurrent
import Screen
import Testing
import Workbench

/// Every tour, walked in the workbench: each stop shows what it speaks of.
@Suite struct TourWalkTests {
  @Test(arguments: ReplayedDemo.names) func everyStopIsReached(name: String) throws {
    let replayed = try ReplayedDemo(name)
    let tour = replayed.demo.tour
    guard !tour.stops.isEmpty else { return }
    for (width, height) in [(80, 24), (120, 40)] {
      let workbench = try workbench(replayed, width: width, height: height)
      for (number, stop) in tour.stops.enumerated() {
        try workbench.replay([number == 0 ? "tour" : "tour-next"])
        let state = workbench.state
        let track = replayed.trace.layout[state.track]
        #expect(state.step == stop.step, "stop \(number + 1)")
        if stop.commands.isEmpty {
          #expect(state.view.name == stop.view.rawValue)
          #expect(track.track.layer == stop.layer)
          if let unit = stop.unit { #expect(state.unit == unit) }
          if let signal = stop.signal { #expect(track.signals[state.lane].rawValue == signal) }
        }
        #expect(state.message?.isError != true, "stop \(number + 1): \(state.message?.text ?? "")")
        #expect(state.script.isEmpty && !workbench.isBusy)
        let text = workbench.frame().text
        let words = stop.text.split(separator: " ").prefix(4).joined(separator: " ")
        #expect(text.contains(words), "stop \(number + 1) at \(width)x\(height)")
      }
      try workbench.replay(["tour-next"])
      #expect(workbench.state.tourStop == nil)
    }
  }

  /// The plain network and the GRU stand beside the demo's own within the tour.
  @Test func recallShowsItsVariants() throws {
    let replayed = try ReplayedDemo("recall")
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
      let workbench = try workbench(replayed, width: width, height: height)
      try workbench.replay(["tour"])
      var seen: [String] = []
      for stop in replayed.demo.tour.stops {
        if let run = workbench.state.otherRuns.first, !stop.commands.isEmpty {
          #expect(workbench.state.view == .compare)
          #expect(run.trace.recordedSteps == stop.step + 1)
          #expect(workbench.frame().text.contains("\(run.name) has no c; h comes nearest"))
          seen.append(run.name)
        }
        try workbench.replay(["tour-next"])
      }
      #expect(seen == ["rnn", "gru"])
    }
  }

  private func workbench(_ replayed: ReplayedDemo, width: Int, height: Int) throws -> Workbench {
    let recorder = try TraceRecorder(
      network: replayed.model.network, input: replayed.trace.input,
      symbols: replayed.model.vocabulary?.symbols, outputSymbols: replayed.model.outputSymbols)
    let session = Session(
      model: replayed.model, trace: recorder.trace, name: replayed.demo.name, exportName: "a.csv",
      lanes: replayed.demo.lanes, tour: replayed.demo.tour,
      variants: Dictionary(
        uniqueKeysWithValues: try replayed.demo.variantNames.map {
          ($0, try replayed.demo.modelPath(variant: $0))
        }))
    let state = State(
      session: session, width: width, height: height,
      theme: Theme(.dark, Capabilities(colors: .indexed, unicode: true)))
    return Workbench(state: state, recorder: recorder) { _, _ in .written }
  }
}
