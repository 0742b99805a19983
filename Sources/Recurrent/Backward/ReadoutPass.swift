import CLSTMKernel

/// The readout of a part of a batch: its outputs, or its loss and the gradients that start here.
final class ReadoutPass {
  private let readout: Readout
  private let weights: ParameterBlock
  private let bias: ParameterBlock?
  private let noBias: FloatBuffer
  /// (T, B, O): V h, then the outputs or the gradient with respect to V h + b.
  private(set) var outputs = FloatBuffer(count: 0)
  private var stepWeights: [Float] = []
  private var classes: [Int32] = []
  private var values: [Float] = []

  init(readout: Readout, layout: ParameterLayout) {
    guard let block = layout.block(.readoutWeights) else {
      preconditionFailure("a readout has weights")
    }
    self.readout = readout
    weights = block
    bias = layout.block(.readoutBias)
    noBias = FloatBuffer(count: readout.outputSize)
  }

  /// The stride of a row of `outputs`.
  var stride: Int { paddedRow(readout.outputSize) }

  /// What the readout reads: h of one direction at each step, in order.
  typealias Source = (
    values: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>, stride: Int,
    units: Int
  )

  private func multiply(_ sources: [Source], rows: Int, parameters: UnsafePointer<Float>) {
    if outputs.count < rows * stride { outputs = FloatBuffer(count: rows * stride) }
    var column = 0
    for source in sources {
      MatrixProducts.timesTransposed(
        source.values, source.stride, parameters + weights.offset + column, readout.inputSize,
        into: outputs.pointer, stride, m: rows, n: readout.outputSize, k: source.units,
        accumulating: column > 0)
      column += source.units
    }
  }

  /// Leaves y of all steps in `outputs`.
  func predict(_ sources: [Source], rows: Int, parameters: UnsafePointer<Float>) {
    multiply(sources, rows: rows, parameters: parameters)
    let bias = bias.map { parameters + $0.offset } ?? UnsafePointer(noBias.pointer)
    switch readout.activation {
    case .softmax:
      _ = gs_softmax_loss(rows, readout.outputSize, stride, bias, nil, nil, outputs.pointer)
    case .sigmoid:
      _ = gs_sigmoid_loss(rows, readout.outputSize, stride, bias, nil, nil, outputs.pointer)
    case .linear:
      _ = gs_squared_loss(rows, readout.outputSize, stride, bias, nil, nil, outputs.pointer)
    }
  }

  /// The sum of weight * loss, with each step's weight multiplied by `scale`; leaves its gradient
  /// in `outputs`.
  func loss(
    _ sources: [Source], batch: TrainingBatch, part: BatchPart, scale: Float,
    parameters: UnsafePointer<Float>
  ) -> Double {
    let rows = batch.steps * part.count
    multiply(sources, rows: rows, parameters: parameters)
    load(batch, part: part, scale: scale)
    let bias = bias.map { parameters + $0.offset } ?? UnsafePointer(noBias.pointer)
    let size = readout.outputSize
    switch readout.activation {
    case .softmax:
      return gs_softmax_loss(rows, size, stride, bias, classes, stepWeights, outputs.pointer)
    case .sigmoid:
      return gs_sigmoid_loss(rows, size, stride, bias, values, stepWeights, outputs.pointer)
    case .linear:
      return gs_squared_loss(rows, size, stride, bias, values, stepWeights, outputs.pointer)
    }
  }

  private func load(_ batch: TrainingBatch, part: BatchPart, scale: Float) {
    let rows = batch.steps * part.count
    if stepWeights.count != rows { stepWeights = Array(repeating: 0, count: rows) }
    stepWeights.withUnsafeMutableBufferPointer {
      part.copy(batch.weights, width: 1, steps: batch.steps, into: $0.baseAddress!, stride: 1)
      for row in 0..<rows { $0[row] *= scale }
    }
    switch batch.targets {
    case .classes(let all):
      if classes.count != rows { classes = Array(repeating: 0, count: rows) }
      classes.withUnsafeMutableBufferPointer {
        part.copy(all, width: 1, steps: batch.steps, into: $0.baseAddress!, stride: 1)
      }
    case .values(let all, let width):
      if values.count != rows * width { values = Array(repeating: 0, count: rows * width) }
      values.withUnsafeMutableBufferPointer {
        part.copy(all, width: width, steps: batch.steps, into: $0.baseAddress!, stride: width)
      }
    }
  }

  /// The readout's gradients, and the gradient with respect to what it read, from `outputs`.
  func runBackward(
    _ sources: [Source], rows: Int, parameters: UnsafePointer<Float>,
    gradients: UnsafeMutablePointer<Float>
  ) {
    let size = readout.outputSize
    var column = 0
    for source in sources {
      MatrixProducts.transposedTimes(
        outputs.pointer, stride, source.values, source.stride,
        into: gradients + weights.offset + column, readout.inputSize, m: size, n: source.units,
        k: rows)
      MatrixProducts.times(
        outputs.pointer, stride, parameters + weights.offset + column, readout.inputSize,
        into: source.gradient, source.stride, m: rows, n: source.units, k: size)
      column += source.units
    }
    if let bias { gs_column_sums(rows, size, stride, outputs.pointer, gradients + bias.offset) }
  }
}
