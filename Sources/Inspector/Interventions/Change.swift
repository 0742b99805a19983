import Recurrent

/// One thing that is done differently in a run, as a person writes it: `f[12] = 0 @ 10..20`.
///
/// ```
/// change = target ( "=" | "*=" | "+=" | "-=" ) NUMBER [ "@" steps ]
///        | "freeze" target [ "@" steps ]
///        | target [ "@" steps ] "from" RUN
///        | "token" "=" TOKEN "@" STEP | "insert" TOKEN "@" STEP | "delete" [ "@" ] steps
///        | "generate" N { "@" STEP | "temperature" NUMBER | "top-k" N | "seed" N | "until" TOKEN }
/// target = [ "l1." ] [ "bwd." ] signal [ "[" units "]" ]
/// steps  = N | N..M | N.. | ..M                                   (M included)
/// ```
///
/// A target without units is all of them; units are numbers (`3,5..9`) or a filter (`role=counter`).
/// `c0` and `h0` are what the run begins with. A TOKEN is a text in quotes, or a number where there is
/// no vocabulary. What is generated takes the place of all from its step on, or follows the end. Steps are those of the sequence as changes of tokens before it in a list have left
/// it, and for signals as all of them have.
public struct Change: Sendable, Equatable, CustomStringConvertible {
  /// As it was written.
  public let source: String
  let kind: Kind

  public var description: String { source }

  enum Kind: Sendable, Equatable {
    case signal(Target, Operation, Steps?)
    case freeze(Target, Steps?)
    case patch(Target, Steps?, run: Part)
    case token(Part, isQuoted: Bool, at: Steps)
    case insert(Part, isQuoted: Bool, at: Steps)
    case delete(Steps)
    /// The network goes on by itself at a step; nil for the end.
    case generate(GenerationRequest, at: Steps?)
  }

  enum Operation: Sendable, Equatable {
    case set(Float)
    case scale(Float)
    case add(Float)
  }

  /// A piece of the source, in Unicode scalars.
  struct Part: Sendable, Equatable {
    var text: String
    var range: Range<Int>
  }

  /// What is changed: `l1.c`, and what stands in the brackets.
  struct Target: Sendable, Equatable {
    var name: Part
    /// Nil where there are no brackets.
    var units: Part?
  }

  struct Steps: Sendable, Equatable {
    var first: Int?
    var last: Int?
    var isSingle: Bool
    var range: Range<Int>
    var text: String
  }

  /// Whether it changes what enters, and so the numbers of the steps behind it.
  public var isOfTokens: Bool {
    switch kind {
    case .token, .insert, .delete, .generate: true
    case .signal, .freeze, .patch: false
    }
  }

  /// The run that values are taken from; nil for none.
  public var otherRun: String? {
    if case .patch(_, _, let run) = kind { run.text } else { nil }
  }

  /// The step from which on the network writes by itself; nil where it does not, or goes on at the end.
  public var generatedFrom: Int? {
    if case .generate(_, let steps) = kind { steps?.first } else { nil }
  }

  /// - Throws: `ChangeError` where the text is no change.
  public init(_ source: String) throws(ChangeError) {
    self.source = source
    var parser = ChangeParser(source)
    kind = try parser.parse()
  }
}

/// Reads a change from the left to the right.
private struct ChangeParser {
  private let text: [Unicode.Scalar]
  private var place = 0
  private static let longest = 4096

  init(_ source: String) { text = Array(source.unicodeScalars) }

  mutating func parse() throws(ChangeError) -> Change.Kind {
    guard text.count <= Self.longest else {
      throw ChangeError(.tooLong(limit: Self.longest), at: Self.longest..<Self.longest + 1)
    }
    skipBlanks()
    guard place < text.count else { throw ChangeError(.empty, at: 0..<1) }
    if takeWord("freeze") {
      let target = try target()
      let steps = try takeSign("@") ? self.steps() : nil
      try expectEnd()
      return .freeze(target, steps)
    }
    if takeWord("delete") {
      skipBlanks()
      _ = takeWord("token")
      _ = takeSign("@")
      let steps = try steps()
      try expectEnd()
      return .delete(steps)
    }
    if takeWord("insert") {
      let (token, isQuoted) = try token()
      return .insert(token, isQuoted: isQuoted, at: try oneStep())
    }
    if takeWord("generate") { return try generate() }
    if takeWord("token") {
      guard takeSign("=") else { throw unexpected(.tokenNeedsValue) }
      let (token, isQuoted) = try token()
      return .token(token, isQuoted: isQuoted, at: try oneStep())
    }
    return try signal()
  }

  private mutating func signal() throws(ChangeError) -> Change.Kind {
    let target = try target()
    var steps = try takeSign("@") ? self.steps() : nil
    if takeWord("from") {
      skipBlanks()
      let start = place
      while place < text.count, text[place] != " " { place += 1 }
      guard start < place else { throw ChangeError(.noRun, at: start..<start + 1) }
      let run = part(start..<place)
      try expectEnd()
      return .patch(target, steps, run: run)
    }
    let operation: Change.Operation
    if takeSign("*=") {
      operation = .scale(try number())
    } else if takeSign("+=") {
      operation = .add(try number())
    } else if takeSign("-=") {
      operation = .add(-(try number()))
    } else if takeSign("==") {
      throw ChangeError(.comparison, at: place - 2..<place)
    } else if takeSign("=") {
      operation = .set(try number())
    } else {
      throw unexpected(.operationMissing)
    }
    if steps == nil, takeSign("@") { steps = try self.steps() }
    try expectEnd()
    return .signal(target, operation, steps)
  }

  /// The options in any order, with the dashes of a command line or without.
  private mutating func generate() throws(ChangeError) -> Change.Kind {
    let (word, range) = takeWord()
    guard let count = Int(word), (1...GenerationRequest.mostSteps).contains(count) else {
      throw ChangeError(.noCount(word), at: range)
    }
    var request = GenerationRequest(count: count)
    var steps: Change.Steps?
    while true {
      skipBlanks()
      guard place < text.count else { return .generate(request, at: steps) }
      if takeSign("@") {
        let found = try self.steps()
        guard found.isSingle else {
          throw ChangeError(.oneStepOnly(found.text), at: found.range)
        }
        steps = found
        continue
      }
      let (option, optionRange) = takeWord()
      switch option.drop(while: { $0 == "-" }) {
      case "until":
        skipBlanks()
        guard place < text.count else { throw ChangeError(.noUntil, at: place..<place + 1) }
        request.until = try token().0.text
      case "temperature":
        let (value, range) = takeWord()
        guard let number = Double(value), number >= 0, number.isFinite else {
          throw ChangeError(.noTemperature(value), at: range)
        }
        request.temperature = number
      case "top-k":
        let (value, range) = takeWord()
        guard let number = Int(value), number > 0 else {
          throw ChangeError(.noTopCount(value), at: range)
        }
        request.topCount = number
      case "seed":
        let (value, range) = takeWord()
        guard let number = UInt64(value) else { throw ChangeError(.noSeed(value), at: range) }
        request.seed = number
      default: throw ChangeError(.noOption(option), at: optionRange)
      }
    }
  }

  /// Whatever stands before the next blank.
  private mutating func takeWord() -> (text: String, range: Range<Int>) {
    skipBlanks()
    if place < text.count, text[place] == "=" { place += 1 }
    skipBlanks()
    let start = place
    while place < text.count, text[place] != " ", text[place] != "=", text[place] != "@" {
      place += 1
    }
    return (part(start..<place).text, start..<max(place, start + 1))
  }

  // MARK: - Parts

  private mutating func target() throws(ChangeError) -> Change.Target {
    skipBlanks()
    let start = place
    while place < text.count, text[place].isNameStart || text[place].isDigit || text[place] == "." {
      place += 1
    }
    guard start < place else {
      throw place < text.count
        ? unexpected(.noTarget) : ChangeError(.noTarget, at: start..<start + 1)
    }
    let name = part(start..<place)
    skipBlanks()
    guard place < text.count, text[place] == "[" else { return Change.Target(name: name) }
    let open = place
    place += 1
    while place < text.count, text[place] != "]" { place += 1 }
    guard place < text.count else { throw ChangeError(.unclosed, at: open..<open + 1) }
    let units = part(open + 1..<place)
    place += 1
    return Change.Target(name: name, units: units)
  }

  private mutating func number() throws(ChangeError) -> Float {
    skipBlanks()
    let start = place
    while place < text.count, text[place] != " ", text[place] != "@" { place += 1 }
    let end = max(place, start + 1)
    guard start < place else { throw ChangeError(.noValue, at: start..<end) }
    let word = part(start..<place).text
    // "inf", "nan" and hexadecimal numbers are read by Float, too.
    guard let value = Float(word.hasPrefix("+") ? String(word.dropFirst()) : word),
      !word.contains(where: { "xXpP".contains($0) })
    else { throw ChangeError(.notANumber(word), at: start..<end) }
    guard value.isFinite else { throw ChangeError(.notFinite(word), at: start..<end) }
    return value
  }

  private mutating func steps() throws(ChangeError) -> Change.Steps {
    skipBlanks()
    let start = place
    let first = try digits()
    var last = first
    var isSingle = true
    if place + 1 < text.count, text[place] == ".", text[place + 1] == "." {
      place += 2
      last = try digits()
      isSingle = false
    }
    let range = start..<max(place, start + 1)
    guard first != nil || last != nil else { throw ChangeError(.noSteps, at: range) }
    if let first, let last, last < first {
      throw ChangeError(.backwardsSteps(part(start..<place).text), at: range)
    }
    return Change.Steps(
      first: first, last: last, isSingle: isSingle, range: range, text: part(start..<place).text)
  }

  /// Nil where there are none; a number too large for an Int is `Int.max`.
  private mutating func digits() throws(ChangeError) -> Int? {
    let start = place
    while place < text.count, text[place].isDigit { place += 1 }
    return start < place ? Int(part(start..<place).text) ?? .max : nil
  }

  private mutating func oneStep() throws(ChangeError) -> Change.Steps {
    guard takeSign("@") else { throw unexpected(.stepMissing) }
    let steps = try steps()
    guard steps.isSingle else { throw ChangeError(.oneStepOnly(steps.text), at: steps.range) }
    try expectEnd()
    return steps
  }

  /// `"b"`, with `\n`, `\t`, `\"` and `\\`; or a word.
  private mutating func token() throws(ChangeError) -> (Change.Part, isQuoted: Bool) {
    skipBlanks()
    let start = place
    guard place < text.count, text[place] == "\"" || text[place] == "'" else {
      while place < text.count, text[place] != " ", text[place] != "@" { place += 1 }
      guard start < place else { throw ChangeError(.noToken, at: start..<start + 1) }
      return (part(start..<place), false)
    }
    let quote = text[place]
    place += 1
    var value = String.UnicodeScalarView()
    while place < text.count, text[place] != quote {
      if text[place] == "\\", place + 1 < text.count {
        place += 1
        let escaped: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "t": "\t", "r": "\r"]
        value.append(escaped[text[place]] ?? text[place])
      } else {
        value.append(text[place])
      }
      place += 1
    }
    guard place < text.count else { throw ChangeError(.unendedToken, at: start..<start + 1) }
    place += 1
    guard !value.isEmpty else { throw ChangeError(.noToken, at: start..<place) }
    return (Change.Part(text: String(value), range: start..<place), true)
  }

  // MARK: - Scalars

  private mutating func skipBlanks() {
    while place < text.count, text[place] == " " || text[place] == "\t" { place += 1 }
  }

  private mutating func takeSign(_ sign: String) -> Bool {
    skipBlanks()
    guard text[place...].starts(with: sign.unicodeScalars) else { return false }
    place += sign.unicodeScalars.count
    return true
  }

  /// A word with a blank, a sign or the end behind it.
  private mutating func takeWord(_ word: String) -> Bool {
    skipBlanks()
    let end = place + word.unicodeScalars.count
    guard text[place...].starts(with: word.unicodeScalars) else { return false }
    if end < text.count,
      text[end].isNameStart || text[end].isDigit || text[end] == "[" || text[end] == "."
    {
      return false
    }
    place = end
    return true
  }

  private mutating func expectEnd() throws(ChangeError) {
    skipBlanks()
    if place < text.count { throw unexpected(.unexpected(part(place..<text.count).text)) }
  }

  private func unexpected(_ fault: ChangeError.Fault) -> ChangeError {
    ChangeError(fault, at: place..<max(text.count, place + 1))
  }

  private func part(_ range: Range<Int>) -> Change.Part {
    Change.Part(text: String(scalars: text[range]), range: range)
  }
}
