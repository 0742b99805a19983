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

/// Text on its way to a terminal: nothing in it commands that.
final class ShownSink: ByteSink {
  private let sink: any ByteSink
  /// The beginning of a character.
  private var rest: [UInt8] = []

  init(_ sink: any ByteSink) { self.sink = sink }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    rest += bytes
    // A character has three bytes after its first at most.
    let start = rest.lastIndex { $0 & 0xC0 != 0x80 } ?? 0
    let isWhole = String(validating: rest[start...], as: UTF8.self) != nil
    let end = isWhole || rest.count - start > 3 ? rest.count : start
    try show(rest[..<end])
    rest.removeFirst(end)
  }

  /// What is no whole character is shown as such.
  func finish() throws {
    try show(rest[...])
    rest = []
  }

  private func show(_ bytes: ArraySlice<UInt8>) throws {
    let text = shownText(String(decoding: bytes, as: UTF8.self))
    try Array(text.utf8).withUnsafeBytes { try sink.write($0) }
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
      let output = DescriptorSink()
      guard isatty(STDOUT_FILENO) == 1 else { return try body(output) }
      let shown = ShownSink(output)
      try body(shown)
      try shown.finish()
    } else {
      let file = try AtomicFile(path: path, createNew: createNew)
      try body(file)
      try file.commit()
    }
  }
}
