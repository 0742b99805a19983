import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension AtomicFile: PatchableSink {}

/// An open file descriptor, standard output as a rule, as the end of an export.
public final class DescriptorSink: ByteSink {
  private let descriptor: Int32
  private let name: String

  public init(descriptor: Int32 = STDOUT_FILENO, name: String = "standard output") {
    self.descriptor = descriptor
    self.name = name
  }

  /// - Throws: `ExportError.readerGone`, or a `FileError` with `name` in the place of a path.
  public func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while let start = rest.baseAddress, !rest.isEmpty {
      #if canImport(Glibc)
        let written = Glibc.write(descriptor, start, min(rest.count, 1 << 30))
      #else
        let written = Darwin.write(descriptor, start, min(rest.count, 1 << 30))
      #endif
      if written >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      } else if errno == EPIPE {
        throw ExportError.readerGone
      } else if errno != EINTR {
        throw FileError.system(.write, path: name, code: errno)
      }
    }
  }
}

/// Hands the end of an output to `body`: a file that appears at `path` whole or not at all, or standard
/// output for `-`.
///
/// - Parameter createNew: fail where a file stands at `path` already.
/// - Throws: what `body` throws, `ExportError.readerGone`, or a `FileError`; what stood at `path` before
///   is then still there.
public func writeOutput(
  to path: String, createNew: Bool = false, _ body: (any ByteSink) throws -> Void
) throws {
  try withoutPipeSignal {
    if path == "-" {
      try body(DescriptorSink())
    } else {
      let file = try AtomicFile(path: path, createNew: createNew)
      try body(file)
      try file.commit()
    }
  }
}
