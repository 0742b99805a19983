import Recurrent

@testable import Inspector

/// Four LSTM units under three GRU units that read both ways, over forty symbols of a small vocabulary.
/// Values look random, have few digits so that they are equal now and then, and are NaN in one place.
enum ExpressionTrace {
  static let length = 40
  static let symbols = ["a", "b", "ing", "\n", "sing", "月"]
  static let tokens = (0..<length).map { ($0 * $0 + $0 / 3) % 6 }

  static let layout = [
    TrackLayout(track: Track(layer: 0), cell: .lstm, units: 4),
    TrackLayout(track: Track(layer: 1, direction: .forward), cell: .gru, units: 3),
    TrackLayout(track: Track(layer: 1, direction: .backward), cell: .gru, units: 3),
  ]

  static let lanes = [
    GroundTruthLane(
      name: "depth", kind: .number,
      values: (0..<length).map { $0 == 20 ? .nan : Float($0 % 5) }),
    GroundTruthLane(
      name: "in quotes", kind: .flag, values: (0..<length).map { $0 % 7 > 3 ? 1 : 0 }),
    // Shorter than the trace.
    GroundTruthLane(
      name: "next", kind: .symbol, values: (0..<30).map { $0 == 4 ? .nan : Float($0 % 2) },
      symbols: ["a", "b"]),
  ]

  /// f[2] is NaN at step 9.
  static func value(_ track: Int, _ signal: Signal, _ step: Int, _ unit: Int) -> Float {
    if signal == .f && step == 9 && unit == 2 { return .nan }
    let place = Signal.allCases.firstIndex(of: signal)!
    var bits = UInt64(track * 1_000_003 + place * 10007 + step * 101 + unit + 1)
    bits = (bits ^ (bits >> 7)) &* 0x9E37_79B9_7F4A_7C15
    let tenths = Float((bits >> 40) % 21) / 10
    return signal == .c ? 2 * (tenths - 1) : tenths / 2
  }

  /// The states before the first step: c[u] is u, h[u] is -u, of every track.
  static func make() throws -> Trace {
    try handMadeTrace(
      layout, input: .tokens(tokens), symbols: symbols,
      seed: { units, isCell in (0..<units).map { isCell ? Float($0) : -Float($0) } }, value: value)
  }

  static func search(_ source: String, track: Int = 0) throws -> TraceSearch {
    try SignalExpression(source).bound(
      to: ExpressionScope(trace: make(), track: track, lanes: lanes))
  }
}

/// The values of another trace, as a file would hold them.
final class RecordedValues: TraceValues {
  private let trace: Trace
  init(_ trace: Trace) { self.trace = trace }
  var recordedSteps: Int { trace.recordedSteps }
  func read(_ request: WindowRequest, into values: UnsafeMutablePointer<Float>) {
    trace.read(request, into: values)
  }
}

/// The values of a trace by short names, as Double, for conditions that Swift itself evaluates.
struct Values {
  /// The step.
  let t: Int
  private func at(_ track: Int, _ signal: Signal, _ unit: Int, _ step: Int) -> Double {
    Double(ExpressionTrace.value(track, signal, step, unit))
  }
  func z(_ unit: Int) -> Double { at(0, .z, unit, t) }
  func f(_ unit: Int) -> Double { at(0, .f, unit, t) }
  func i(_ unit: Int) -> Double { at(0, .i, unit, t) }
  func o(_ unit: Int) -> Double { at(0, .o, unit, t) }
  func c(_ unit: Int) -> Double { t < 0 ? Double(unit) : at(0, .c, unit, t) }
  func h(_ unit: Int) -> Double { t < 0 ? -Double(unit) : at(0, .h, unit, t) }
  /// Signals of layer 1.
  func fwd(_ signal: Signal, _ unit: Int) -> Double { at(1, signal, unit, t) }
  func bwd(_ signal: Signal, _ unit: Int) -> Double {
    signal == .h && t == ExpressionTrace.length ? -Double(unit) : at(2, signal, unit, t)
  }
  var token: String { ExpressionTrace.symbols[ExpressionTrace.tokens[t]] }
  /// The step before and the step after.
  var old: Values { Values(t: t - 1) }
  var new: Values { Values(t: t + 1) }
}
