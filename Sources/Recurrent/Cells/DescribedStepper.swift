/// Finishes the steps of a layer whose cell is a line of the table.
final class DescribedStepper {
  private let shape: LayerShape
  private let about: CellDescription
  private let take: (CellStep<Float>) -> Void
  private let weights: CellWeights<Float>
  private let before: FloatBuffer  // (carried · H + H)
  private let scratch: FloatBuffer

  init(shape: LayerShape, weights: LayerWeights) {
    guard case .described(let cell) = shape.cell, let definition = cell.definition else {
      preconditionFailure("Layer.init lets no other cell through")
    }
    self.shape = shape
    about = cell.description
    take = { definition.step($0) }
    self.weights = CellWeights(weights)
    before = FloatBuffer(count: shape.carriedSize + shape.hiddenSize)
    scratch = FloatBuffer(count: max(shape.gateRows, shape.hiddenSize))
  }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - sums: W x and the biases, (gateRows); overwritten.
  ///   - hidden: h'; receives h.
  ///   - cell: what else is carried; receives that of this step.
  ///   - signals: receives (signalsLength).
  ///   - settled: told of each signal when it is done, which it may change.
  func finish(
    sums: UnsafeMutablePointer<Float>, hidden: UnsafeMutablePointer<Float>,
    cell: UnsafeMutablePointer<Float>, signals: UnsafeMutablePointer<Float>,
    settled: ((Signal) -> Void)? = nil
  ) {
    let carried = shape.carriedSize
    before.pointer.update(from: cell, count: carried)
    (before.pointer + carried).update(from: hidden, count: shape.hiddenSize)
    take(
      CellStep(
        shape: shape, weights: weights, sums: sums, before: before.pointer, row: signals,
        scratch: scratch.pointer, about: about, settled: settled))
    cell.update(from: signals + shape.carriedOffset, count: carried)
    hidden.update(from: signals + shape.signalsLength - shape.hiddenSize, count: shape.hiddenSize)
  }
}

/// A described cell in Float64, a step at a time: what its Float steps are held to.
public struct CellOracle {
  private let shape: LayerShape
  private let about: CellDescription
  private let take: (CellStep<Double>) -> Void
  private let weights: CellWeights<Double>
  private let inputWeights: [Double]
  private let bias: [Double]
  /// The carried signals and h.
  private var state: [Double]

  /// Nil for a cell that is not one of the table.
  public init?(_ layer: Layer) {
    guard case .described(let cell) = layer.shape.cell, let definition = cell.definition else {
      return nil
    }
    shape = layer.shape
    about = cell.description
    take = { definition.step($0) }
    let weights = layer.weights[0]
    self.weights = CellWeights(weights)
    inputWeights = weights.inputWeights.map(Double.init)
    var bias = [Double](repeating: 0, count: shape.gateRows)
    for part in [weights.inputBias, weights.recurrentBias] {
      for (row, value) in (part ?? []).enumerated() { bias[row] += Double(value) }
    }
    self.bias = bias
    state = [Double](repeating: 0, count: shape.carriedSize + shape.hiddenSize)
  }

  /// Takes a step.
  ///
  /// - Returns: every signal, (signalsLength).
  public mutating func step(_ x: [Double]) -> [Double] {
    var sums = bias
    for row in sums.indices {
      for column in 0..<shape.inputSize {
        sums[row] += inputWeights[row * shape.inputSize + column] * x[column]
      }
    }
    var row = [Double](repeating: 0, count: shape.signalsLength)
    var scratch = [Double](repeating: 0, count: max(shape.gateRows, shape.hiddenSize))
    sums.withUnsafeMutableBufferPointer { sums in
      row.withUnsafeMutableBufferPointer { row in
        scratch.withUnsafeMutableBufferPointer { scratch in
          state.withUnsafeBufferPointer { state in
            take(
              CellStep(
                shape: shape, weights: weights, sums: sums.baseAddress!, before: state.baseAddress!,
                row: row.baseAddress!, scratch: scratch.baseAddress!, about: about, settled: nil))
          }
        }
      }
    }
    let carried = shape.carriedOffset..<shape.carriedOffset + shape.carriedSize
    state = Array(row[carried]) + row.suffix(shape.hiddenSize)
    return row
  }
}
