import CLSTMKernel

/// A matrix as the kernels read it, for products with many vectors at once.
///
/// Never changes once it is made, so threads may share it.
public final class PackedMatrix: @unchecked Sendable {
  /// The length of a product, and of the vectors that are multiplied.
  public let rows: Int
  public let columns: Int
  private let packed: FloatBuffer

  /// Floats between two vectors, for which there is room in a row of `count` numbers: vectors and
  /// products lie in rows of whole 16 floats.
  public static func stride(_ count: Int) -> Int { (count + 15) / 16 * 16 }

  /// - Parameters:
  ///   - matrix: row-major; `rows` × `columns` of it are read.
  ///   - rows: of the matrix as it lies there.
  ///   - isTransposed: whether vectors are multiplied by its transpose.
  public init(
    _ matrix: UnsafePointer<Float>, rows: Int, columns: Int, isTransposed: Bool = false
  ) {
    self.rows = isTransposed ? columns : rows
    self.columns = isTransposed ? rows : columns
    packed = FloatBuffer(count: gs_padded(self.rows) * self.columns)
    if isTransposed {
      gs_pack_transposed(matrix, rows, columns, packed.pointer)
    } else {
      gs_pack(matrix, rows, columns, packed.pointer)
    }
  }

  /// y = M x for each of `count` vectors; `adding` it to what is in y.
  ///
  /// - Parameters:
  ///   - x: (count, columns), `xStride` floats apart.
  ///   - y: (count, rows), `yStride` floats apart, which is at least `stride(rows)`; what stands after
  ///     the `rows` numbers up to there is overwritten.
  public func multiply(
    _ x: UnsafePointer<Float>, xStride: Int, count: Int, into y: UnsafeMutablePointer<Float>,
    yStride: Int, adding: Bool = false
  ) {
    gs_multiply_rows(packed.pointer, rows, columns, x, xStride, count, y, yStride, adding ? 1 : 0)
  }
}
