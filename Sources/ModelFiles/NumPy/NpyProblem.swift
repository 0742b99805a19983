/// Why a .npy array is not read: the facts, and their words.
public enum NpyProblem: Error, Equatable, Sendable {
  case noMagic
  case version(Int)
  case truncatedHeader(needed: Int, found: Int)
  case longHeader(Int, limit: Int)
  case header(String)
  case type(String)
  case sizeOverflow(shape: [Int])
  case wrongSize(shape: [Int], needed: Int, found: Int)
  case noNumbers
  case noIntegers(ElementType)

  var words: String {
    switch self {
    case .noMagic: "does not begin as a .npy file does"
    case .version(let version): "is of .npy version \(version); 1 to 3 are read"
    case .truncatedHeader(let needed, let found):
      "its header takes \(needed) bytes, but there are \(found); truncated?"
    case .longHeader(let length, let limit):
      "its header claims \(length) bytes; at most \(limit) are read"
    case .header(let expected): "header: expected \(expected)"
    case .type(let text):
      "its elements are \(quoted(text)); floats of 16, 32 and 64 bits and whole numbers are read"
    case .sizeOverflow(let shape): "a shape of \(sizes(shape)) is more than memory can hold"
    case .wrongSize(let shape, let needed, let found):
      "\(sizes(shape)) takes \(needed) bytes, but there are \(found); truncated?"
    case .noNumbers: "holds truth values where numbers are needed"
    case .noIntegers(let type): "holds \(type.rawValue) where whole numbers are needed"
    }
  }
}
