/// A word of an expression, and where it stands.
struct Lexeme: Equatable {
  enum Kind: Equatable {
    /// Its digits as they stand, for a unit wants them whole and a number as Double.
    case number(String)
    case text(String)
    case name(String)
    case sign(Sign)
    case end
  }

  let kind: Kind
  /// In Unicode scalars of the source. The end stands behind the last, one long.
  let range: Range<Int>
}

/// The signs of an expression, the longest that match first.
enum Sign: String, CaseIterable {
  case equal = "=="
  case unequal = "!="
  case atMost = "<="
  case atLeast = ">="
  case and = "&&"
  case or = "||"
  case to = ".."
  case less = "<"
  case greater = ">"
  case not = "!"
  case contains = "~"
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divided = "/"
  case modulo = "%"
  case open = "("
  case close = ")"
  case openUnits = "["
  case closeUnits = "]"
  case comma = ","
  case dot = "."
  case prime = "'"
}

/// Cuts an expression into words.
struct ExpressionLexer {
  private let source: [Unicode.Scalar]
  private var place = 0
  private var lexemes: [Lexeme] = []

  private init(_ source: [Unicode.Scalar]) { self.source = source }

  /// The words of `source`, the last of them the end.
  static func lexemes(of source: [Unicode.Scalar]) throws(ExpressionError) -> [Lexeme] {
    var lexer = ExpressionLexer(source)
    while lexer.place < source.count { try lexer.readWord() }
    lexer.lexemes.append(Lexeme(kind: .end, range: source.count..<source.count + 1))
    return lexer.lexemes
  }

  private func scalar(_ ahead: Int = 0) -> Unicode.Scalar? {
    place + ahead < source.count ? source[place + ahead] : nil
  }

  private mutating func take(_ kind: Lexeme.Kind, from start: Int) {
    lexemes.append(Lexeme(kind: kind, range: start..<place))
  }

  private mutating func readWord() throws(ExpressionError) {
    let first = source[place]
    if first.properties.isWhitespace || first == "\0" {
      place += 1
    } else if first.isDigit || first == "." && scalar(1)?.isDigit == true {
      readNumber()
    } else if first.isNameStart {
      let start = place
      while let next = scalar(), next.isNameStart || next.isDigit { place += 1 }
      take(.name(String(scalars: source[start..<place])), from: start)
    } else if first == "\"" || first == "'" && !endsValue {
      try readText(quote: first)
    } else {
      try readSign()
    }
  }

  /// Whether a `'` that comes now says "the step before" and does not open a text.
  private var endsValue: Bool {
    switch lexemes.last?.kind {
    case .number, .text, .name, .sign(.close), .sign(.closeUnits), .sign(.prime): true
    case .sign, .end, nil: false
    }
  }

  /// `12`, `0.5`, `.5`, `1e-3`. The dots of `3..7` are none of its.
  private mutating func readNumber() {
    let start = place
    skipDigits()
    if scalar() == ".", scalar(1)?.isDigit == true {
      place += 1
      skipDigits()
    }
    if scalar() == "e" || scalar() == "E" {
      let signed = scalar(1) == "+" || scalar(1) == "-"
      if scalar(signed ? 2 : 1)?.isDigit == true {
        place += signed ? 2 : 1
        skipDigits()
      }
    }
    take(.number(String(scalars: source[start..<place])), from: start)
  }

  private mutating func skipDigits() {
    while scalar()?.isDigit == true { place += 1 }
  }

  private mutating func readSign() throws(ExpressionError) {
    let start = place
    for sign in Sign.allCases {
      let scalars = Array(sign.rawValue.unicodeScalars)
      if source[start...].starts(with: scalars) {
        place += scalars.count
        take(.sign(sign), from: start)
        return
      }
    }
    let fault: ExpressionError.ReadingFault =
      Self.meant[source[start]].map { .misspelled(String(source[start]), meant: $0) }
      ?? .strange(source[start])
    throw ExpressionError(fault, at: start..<start + 1)
  }

  /// What people type, or paste from a paper, for one of the signs.
  private static let meant: [Unicode.Scalar: String] = [
    "=": "==", "&": "&&", "|": "||", "≤": "<=", "≥": ">=", "≠": "!=", "∧": "&&", "∨": "||",
    "¬": "!", "−": "-", "·": "*", "×": "*", "÷": "/", "“": "\"", "”": "\"", "‘": "'", "’": "'",
    "′": "'", "…": "..",
  ]

  // MARK: - Texts

  private mutating func readText(quote: Unicode.Scalar) throws(ExpressionError) {
    let start = place
    var text = String.UnicodeScalarView()
    place += 1
    while let next = scalar() {
      if next == quote {
        place += 1
        take(.text(String(text)), from: start)
        return
      }
      if next == "\\" {
        text.append(try readEscape())
      } else {
        text.append(next)
        place += 1
      }
    }
    throw ExpressionError(.unendedText, at: start..<start + 1)
  }

  private mutating func readEscape() throws(ExpressionError) -> Unicode.Scalar {
    let start = place
    place += 2
    switch start + 1 < source.count ? source[start + 1] : nil {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "0": return "\0"
    case "\\": return "\\"
    case "\"": return "\""
    case "'": return "'"
    case "u":
      if let scalar = readScalarNumber() { return scalar }
    default: break
    }
    let end = min(max(place, start + 2), source.count)
    throw ExpressionError(
      .strangeEscape(String(scalars: source[start..<end])), at: start..<end)
  }

  /// The rest of `\u{4E00}`.
  private mutating func readScalarNumber() -> Unicode.Scalar? {
    guard scalar() == "{" else { return nil }
    place += 1
    let start = place
    while let next = scalar(), next.properties.isASCIIHexDigit, place - start < 6 { place += 1 }
    guard scalar() == "}", place > start else { return nil }
    let digits = String(scalars: source[start..<place])
    place += 1
    return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
  }
}

extension Unicode.Scalar {
  var isDigit: Bool { ("0"..."9").contains(self) }
  var isNameStart: Bool {
    ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_"
  }
}

extension String {
  init(scalars: some Sequence<Unicode.Scalar>) {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    self.init(view)
  }
}
