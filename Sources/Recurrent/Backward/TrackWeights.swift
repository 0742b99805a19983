import CLSTMKernel

/// One track's weights as the batch kernels read them, made anew whenever the parameters have
/// changed. All parts of a batch share it.
final class TrackWeights {
  let track: Track
  let shape: LayerShape
  let inputWeights: ParameterBlock
  let recurrentWeights: ParameterBlock
  let inputBias: ParameterBlock?
  let recurrentBias: ParameterBlock?
  let peepholes: ParameterBlock?
  /// gs_pack of R (G·H, H).
  let packed: FloatBuffer
  /// gs_pack of Rᵀ (H, G·H): the way back.
  let packedTransposed: FloatBuffer
  /// (G·H): with an LSTM or RNN the sum of both biases, with a GRU that of the input.
  let bias: FloatBuffer
  /// (G·H): a GRU's other bias.
  let secondBias: FloatBuffer
  /// W x of every token, (V, G·H) at `gateStride`, where tokens enter and a table is cheaper than
  /// products.
  let table: FloatBuffer?
  private let tokenCount: Int

  init(track: Track, network: Network, layout: ParameterLayout, hasTable: Bool) {
    self.track = track
    shape = network.layers[track.layer].shape
    guard let input = layout.block(.inputWeights, of: track),
      let recurrent = layout.block(.recurrentWeights, of: track)
    else { preconditionFailure("every track has weights") }
    inputWeights = input
    recurrentWeights = recurrent
    inputBias = layout.block(.inputBias, of: track)
    recurrentBias = layout.block(.recurrentBias, of: track)
    peepholes = layout.block(.peepholes, of: track)
    packed = FloatBuffer(count: gs_padded(shape.gateRows) * shape.hiddenSize)
    packedTransposed = FloatBuffer(count: gs_padded(shape.hiddenSize) * shape.gateRows)
    bias = FloatBuffer(count: shape.gateRows)
    secondBias = FloatBuffer(count: shape.gateRows)
    tokenCount = network.tokenCount
    table = hasTable ? FloatBuffer(count: tokenCount * paddedRow(shape.gateRows)) : nil
  }

  /// The stride of a row of gates.
  var gateStride: Int { paddedRow(shape.gateRows) }
  /// The stride of a row of h or c.
  var stateStride: Int { paddedRow(shape.hiddenSize) }

  /// Reads the parameters again. `embedding` is its block, where there is one.
  func refresh(
    from parameters: UnsafePointer<Float>, embedding: ParameterBlock?, forTraining: Bool
  ) {
    let recurrent = parameters + recurrentWeights.offset
    gs_pack(recurrent, shape.gateRows, shape.hiddenSize, packed.pointer)
    if forTraining {
      gs_pack_transposed(recurrent, shape.gateRows, shape.hiddenSize, packedTransposed.pointer)
    }
    refreshBiases(from: parameters)
    if let table { refresh(table, from: parameters, embedding: embedding) }
  }

  private func refreshBiases(from parameters: UnsafePointer<Float>) {
    for row in 0..<shape.gateRows {
      let first = inputBias.map { parameters[$0.offset + row] } ?? 0
      let second = recurrentBias.map { parameters[$0.offset + row] } ?? 0
      if shape.cell == .gru {
        bias.pointer[row] = first
        secondBias.pointer[row] = second
      } else {
        bias.pointer[row] = first + second
      }
    }
  }

  private func refresh(
    _ table: FloatBuffer, from parameters: UnsafePointer<Float>, embedding: ParameterBlock?
  ) {
    let weights = parameters + inputWeights.offset
    if let embedding {
      MatrixProducts.timesTransposed(
        parameters + embedding.offset, shape.inputSize, weights, shape.inputSize,
        into: table.pointer, gateStride, m: tokenCount, n: shape.gateRows, k: shape.inputSize)
    } else {
      transpose(
        weights, rows: shape.gateRows, columns: tokenCount, stride: tokenCount,
        into: table.pointer, stride: gateStride)
    }
  }
}

/// to (columns, rows) = from (rows, columns)ᵀ.
func transpose(
  _ from: UnsafePointer<Float>, rows: Int, columns: Int, stride: Int,
  into to: UnsafeMutablePointer<Float>, stride toStride: Int
) {
  for column in 0..<columns {
    for row in 0..<rows { to[column * toStride + row] = from[row * stride + column] }
  }
}
