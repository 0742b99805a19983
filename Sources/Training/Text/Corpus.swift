import Recurrent

/// A text to train on, as token numbers. The last tenth is kept for validation.
public struct Corpus: Sendable {
  public let vocabulary: Vocabulary
  public let tokens: [Int32]

  /// A shorter text has nothing to hold out.
  public static let leastCount = 100

  /// - Parameters:
  ///   - text: a byte order mark at its beginning is left out.
  ///   - vocabulary: that of a model which the text is for; nil takes the text's own Unicode
  ///     scalars, in their order.
  /// - Throws: `TrainingError.corpusTooShort`, or `UnknownSymbol` where `vocabulary` lacks one.
  public init(_ text: String, vocabulary: Vocabulary? = nil) throws {
    var scalars = Array(text.unicodeScalars)
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    guard scalars.count >= Self.leastCount else {
      throw TrainingError.corpusTooShort(found: scalars.count, least: Self.leastCount)
    }
    if let vocabulary {
      self.vocabulary = vocabulary
      var rest = String.UnicodeScalarView()
      rest.append(contentsOf: scalars)
      tokens = try vocabulary.tokens(of: String(rest)).map { Int32($0) }
      guard tokens.count >= Self.leastCount else {
        throw TrainingError.corpusTooShort(found: tokens.count, least: Self.leastCount)
      }
    } else {
      let symbols = Set(scalars).sorted { $0.value < $1.value }
      var numbers: [Unicode.Scalar: Int32] = [:]
      for (number, symbol) in symbols.enumerated() { numbers[symbol] = Int32(number) }
      self.vocabulary = Vocabulary(symbols.map { String($0) })
      tokens = scalars.map { numbers[$0] ?? 0 }
    }
  }

  /// How many tokens, from the beginning on, are trained on.
  public var trainingCount: Int { tokens.count * 9 / 10 }

  /// The last tenth.
  public var validation: ArraySlice<Int32> { tokens[trainingCount...] }

  /// A number that another text hardly has: FNV-1a over the tokens and symbols.
  var fingerprint: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func mix(_ value: UInt64) { hash = (hash ^ value) &* 0x100_0000_01B3 }
    for token in tokens { mix(UInt64(UInt32(bitPattern: token))) }
    for symbol in vocabulary.symbols {
      for byte in symbol.utf8 { mix(UInt64(byte)) }
      mix(0xFF)
    }
    return hash
  }
}
