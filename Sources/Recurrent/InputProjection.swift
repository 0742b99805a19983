import CLSTMKernel

/// What layer 0 adds up from its input, for every kind of input, with the sums of tokens that come
/// again kept: a token's b_W + W x never changes.
final class InputProjection {
  private let stepper: CellStepper
  private let source: Source
  private let embedding: FloatBuffer?
  /// One row of sums a token, filled when the token first comes; nil where it would be too large.
  private let table: FloatBuffer?
  private var isFilled: [Bool]
  private let scratch: FloatBuffer  // one-hot x, or the sums of a token that is not kept
  private let rowLength: Int

  private enum Source {
    case embedded(size: Int)
    case oneHot(size: Int)
  }

  /// Larger tables cost more memory than the products they save.
  private static let largestTable = 1 << 24  // floats: 64 MB

  init(network: Network, stepper: CellStepper) {
    self.stepper = stepper
    rowLength = gs_padded(stepper.shape.gateRows)
    if let given = network.embedding {
      source = .embedded(size: given.size)
      embedding = FloatBuffer(given.weights)
    } else {
      source = .oneHot(size: stepper.shape.inputSize)
      embedding = nil
    }
    let (floats, overflow) = network.tokenCount.multipliedReportingOverflow(by: rowLength)
    let fits = !overflow && floats <= Self.largestTable
    table = fits ? FloatBuffer(count: floats) : nil
    isFilled = Array(repeating: false, count: fits ? network.tokenCount : 0)
    scratch = FloatBuffer(count: max(rowLength, stepper.shape.inputSize))
  }

  /// Steps the layer for a token.
  func step(token: Int, signals: UnsafeMutablePointer<Float>) {
    guard let table else {
      stepper.step(vector(of: token), signals: signals)
      return
    }
    let row = table.pointer + token * rowLength
    if !isFilled[token] {
      stepper.project(vector(of: token), into: row)
      isFilled[token] = true
    }
    stepper.step(projected: row, signals: signals)
  }

  private func vector(of token: Int) -> UnsafePointer<Float> {
    switch source {
    case .embedded(let size):
      return UnsafePointer(embedding!.pointer + token * size)
    case .oneHot(let size):
      scratch.pointer.update(repeating: 0, count: size)
      scratch.pointer[token] = 1
      return UnsafePointer(scratch.pointer)
    }
  }
}
