import Recurrent

/// The sequences of a file, one after the other: a text with one a line, JSONL, or a .npy. Whatever its
/// length, some of it is in memory at a time.
///
/// Not safe to share between threads.
public final class SequenceFile {
  /// As messages call it.
  public let path: String
  private let source: Source
  /// The line or row that comes next.
  private var next = 0
  private var part: Range<Int>

  private enum Source {
    case lines(LineReader, SequenceLine)
    case array(SequenceArray)
  }

  /// - Parameters:
  ///   - path: `.jsonl` and `.ndjson` have an object of JSON a line, `.npy` is NumPy's, all else is
  ///     text; `-` is text from standard input.
  ///   - lengths: a .npy of how many steps of each row of a .npy count.
  ///   - model: what reads them.
  /// - Throws: `SequenceFileError` or `ModelFileError`.
  public init(path: String, lengths: String? = nil, for model: TrainedModel) throws {
    let name = path.lowercased()
    if name.hasSuffix(".npy") || name.hasSuffix(".npz") {
      let array = try SequenceArray(path: path, lengths: lengths, network: model.network)
      source = .array(array)
      self.path = path
      part = 0..<array.count
      return
    }
    let reader = try LineReader(path: path)
    guard lengths == nil else { throw SequenceFileError.lengthsWithoutArray(path: reader.path) }
    let isJSON = name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson")
    guard isJSON || model.vocabulary != nil else {
      throw SequenceFileError.noVocabulary(path: reader.path)
    }
    source = .lines(
      reader,
      SequenceLine(
        vocabulary: model.vocabulary, tokenCount: model.network.tokenCount, isJSON: isJSON))
    self.path = reader.path
    part = 0..<Int.max
  }

  /// Whether sequences may have names of their own.
  public var hasIDs: Bool {
    switch source {
    case .lines(_, let line): line.isJSON
    case .array: false
    }
  }

  /// Numbers a step; nil of tokens.
  public var featureWidth: Int? {
    switch source {
    case .lines: nil
    case .array(let array): array.width
    }
  }

  /// Leaves the K-th of N parts of the lines or rows, as even as can be, one after the other.
  ///
  /// - Parameters:
  ///   - part: K, from 1.
  ///   - path: the file again, to be counted.
  public func narrow(toPart part: Int, of parts: Int, path: String) throws(SequenceFileError) {
    let count: Int
    switch source {
    case .array(let array): count = array.count
    case .lines:
      if path == "-" { throw .needsFile }
      count = try LineReader.count(path: path)
    }
    func bound(_ part: Int) -> Int {
      // Without overflow: a whole number for each part, and one more for the first of them.
      part * (count / parts) + min(part, count % parts)
    }
    self.part = bound(part - 1)..<bound(part)
  }

  /// How much has been read, 0…1; nil of a pipe.
  public var progress: Double? {
    switch source {
    case .lines(let reader, _):
      if part.upperBound != .max {
        return Double(max(0, next - part.lowerBound)) / Double(max(1, part.count))
      }
      return reader.size.map { Double(reader.offset) / Double(max(1, $0)) }
    case .array: return Double(next - part.lowerBound) / Double(max(1, part.count))
    }
  }

  /// The next sequence, or what stands in its place; nil at the end.
  public func nextItem() throws(SequenceFileError) -> SequenceItem? {
    switch source {
    case .array(let array):
      next = max(next, part.lowerBound)
      guard next < part.upperBound else { return nil }
      defer { next += 1 }
      return try array.item(at: next)
    case .lines(let reader, let line):
      while next < part.lowerBound {
        guard case .whole? = try reader.next() else { return nil }
        next += 1
      }
      guard next < part.upperBound, let found = try reader.next() else { return nil }
      defer { next += 1 }
      return try item(found, line)
    }
  }

  private func item(
    _ found: LineReader.Line, _ line: SequenceLine
  ) throws(SequenceFileError) -> SequenceItem {
    func bad(_ reason: String) -> SequenceItem {
      .bad(SequenceFault(path: path, place: .line(next + 1), reason: reason))
    }
    switch found {
    case .tooLong:
      part = 0..<0
      return bad("is longer than \(LineReader.longestLine) bytes")
    case .whole(let bytes):
      do throws(SequenceLine.Fault) {
        let (id, input) = try line.read(bytes, isFirst: next == 0)
        return .sequence(CorpusSequence(number: next, id: id, input: input))
      } catch {
        return bad(error.reason)
      }
    }
  }
}
