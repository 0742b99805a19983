import COpenBLAS

/// The large matrix products, by OpenBLAS. All matrices are row-major with a stride of their own.
enum MatrixProducts {
  /// OpenBLAS's own threads are off: batches are split over threads of ours, which has measured
  /// faster on products of this size, and gives the same bits whatever the machine is doing.
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// Call once before the first product.
  static func prepare() { _ = singleThreaded }

  /// C (m, n) = A (m, k) Bᵀ, with B (n, k); added to C where `accumulating`.
  static func timesTransposed(
    _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    into c: UnsafeMutablePointer<Float>, _ cStride: Int, m: Int, n: Int, k: Int,
    accumulating: Bool = false
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, blasint(m), blasint(n), blasint(k), 1, a,
      blasint(aStride), b, blasint(bStride), accumulating ? 1 : 0, c, blasint(cStride))
  }

  /// C (m, n) = A (m, k) B, with B (k, n); added to C where `accumulating`.
  static func times(
    _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    into c: UnsafeMutablePointer<Float>, _ cStride: Int, m: Int, n: Int, k: Int,
    accumulating: Bool = false
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(m), blasint(n), blasint(k), 1, a,
      blasint(aStride), b, blasint(bStride), accumulating ? 1 : 0, c, blasint(cStride))
  }

  /// C (m, n) = Aᵀ B, with A (k, m) and B (k, n): a weight's gradient over k rows.
  static func transposedTimes(
    _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    into c: UnsafeMutablePointer<Float>, _ cStride: Int, m: Int, n: Int, k: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, blasint(m), blasint(n), blasint(k), 1, a,
      blasint(aStride), b, blasint(bStride), 0, c, blasint(cStride))
  }
}
