import Inspector
import Recurrent

/// What is said of spans and of where the same units are on.
extension Words {
  static let spanBegun = "a span begins here: move, then * finds where the same units are on"
  static func noSpan(_ text: String) -> String { "\(text) is no span of steps, such as 23..26" }
  static func spanBeyond(_ last: Int) -> String { "the last step is \(last)" }
  /// In the footer.
  static func span(_ span: Range<Int>, _ trace: Trace) -> String { "span \(steps(span, trace))" }

  static func noThreshold(_ word: String) -> String {
    "\(word) is no threshold above 0; before, after and off mean something here"
  }
  static func nothingIsOn(_ query: SpanQuery) -> String {
    let threshold = Numbers.limit(query.threshold)
    return "no unit's \(query.signal.rawValue) is on at \(threshold) all the time; "
      + ":match with less finds more"
  }
  static func nowhereElse(_ matches: Matches) -> String {
    (matches.units.count == 1 ? "1 unit is" : "\(matches.units.count) units are")
      + " on here, and nowhere else"
  }

  /// "23..26", as their numbers are.
  static func steps(_ steps: Range<Int>, _ trace: Trace) -> String {
    let (first, last) = (
      trace.stepNumber(at: steps.lowerBound), trace.stepNumber(at: steps.upperBound - 1)
    )
    return first == last ? "\(first)" : "\(first)..\(last)"
  }

  /// "h of 12 units on in 23..26 · 50 other places".
  static func matchTitle(_ matches: Matches, _ trace: Trace) -> String {
    let units = matches.units.count == 1 ? "1 unit" : "\(matches.units.count) units"
    let places =
      matches.places.isEmpty
      ? "nowhere else"
      : matches.places.count == 1 ? "1 other place" : "\(matches.places.count) other places"
    return "\(matches.query.signal.rawValue) of \(units) on in "
      + "\(steps(matches.query.steps, trace)) · \(places)"
  }
  static let matchKeys = "n N · Esc closes"

  /// "9 of 12".
  static func shared(_ place: SpanMatch, of matches: Matches) -> String {
    "\(place.units.count) of \(matches.units.count)"
  }
  static func others(_ count: Int) -> String { count == 0 ? "" : "+\(count) more" }

  static let noPlaces = "* finds where the same units are on; there is no list yet"
  static func noPlace(_ rank: Int, of count: Int) -> String {
    "there is no place \(rank); they are 1 to \(count)"
  }

  /// Where the list has no room.
  static func match(_ rank: Int, _ matches: Matches, _ trace: Trace) -> String {
    let place = matches.places[rank - 1]
    return
      "place \(rank) of \(matches.places.count): \(shared(place, of: matches)) units are on in "
      + steps(place.steps, trace)
  }
}
