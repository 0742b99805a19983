/// Why a file is no input, vocabulary or initial state for a network: the facts, and their words.
public enum InputFileError: Error, Equatable, Sendable {
  case severalArrays(path: String, wanted: String, names: [String])
  case wrongShape(path: String, name: String?, wanted: String, found: [Int])
  case needsBatch(path: String, shape: [Int], count: Int)
  case noBatchAxis(path: String, shape: [Int])
  case batchOutOfRange(path: String, Int, count: Int)
  case badVocabulary(path: String, reason: String)
  case vocabularyCount(path: String, expected: Int, found: Int)
  /// `or`: an array that would also do.
  case missingArray(path: String, name: String, or: String?)
  case stateTwice(path: String, String, String)
}

extension InputFileError: CustomStringConvertible {
  /// One line.
  public var description: String {
    switch self {
    case .severalArrays(let path, let wanted, let names):
      let found = names.prefix(10).map(quoted).joined(separator: ", ")
      return "\(path): has several arrays (\(found)), and none is named '\(wanted)'"
    case .wrongShape(let path, let name, let wanted, let found):
      let array = name.map { "array \(quoted($0)): " } ?? ""
      return "\(path): \(array)expected \(wanted), found \(sizes(found))"
    case .needsBatch(let path, let shape, 0):
      return "\(path): \(sizes(shape)) holds no sequence"
    case .needsBatch(let path, let shape, let count):
      return "\(path): \(sizes(shape)) is read as \(count) sequences; "
        + "choose one with --batch 0 to \(count - 1), or save one"
    case .noBatchAxis(let path, let shape):
      return "\(path): \(sizes(shape)) is one sequence, so --batch has nothing to choose from"
    case .batchOutOfRange(let path, let chosen, let count):
      return "\(path): there is no sequence \(chosen) in it, "
        + (count == 0 ? "nor any other" : count == 1 ? "only 0" : "only 0 to \(count - 1)")
    case .badVocabulary(let path, let reason):
      return "\(path): \(reason)"
    case .vocabularyCount(let path, let expected, let found):
      return "\(path): has \(found) symbol\(found == 1 ? "" : "s"), "
        + "but the network reads \(expected) token\(expected == 1 ? "" : "s")"
    case .missingArray(let path, let name, let or):
      return "\(path): there is no array '\(name)'" + (or.map { ", nor '\($0)' for all" } ?? "")
    case .stateTwice(let path, let all, let one):
      return "\(path): has both '\(all)', for all layers, and '\(one)'; keep one"
    }
  }
}
