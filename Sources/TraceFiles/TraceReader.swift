import Inspector
import ModelFiles
import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A trace as it came out of a file.
public struct RecordedTrace {
  public let trace: Trace
  /// What entered layer 0, where the file says so: an export needs it.
  public let input: LayerInput?
  /// Things that a person should know but that stop nothing, one line each.
  public let warnings: [String]
}

/// The door: a path in, a recorded trace out. Gatescope's own NPZ and CSV, whole or narrowed, arrays
/// that NumPy saved, and HDF5 as LSTMVis has it (https://github.com/HendrikStrobelt/LSTMVis).
public enum TraceReader {
  /// What a person says beside the file.
  public struct Options: Sendable {
    /// The symbol of each token number.
    public var symbols: [String]?
    /// The token numbers of the steps, where the file has none.
    public var tokens: [Int]?

    public init(symbols: [String]? = nil, tokens: [Int]? = nil) {
      self.symbols = symbols
      self.tokens = tokens
    }
  }

  /// A file that is no larger is copied to memory, so that nobody minds what happens to it.
  static let copiedSize = 64 << 20

  /// Its format is told by its first bytes. A large NPZ or HDF5 that is not compressed is mapped and
  /// read where it lies; a table is read whole.
  ///
  /// - Throws: `TraceFileError`, whose description is one line for a person.
  public static func read(
    path: String, _ options: Options = Options()
  ) throws(TraceFileError) -> RecordedTrace {
    do throws(TraceFileError.Problem) {
      let file: FileBytes
      do throws(ModelFileError) {
        file = try FileBytes.read(path: path, copiedUpTo: copiedSize)
      } catch {
        throw .file(error.problem)
      }
      return try read(file, path, options)
    } catch {
      throw TraceFileError(path, error)
    }
  }

  /// The same of bytes in memory.
  ///
  /// - Parameter path: for messages.
  public static func read(
    bytes: [UInt8], path: String, _ options: Options = Options()
  ) throws(TraceFileError) -> RecordedTrace {
    do throws(TraceFileError.Problem) {
      guard !bytes.isEmpty else { throw .file(.empty) }
      return try read(FileBytes(bytes), path, options)
    } catch {
      throw TraceFileError(path, error)
    }
  }

  private static func read(
    _ file: FileBytes, _ path: String, _ options: Options
  ) throws(TraceFileError.Problem) -> RecordedTrace {
    if let arrays = try arrays(file, path) { return try ArrayTrace(arrays, options).recorded() }
    guard TableRows.looksLikeTable(file.bytes) else { throw .notATrace }
    return try TableTrace(file, options).recorded()
  }

  private static func arrays(
    _ file: FileBytes, _ path: String
  ) throws(TraceFileError.Problem) -> ArrayFile? {
    do throws(ModelFileError) {
      return try ArrayFile(file, path: path)
    } catch {
      throw .file(error.problem)
    }
  }

  /// Token numbers in a file of their own: an array of NumPy's or a dataset, as LSTMVis's
  /// `train.hdf5` has `words`.
  ///
  /// - Throws: `TraceFileError`.
  public static func tokens(path: String) throws(TraceFileError) -> [Int] {
    do throws(TraceFileError.Problem) {
      do throws(ModelFileError) {
        let file = try FileBytes(path: path)
        guard let arrays = try ArrayFile(file, path: path) else { throw .init(path, .notNumPy) }
        let bare = arrays.arrays.filter { $0.isInteger && $0.shape.count { $0 != 1 } <= 1 }
        let named = ["tokens", "words", "word_ids"].lazy.compactMap { name in
          bare.first { $0.name == name }
        }
        guard let found = named.first ?? (bare.count == 1 ? bare[0] : nil) else {
          throw ModelFileError(path, .noSuchTensor("tokens"))
        }
        return try arrays.integers(found.name)
      } catch {
        if case .noSuchTensor = error.problem { throw .noTokens }
        throw .file(error.problem)
      }
    } catch {
      throw TraceFileError(path, error)
    }
  }
}

extension TraceReader {
  /// What LSTMVis keeps beside its states: `train.hdf5` with the words' numbers, `words.dict` with the
  /// words themselves; paths of those that are there. Only beside a `.hdf5` or `.h5`.
  public static func companions(of path: String) -> (tokens: String?, symbols: String?) {
    let name = path.lowercased()
    guard name.hasSuffix(".hdf5") || name.hasSuffix(".h5") else { return (nil, nil) }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    func first(_ names: [String]) -> String? {
      names.map { folder + $0 }.first { $0 != path && access($0, R_OK) == 0 }
    }
    return (first(["train.hdf5", "train.h5"]), first(["words.dict"]))
  }
}
