/// The argument of a command as the change that it means.
struct ChangeLine {
  let source: String
  private let count: Int
  /// Where something was put in that nobody typed: its place in the argument, and how many scalars.
  private var inserted: (place: Int, count: Int)?
  /// Whether the parts stand in another order.
  private var isTurned = false

  init(_ command: Command, _ argument: String, step: Int) {
    count = argument.unicodeScalars.count
    switch command {
    case .generate:
      // "generate seed 2" is 200 steps with that seed.
      let isCounted =
        argument.first.map { $0.isNumber || $0 == "-" && !argument.hasPrefix("--") } ?? false
      let added = "generate " + (isCounted ? "" : "200 ")
      source = added + argument
      inserted = (0, added.count)
    case .freeze:
      source = "freeze " + argument
      inserted = (0, 7)
    case .scale, .add:
      // "scale o 0.5" and "scale o = 0.5" are meant as "o *= 0.5".
      let sign: Unicode.Scalar = command == .scale ? "*" : "+"
      guard let place = Self.placeOfSign(argument, sign) else {
        source = argument
        return
      }
      let scalars = Array(argument.unicodeScalars)
      let isThere = place < scalars.count && scalars[place] == "="
      let new = Array((String(sign) + (isThere ? "" : "= ")).unicodeScalars)
      source = String(String.UnicodeScalarView(scalars[..<place] + new + scalars[place...]))
      inserted = (place, new.count)
    case .edit where !argument.contains("@"): source = argument + " @ \(step)"
    case .patch where !" \(argument)".contains(" from "): source = argument + " from other"
    case .initial:
      // "c[3] = 1" is "c0[3] = 1".
      let name = argument.prefix { $0.isLetter || $0.isNumber || $0 == "." }
      guard name.hasSuffix("c") || name.hasSuffix("h") else {
        source = argument
        return
      }
      source = name + "0" + argument.dropFirst(name.count)
      inserted = (name.unicodeScalars.count, 1)
    case .token: (source, inserted, isTurned) = Self.token(argument)
    default: source = argument
    }
  }

  /// Where a fault of the change stands in the argument.
  func place(of range: Range<Int>) -> Range<Int> {
    guard !isTurned else { return 0..<max(1, count) }
    func typed(_ place: Int) -> Int {
      guard let inserted, place > inserted.place else { return place }
      return max(inserted.place, place - inserted.count)
    }
    let first = min(typed(range.lowerBound), count)
    return first..<max(first + 1, min(typed(range.upperBound), count))
  }

  /// Where the sign of an operation is missing; nil where one is there, or nothing that could be meant.
  private static func placeOfSign(_ argument: String, _ sign: Unicode.Scalar) -> Int? {
    let scalars = Array(argument.unicodeScalars)
    if let equal = scalars.firstIndex(of: "=") {
      return equal > 0 && "*+-=".unicodeScalars.contains(scalars[equal - 1]) ? nil : equal
    }
    // After the target and a blank, where a number stands.
    let words = argument.split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[1].first.map({ $0.isNumber || "-.".contains($0) }) == true else {
      return nil
    }
    return scalars.count - words[1].unicodeScalars.count
  }

  /// "12 b", "insert 12 b", "delete 12..13".
  private static func token(
    _ argument: String
  ) -> (String, (place: Int, count: Int)?, isTurned: Bool) {
    let words = argument.split(separator: " ", maxSplits: 2).map(String.init)
    func quoted(_ text: String) -> String {
      text.hasPrefix("\"") || text.hasPrefix("'") || Int(text) != nil ? text : "\"\(text)\""
    }
    switch words.first {
    case "insert" where words.count == 3 && words[1].allSatisfy(\.isNumber):
      return ("insert \(quoted(words[2])) @ \(words[1])", nil, true)
    case "insert", "delete": return (argument, nil, false)
    case .some(let step) where words.count > 1 && step.allSatisfy(\.isNumber):
      let text = words[1...].joined(separator: " ")
      return ("token = \(quoted(text)) @ \(step)", nil, true)
    default: return ("token " + argument, (0, 6), false)
    }
  }
}
