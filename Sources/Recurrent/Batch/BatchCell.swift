import CLSTMKernel

/// A layer in one direction, packed so that R h' is multiplied for several sequences at once: for the
/// cells that `FusedCell` knows, and with its bits. Threads share it, for nobody writes to it.
final class BatchCell: @unchecked Sendable {
  let shape: LayerShape
  /// The length of a row of sums.
  let sumsLength: Int
  private let inputWeights: FloatBuffer  // (G·H, I), packed, its rows in the order of the sums
  private let inputBias: FloatBuffer  // (sumsLength)
  private let recurrentBias: FloatBuffer  // (sumsLength): a GRU's b_R
  private let peepholes: FloatBuffer?
  private let layer: gs_layer
  /// Where a row of W and R stands in a row of sums.
  private let places: [Int]  // (G·H)
  /// R by the columns that a step's kernel adds up apart, and P likewise.
  let recurrent: [ColumnPart]
  let projection: [ColumnPart]

  /// Some columns of a matrix: `first`, `first + step`, …
  struct ColumnPart {
    let first: Int
    let step: Int
    let count: Int
    let packed: FloatBuffer
  }

  /// - Parameter partialSums: what `gs_partial_sums` says, but in tests.
  init(shape: LayerShape, weights: LayerWeights, partialSums: Int = gs_partial_sums()) {
    self.shape = shape
    let (first, second) = (weights.inputBias, weights.recurrentBias)
    let zeros = [Float](repeating: 0, count: shape.gateRows)
    // A GRU's r is applied to R h' + b_R, so that its b_R cannot be added to b_W.
    let isApart = shape.cell == .gru
    let sum = isApart ? first ?? zeros : zip(first ?? zeros, second ?? zeros).map(+)
    let apart = isApart ? second ?? zeros : zeros
    inputBias = FusedCell.inOrderOfSums(sum, shape: shape, columns: 1)
    recurrentBias = FusedCell.inOrderOfSums(apart, shape: shape, columns: 1)
    inputWeights = FusedCell.inOrderOfSums(
      weights.inputWeights, shape: shape, columns: shape.inputSize)
    sumsLength = inputBias.count
    places = Self.places(of: shape)
    recurrent = Self.parts(
      of: weights.recurrentWeights, columns: shape.recurrentSize, step: partialSums
    ) {
      FusedCell.inOrderOfSums($0, shape: shape, columns: $1)
    }
    projection =
      weights.projection.map { matrix in
        Self.parts(of: matrix, columns: shape.hiddenSize, step: partialSums) {
          pack($0, rows: shape.recurrentSize, columns: $1)
        }
      } ?? []
    peepholes = weights.peepholes.map { FusedCell.padded(peepholes: $0, shape: shape) }
    layer = gs_layer(
      cell: gs_cell(shape.cell), units: shape.hiddenSize, outputs: shape.recurrentSize,
      recurrent: nil, recurrent_bias: nil, peepholes: UnsafePointer(peepholes?.pointer),
      projection: nil)
  }

  private static func places(of shape: LayerShape) -> [Int] {
    // Float32 counts to 2^24; a row of no number is padding.
    let numbers = FusedCell.inOrderOfSums(
      (0..<shape.gateRows).map { Float($0 + 1) }, shape: shape, columns: 1)
    var places = [Int](repeating: 0, count: shape.gateRows)
    for place in 0..<numbers.count where numbers.pointer[place] > 0 {
      places[min(Int(numbers.pointer[place]), shape.gateRows) - 1] = place
    }
    return places
  }

  /// What a unit needs where one of its signals is held, of a step that has been taken.
  ///
  /// - Parameter before: c' of the unit, or a GRU's h'.
  func held(
    _ unit: Int, before: Float, sums: UnsafePointer<Float>, recurrentSums: UnsafePointer<Float>?
  ) -> HeldStep {
    var held = HeldStep(shape: shape, unit: unit, before: before)
    guard unit < shape.hiddenSize, shape.cell != .rnn else { return held }
    let last = places[(shape.cell.gates.count - 1) * shape.hiddenSize + unit]
    held.outputSum = sums[last]
    held.recurrentSum = recurrentSums?[last] ?? 0
    if let peepholes {
      held.peephole = peepholes.pointer[peepholes.count / 3 * 2 + unit]
    }
    return held
  }

  private static func parts(
    of matrix: [Float], columns: Int, step: Int,
    pack: (_ part: [Float], _ columns: Int) -> FloatBuffer
  ) -> [ColumnPart] {
    guard step > 1 else {
      return [ColumnPart(first: 0, step: 1, count: columns, packed: pack(matrix, columns))]
    }
    return (0..<min(step, columns)).map { first in
      let places = Array(stride(from: first, to: columns, by: step))
      let rows = matrix.count / columns
      let part = (0..<rows).flatMap { row in places.map { matrix[row * columns + $0] } }
      return ColumnPart(
        first: first, step: step, count: places.count, packed: pack(part, places.count))
    }
  }

  /// What `count` input vectors, side by side, contribute: b_W + W x, into rows of sums.
  func project(_ x: UnsafePointer<Float>, count: Int, into sums: UnsafeMutablePointer<Float>) {
    for row in 0..<count {
      (sums + row * sumsLength).update(from: inputBias.pointer, count: sumsLength)
    }
    gs_multiply_rows(
      inputWeights.pointer, sumsLength, shape.inputSize, x, shape.inputSize, count, sums,
      sumsLength, 1)
  }

  /// Adds R h' to rows of sums; a GRU's, which are apart, begin with b_R.
  ///
  /// - Parameter hidden: what each part of `recurrent` reads, (count, columns of the part).
  func multiply(
    hidden: [UnsafeMutablePointer<Float>], count: Int, into sums: UnsafeMutablePointer<Float>
  ) {
    if shape.cell == .gru {
      for row in 0..<count {
        (sums + row * sumsLength).update(from: recurrentBias.pointer, count: sumsLength)
      }
    }
    for (part, x) in zip(recurrent, hidden) {
      gs_multiply_rows(
        part.packed.pointer, sumsLength, part.count, x, part.count, count, sums, sumsLength, 1)
    }
  }

  /// The length of a row that a projection writes.
  var projectedLength: Int { projection.isEmpty ? 0 : gs_padded(shape.recurrentSize) }

  /// h = P m, into (count, projectedLength).
  func project(
    output: [UnsafeMutablePointer<Float>], count: Int, into hidden: UnsafeMutablePointer<Float>
  ) {
    hidden.update(repeating: 0, count: count * projectedLength)
    for (part, x) in zip(projection, output) {
      gs_multiply_rows(
        part.packed.pointer, projectedLength, part.count, x, part.count, count, hidden,
        projectedLength, 1)
    }
  }

  /// A step of one sequence, of its sums; all signals but a projected h.
  func finish(
    sums: UnsafePointer<Float>, recurrentSums: UnsafePointer<Float>,
    hidden: UnsafePointer<Float>, cell: UnsafePointer<Float>?,
    signals: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: layer) { gs_finish_step($0, sums, recurrentSums, hidden, cell, signals) }
  }
}
