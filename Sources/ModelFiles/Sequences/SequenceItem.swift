import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a file of many sequences has at one place.
public enum SequenceItem: Sendable {
  case sequence(CorpusSequence)
  case bad(SequenceFault)
}

/// A line or row that is no sequence of the network's: where, and why.
public struct SequenceFault: Error, Equatable, Sendable, CustomStringConvertible {
  public let path: String
  public let place: Place
  public let reason: String

  public enum Place: Equatable, Sendable {
    /// Counted from 1, as editors do.
    case line(Int)
    /// Of an array, counted from 0, as NumPy does.
    case row(Int)
  }

  public var description: String {
    switch place {
    case .line(let number): "\(path), line \(number): \(reason)"
    case .row(let number): "\(path), row \(number): \(reason)"
    }
  }
}

/// Why a file is no file of sequences: the facts, and their words.
public enum SequenceFileError: Error, Equatable, Sendable {
  case cannotRead(path: String, code: Int32)
  case isDirectory(path: String)
  case noSequences(path: String)
  case archive(path: String)
  case wrongShape(path: String, wanted: String, found: [Int])
  case notTokens(path: String, type: String)
  case fortranOrder(path: String)
  case lengthsWithoutArray(path: String)
  case lengthCount(path: String, expected: Int, found: Int)
  case needsFile
  case noVocabulary(path: String)
}

extension SequenceFileError: CustomStringConvertible {
  /// One line.
  public var description: String {
    switch self {
    case .cannotRead(let path, let code):
      "\(path): cannot be read: \(String(cString: strerror(code)))"
    case .isDirectory(let path): "\(path): is a directory; give a file of sequences"
    case .noSequences(let path): "\(path): has no sequences"
    case .archive(let path):
      "\(path): is an archive; save the array of sequences alone, as .npy"
    case .wrongShape(let path, let wanted, let found):
      "\(path): expected \(wanted), found \(sizes(found))"
    case .notTokens(let path, let type):
      "\(path): holds \(type) where the network takes tokens, whole numbers"
    case .fortranOrder(let path):
      "\(path): its rows do not stand one after the other; save np.ascontiguousarray of it"
    case .lengthsWithoutArray(let path):
      "\(path): has a sequence a line; --lengths belongs to a .npy"
    case .lengthCount(let path, let expected, let found):
      "\(path): has \(found) lengths for \(expected) sequences"
    case .needsFile: "--shard needs a file that can be read again, not standard input"
    case .noVocabulary(let path):
      "\(path): the model has no vocabulary, so it cannot read text; give --vocab, "
        + "or JSONL with tokens, or a .npy"
    }
  }
}
