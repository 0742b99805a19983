/// Why an HDF5 file is not read: the facts, and their words. Sizes are bytes.
public enum HDF5Problem: Error, Equatable, Sendable {
  case notOpened(size: Int)
  case unreadable(String)
  case tooManyObjects(limit: Int)
  case elsewhere(dataset: String, how: String)
  case filter(dataset: String, number: Int)
  case sizeOverflow(dataset: String, shape: [Int])
  case notInFile(dataset: String, shape: [Int], type: String, expected: Int, found: Int)
  case chunkTooLarge(dataset: String, size: Int)
  case notNumbers(dataset: String, type: String)
  case deadline(seconds: Int)
  /// The library crashed in a process that tried; see `DamageProbe`.
  case breaksDown
  /// libhdf5 of the version that the program was built for ("1.10") cannot be opened.
  case noLibrary(wanted: String)

  var words: String {
    switch self {
    case .notOpened(let size):
      "HDF5: its \(size) bytes are not a whole file; truncated or damaged?"
    case .unreadable(let name):
      "HDF5: \(quoted(name)) cannot be read; truncated or damaged?"
    case .tooManyObjects(let limit):
      "HDF5: has more than \(limit) groups and datasets; no model needs that"
    case .elsewhere(let dataset, let how):
      "dataset \(quoted(dataset)): its data is \(how), which is not read"
    case .filter(let dataset, let number):
      "dataset \(quoted(dataset)): is packed by filter \(number); "
        + "only gzip, shuffle and Fletcher32 are read"
    case .sizeOverflow(let dataset, let shape):
      "dataset \(quoted(dataset)): a shape of \(sizes(shape)) is more than memory can hold"
    case .notInFile(let dataset, let shape, let type, let expected, let found):
      "dataset \(quoted(dataset)): \(sizes(shape)) of \(type) takes \(expected) bytes, "
        + "but the file holds \(found) of it"
    case .chunkTooLarge(let dataset, let size):
      "dataset \(quoted(dataset)): its chunks of \(size) bytes are more than the file justifies"
    case .notNumbers(let dataset, let type):
      "dataset \(quoted(dataset)): is of type \(type); weights are read from numbers"
    case .deadline(let seconds):
      "HDF5: reading it takes more than \(seconds) seconds; its index is damaged"
    case .breaksDown:
      "is damaged: the HDF5 library breaks down on it; save it anew"
    case .noLibrary(let wanted):
      "HDF5: this file needs libhdf5 \(wanted), which is not installed"
    }
  }
}
