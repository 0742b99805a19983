/// The symbols that stand for a network's token numbers, in both directions.
public struct Vocabulary: Sendable, Equatable {
  /// The symbol of each token, by its number.
  public let symbols: [String]
  private let numbers: [[Unicode.Scalar]: Int]
  private let longest: Int

  /// - Parameter symbols: one a token; an empty symbol never matches text.
  public init(_ symbols: [String]) {
    self.symbols = symbols
    var numbers: [[Unicode.Scalar]: Int] = [:]
    var longest = 0
    for (number, symbol) in symbols.enumerated() where !symbol.isEmpty {
      let scalars = Array(symbol.unicodeScalars)
      if numbers[scalars] == nil { numbers[scalars] = number }
      longest = max(longest, scalars.count)
    }
    self.numbers = numbers
    self.longest = longest
  }

  public var count: Int { symbols.count }

  /// The tokens of `text`: at every place the longest symbol that matches, counted in Unicode
  /// scalars (never in graphemes, which would join CR LF and take emoji apart differently from
  /// version to version).
  ///
  /// - Throws: `UnknownSymbol` at the first place where no symbol matches.
  public func tokens(of text: String) throws(UnknownSymbol) -> [Int] {
    if longest == 1 { return try tokensOfScalars(text) }
    let scalars = Array(text.unicodeScalars)
    var tokens: [Int] = []
    tokens.reserveCapacity(scalars.count)
    var place = 0
    next: while place < scalars.count {
      var length = min(longest, scalars.count - place)
      while length > 0 {
        if let number = numbers[Array(scalars[place..<place + length])] {
          tokens.append(number)
          place += length
          continue next
        }
        length -= 1
      }
      throw UnknownSymbol(symbol: scalars[place], position: place, vocabulary: symbols)
    }
    return tokens
  }

  /// The same where every symbol is one scalar, as most are: a text of a million takes some milliseconds.
  private func tokensOfScalars(_ text: String) throws(UnknownSymbol) -> [Int] {
    let others = Dictionary(uniqueKeysWithValues: numbers.map { ($0.key[0], $0.value) })
    // ASCII by its value, -1 where there is no such symbol.
    let ascii = (0..<128).map { others[Unicode.Scalar(UInt8($0))] ?? -1 }
    var tokens: [Int] = []
    tokens.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      let number = scalar.isASCII ? ascii[Int(scalar.value)] : others[scalar] ?? -1
      guard number >= 0 else {
        throw UnknownSymbol(symbol: scalar, position: tokens.count, vocabulary: symbols)
      }
      tokens.append(number)
    }
    return tokens
  }
}

/// A character of a text that no symbol of the vocabulary begins with.
public struct UnknownSymbol: Error, Equatable, Sendable, CustomStringConvertible {
  public let symbol: Unicode.Scalar
  /// Counted in Unicode scalars from 0.
  public let position: Int
  public let vocabulary: [String]

  public var description: String {
    let shown = vocabulary.prefix(40).map { $0.debugDescription.dropFirst().dropLast() }
    let rest = vocabulary.count > 40 ? " … (\(vocabulary.count) in all)" : ""
    let name = String(symbol).debugDescription
    return "\(name) at position \(position) is not in the model's vocabulary: "
      + shown.joined(separator: " ") + rest
  }
}
