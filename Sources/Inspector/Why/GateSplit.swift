import Recurrent

/// Who opened a gate: what a gate's or the candidate's sum before its activation is made of, of one
/// unit at one step. LSTM: W x + R h' + b and the peepholes (Gers & Schmidhuber 2000); GRU: n as the
/// model has its reset, W x + b_W + r (R h' + b_R) or W x + R (r ⊙ h') + b; RNN: its h.
///
/// Everything is added up in Float64 from the model's weights and the recorded states.
public struct GateSplit: Sendable, Equatable {
  public enum Cause: Sendable, Hashable {
    case bias
    /// r · b_R, in a GRU's n whose reset comes after the product.
    case resetBias
    /// The token as one: W's column of it, or W times its vector.
    case token
    /// A number of the input.
    case feature(Int)
    /// A number that the layer below shows, by its place.
    case below(Int)
    /// h'[j].
    case hidden(Int)
    /// c' of the unit itself, or c in the output gate.
    case peephole
  }

  public struct Part: Sendable, Equatable {
    public let cause: Cause
    public let weight: Double
    /// What the weight is multiplied by; 1 for a bias, and for a token that stands for more than one
    /// number.
    public let factor: Double
    /// Their product, and r's where that belongs to it.
    public let value: Double
  }

  public let track: Int
  public let unit: Int
  public let step: Int
  /// The gate that was asked for.
  public let signal: Signal
  /// The gate whose sum it is: i where f is 1 - i.
  public let split: Signal
  /// As W and R have them; those of weight 0 too.
  public let parts: [Part]
  public let sum: Double
  /// The sum within the layer's bounds, where it has some.
  public let bounded: Double
  public let activation: Activation
  /// The gate's value that follows from the sum.
  public let value: Float
  /// As it was recorded.
  public let recorded: Float

  /// - Precondition: track, signal and unit exist, and the step is recorded.
  /// - Throws: `WhyError` where the signal is no gate, or the state before the step is not known.
  public init(
    _ network: Network, _ trace: Trace, track: Int, signal: Signal, unit: Int, step: Int
  ) throws(WhyError) {
    let layout = trace.layout[track]
    let shape = network.layers[layout.track.layer].shape
    guard shape.cell.isClassic else { throw .notOf(shape.cell, what: "the sums of the gates") }
    guard shape.cell.gates.contains(signal) else {
      throw .notAGate(signal, gates: shape.cell.gates)
    }
    guard !trace.isChanged(track: track, signal: signal, unit: unit, step: step) else {
      throw .changed(signal, unit: layout.number(of: unit), step: trace.stepNumber(at: step))
    }
    let split = signal == .f && shape.isCoupled ? Signal.i : signal
    guard let hidden = trace.entering(track: track, signal: .h, step: step) else {
      throw .unknownBefore(step: trace.stepNumber(at: step))
    }
    let row = GateRow(network[layout.track], shape, gate: split, unit: unit)
    var parts = row.biases
    parts += Self.input(network, trace, layer: layout.track.layer, step: step, row)
    parts += try Self.recurrent(trace, track, step: step, hidden: hidden, row)
    if let weight = row.peephole {
      let state: Float? =
        split == .o
        ? trace.value(track: track, signal: .c, step: step, unit: unit)
        : trace.previous(track: track, signal: .c, step: step, unit: unit)
      guard let state else { throw .unknownBefore(step: trace.stepNumber(at: step)) }
      parts.append(Part(cause: .peephole, weight: weight, factor: Double(state)))
    }
    self.track = track
    self.unit = unit
    self.step = step
    self.signal = signal
    self.split = split
    self.parts = parts
    sum = parts.reduce(0) { $0 + $1.value }
    let clip = Double(shape.clip ?? .infinity)
    bounded = min(max(sum, -clip), clip)
    activation =
      split == shape.cell.gates.last && shape.cell != .lstm || split == .z
      ? shape.activations.candidate : shape.activations.gates
    let opened = activation(Float(bounded))
    value = split == signal ? opened : 1 - opened
    recorded = trace.value(track: track, signal: signal, step: step, unit: unit)
  }

  /// Parts, by their places, from the one that moves the sum most, either way.
  public var ranked: [Int] {
    parts.indices.sorted {
      let (a, b) = (abs(parts[$0].value), abs(parts[$1].value))
      return a != b ? a > b : $0 < $1
    }
  }

  // MARK: - What is added up

  private static func input(
    _ network: Network, _ trace: Trace, layer: Int, step: Int, _ row: GateRow
  ) -> [Part] {
    guard layer == 0 else {
      return trace.shown(layer: layer - 1, step: step).enumerated().map { column, value in
        Part(cause: .below(column), weight: row.input(column), factor: Double(value))
      }
    }
    switch trace.input {
    case .tokens(let tokens):
      let token = tokens[step]
      guard let embedding = network.embedding else {
        return [Part(cause: .token, weight: row.input(token), factor: 1)]
      }
      let value = (0..<embedding.size).reduce(0.0) {
        $0 + row.input($1) * Double(embedding.weights[token * embedding.size + $1])
      }
      return [Part(cause: .token, weight: value, factor: 1)]
    case .features(let values, let width):
      return (0..<width).map { column in
        Part(
          cause: .feature(column), weight: row.input(column),
          factor: Double(values[step * width + column]))
      }
    }
  }

  private static func recurrent(
    _ trace: Trace, _ track: Int, step: Int, hidden: [Float], _ row: GateRow
  ) throws(WhyError) -> [Part] {
    guard row.gate == .n else {
      return hidden.enumerated().map { column, value in
        Part(cause: .hidden(column), weight: row.recurrent(column), factor: Double(value))
      }
    }
    guard trace.layout[track].signals.contains(.r) else { throw .missing([.r]) }
    let resets = trace.row(track: track, signal: .r, step: step)
    var biases: [Part] = []
    if !row.resetsBefore, let bias = row.recurrentBias {
      let reset = Double(resets[row.unit])
      biases.append(Part(cause: .resetBias, weight: bias, factor: 1, value: reset * bias))
    }
    return biases
      + hidden.enumerated().map { column, value in
        let weight = row.recurrent(column)
        let reset = Double(resets[row.resetsBefore ? column : row.unit])
        return Part(
          cause: .hidden(column), weight: weight, factor: Double(value),
          value: reset * weight * Double(value))
      }
  }
}

extension GateSplit.Part {
  fileprivate init(cause: GateSplit.Cause, weight: Double, factor: Double) {
    self.init(cause: cause, weight: weight, factor: factor, value: weight * factor)
  }
}

/// The weights of one gate of one unit.
private struct GateRow {
  let gate: Signal
  let unit: Int
  let resetsBefore: Bool
  private let weights: LayerWeights
  private let shape: LayerShape
  private let row: Int

  init(_ weights: LayerWeights, _ shape: LayerShape, gate: Signal, unit: Int) {
    self.gate = gate
    self.unit = unit
    self.weights = weights
    self.shape = shape
    resetsBefore = shape.resetsBefore
    row = (shape.cell.gates.firstIndex(of: gate) ?? 0) * shape.hiddenSize + unit
  }

  func input(_ column: Int) -> Double {
    Double(weights.inputWeights[row * shape.inputSize + column])
  }

  func recurrent(_ column: Int) -> Double {
    Double(weights.recurrentWeights[row * shape.recurrentSize + column])
  }

  var recurrentBias: Double? { weights.recurrentBias.map { Double($0[row]) } }

  /// What stands in the sum as it is.
  var biases: [GateSplit.Part] {
    let isApart = gate == .n && !resetsBefore
    let biases = [weights.inputBias, isApart ? nil : weights.recurrentBias].compactMap { $0 }
    guard !biases.isEmpty else { return [] }
    let bias = biases.reduce(0.0) { $0 + Double($1[row]) }
    return [GateSplit.Part(cause: .bias, weight: bias, factor: 1)]
  }

  /// Of f, i or o.
  var peephole: Double? {
    guard let peepholes = weights.peepholes,
      let place = [Signal.f, .i, .o].firstIndex(of: gate)
    else { return nil }
    return Double(peepholes[place * shape.hiddenSize + unit])
  }
}
