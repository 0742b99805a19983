/// Why a trace was not written, beside the reasons that a `FileError` has. The cases carry the facts; the words are `description`, one line.
public enum ExportError: Error, Equatable, Sendable {
  case unknownFormat(path: String)
  /// Steps 0..<recorded could be read.
  case notRecorded(steps: Range<Int>, recorded: Int)
  case nothingSelected
  /// An NPZ says once which units it holds.
  case differentUnits
  /// Whoever read standard output has stopped: `trace … -o - | head`. Nothing needs to be said.
  case readerGone
}

extension ExportError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknownFormat(let path):
      "\(path): the name must end in .csv or .npz, or be - for CSV on standard output"
    case .notRecorded(let steps, let recorded):
      "steps \(steps.lowerBound)..\(steps.upperBound - 1) are wanted, but only the first "
        + "\(recorded) are recorded; record the rest first"
    case .nothingSelected:
      "the selection is empty: no layer has any of the chosen units and signals"
    case .differentUnits:
      "the layers have different units, which an .npz cannot say; write a .csv"
    case .readerGone:
      "standard output was closed before everything was written"
    }
  }
}
