/// What layer 0 adds up from its input, for every kind of input, with the sums of tokens that come
/// again kept: a token's b_W + W x never changes.
final class InputProjection {
  private let stepper: CellStepper
  private let source: Source
  private let embedding: FloatBuffer?
  /// One row of sums a token, filled when the token first comes; nil where it would be too large.
  private let table: FloatBuffer?
  private var isFilled: [Bool]
  private let oneHot: FloatBuffer  // (I)
  private let rowLength: Int

  private enum Source {
    case embedded(size: Int)
    case oneHot(size: Int)
  }

  /// Larger tables cost more memory than the products they save.
  private static let largestTable = 1 << 24  // floats: 64 MB

  init(network: Network, stepper: CellStepper) {
    self.stepper = stepper
    rowLength = stepper.sumsLength
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
    oneHot = FloatBuffer(count: stepper.shape.inputSize)
  }

  /// What the tokens of `steps` contribute, b_W + W x, into the stepper's sums.
  func project(tokens: ArraySlice<Int>) {
    for (row, token) in tokens.enumerated() {
      project(token: token, into: stepper.sums + row * rowLength)
    }
  }

  /// What one token contributes, into (sumsLength).
  func project(token: Int, into sums: UnsafeMutablePointer<Float>) {
    guard let table else {
      stepper.project(vector(of: token), stride: 0, count: 1, into: sums)
      return
    }
    let row = table.pointer + token * rowLength
    if !isFilled[token] {
      stepper.project(vector(of: token), stride: 0, count: 1, into: row)
      isFilled[token] = true
    }
    sums.update(from: row, count: rowLength)
  }

  private func vector(of token: Int) -> UnsafePointer<Float> {
    switch source {
    case .embedded(let size):
      return UnsafePointer(embedding!.pointer + token * size)
    case .oneHot(let size):
      oneHot.pointer.update(repeating: 0, count: size)
      oneHot.pointer[token] = 1
      return UnsafePointer(oneHot.pointer)
    }
  }
}
