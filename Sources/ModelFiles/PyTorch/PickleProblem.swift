/// Why a pickle is not read: the facts, and their words. Places are byte offsets in the pickle.
public enum PickleProblem: Error, Equatable, Sendable {
  case truncated(at: Int)
  case unknownOpcode(UInt8, at: Int)
  case protocolVersion(Int)
  /// A class or function that does more than build a record.
  case refused(global: String, at: Int)
  case stackEmpty(at: Int)
  case badMemo(index: Int, at: Int)
  case expected(String, at: Int)
  case tooMuch(String, limit: Int)

  var words: String {
    switch self {
    case .truncated(let offset):
      "byte \(offset): ends in the middle; truncated?"
    case .unknownOpcode(let code, let offset):
      "byte \(offset): 0x\(String(code, radix: 16)) is no pickle operation that PyTorch writes"
    case .protocolVersion(let version):
      "is of pickle protocol \(version); 0 to 5 are read"
    case .refused(let name, let offset):
      "byte \(offset): wants to run \(quoted(name)), which builds no part of a model; "
        + "nothing was run. Save a state_dict of tensors instead"
    case .stackEmpty(let offset):
      "byte \(offset): needs a value that is not there"
    case .badMemo(let index, let offset):
      "byte \(offset): refers to value \(index), which was never kept"
    case .expected(let what, let offset):
      "byte \(offset): expected \(what)"
    case .tooMuch(let what, let limit):
      "has more than \(limit) \(what); no model needs that"
    }
  }
}
