/// The numbers of one step of a described cell: what it begins with, and where its signals go.
public struct CellStep<Real: CellNumber> {
  public let shape: LayerShape
  let weights: CellWeights<Real>
  /// W x and the biases, (inputRows); a cell may add to them.
  let sums: UnsafeMutablePointer<Real>
  /// The carried signals of the step before and then its h, (carried · H + H).
  let before: UnsafePointer<Real>
  /// Receives (signalsLength).
  let row: UnsafeMutablePointer<Real>
  /// Memory for a vector that a step needs meanwhile, (scratchSize).
  let scratch: UnsafeMutablePointer<Real>
  let about: CellDescription
  /// Told when a signal is done: it may still be changed by somebody (what-if).
  let settled: ((Signal) -> Void)?

  /// H.
  var units: Int { shape.hiddenSize }

  /// Where a signal of this step stands, (H).
  func now(_ signal: Signal) -> UnsafeMutablePointer<Real> {
    row + (about.signals.firstIndex { $0.signal == signal } ?? 0) * units
  }

  /// A carried signal, or h, of the step before, (H).
  func previous(_ signal: Signal) -> UnsafePointer<Real> {
    before + (about.carried.firstIndex(of: signal) ?? about.carried.count) * units
  }

  /// The sums of a gate, (H).
  func sum(_ gate: Signal) -> UnsafeMutablePointer<Real> {
    sums + (about.gates.firstIndex(of: gate) ?? 0) * units
  }

  func settle(_ signal: Signal) { settled?(signal) }

  /// Adds R v to the sums of some gates, of all where none is named.
  func addRecurrent(_ vector: UnsafePointer<Real>, to gates: [Signal]? = nil) {
    let gates = gates ?? about.gates
    for gate in gates {
      let place = about.gates.firstIndex(of: gate) ?? 0
      weights.recurrent.withUnsafeBufferPointer { matrix in
        multiply(
          matrix.baseAddress! + place * units * units, rows: units, columns: units, vector,
          into: sum(gate))
      }
    }
  }

  /// Adds a matrix times a vector.
  func multiply(
    _ matrix: UnsafePointer<Real>, rows: Int, columns: Int, _ vector: UnsafePointer<Real>,
    into sums: UnsafeMutablePointer<Real>
  ) {
    for row in 0..<rows {
      var sum: Real = 0
      let start = matrix + row * columns
      for column in 0..<columns { sum += start[column] * vector[column] }
      sums[row] += sum
    }
  }

  /// Fills a signal unit by unit, and settles it.
  func fill(_ signal: Signal, _ value: (Int) -> Real) {
    let target = now(signal)
    for unit in 0..<units { target[unit] = value(unit) }
    settle(signal)
  }

  /// σ, or what the layer has for gates.
  func gate(_ value: Real) -> Real { Real.apply(shape.activations.gates, value) }
  /// tanh, or what the layer has for candidates.
  func candidate(_ value: Real) -> Real { Real.apply(shape.activations.candidate, value) }
}

/// A layer's weights as a described cell's step reads them.
struct CellWeights<Real: CellNumber>: Sendable {
  let recurrent: [Real]
  let parameters: [String: [Real]]

  init(_ weights: LayerWeights) {
    recurrent = weights.recurrentWeights.map { Real($0) }
    parameters = weights.parameters.mapValues { $0.map { Real($0) } }
  }
}
