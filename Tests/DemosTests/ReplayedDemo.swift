import Demos
import Foundation
import Inspector
import ModelFiles
import Recurrent
import Workbench

/// A demo of the checkout's demos/ with its model's trace over its whole sequence.
struct ReplayedDemo {
  let demo: Demo
  /// Which of its models is open; nil for its own.
  let variant: String?
  let model: TrainedModel
  let trace: Trace

  static let catalog = try? DemoCatalog(
    environment: [
      "GATESCOPE_DEMOS": URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../demos").standardizedFileURL.path
    ], executable: "")

  static let names = catalog?.names ?? []

  struct Unreadable: Error {
    let what: String
  }

  init(_ name: String, variant: String? = nil) throws {
    guard let catalog = Self.catalog else { throw Unreadable(what: "demos/") }
    demo = try catalog.demo(named: name)
    self.variant = variant
    model = try ModelReader.read(path: demo.modelPath(variant: variant))
    trace = try Self.trace(model, demo)
  }

  /// The same with the run that a stop's commands make of it; nil where they change nothing.
  func changed(by stop: TourStop) throws -> ReplayedDemo? {
    guard stop.changesRun else { return nil }
    let workbench = try TourWalk(demo: demo.name, variant: variant).workbench(width: 80, height: 24)
    try workbench.replay(
      ["go \(stop.step)"] + stop.commands.filter(TourStop.changesRun) + ["last-step"])
    return ReplayedDemo(
      demo: demo, variant: variant, model: model, trace: workbench.state.session.trace)
  }

  private init(demo: Demo, variant: String?, model: TrainedModel, trace: Trace) {
    self.demo = demo
    self.variant = variant
    self.model = model
    self.trace = trace
  }

  /// The trace of one of the demo's models over its sequence.
  static func trace(_ model: TrainedModel, _ demo: Demo) throws -> Trace {
    let recorder = try TraceRecorder(
      network: model.network, input: try input(of: demo, for: model),
      symbols: model.vocabulary?.symbols, outputSymbols: model.outputSymbols)
    recorder.recordAll()
    return recorder.trace
  }

  private static func input(of demo: Demo, for model: TrainedModel) throws -> InputSequence {
    switch demo.sequence {
    case .tokens(let tokens): return .tokens(tokens)
    case .text(let text):
      guard let vocabulary = model.vocabulary else { throw Unreadable(what: "no vocabulary") }
      return .tokens(try vocabulary.tokens(of: text))
    case .features(let path):
      guard let features = try table(path).columns(where: { !$0.hasPrefix("target") }) else {
        throw Unreadable(what: "no features in \(path)")
      }
      return .features(features.values, width: features.names.count)
    }
  }

  /// The output that is due at each step, where it is not the next token.
  var expected: [Int?]? {
    demo.expected.map { $0.map { model.outputSymbols?.firstIndex(of: $0) } }
  }

  /// What should come out, (T, outputs), where numbers enter.
  func targets() throws -> [Float]? {
    guard case .features(let path) = demo.sequence else { return nil }
    return try Self.table(path).columns { $0.hasPrefix("target") }?.values
  }

  /// What the numbers that enter are called.
  func featureNames() throws -> [String] {
    guard case .features(let path) = demo.sequence else { return [] }
    return try Self.table(path).names.filter { !$0.hasPrefix("target") }
  }

  private static func table(_ path: String) throws -> FeatureTable {
    try FeatureTable(text: String(contentsOf: URL(filePath: path), encoding: .utf8), path: path)
  }

  /// The track of a layer, read forwards.
  func track(layer: Int) -> Int? {
    trace.layout.firstIndex { $0.track.layer == layer }
  }

  /// What the model shows where a claim points; nil where it points at nothing.
  func value(of claim: Claim, at stop: TourStop) throws -> Float? {
    if claim.model == Branches.main {
      return try ReplayedDemo(demo.name, variant: variant).value(of: claim.unnamed, at: stop)
    }
    if let other = claim.model, other != variant ?? demo.ownVariant {
      return try ReplayedDemo(demo.name, variant: other).value(of: claim, at: stop)
    }
    let step = claim.step ?? stop.step
    guard (0..<trace.length).contains(step), let track = track(layer: stop.layer) else {
      return nil
    }
    switch claim.quantity {
    case "p", "y":
      guard let readout = model.network.readout else { return nil }
      let outputs = readout(trace.topHidden(at: step))
      let index =
        claim.quantity == "y" ? Int(claim.place) : model.outputSymbols?.firstIndex(of: claim.place)
      return index.flatMap { outputs.indices.contains($0) ? outputs[$0] : nil }
    case "x":
      guard case .features(let values, let width) = trace.input, let input = Int(claim.place),
        (0..<width).contains(input)
      else { return nil }
      return values[step * width + input]
    case "target":
      guard let targets = try targets(), let output = Int(claim.place) else { return nil }
      let place = step * (targets.count / trace.length) + output
      return targets.indices.contains(place) ? targets[place] : nil
    case "written":
      // What the network itself has put behind the demo's sequence.
      let own = try ReplayedDemo(demo.name, variant: variant).trace.length
      return Float((own..<trace.length).count { trace.tokenText(at: $0) == claim.place })
    case "half-life":
      guard let unit = Int(claim.place), (0..<trace.layout[track].units).contains(unit) else {
        return nil
      }
      return Float(UnitStatistics(unit: unit, in: trace, track: track).halfLife)
    case "gradient", "kept", "memory":
      guard let lag = Int(claim.place) else { return nil }
      return try flow(claim.quantity, lag: lag, track: track)
    case "i·z":
      guard let i = signal("i", claim, track, step), let z = signal("z", claim, track, step) else {
        return nil
      }
      return i * z
    case "left":
      guard let unit = Int(claim.place), let written = claim.step else { return nil }
      let writes = try StateWrites(trace, track: track, unit: unit, step: stop.step)
      return writes.writes.first { $0.step == written }.map { Float($0.left) }
    case "part": return try part(claim, track, step)
    case "moves", "gave":
      guard let output = model.outputSymbols?.firstIndex(of: claim.place) else { return nil }
      let target = GradientTarget(step: stop.step, output: output)
      let (parts, steps): ([Double]?, Range<Int>?)
      if claim.quantity == "gave" {
        let found = try IntegratedGradients(model.network, trace, target: target).advance()
        (parts, steps) = (found?.parts, found?.steps)
      } else {
        let found = try GradientPass(model.network, trace, target: target).advance()
        (parts, steps) = (found?.inputTimesGradient, found?.steps)
      }
      guard let parts, let steps, steps.contains(step) else { return nil }
      return Float(parts[step - steps.lowerBound])
    case let quantity:
      return signal(quantity, claim, track, step)
    }
  }

  /// Of `f5:h'4` the part of h'[4] in the sum of f of unit 5.
  private func part(_ claim: Claim, _ track: Int, _ step: Int) throws -> Float? {
    let names = claim.place.split(separator: ":")
    guard names.count == 2, let gate = Signal(rawValue: String(names[0].prefix(1))),
      let unit = Int(names[0].dropFirst())
    else { return nil }
    let cause: GateSplit.Cause? =
      switch names[1] {
      case "bias": .bias
      case "token": .token
      case let name where name.hasPrefix("h'"): Int(name.dropFirst(2)).map { .hidden($0) }
      case _: nil
      }
    let split = try GateSplit(
      model.network, trace, track: track, signal: gate, unit: unit, step: step)
    return split.parts.first { $0.cause == cause }.map { Float($0.value) }
  }

  /// What the view `flow` shows as it is first opened: back from the last step, or forth from the first,
  /// which reads what changes h of the open model most.
  private func flow(_ quantity: String, lag: Int, track: Int) throws -> Float? {
    guard quantity != "memory" else {
      let own = variant == nil ? self : try ReplayedDemo(demo.name)
      let token = ReachStudy.mostTelling(network: own.model.network, trace: own.trace, step: 0)
      let study = try ReachStudy(
        network: model.network, trace: trace, track: track, step: 0, token: token,
        through: trace.length - 1)
      study.advance(limit: .max)
      return study.reach.flatMap { lag < $0.hidden.count ? $0.hidden[lag] : nil }
    }
    let study = GradientStudy(
      network: model.network, trace: trace, track: track, step: trace.length - 1, longest: lag)
    study.advance(budget: .max)
    let logs = quantity == "kept" ? study.flow.kept?.largest : study.flow.memory.norms
    return logs.flatMap { lag < $0.count ? Float(exp($0[lag])) : nil }
  }

  /// A signal of the unit in a claim's brackets, or c' and h', those of the step before.
  private func signal(_ quantity: String, _ claim: Claim, _ track: Int, _ step: Int) -> Float? {
    let isBefore = quantity.hasSuffix("'")
    guard let unit = Int(claim.place),
      let signal = Signal(rawValue: isBefore ? String(quantity.dropLast()) : quantity),
      trace.layout[track].signals.contains(signal), (0..<trace.layout[track].units).contains(unit)
    else { return nil }
    guard isBefore else {
      return trace.value(track: track, signal: signal, step: step, unit: unit)
    }
    guard signal == .c || signal == .h else { return nil }
    return trace.previous(track: track, signal: signal, step: step, unit: unit)
  }
}

extension TourStop {
  /// Whether a line of a stop shows another run.
  static func changesRun(_ line: String) -> Bool {
    let changing: Set<Substring> = [
      "clamp", "scale", "add", "freeze", "edit", "token", "initial", "without", "generate",
    ]
    return changing.contains(line.prefix { $0 != " " })
  }

  var changesRun: Bool { commands.contains(where: Self.changesRun) }
}
