/// One sequence of many.
public struct CorpusSequence: Sendable, Equatable {
  /// Its line or row in the file, counted from 0.
  public let number: Int
  /// What the file calls it.
  public let id: String?
  public let input: InputSequence

  public init(number: Int, id: String? = nil, input: InputSequence) {
    self.number = number
    self.id = id
    self.input = input
  }
}
