import Recurrent

/// Where a unit's slow state comes from: c_t = (∏ f) c_0 + Σ_k i_k z_k ∏_{j>k} f_j, one write a step,
/// each weighed by what the forget gates since then have left of it (Hochreiter & Schmidhuber 1997;
/// the forget gate is Gers, Schmidhuber & Cummins 2000). A GRU's h is the same sum, of (1 - u) n kept
/// by u (Cho et al. 2014); a plain recurrent network has none.
///
/// It is made of the unit's own signals, so it needs no weights, and costs four numbers a step. It
/// goes back until nothing that a Float could show is left, or `mostSteps`; what was there before is
/// the `base`.
public struct StateWrites: Sendable, Equatable {
  /// What a step wrote.
  public struct Write: Sendable, Equatable {
    public let step: Int
    /// i·z, or (1 - u)·n.
    public let wrote: Double
    /// f, or u, of this step: what it left of all that was there before.
    public let keeps: Double
    /// The product of the gates since then.
    public fileprivate(set) var kept: Double
    /// What is left of it.
    public var left: Double { wrote * kept }
  }

  /// What was there before the first of the writes.
  public struct Base: Sendable, Equatable {
    /// The step after which it stood there; nil for what the sequence began with.
    public let step: Int?
    public let value: Double
    public let kept: Double
    public var left: Double { value * kept }
  }

  public let track: Int
  public let unit: Int
  public let step: Int
  /// c, or a GRU's h.
  public let signal: Signal
  /// As it was recorded.
  public let value: Float
  /// In the order in which the track reads; the last is the step's own.
  public let writes: [Write]
  /// Their places, from the one of which most is left, either way.
  public let ranked: [Int]
  public let base: Base
  /// The base and all writes, added up in Float64.
  public let sum: Double
  /// What rounding each step to a Float may have made of the difference between sum and value.
  public let rounding: Double

  /// Steps that are looked at, at most.
  public static let mostSteps = 100_000
  /// Less is left of nothing that could be seen.
  private static let least = 1e-30
  private static let blockSteps = 4096

  /// - Precondition: track and unit exist, and the step is recorded.
  /// - Throws: `WhyError` where the cell keeps no sum, or the trace lacks what it is made of.
  public init(
    _ trace: Trace, track: Int, unit: Int, step: Int, mostSteps: Int = StateWrites.mostSteps
  ) throws(WhyError) {
    let layout = trace.layout[track]
    let names = try Self.names(layout)
    let isForward = layout.track.direction == .forward
    var writes: [Write] = []  // backwards first
    var kept = 1.0
    var rounding = 0.0
    var place = step
    var base: Base?
    var memory: [Double] = []
    walk: while base == nil {
      let block =
        isForward
        ? max(0, place - Self.blockSteps + 1)..<place + 1
        : place..<min(trace.recordedSteps, place + Self.blockSteps)
      let values = Columns(trace, track, names, unit: unit, steps: block)
      for step in isForward ? Array(block.reversed()) : Array(block) {
        let (wrote, keeps, state) = values[step - block.lowerBound]
        memory.append(state)
        if writes.count == mostSteps || abs(kept) < Self.least {
          base = Base(step: step, value: state, kept: kept)
          break walk
        }
        if trace.isChanged(track: track, signal: names.memory, unit: unit, step: step) {
          // Somebody put it there: no sum of writes leads to it.
          base = Base(step: step, value: state, kept: kept)
          break walk
        }
        var known: Double?
        let before = trace.stepBefore(step, track: track)
        if before == nil {
          let entering = trace.previous(track: track, signal: names.memory, step: step, unit: unit)
          guard let entering else {
            // What entered is not known: the step itself is where the sum begins.
            base = Base(step: step, value: state, kept: kept)
            break walk
          }
          known = Double(entering)
        }
        writes.append(Write(step: step, wrote: wrote, keeps: keeps, kept: kept))
        rounding += abs(kept) * (abs(wrote) + abs(state - wrote) + abs(state)) * 0x1p-23
        kept *= keeps
        guard let before else {
          base = Base(step: nil, value: known ?? 0, kept: kept)
          break walk
        }
        place = before
      }
    }
    self.track = track
    self.unit = unit
    self.step = step
    signal = names.memory
    value = Float(memory[0])
    writes.reverse()
    self.writes = writes
    ranked = Self.ranked(writes)
    self.base = base!
    sum = writes.reduce(base!.left) { $0 + $1.left }
    self.rounding = rounding
  }

  private static func ranked(_ writes: [Write]) -> [Int] {
    let left = writes.map { abs($0.left) }
    // The later one first: most is known of it.
    return writes.indices.sorted { left[$0] != left[$1] ? left[$0] > left[$1] : $0 > $1 }
  }

  /// What is left of a write after its own step and each of the later ones, up to the last: 1, …
  public func decay(of index: Int) -> [Double] {
    var kept = 1.0
    return [1]
      + writes[(index + 1)...].map { write in
        kept *= write.keeps
        return kept
      }
  }

  /// Whether a track keeps such a sum, and its trace holds what it is made of.
  ///
  /// - Throws: `WhyError`.
  public static func check(_ layout: TrackLayout) throws(WhyError) { _ = try names(layout) }

  private static func names(_ layout: TrackLayout) throws(WhyError) -> SlowSum {
    guard let sum = layout.cell.about.sum else { throw .noSum(layout.cell) }
    let missing = sum.signals.filter { !layout.signals.contains($0) }
    guard missing.isEmpty else { throw .missing(missing) }
    return sum
  }
}

/// What a unit did over some steps.
private struct Columns {
  private let sum: SlowSum
  private let state, keep, gate, candidate: [Float]

  init(
    _ trace: Trace, _ track: Int, _ sum: SlowSum, unit: Int, steps: Range<Int>
  ) {
    func values(_ signal: Signal) -> [Float] {
      trace.values(track: track, signal: signal, steps: steps, unit: unit)
    }
    self.sum = sum
    state = values(sum.memory)
    keep = sum.keep.signal.map(values) ?? []
    gate = sum.gate.signal == sum.keep.signal ? keep : sum.gate.signal.map(values) ?? []
    candidate = values(sum.candidate)
  }

  subscript(row: Int) -> (wrote: Double, keeps: Double, state: Double) {
    let keeps = sum.keep.value(keep.isEmpty ? 1 : Double(keep[row]))
    let gate = sum.gate.value(gate.isEmpty ? 1 : Double(gate[row]))
    return (gate * Double(candidate[row]), keeps, Double(state[row]))
  }
}
