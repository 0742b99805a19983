import Demos
import Foundation
import Inspector
import ModelFiles
import Recurrent

/// A demo of the checkout's demos/ with its model's trace over its whole sequence.
struct ReplayedDemo {
  let demo: Demo
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

  init(_ name: String) throws {
    guard let catalog = Self.catalog else { throw Unreadable(what: "demos/") }
    demo = try catalog.demo(named: name)
    model = try ModelReader.read(path: demo.modelPath())
    trace = try Self.trace(model, demo)
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

  private static func table(_ path: String) throws -> FeatureTable {
    try FeatureTable(text: String(contentsOf: URL(filePath: path), encoding: .utf8), path: path)
  }

  /// The track of a layer, read forwards.
  func track(layer: Int) -> Int? {
    trace.layout.firstIndex { $0.track.layer == layer }
  }

  /// What the model shows where a claim points; nil where it points at nothing.
  func value(of claim: Claim, at stop: TourStop) -> Float? {
    switch claim.quantity {
    case "p", "y":
      guard let readout = model.network.readout else { return nil }
      let outputs = readout(trace.topHidden(at: stop.step))
      let index =
        claim.quantity == "y" ? Int(claim.place) : model.outputSymbols?.firstIndex(of: claim.place)
      return index.flatMap { outputs.indices.contains($0) ? outputs[$0] : nil }
    case let quantity:
      let isBefore = quantity.hasSuffix("'")
      guard let track = track(layer: stop.layer), let unit = Int(claim.place),
        let signal = Signal(rawValue: isBefore ? String(quantity.dropLast()) : quantity),
        trace.layout[track].signals.contains(signal),
        (0..<trace.layout[track].units).contains(unit)
      else { return nil }
      guard isBefore else {
        return trace.value(track: track, signal: signal, step: stop.step, unit: unit)
      }
      guard signal == .c || signal == .h else { return nil }
      return trace.previous(track: track, signal: signal, step: stop.step, unit: unit)
    }
  }
}
