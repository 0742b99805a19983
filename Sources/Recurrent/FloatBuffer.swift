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
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: Swift.max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
    pointer = bytes.bindMemory(to: Float.self, capacity: Swift.max(count, 1))
    self.count = count
  }

  public convenience init(_ values: [Float]) {
    self.init(count: values.count)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: source.count) }
    }
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }
}
