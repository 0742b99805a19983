import CLSTMKernel

/// Backpropagation through time (Werbos 1990) of one layer in one direction over signals that are
/// recorded already, a step at a time: gradients of the states and of the input, none of the weights.
/// Knows every cell that Gatescope steps.
///
/// Not safe to share between threads.
public final class RecordedBackward {
  public let shape: LayerShape
  let weights: LayerWeights
  /// gs_pack of R's transpose: (P, G·H); with a reset before the product that of r and u alone.
  private let recurrent: FloatBuffer
  private let recurrentRows: Int
  /// gs_pack of the transpose of R's rows of n, (H, H), where they are multiplied by r ⊙ h'.
  private let candidate: FloatBuffer?
  /// gs_pack of R's rows of n, (H, H), where r is applied to R h' + b_R.
  private let resetProduct: FloatBuffer?
  /// gs_pack of the projection's transpose: (H, P).
  private let projection: FloatBuffer?
  /// gs_pack of W's transpose: (I, G·H).
  private let input: FloatBuffer
  /// gs_pack of W and R as they are, where the sums before the activations have to be known.
  private let forward: (input: FloatBuffer, recurrent: FloatBuffer)?

  let carriedHidden: FloatBuffer  // (P padded): ∂/∂h of the step to come, by way of the later ones
  let carriedCell: FloatBuffer  // (H)
  let shown: FloatBuffer  // (H padded): ∂/∂(o ⊙ act c)
  let products: FloatBuffer  // (G·H): what R's transpose is multiplied by
  let sums: FloatBuffer  // (G·H padded): before the activations, where they are needed
  let changedHidden: FloatBuffer  // (P): ∂/∂h as the cell computed it
  let candidateSums: FloatBuffer  // (H padded): R h' + b_R of n, or ∂/∂(r ⊙ h')

  /// ∂/∂ the final values of what was changed at the last step, by signal: what reaches a frozen value.
  public internal(set) var finalGradients: [Signal: [Float]] = [:]

  /// What is smaller is nothing: products of numbers that are nearly too small for a Float are slow.
  static let smallest: Float = 1e-30

  /// What a step needs to be known of it.
  public struct Step {
    /// (signalsLength), in the order of `LayerShape.signals`.
    public var signals: UnsafePointer<Float>
    /// h', (P).
    public var previousHidden: UnsafePointer<Float>
    /// c', (H); not looked at where the cell has none.
    public var previousCell: UnsafePointer<Float>
    /// x, (I); looked at only where `needsInput`.
    public var input: UnsafePointer<Float>
    /// What interventions have made of it; nil for nothing.
    public var changes: StepChanges?

    public init(
      signals: UnsafePointer<Float>, previousHidden: UnsafePointer<Float>,
      previousCell: UnsafePointer<Float>, input: UnsafePointer<Float>,
      changes: StepChanges? = nil
    ) {
      self.changes = changes
      self.signals = signals
      self.previousHidden = previousHidden
      self.previousCell = previousCell
      self.input = input
    }
  }

  public init(network: Network, track: Track) {
    let shape = network.layers[track.layer].shape
    let weights = network[track]
    let units = shape.hiddenSize
    let columns = shape.recurrentSize
    self.shape = shape
    self.weights = weights
    let isBefore = shape.resetsBefore
    recurrentRows = isBefore ? 2 * units : shape.gateRows
    recurrent = packTransposed(weights.recurrentWeights, rows: recurrentRows, columns: columns)
    let ofCandidate = Array(weights.recurrentWeights.suffix(units * columns))
    candidate = isBefore ? packTransposed(ofCandidate, rows: units, columns: columns) : nil
    resetProduct =
      shape.cell == .gru && !isBefore ? pack(ofCandidate, rows: units, columns: columns) : nil
    projection = weights.projection.map { packTransposed($0, rows: columns, columns: units) }
    input = packTransposed(weights.inputWeights, rows: shape.gateRows, columns: shape.inputSize)
    forward =
      Self.needsSums(shape)
      ? (
        pack(weights.inputWeights, rows: shape.gateRows, columns: shape.inputSize),
        pack(weights.recurrentWeights, rows: shape.gateRows, columns: columns)
      ) : nil
    carriedHidden = FloatBuffer(count: gs_padded(columns))
    carriedCell = FloatBuffer(count: units)
    shown = FloatBuffer(count: gs_padded(units))
    products = FloatBuffer(count: shape.gateRows)
    sums = FloatBuffer(count: gs_padded(shape.gateRows))
    changedHidden = FloatBuffer(count: gs_padded(columns))
    candidateSums = FloatBuffer(count: gs_padded(units))
  }

  /// Whether a step's x is looked at: what the signals show does not tell every slope.
  public var needsInput: Bool { forward != nil }

  private static func needsSums(_ shape: LayerShape) -> Bool {
    let applied: [Activation] =
      switch shape.cell {
      case .lstm, .gru: [shape.activations.gates, shape.activations.candidate]
      case .rnn: [shape.activations.candidate]
      case .described: []
      }
    return shape.clip != nil || !applied.allSatisfy(\.tellsItsSlope)
  }

  /// Begins after the last step: nothing comes from later ones.
  public func begin() {
    carriedHidden.pointer.update(repeating: 0, count: carriedHidden.count)
    carriedCell.pointer.update(repeating: 0, count: carriedCell.count)
  }

  /// Takes one step back; in its own direction the last step is the first to be taken.
  ///
  /// - Parameters:
  ///   - outside: (P), ∂/∂h from what reads the layer's h at this step; nil for nothing.
  ///   - hidden: receives (P), all of ∂/∂h.
  ///   - cell: receives (H), all of ∂/∂c; not written where the cell has none.
  ///   - gates: receives (G·H), ∂/∂(W x + b_W), gates in the order of `CellKind.gates`.
  /// - Returns: whether anything is left; where not, all that it wrote are zeros.
  @discardableResult
  public func step(
    _ step: Step, outside: UnsafePointer<Float>?, hidden: UnsafeMutablePointer<Float>,
    cell: UnsafeMutablePointer<Float>, gates: UnsafeMutablePointer<Float>
  ) -> Bool {
    let size = shape.recurrentSize
    let units = shape.hiddenSize
    hidden.update(from: carriedHidden.pointer, count: size)
    if let outside { for unit in 0..<size { hidden[unit] += outside[unit] } }
    let hasCell = shape.cell.hasCellState
    if let arriving = step.changes?.arriving {
      for (unit, value) in (arriving[.h] ?? []).enumerated() { hidden[unit] += value }
      for (unit, value) in (arriving[.c] ?? []).enumerated() where hasCell {
        carriedCell.pointer[unit] += value
      }
    }
    finalGradients = [:]
    var isAlive = flush(hidden, size)
    if hasCell { isAlive = flush(carriedCell.pointer, units) || isAlive }
    isAlive = isAlive || step.changes?.arriving.isEmpty == false
    guard isAlive else {
      begin()
      if hasCell { cell.update(repeating: 0, count: units) }
      gates.update(repeating: 0, count: shape.gateRows)
      return false
    }
    if forward != nil { addSums(step) }
    switch shape.cell {
    case .lstm: stepLSTM(step, hidden: hidden, cell: cell, gates: gates)
    case .gru: stepGRU(step, hidden: hidden, gates: gates)
    case .rnn: stepRNN(step, hidden: hidden, gates: gates)
    case .described: preconditionFailure("only cells with kernels of their own come here")
    }
    return true
  }

  /// What reaches x from the gates' sums of some steps, Wᵀ ∂: rows of `shape.inputSize`, at strides.
  ///
  /// - Parameters:
  ///   - gates: (count, G·H) as `step` left them.
  ///   - x: each of its rows has `inputSize` rounded up to 16 floats.
  public func addInput(
    _ gates: UnsafePointer<Float>, count: Int, into x: UnsafeMutablePointer<Float>, stride: Int,
    accumulating: Bool
  ) {
    gs_multiply_rows(
      input.pointer, shape.inputSize, shape.gateRows, gates, shape.gateRows, count, x, stride,
      accumulating ? 1 : 0)
  }

  // MARK: - Products

  /// ∂/∂h' by way of R, from what stands in `products`.
  func multiplyBack() {
    carriedHidden.pointer.update(repeating: 0, count: carriedHidden.count)
    gs_multiply(
      recurrent.pointer, shape.recurrentSize, recurrentRows, products.pointer,
      carriedHidden.pointer)
  }

  /// ∂/∂(r ⊙ h') from the gradient of n's sums, into `candidateSums`.
  func multiplyCandidateBack(_ gradient: UnsafePointer<Float>) {
    guard let candidate else { return }
    candidateSums.pointer.update(repeating: 0, count: candidateSums.count)
    gs_multiply(
      candidate.pointer, shape.hiddenSize, shape.hiddenSize, gradient, candidateSums.pointer)
  }

  /// R h' + b_R of n, into `candidateSums`.
  func multiplyResetProduct(_ previousHidden: UnsafePointer<Float>) {
    guard let resetProduct else { return }
    let units = shape.hiddenSize
    candidateSums.pointer.update(repeating: 0, count: candidateSums.count)
    if let bias = weights.recurrentBias {
      bias.withUnsafeBufferPointer {
        candidateSums.pointer.update(from: $0.baseAddress! + 2 * units, count: units)
      }
    }
    gs_multiply(
      resetProduct.pointer, units, units, previousHidden, candidateSums.pointer)
  }

  /// Pᵀ ∂/∂h, into `shown`; ∂/∂h itself where nothing is projected.
  func project(_ hidden: UnsafePointer<Float>) {
    guard let projection else {
      shown.pointer.update(from: hidden, count: shape.hiddenSize)
      return
    }
    shown.pointer.update(repeating: 0, count: shown.count)
    gs_multiply(
      projection.pointer, shape.hiddenSize, shape.recurrentSize, hidden, shown.pointer)
  }

  /// W x + R h' and the biases, into `sums`; a GRU's n is left to its own arithmetic.
  private func addSums(_ step: Step) {
    guard let forward else { return }
    let rows = shape.gateRows
    for row in 0..<sums.count {
      let bias =
        row < rows
        ? (weights.inputBias?[row] ?? 0) + (isApart(row) ? 0 : weights.recurrentBias?[row] ?? 0)
        : 0
      sums.pointer[row] = bias
    }
    gs_multiply(forward.input.pointer, rows, shape.inputSize, step.input, sums.pointer)
    guard shape.cell == .gru else {
      gs_multiply(
        forward.recurrent.pointer, rows, shape.recurrentSize, step.previousHidden, sums.pointer)
      return
    }
    addRecurrentSums(step, forward.recurrent)
  }

  private func isApart(_ row: Int) -> Bool {
    shape.cell == .gru && !shape.resetsBefore && row >= 2 * shape.hiddenSize
  }

  private func addRecurrentSums(_ step: Step, _ recurrent: FloatBuffer) {
    let units = shape.hiddenSize
    let whole = FloatBuffer(count: gs_padded(shape.gateRows))
    gs_multiply(recurrent.pointer, shape.gateRows, units, step.previousHidden, whole.pointer)
    for row in 0..<2 * units { sums.pointer[row] += whole.pointer[row] }
    if shape.resetsBefore {
      let reset = FloatBuffer(count: units)
      gs_elementwise_product(step.signals, step.previousHidden, units, reset.pointer)
      whole.pointer.update(repeating: 0, count: whole.count)
      gs_multiply(recurrent.pointer, shape.gateRows, units, reset.pointer, whole.pointer)
      for unit in 0..<units { sums.pointer[2 * units + unit] += whole.pointer[2 * units + unit] }
    } else {
      for unit in 0..<units {
        let product =
          whole.pointer[2 * units + unit] + (weights.recurrentBias?[2 * units + unit] ?? 0)
        sums.pointer[2 * units + unit] += step.signals[unit] * product
      }
    }
  }

  /// Whether anything is left of it; what is too small is made nothing.
  private func flush(_ values: UnsafeMutablePointer<Float>, _ count: Int) -> Bool {
    var isAlive = false
    for index in 0..<count {
      // NaN is alive.
      if abs(values[index]) < Self.smallest {
        values[index] = 0
      } else {
        isAlive = true
      }
    }
    return isAlive
  }
}

/// The transpose of `matrix`, row-major (rows, columns), as the kernels read it. More rows may follow
/// in the array.
private func packTransposed(_ matrix: [Float], rows: Int, columns: Int) -> FloatBuffer {
  let packed = FloatBuffer(count: gs_padded(columns) * rows)
  gs_pack_transposed(matrix, rows, columns, packed.pointer)
  return packed
}
