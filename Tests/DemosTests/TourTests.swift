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
    // With the name and "teaches: " before it a line of 80 columns has to do.
    #expect(demos.allSatisfy { (10...66).contains(($0.teaches ?? "").count + $0.name.count) })
  }

  @Test(arguments: TourWalk.all) func everyClaimIsTrue(walk: TourWalk) throws {
    for place in try walk.places() {
      let stop = place.stop
      let replayed = try place.model.changed(by: stop) ?? place.model
      try #require((0..<replayed.trace.length).contains(stop.step), "\(place.label): no step")
      for claim in stop.claims {
        let value = try replayed.value(of: claim, at: stop)
        let found = try #require(value, "\(place.label): \(claim) points at nothing")
        #expect(claim.holds(for: found), "\(place.label): \(claim), but \(found)")
      }
    }
  }

  /// Numbers that are no value of the model: a task's rule, a sum that is told.
  private static let told: [String: Set<String>] = [:]

  /// A text says no number with decimals that no claim holds, unless the stop's commands do.
  @Test(arguments: TourWalk.all) func everyNumberIsClaimed(walk: TourWalk) throws {
    for place in try walk.places() {
      let claimed = Set(place.stop.claims.filter { $0.relation == .rounded }.map(\.number))
      let commands = place.stop.commands.joined(separator: " ")
      for number in WrittenNumbers(inWordsOf: place.stop.text).all where number.contains(".") {
        #expect(
          claimed.contains(number) || commands.contains(number)
            || Self.told[walk.demo]?.contains(number) == true, "\(place.label): \(number)")
      }
    }
  }

  @Test(arguments: TourWalk.all) func everyStopPointsAtSomething(walk: TourWalk) throws {
    let places = try walk.places()
    let own = places.filter { !$0.isBeside }.map(\.stop)
    #expect(own.isEmpty || own.contains { $0.view == .cell }, "the cell view is not shown")
    #expect(own.isEmpty || own.contains { $0.view == .unit }, "the unit view is not shown")
    for place in places {
      let open = place.isBeside ? try ReplayedDemo(walk.demo) : place.model
      let track = try #require(open.track(layer: place.stop.layer), "\(place.label): no layer")
      let layout = open.trace.layout[track]
      if let unit = place.stop.unit {
        #expect((0..<layout.units).contains(unit), "\(place.label)")
      }
      if let signal = place.stop.signal {
        let names = layout.signals.map(\.rawValue) + ["loss", "entropy"]
        #expect(names.contains(signal), "\(place.label)")
      }
    }
  }

  /// The box has room for four lines of a screen of 80 columns.
  @Test(arguments: TourWalk.all) func everyTextFits(walk: TourWalk) throws {
    for place in try walk.places() {
      #expect(width(place.stop.text) <= 240, "\(place.label)")
      #expect(lines(place.stop.text, width: 74) <= 4, "\(place.label)")
      #expect(!place.stop.text.contains("!"), "\(place.label)")
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
