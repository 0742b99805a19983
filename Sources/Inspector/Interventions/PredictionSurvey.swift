import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How far the predictions of two runs are apart, step by step, kept as they come, in slices: the
/// divergence of Kullback & Leibler (1951) of the second from the first, Σ p ln(p / q), in nats, and the
/// first step where another output is the likeliest.
///
/// Not safe to share between threads.
public final class PredictionSurvey {
  public let first: Trace
  public let other: Trace
  /// Σ p ln(p / q), a step an entry.
  public private(set) var divergence: [Float] = []
  /// The likeliest output of either.
  public private(set) var tops: [(first: Int, other: Int)] = []
  /// The first step where the likeliest differ; nil where they have not so far.
  public private(set) var firstDifference: Int?
  private var sum = 0.0

  /// Nil where one of them predicts nothing, or they predict different things.
  public init?(_ first: Trace, _ other: Trace) {
    guard let p = first.readout, let q = other.readout, Self.isDistribution(p),
      Self.isDistribution(q),
      p.outputs == q.outputs, p.symbols == q.symbols
    else { return nil }
    self.first = first
    self.other = other
  }

  /// One of its outputs comes; those of a sigmoid are a yes or no each.
  private static func isDistribution(_ readout: TraceReadout) -> Bool {
    readout.isProbable && readout.activation != .sigmoid
  }

  public var steps: Int { divergence.count }
  /// Steps that both have.
  public var recordedSteps: Int { min(first.recordedSteps, other.recordedSteps) }
  public var mean: Double? { steps > 0 ? sum / Double(steps) : nil }
  /// The step where they are farthest apart; nil before the first.
  public var farthest: Int? {
    divergence.indices.max { divergence[$0] < divergence[$1] }
  }

  /// Takes in more recorded steps, about `limit` values.
  ///
  /// - Returns: the values that were looked at; less than `limit` where nothing is left.
  public func extend(limit: Int) -> Int {
    guard let p = first.readout, let q = other.readout else { return 0 }
    var work = 0
    while steps < recordedSteps && work < limit {
      let part = steps..<min(steps + min(p.blockSteps, 64), recordedSteps)
      let (left, right) = (p.block(part), q.block(part))
      for step in part {
        let apart = Self.divergence(left.row(step), right.row(step))
        divergence.append(Float(apart))
        sum += apart
        let top = (
          first: Int(left.top[step - part.lowerBound]),
          other: Int(right.top[step - part.lowerBound])
        )
        tops.append(top)
        if firstDifference == nil, top.first != top.other { firstDifference = step }
      }
      work += part.count * (p.valuesPerStep + q.valuesPerStep)
    }
    return work
  }

  /// A probability that a Float cannot hold counts as the smallest that it can.
  static func divergence(_ p: ArraySlice<Float>, _ q: ArraySlice<Float>) -> Double {
    zip(p, q).reduce(0.0) { sum, pair in
      guard pair.0 > 0 else { return sum }
      let other = Double(max(pair.1, .leastNormalMagnitude))
      return sum + Double(pair.0) * log(Double(pair.0) / other)
    }
  }

  /// As a CSV: a row a step, what entered, the likeliest of either, and how far they are apart.
  public var csv: [String] {
    let symbols = first.readout?.symbols
    func name(_ output: Int) -> String {
      let text = symbols.flatMap { $0.indices.contains(output) ? $0[output] : nil } ?? "\(output)"
      guard text.contains(where: { "\",\n\r".contains($0) }) else { return text }
      return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
    func token(_ step: Int) -> String {
      let text = first.tokenText(at: step) ?? ""
      guard text.contains(where: { "\",\n\r".contains($0) }) else { return text }
      return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
    return ["step,token,top,top_other,kl"]
      + (0..<steps).map { step in
        "\(first.stepNumber(at: step)),\(token(step)),\(name(tops[step].first)),"
          + "\(name(tops[step].other)),\(divergence[step])"
      }
  }
}
