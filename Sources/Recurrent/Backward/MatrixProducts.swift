import COpenBLAS

/// The large matrix products, by OpenBLAS. All matrices are row-major with a stride of their own.
enum MatrixProducts {
  /// OpenBLAS's own threads are off: batches are split over threads of ours, which has measured
  /// faster on products of this size, and gives the same bits whatever the machine is doing.
  private static let isLoaded = gs_blas_load() != 0

  /// Opens the library; call before the first product. False where it is not there.
  static func prepare() -> Bool { isLoaded }

  /// C (m, n) = A (m, k) Bᵀ, with B (n, k); added to C where `accumulating`.
  static func timesTransposed(
    _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    into c: UnsafeMutablePointer<Float>, _ cStride: Int, m: Int, n: Int, k: Int,
    accumulating: Bool = false
  ) {
    gs_sgemm(
      0, 1, Int32(m), Int32(n), Int32(k), a, Int32(aStride), b, Int32(bStride),
      accumulating ? 1 : 0, c, Int32(cStride))
  }

  /// C (m, n) = A (m, k) B, with B (k, n); added to C where `accumulating`.
  static func times(
    _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    into c: UnsafeMutablePointer<Float>, _ cStride: Int, m: Int, n: Int, k: Int,
    accumulating: Bool = false
  ) {
    gs_sgemm(
      0, 0, Int32(m), Int32(n), Int32(k), a, Int32(aStride), b, Int32(bStride),
      accumulating ? 1 : 0, c, Int32(cStride))
  }

  /// C (m, n) = Aᵀ B, with A (k, m) and B (k, n): a weight's gradient over k rows.
  static func transposedTimes(
    _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    into c: UnsafeMutablePointer<Float>, _ cStride: Int, m: Int, n: Int, k: Int
  ) {
    gs_sgemm(
      1, 0, Int32(m), Int32(n), Int32(k), a, Int32(aStride), b, Int32(bStride), 0, c,
      Int32(cStride))
  }
}
