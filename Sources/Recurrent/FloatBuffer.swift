#if canImport(Glibc)
  import Glibc
#endif

/// Float32 memory at a fixed address, aligned to a cache line, for the kernels.
///
/// A `[Float]` inside a class pays for exclusivity and bounds at every access; this does not. Whoever
/// holds one keeps it to itself, which is what makes it safe to send along with its owner.
public final class FloatBuffer: @unchecked Sendable {
  public let pointer: UnsafeMutablePointer<Float>
  public let count: Int

  /// `count` zeros.
  public convenience init(count: Int) {
    self.init(uninitialized: count)
    pointer.initialize(repeating: 0, count: Swift.max(count, 1))
  }

  /// Room for `count` numbers, to be written before they are read: costs no pass over the memory.
  public init(uninitialized count: Int) {
    let size = Swift.max(count, 1) * MemoryLayout<Float>.stride
    let isLarge = size >= Self.smallestLarge
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: size, alignment: isLarge ? Self.hugePage : Self.cacheLine)
    #if canImport(Glibc)
      // Weights that are read from memory at every step are read up to twice as fast where the
      // hardware need not look up a page every 4 kB. Advice only: without it all works the same.
      if isLarge { madvise(bytes, size, MADV_HUGEPAGE) }
    #endif
    pointer = bytes.bindMemory(to: Float.self, capacity: Swift.max(count, 1))
    self.count = count
  }

  public convenience init(_ values: [Float]) {
    self.init(uninitialized: values.count)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.initialize(from: base, count: source.count) }
    }
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  private static let cacheLine = 64  // bytes
  private static let hugePage = 2 << 20
  /// At half of it the last page could waste as much as the numbers take.
  private static let smallestLarge = 4 << 20
}
