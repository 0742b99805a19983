/// What layer 0 adds up from its input, for every kind of input, with the sums of tokens that come
/// again kept: a token's b_W + W x never changes.
final class InputProjection {
  private let stepper: CellStepper
  private let source: Source
  /// One row of sums a token, filled when the token first comes; nil where it would be too large.
  private let table: FloatBuffer?
  private var isFilled: [Bool]
  /// The vector that a token stands for.
  private let row: FloatBuffer  // (I)
  private let rowLength: Int

  private enum Source {
    /// The table is shared with the network, however large it is; a row is copied when it is read.
    case embedded(Embedding)
    case oneHot(size: Int)
  }

  /// Larger tables cost more memory than the products they save.
  private static let largestTable = 1 << 24  // floats: 64 MB

  init(network: Network, stepper: CellStepper) {
    self.stepper = stepper
    rowLength = stepper.sumsLength
    source =
      network.embedding.map(Source.embedded) ?? .oneHot(size: stepper.shape.inputSize)
    let (floats, overflow) = network.tokenCount.multipliedReportingOverflow(by: rowLength)
    let fits = !overflow && floats <= Self.largestTable
    table = fits ? FloatBuffer(count: floats) : nil
    isFilled = Array(repeating: false, count: fits ? network.tokenCount : 0)
    row = FloatBuffer(count: stepper.shape.inputSize)
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
    case .embedded(let table):
      table.weights.withUnsafeBufferPointer {
        row.pointer.update(from: $0.baseAddress! + token * table.size, count: table.size)
      }
    case .oneHot(let size):
      row.pointer.update(repeating: 0, count: size)
      row.pointer[token] = 1
    }
    return UnsafePointer(row.pointer)
  }
}
