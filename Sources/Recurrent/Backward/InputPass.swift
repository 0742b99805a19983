import CLSTMKernel

/// How a part of a batch enters layer 0, and how gradients leave it, for every kind of input.
///
/// A token's W x is looked up in a table of all tokens where there are fewer tokens than steps;
/// the way back then adds up the gates' gradients of each token first, and multiplies V rows
/// instead of T * B.
final class InputPass {
  private let network: Network
  private let embedding: ParameterBlock?
  private var tokens: [Int32] = []
  /// (T, B, I): features, or rows of the embedding.
  private var vectors = FloatBuffer(count: 0)
  /// (T, B, E): the gradient with respect to rows of the embedding.
  private var vectorGradient = FloatBuffer(count: 0)
  /// (V, G·H): the gates' gradients, added up by token.
  private var tableGradient = FloatBuffer(count: 0)
  private var isTokens = false

  init(network: Network, layout: ParameterLayout) {
    self.network = network
    embedding = layout.block(.embedding)
  }

  private var inputSize: Int { network.layers[0].shape.inputSize }
  private var vectorStride: Int { paddedRow(inputSize) }

  /// Takes this part's input out of the batch.
  func load(
    _ batch: TrainingBatch, part: BatchPart, usesTable: Bool, parameters: UnsafePointer<Float>
  ) {
    let rows = batch.steps * part.count
    switch batch.input {
    case .tokens(let all):
      isTokens = true
      if tokens.count != rows { tokens = Array(repeating: 0, count: rows) }
      tokens.withUnsafeMutableBufferPointer {
        part.copy(all, width: 1, steps: batch.steps, into: $0.baseAddress!, stride: 1)
      }
      if let embedding, !usesTable {
        reserveVectors(rows)
        gs_gather_rows(
          rows, inputSize, vectorStride, tokens, parameters + embedding.offset, inputSize,
          vectors.pointer)
      }
    case .features(let values, let width):
      isTokens = false
      reserveVectors(rows)
      part.copy(
        values, width: width, steps: batch.steps, into: vectors.pointer, stride: vectorStride)
    }
  }

  private func reserveVectors(_ rows: Int) {
    if vectors.count < rows * vectorStride { vectors = FloatBuffer(count: rows * vectorStride) }
  }

  /// W x of all steps into the track's gates.
  func project(into track: TrackWorkspace, parameters: UnsafePointer<Float>) {
    let weights = track.weights
    if isTokens, let table = weights.table {
      gs_gather_rows(
        track.rows, weights.shape.gateRows, weights.gateStride, tokens, table.pointer,
        weights.gateStride, track.gates.pointer)
    } else {
      MatrixProducts.timesTransposed(
        vectors.pointer, vectorStride, parameters + weights.inputWeights.offset, inputSize,
        into: track.gates.pointer, weights.gateStride, m: track.rows, n: weights.shape.gateRows,
        k: inputSize)
    }
  }

  /// Clears what `accumulate` adds to.
  func beginGradients(_ gradients: UnsafeMutablePointer<Float>) {
    guard let embedding else { return }
    (gradients + embedding.offset).update(repeating: 0, count: embedding.count)
  }

  /// The gradients of W and of the embedding, from those of the track's gates.
  func accumulate(
    from track: TrackWorkspace, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    if isTokens, track.weights.table != nil {
      accumulateTable(from: track, parameters: parameters, gradients: gradients)
      return
    }
    let weights = track.weights
    let gateRows = weights.shape.gateRows
    MatrixProducts.transposedTimes(
      track.gates.pointer, weights.gateStride, vectors.pointer, vectorStride,
      into: gradients + weights.inputWeights.offset, inputSize, m: gateRows, n: inputSize,
      k: track.rows)
    guard isTokens, let embedding else { return }
    if vectorGradient.count < vectors.count { vectorGradient = FloatBuffer(count: vectors.count) }
    MatrixProducts.times(
      track.gates.pointer, weights.gateStride, parameters + weights.inputWeights.offset, inputSize,
      into: vectorGradient.pointer, vectorStride, m: track.rows, n: inputSize, k: gateRows)
    gs_scatter_rows(
      track.rows, inputSize, vectorStride, tokens, vectorGradient.pointer,
      gradients + embedding.offset, inputSize)
  }

  private func accumulateTable(
    from track: TrackWorkspace, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let weights = track.weights
    let gateRows = weights.shape.gateRows
    let count = network.tokenCount
    let size = count * weights.gateStride
    if tableGradient.count < size { tableGradient = FloatBuffer(count: size) }
    tableGradient.pointer.update(repeating: 0, count: size)
    gs_scatter_rows(
      track.rows, gateRows, weights.gateStride, tokens, track.gates.pointer,
      tableGradient.pointer, weights.gateStride)
    let gradient = gradients + weights.inputWeights.offset
    guard let embedding else {
      transpose(
        tableGradient.pointer, rows: count, columns: gateRows, stride: weights.gateStride,
        into: gradient, stride: count)
      return
    }
    MatrixProducts.transposedTimes(
      tableGradient.pointer, weights.gateStride, parameters + embedding.offset, inputSize,
      into: gradient, inputSize, m: gateRows, n: inputSize, k: count)
    MatrixProducts.times(
      tableGradient.pointer, weights.gateStride, parameters + weights.inputWeights.offset,
      inputSize, into: gradients + embedding.offset, inputSize, m: count, n: inputSize,
      k: gateRows, accumulating: true)
  }
}
