import Demos
import Inspector
import ModelFiles
import Recurrent
import Testing

/// Every demo that is there opens, and its tour says nothing that its model does not show.
@Suite struct TourTests {
  @Test func thereAreDemos() throws {
    let catalog = try #require(ReplayedDemo.catalog)
    let demos = try catalog.all()
    #expect(!demos.isEmpty)
    #expect(Set(demos.map(\.order)).count == demos.count, "two demos have the same place")
    #expect(demos.allSatisfy { !$0.title.isEmpty && !$0.summary.isEmpty })
  }

  @Test(arguments: ReplayedDemo.names) func everyClaimIsTrue(name: String) throws {
    let replayed = try ReplayedDemo(name)
    for (number, stop) in replayed.demo.tour.stops.enumerated() {
      try #require((0..<replayed.trace.length).contains(stop.step), "stop \(number + 1): no step")
      for claim in stop.claims {
        let value = replayed.value(of: claim, at: stop)
        let found = try #require(value, "stop \(number + 1): \(claim) points at nothing")
        #expect(claim.holds(for: found), "stop \(number + 1), step \(stop.step): \(found)")
      }
    }
  }

  @Test(arguments: ReplayedDemo.names) func everyStopPointsAtSomething(name: String) throws {
    let replayed = try ReplayedDemo(name)
    let stops = replayed.demo.tour.stops
    #expect(stops.isEmpty || stops.contains { $0.view == .cell }, "the cell view is not shown")
    for (number, stop) in stops.enumerated() {
      let track = try #require(replayed.track(layer: stop.layer), "stop \(number + 1): no layer")
      let layout = replayed.trace.layout[track]
      if let unit = stop.unit { #expect((0..<layout.units).contains(unit), "stop \(number + 1)") }
      if let signal = stop.signal {
        #expect(layout.signals.map(\.rawValue).contains(signal), "stop \(number + 1)")
      }
    }
  }

  /// The box has room for four lines of a screen of 80 columns.
  @Test(arguments: ReplayedDemo.names) func everyTextFits(name: String) throws {
    let stops = try ReplayedDemo(name).demo.tour.stops
    for (number, stop) in stops.enumerated() {
      #expect(width(stop.text) <= 240, "stop \(number + 1)")
      #expect(lines(stop.text, width: 74) <= 4, "stop \(number + 1)")
      #expect(!stop.text.contains("!"), "stop \(number + 1)")
    }
  }

  @Test(arguments: ReplayedDemo.names) func lanesAndAnswersFitTheSequence(name: String) throws {
    let replayed = try ReplayedDemo(name)
    for lane in replayed.demo.lanes {
      #expect(lane.values.count == replayed.trace.length, "lane '\(lane.name)'")
      #expect(lane.values.contains { !$0.isNaN }, "lane '\(lane.name)'")
      if lane.kind == .flag { #expect(lane.values.allSatisfy { $0.isNaN || $0 == 0 || $0 == 1 }) }
    }
    guard let expected = replayed.demo.expected else { return }
    #expect(expected.count == replayed.trace.length)
    let symbols = replayed.model.outputSymbols ?? []
    #expect(expected.allSatisfy { $0 == "-" || symbols.contains($0) })
    #expect(expected.contains { $0 != "-" })
  }

  /// What is due is also what the demo's model says.
  @Test(arguments: ReplayedDemo.names) func theModelGivesTheExpectedAnswers(name: String) throws {
    let replayed = try ReplayedDemo(name)
    guard let expected = replayed.demo.expected, let readout = replayed.model.network.readout
    else { return }
    for (step, answer) in expected.enumerated() where answer != "-" {
      let outputs = readout(replayed.trace.topHidden(at: step))
      let best = outputs.indices.max { outputs[$0] < outputs[$1] }
      #expect(best.flatMap { replayed.model.outputSymbols?[$0] } == answer)
    }
  }

  @Test(arguments: ReplayedDemo.names) func everyVariantReadsTheSequence(name: String) throws {
    let replayed = try ReplayedDemo(name)
    for variant in replayed.demo.variantNames {
      let model = try ModelReader.read(path: replayed.demo.modelPath(variant: variant))
      #expect(try ReplayedDemo.trace(model, replayed.demo).length == replayed.trace.length)
      #expect(model.network.layers[0].shape.cell != .lstm, "\(variant)")
    }
  }

  private func width(_ text: some StringProtocol) -> Int {
    // Chinese characters and their punctuation take two columns.
    text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) }
  }

  private func lines(_ text: String, width limit: Int) -> Int {
    var lines = 1
    var used = 0
    for word in text.split(separator: " ") {
      let length = width(word)
      if used > 0 && used + 1 + length > limit {
        lines += 1
        used = 0
      }
      used += (used > 0 ? 1 : 0) + length
    }
    return lines
  }
}
