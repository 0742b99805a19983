import Recurrent

/// Integrated gradients (Sundararajan, Taly & Yan 2017): what each step's input gave a prediction on
/// the way from no input at all, x = 0 at every step of the window, to what it was. The gradients on
/// that straight way, times x, add up to the difference that the input makes (completeness): points
/// are added until they do within 1 %.
///
/// The network is run for every point, from the state with which the window began. Goes in slices. Not
/// safe to share between threads.
public final class IntegratedGradients {
  public struct Answer: Sendable {
    public let target: GradientTarget
    public let steps: Range<Int>
    /// What each step's input gave, a step an entry.
    public let parts: [Double]
    /// The target with the input as it was.
    public let value: Double
    /// The same without any input.
    public let baseline: Double
    /// Points of the way that were looked at.
    public let points: Int

    public var sum: Double { parts.reduce(0, +) }
    public var difference: Double { value - baseline }
    /// How far the parts miss the difference, as a part of it.
    public var error: Double {
      abs(sum - difference) / max(abs(difference), IntegratedGradients.leastDifference)
    }
    /// Whether they add up within 1 %.
    public var isComplete: Bool { error <= IntegratedGradients.tolerance }
  }

  /// How far the parts may miss the difference.
  public static let tolerance = 0.01
  /// A smaller difference in nats is none that could be divided.
  public static let leastDifference = 0.05
  /// Steps that are looked at where nobody says otherwise.
  public static let usualWindow = 200
  private static let firstHalvings = 4
  private static let mostHalvings = 10
  /// Floats of x, at most: 256 MB.
  private static let largestInput = 1 << 26

  public let target: GradientTarget
  public let steps: Range<Int>
  private let bare: Network
  private let state: NetworkState
  private let interventions: [Intervention]
  private let input: [Float]  // (steps, I)
  private let width: Int
  private var pending: [Double]
  private var point: (share: Double, recorder: TraceRecorder, pass: GradientPass?)?
  private var ends: (low: [Double], high: [Double])
  private var inner: [Double]
  private var values: (low: Double, high: Double) = (0, 0)
  private var halvings = 0
  private var done = 0

  /// - Throws: `WhyError` where there is nothing to ask about.
  public init(
    _ network: Network, _ trace: Trace, target: GradientTarget,
    window: Int = IntegratedGradients.usualWindow
  ) throws(WhyError) {
    guard let readout = network.readout else { throw .noReadout }
    guard (0..<readout.outputSize).contains(target.output) else {
      throw .noSuchOutput(target.output, count: readout.outputSize)
    }
    let layerInput = LayerInput(network, trace.input)
    width = layerInput.width
    let most = Self.largestInput / max(1, width)
    if network.isCausal {
      let length = min(target.step + 1, max(1, min(window, most)))
      steps = target.step + 1 - length..<target.step + 1
    } else {
      guard trace.length <= most else { throw .tooLong(steps: trace.length, limit: most) }
      steps = 0..<trace.length
    }
    self.target = target
    do {
      bare = try Network(layers: network.layers, readout: network.readout)
      state = try Self.state(trace, network, before: steps.lowerBound)
    } catch {
      preconditionFailure("the layers stood in a network before: \(error)")
    }
    var input = [Float](repeating: 0, count: steps.count * width)
    let (steps, width) = (steps, width)
    input.withUnsafeMutableBufferPointer { input in
      guard let base = input.baseAddress else { return }
      for step in steps {
        layerInput.row(step: step, into: base + (step - steps.lowerBound) * width)
      }
    }
    self.input = input
    interventions = trace.interventions(over: steps)
    ends = ([], [])
    inner = Array(repeating: 0, count: steps.count)
    pending = [0, 1]
  }

  private static func state(
    _ trace: Trace, _ network: Network, before step: Int
  ) throws(NetworkError) -> NetworkState {
    let tracks = trace.layout.indices.map { track in
      let edge = trace.layout[track].track.direction == .forward ? step : trace.length - 1
      return NetworkState.TrackState(
        hidden: trace.entering(track: track, signal: .h, step: edge) ?? [],
        cell: trace.layout[track].cell.hasCellState
          ? trace.layout[track].carried.flatMap {
            trace.entering(track: track, signal: $0, step: edge) ?? []
          } : nil)
    }
    return try NetworkState(tracks: tracks, for: network)
  }

  /// How much is done, of what the fewest points that may suffice take.
  public var progress: Double {
    let all = (1 << max(halvings, Self.firstHalvings)) + 1
    let part = point?.pass?.progress ?? 0
    return min(1, (Double(done) + part) / Double(all))
  }

  /// Looks at some more points.
  ///
  /// - Parameter products: about how many multiplications may be done.
  /// - Returns: the answer, once the parts add up, or no more points are worth their time.
  public func advance(products: Int = .max) -> Answer? {
    var left = products
    while left > 0 {
      if point == nil, pending.isEmpty {
        let answer = answer
        if halvings >= Self.firstHalvings, answer.isComplete || halvings == Self.mostHalvings {
          return answer
        }
        halvings += 1
        let parts = 1 << halvings
        pending = stride(from: 1, to: parts, by: 2).map { Double($0) / Double(parts) }
      }
      if point == nil { point = begin(pending.removeFirst()) }
      let cost = take(budget: left)
      left = left == .max ? .max : left - cost
    }
    return nil
  }

  private func begin(
    _ share: Double
  ) -> (share: Double, recorder: TraceRecorder, pass: GradientPass?) {
    let scaled = input.map { $0 * Float(share) }
    do {
      let recorder = try TraceRecorder(
        network: bare, input: .features(scaled, width: width), state: state,
        interventions: interventions)
      return (share, recorder, nil)
    } catch {
      preconditionFailure("the input is as wide as layer 0 reads it: \(error)")
    }
  }

  /// Another slice of the point in hand; about what it cost.
  private func take(budget: Int) -> Int {
    guard var point else { return 1 }
    defer { done += self.point == nil ? 1 : 0 }
    if !point.recorder.isComplete {
      let each = max(1, bare.productsPerStep)
      let count = max(1, min(steps.count, budget / each))
      point.recorder.record(through: steps.count - 1, limit: count)
      return count * each
    }
    if point.pass == nil {
      let last = GradientTarget(step: target.step - steps.lowerBound, output: target.output)
      guard let pass = try? GradientPass(bare, point.recorder.trace, target: last) else {
        preconditionFailure("the target was proved to be there")
      }
      point.pass = pass
      self.point = point
    }
    if let gradients = point.pass?.advance(products: budget) { add(gradients, at: point.share) }
    return budget
  }

  private func add(_ gradients: TraceGradients, at share: Double) {
    let parts: [Double]
    if share == 0 {
      // x is 0 there, its gradient is not.
      parts = timesInput(gradients)
      ends.low = parts
      values.low = gradients.value
    } else {
      parts = gradients.inputTimesGradient.map { $0 / share }
      if share == 1 {
        ends.high = parts
        values.high = gradients.value
      } else {
        for step in parts.indices { inner[step] += parts[step] }
      }
    }
    point = nil
  }

  private func timesInput(_ gradients: TraceGradients) -> [Double] {
    guard let slopes = gradients.input else { return Array(repeating: 0, count: steps.count) }
    return (0..<steps.count).map { row in
      (0..<width).reduce(0.0) {
        $0 + Double(input[row * width + $1]) * Double(slopes[row * width + $1])
      }
    }
  }

  /// The trapezoidal rule over the points so far.
  private var answer: Answer {
    let count = Double(1 << halvings)
    let parts = inner.indices.map { (inner[$0] + (ends.low[$0] + ends.high[$0]) / 2) / count }
    return Answer(
      target: target, steps: steps, parts: parts, value: values.high, baseline: values.low,
      points: (1 << halvings) + 1)
  }
}
