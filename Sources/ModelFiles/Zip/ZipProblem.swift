/// Why a zip archive is not read: the facts, and their words. Offsets and sizes are bytes.
public enum ZipProblem: Error, Equatable, Sendable {
  case noEnd
  case severalDisks
  case badZip64End
  case directoryBeyondEnd(offset: Int, size: Int, limit: Int)
  case tooManyEntries(Int, limit: Int)
  case badDirectory(entry: Int, String)
  case badZip64(entry: String)
  case duplicate(String)
  case encrypted(String)
  case localHeader(entry: String, offset: Int)
  case beyondDirectory(entry: String, size: Int, directory: Int)
  case storedSizes(entry: String, packed: Int, plain: Int)
  case overlap(entry: String, with: String)
  case bomb(entry: String, size: Int, packed: Int)
  case method(entry: String, number: Int)
  case damaged(entry: String)
  case missing(String)
  case noLibrary(entry: String)

  var words: String {
    switch self {
    case .noEnd:
      "zip archive: its end record is missing; truncated?"
    case .severalDisks:
      "zip archive: is one part of several; join them first"
    case .badZip64End:
      "zip archive: its ZIP64 end record is not where it should be; truncated?"
    case .directoryBeyondEnd(let offset, let size, let limit):
      "zip archive: its directory should be \(size) bytes from byte \(offset), "
        + "but must end before byte \(limit); truncated?"
    case .tooManyEntries(let count, let limit):
      "zip archive: claims \(count) entries; at most \(limit) are read"
    case .badDirectory(let entry, let expected):
      "zip archive: directory entry \(entry): expected \(expected)"
    case .badZip64(let entry):
      "zip entry \(quoted(entry)): its ZIP64 sizes are missing"
    case .duplicate(let name):
      "zip entry \(quoted(name)) stands in the archive twice"
    case .encrypted(let name):
      "zip entry \(quoted(name)) is encrypted"
    case .localHeader(let entry, let offset):
      "zip entry \(quoted(entry)): its header is not at byte \(offset)"
    case .beyondDirectory(let entry, let size, let directory):
      "zip entry \(quoted(entry)): its \(size) bytes run past byte \(directory), "
        + "where the directory begins"
    case .storedSizes(let entry, let packed, let plain):
      "zip entry \(quoted(entry)): is stored as it is, but claims \(plain) bytes in \(packed)"
    case .overlap(let entry, let other):
      "zip entry \(quoted(entry)): overlaps \(quoted(other))"
    case .bomb(let entry, let size, let packed):
      "zip entry \(quoted(entry)): claims \(size) bytes in \(packed), more than a model shrinks"
    case .method(let entry, let number):
      "zip entry \(quoted(entry)): is compressed by method \(number); stored and deflated are read"
    case .damaged(let entry):
      "zip entry \(quoted(entry)): is damaged: its data or checksum is wrong"
    case .missing(let name):
      "zip archive: has no entry \(quoted(name))"
    case .noLibrary(let entry):
      "zip archive: \(quoted(entry)) is compressed, which needs libzip, which is not installed"
    }
  }
}
