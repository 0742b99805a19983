import Recurrent

/// What a unit does downstream: how far its h pushes the sums of what reads it. V[k, j]·h[j] of every
/// output of the readout, R[·, j]·h[j] of every gate of every unit one step later, and in a stack
/// W[·, j]·h[j] of the layer above. Where h is a projection of m, m's pushes go by way of all of h.
public struct Outgoing: Sendable, Equatable {
  public enum Reader: Sendable, Hashable {
    /// The sum of an output.
    case output(Int)
    /// The sum of a gate of a unit at the track's next step.
    case next(Signal, unit: Int)
    /// The same of the layer above, at this step.
    case above(track: Int, Signal, unit: Int)
  }

  public struct Push: Sendable, Equatable {
    public let reader: Reader
    public let value: Double
  }

  public let track: Int
  /// h or m.
  public let signal: Signal
  public let unit: Int
  public let step: Int
  /// What is pushed with.
  public let value: Float
  /// All there are: outputs, the next step's gates, those above.
  public let pushes: [Push]
  /// Whether what reaches n is still to be multiplied by the next step's r, which nobody knows yet.
  public let isBeforeReset: Bool
  /// Why the readout or the layer above has none of its own; nil where nothing stands against it.
  public let above: WhyError?

  /// - Precondition: track, signal and unit exist, and the step is recorded.
  /// - Throws: `WhyError` where nothing reads the signal.
  public init(
    _ network: Network, _ trace: Trace, track: Int, signal: Signal, unit: Int, step: Int
  ) throws(WhyError) {
    let layout = trace.layout[track]
    let layer = network.layers[layout.track.layer]
    let shape = layer.shape
    guard signal == .h || signal == .m else {
      throw .notShown(
        signal, shown: [layout.cellOutput] + (shape.projectionSize == nil ? [] : [.h]))
    }
    value = trace.value(track: track, signal: signal, step: step, unit: unit)
    let shown = Self.shown(network[layout.track], shape, signal, unit: unit, value: value)
    var pushes: [Push] = []
    let place = layer.shape.directions.firstIndex(of: layout.track.direction) ?? 0
    let handed = Self.handedOn(shown, shape, place: place)
    if layout.track.layer == network.layers.count - 1, let readout = network.readout {
      pushes += (handed ?? []).isEmpty ? [] : Self.outputs(readout, handed ?? [])
    }
    let gates = Self.gates(
      network[layout.track].recurrentWeights, shape, columns: shape.recurrentSize, shown)
    let next = trace.stepAfter(step, track: track).flatMap { $0 < trace.recordedSteps ? $0 : nil }
    let resets =
      shape.cell == .gru ? next.map { trace.row(track: track, signal: .r, step: $0) } : nil
    isBeforeReset = shape.cell == .gru && resets == nil
    pushes += gates.map { gate in
      let scale =
        gate.gate == .n ? resets.map { Double($0[shape.resetsBefore ? unit : gate.unit]) } ?? 1 : 1
      return Push(reader: .next(gate.gate, unit: gate.unit), value: gate.value * scale)
    }
    if let handed, layout.track.layer + 1 < network.layers.count {
      let upper = network.layers[layout.track.layer + 1].shape
      for index in trace.layout.indices
      where trace.layout[index].track.layer == layout.track.layer + 1 {
        let weights = network[trace.layout[index].track].inputWeights
        pushes += Self.gates(weights, upper, columns: upper.inputSize, handed).map {
          Push(reader: .above(track: index, $0.gate, unit: $0.unit), value: $0.value)
        }
      }
    }
    self.track = track
    self.signal = signal
    self.unit = unit
    self.step = step
    self.pushes = pushes
    above = handed == nil ? .multiplied : nil
  }

  /// Pushes, by their places, from the strongest, either way.
  public var ranked: [Int] {
    pushes.indices.sorted {
      let (a, b) = (abs(pushes[$0].value), abs(pushes[$1].value))
      return a != b ? a > b : $0 < $1
    }
  }

  /// What the unit gives to h: places with their values.
  private typealias Shown = [(place: Int, value: Double)]

  private static func shown(
    _ weights: LayerWeights, _ shape: LayerShape, _ signal: Signal, unit: Int, value: Float
  ) -> Shown {
    guard signal == .m, let projection = weights.projection else {
      return [(unit, Double(value))]
    }
    return (0..<shape.recurrentSize).map {
      ($0, Double(projection[$0 * shape.hiddenSize + unit]) * Double(value))
    }
  }

  /// The same in what the layer hands on; nil where the directions are multiplied.
  private static func handedOn(_ shown: Shown, _ shape: LayerShape, place: Int) -> Shown? {
    guard shape.directions.count > 1 else { return shown }
    switch shape.merge {
    case .concatenate: return shown.map { ($0.place + place * shape.recurrentSize, $0.value) }
    case .sum: return shown
    case .average: return shown.map { ($0.place, $0.value / Double(shape.directions.count)) }
    case .multiply: return nil
    }
  }

  private static func outputs(_ readout: Readout, _ handed: Shown) -> [Push] {
    (0..<readout.outputSize).map { output in
      Push(
        reader: .output(output),
        value: handed.reduce(0) {
          $0 + Double(readout.weights[output * readout.inputSize + $1.place]) * $1.value
        })
    }
  }

  private static func gates(
    _ weights: [Float], _ shape: LayerShape, columns: Int, _ shown: Shown
  ) -> [(gate: Signal, unit: Int, value: Double)] {
    // A described cell has sums of its own making; R h' of its gates is not simply theirs.
    let known = shape.cell.isClassic ? shape.cell.gates : []
    return known.enumerated().flatMap { index, gate -> [(Signal, Int, Double)] in
      // Coupled gates have rows for f that nothing looks at.
      if gate == .f && shape.isCoupled { return [] }
      return (0..<shape.hiddenSize).map { unit in
        let row = (index * shape.hiddenSize + unit) * columns
        return (gate, unit, shown.reduce(0) { $0 + Double(weights[row + $1.place]) * $1.value })
      }
    }
  }
}
