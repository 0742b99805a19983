/// What is wrong with an ONNX file: where, and the facts. `ONNXProblemWords.swift` words them.
public enum ONNXProblem: Error, Equatable, Sendable {
  // The bytes as such. Offsets and lengths are bytes.
  case fieldBeyondEnd(offset: Int, field: String, claimed: UInt64, available: Int)
  case badField(offset: Int, message: String)
  case tooDeep(offset: Int, limit: Int)
  case tooManyParts(limit: Int)
  case undecodable(String)
  case noGraph
  case functionsTooDeep(name: String, limit: Int)

  case tensor(String, TensorFault)
  case node(String, NodeFault)
  case noRecurrentNode(operators: [String])

  /// What is wrong with a stored tensor.
  public enum TensorFault: Error, Equatable, Sendable {
    case tooManyDimensions(Int, limit: Int)
    case negativeDimension(Int64)
    case sizeOverflow(shape: [Int])
    case unreadableType(String)
    case wrongByteCount(shape: [Int], type: String, expected: Int, found: Int)
    case externalWithoutFile
    case externalOutside(String)
    case externalFromMemory(String)
    case externalUnreadable(String)
    case badExternalNumber(key: String, text: String)
    case externalBeyondEnd(file: String, offset: Int, length: Int, available: Int)
  }

  /// What is wrong with a node, or with the constants that reach it.
  public enum NodeFault: Error, Equatable, Sendable {
    case missingInput(String)
    case notConstant(input: String, origin: String)
    case cycle(input: String)
    case chainTooLong(input: String, limit: Int)
    case overBudget(input: String, bytes: Int)
    case unfoldable(input: String, by: String, reason: String)
    case directionsDiffer(first: String, [Int], second: String, [Int])
    case wrongShape(input: String, expected: [Int?], found: [Int])
    case notNumbers(input: String, type: String)
    case badAttribute(String, expected: String, found: String)
    case unknownActivation(String)
    case unsupported(String)
    case network(String)
  }
}
