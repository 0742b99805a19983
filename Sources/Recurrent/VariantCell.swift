import CLSTMKernel

/// Finishes the steps of a layer whose cell `FusedCell` does not know: other activations, a clip, coupled
/// gates, a reset before the product; with or without a projection. Allocates when it is made, never
/// when it steps.
final class VariantCell {
  private let shape: LayerShape
  private var variant: gs_variant
  /// gs_pack of R's rows, (G·H, H or P); with a reset before the product those of r and u.
  private let recurrentWeights: FloatBuffer
  private let recurrentRows: Int
  /// gs_pack of R's rows of n, (H, H), where they are multiplied by r ⊙ h'.
  private let candidateWeights: FloatBuffer?
  private let projection: FloatBuffer?  // gs_pack of (P, H)
  private let peepholes: FloatBuffer?  // (3, H)
  private let recurrentSums: FloatBuffer  // (G·H padded); GRU only
  private let candidateSums: FloatBuffer  // (H padded); GRU with a reset before the product only
  private let resetHidden: FloatBuffer  // (H): r ⊙ h'; the same

  init(shape: LayerShape, weights: LayerWeights) {
    let units = shape.hiddenSize
    let columns = shape.recurrentSize
    self.shape = shape
    variant = gs_variant(shape)
    recurrentRows = shape.resetsBefore ? 2 * units : shape.gateRows
    recurrentWeights = pack(
      Array(weights.recurrentWeights.prefix(recurrentRows * columns)), rows: recurrentRows,
      columns: columns)
    candidateWeights =
      shape.resetsBefore
      ? pack(Array(weights.recurrentWeights.suffix(units * columns)), rows: units, columns: columns)
      : nil
    projection = weights.projection.map { pack($0, rows: columns, columns: units) }
    peepholes = weights.peepholes.map { FloatBuffer($0) }
    recurrentSums = FloatBuffer(count: shape.cell == .gru ? gs_padded(shape.gateRows) : 0)
    candidateSums = FloatBuffer(count: shape.resetsBefore ? gs_padded(units) : 0)
    resetHidden = FloatBuffer(count: shape.resetsBefore ? units : 0)
  }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - sums: W x and the biases that stand with it, (G·H padded); overwritten.
  ///   - recurrentBias: what a GRU with its reset after the product adds to R h'.
  ///   - hidden: h', padded; receives h.
  ///   - cell: c'; receives c.
  ///   - signals: receives (signalsLength).
  func finish(
    sums: UnsafeMutablePointer<Float>, recurrentBias: FloatBuffer,
    hidden: UnsafeMutablePointer<Float>, cell: UnsafeMutablePointer<Float>,
    signals: UnsafeMutablePointer<Float>
  ) {
    let units = shape.hiddenSize
    switch shape.cell {
    case .lstm:
      multiplyRecurrent(hidden, into: sums)
      gs_lstm_variant(&variant, sums, cell, peepholes?.pointer, units, signals)
      cell.update(from: signals + 4 * units, count: units)
      showOutput(signals + 5 * units, hidden: hidden)
    case .gru:
      recurrentSums.pointer.update(from: recurrentBias.pointer, count: recurrentSums.count)
      multiplyRecurrent(hidden, into: recurrentSums.pointer)
      gs_gru_variant_gates(&variant, sums, recurrentSums.pointer, units, signals)
      finishGRU(sums: sums + 2 * units, hidden: hidden, signals: signals)
      hidden.update(from: signals + 3 * units, count: units)
    case .rnn:
      multiplyRecurrent(hidden, into: sums)
      gs_rnn_variant(&variant, sums, units, signals)
      hidden.update(from: signals, count: units)
    case .described: preconditionFailure("DescribedStepper steps it")
    }
  }

  /// h, from o ⊙ tanh c: that itself, or P m, which follows m in the signals.
  private func showOutput(
    _ output: UnsafeMutablePointer<Float>, hidden: UnsafeMutablePointer<Float>
  ) {
    let size = shape.recurrentSize
    guard let projection else {
      hidden.update(from: output, count: size)
      return
    }
    hidden.update(repeating: 0, count: gs_padded(size))
    gs_multiply(projection.pointer, size, shape.hiddenSize, output, hidden)
    (output + shape.hiddenSize).update(from: hidden, count: size)
  }

  private func finishGRU(
    sums: UnsafePointer<Float>, hidden: UnsafePointer<Float>,
    signals: UnsafeMutablePointer<Float>
  ) {
    let units = shape.hiddenSize
    guard let candidateWeights else {
      gs_gru_variant_candidate(
        &variant, sums, recurrentSums.pointer + 2 * units, 1, hidden, units, signals)
      return
    }
    gs_elementwise_product(signals, hidden, units, resetHidden.pointer)
    candidateSums.pointer.update(repeating: 0, count: candidateSums.count)
    gs_multiply(
      candidateWeights.pointer, units, units, resetHidden.pointer, candidateSums.pointer)
    gs_gru_variant_candidate(&variant, sums, candidateSums.pointer, 0, hidden, units, signals)
  }

  private func multiplyRecurrent(
    _ hidden: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>
  ) {
    gs_multiply(recurrentWeights.pointer, recurrentRows, shape.recurrentSize, hidden, sums)
  }
}

extension gs_variant {
  fileprivate init(_ shape: LayerShape) {
    self.init(
      gates: gs_activation(shape.activations.gates),
      candidate: gs_activation(shape.activations.candidate),
      output: gs_activation(shape.activations.output), clip: shape.clip ?? .infinity,
      is_coupled: shape.isCoupled ? 1 : 0)
  }
}

extension gs_activation {
  fileprivate init(_ activation: Activation) {
    let function: gs_function
    switch activation {
    case .sigmoid: function = gs_function_sigmoid
    case .tanh: function = gs_function_tanh
    case .relu: function = gs_function_relu
    case .hardSigmoid: function = gs_function_hard_sigmoid
    case .leakyRelu: function = gs_function_leaky_relu
    case .elu: function = gs_function_elu
    case .softsign: function = gs_function_softsign
    case .softplus: function = gs_function_softplus
    case .affine: function = gs_function_affine
    case .scaledTanh: function = gs_function_scaled_tanh
    case .thresholdedRelu: function = gs_function_thresholded_relu
    case .linear: function = gs_function_linear
    }
    let constants = activation.constants
    self.init(
      function: function, alpha: constants.first ?? 0, beta: constants.dropFirst().first ?? 0)
  }
}
