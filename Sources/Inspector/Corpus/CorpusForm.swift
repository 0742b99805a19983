import Parquet
import Recurrent

/// What a file of many sequences holds, and how.
public struct CorpusForm: Sendable {
  public var format: CorpusFormat
  public var reduction: StepReduction?
  /// The steps that are kept; all where nil.
  public var condition: SignalExpression?
  /// Whether sequences have names.
  public var hasIDs: Bool
  /// The file's own: what a reader should know, such as the model's name. Parquet only.
  public var metadata: [(key: String, value: String)]
  public var codec: ParquetCodec
  public var creator: String

  public init(
    format: CorpusFormat, reduction: StepReduction? = nil, condition: SignalExpression? = nil,
    hasIDs: Bool = false, metadata: [(key: String, value: String)] = [],
    codec: ParquetCodec = .best, creator: String = "gatescope"
  ) {
    self.format = format
    self.reduction = reduction
    self.condition = condition
    self.hasIDs = hasIDs
    self.metadata = metadata
    self.codec = codec
    self.creator = creator
  }
}

/// The kinds of files that the traces of many sequences go to.
public enum CorpusFormat: Sendable, Hashable {
  case csv(CSVLayout)
  case npz
  case parquet

  /// By the end of the name; `-` is CSV.
  ///
  /// - Throws: `CorpusError.unknownFormat`.
  public init(forPath path: String, layout: CSVLayout = .unit) throws(CorpusError) {
    let name = path.lowercased()
    if path == "-" || name.hasSuffix(".csv") {
      self = .csv(layout)
    } else if name.hasSuffix(".npz") {
      self = .npz
    } else if name.hasSuffix(".parquet") {
      self = .parquet
    } else {
      throw .unknownFormat(path: path)
    }
  }
}

/// Why the traces of many sequences were not written; the words are `description`, one line.
public enum CorpusError: Error, Equatable, Sendable, CustomStringConvertible {
  case unknownFormat(path: String)

  public var description: String {
    switch self {
    case .unknownFormat(let path):
      "\(path): the name must end in .parquet, .npz or .csv, or be - for CSV on standard output"
    }
  }
}

/// What is kept of a sequence.
struct KeptSequence {
  let number: Int
  let id: String?
  /// Of one step where it is reduced, whose number is how many it is made of.
  let trace: Trace
  /// Ascending, not empty.
  let steps: [Range<Int>]

  var count: Int { steps.reduce(0) { $0 + $1.count } }
}

/// A file that rows of many sequences go to. Encoding may happen on any thread; what it returns is called
/// in the order of the file.
protocol CorpusTable: AnyObject {
  /// - Parameter isContinued: whether the first sequence's rows go on where the last piece ended.
  func encode(_ kept: [KeptSequence], isContinued: Bool) throws -> () throws -> Void
  func finish() throws
}
