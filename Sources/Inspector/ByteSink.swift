/// Where a file's bytes go, in order.
public protocol ByteSink: AnyObject {
  func write(_ bytes: UnsafeRawBufferPointer) throws
}

/// Where bytes can be written before those in front of them.
protocol PatchableSink: ByteSink {
  /// Whether that is so: not of a pipe.
  var isSeekable: Bool { get }
  /// Makes room for `count` more bytes, zeros until they are overwritten.
  func extend(by count: UInt64) throws
  /// - Precondition: there is room for them.
  func overwrite(at offset: UInt64, _ bytes: UnsafeRawBufferPointer) throws
}
