/// Texts as they may be printed for people. What comes out of a file or an argument must neither command a
/// terminal (ESC, C1), nor turn the direction of a line (bidi controls), nor break it.
///
/// Files and pipes get what their formats say, raw.
package func shownText(_ text: String) -> String {
  if text.unicodeScalars.allSatisfy({ $0 == "\n" || $0.isShown }) { return text }
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if scalar == "\n" || scalar.isShown {
      shown.append(scalar)
    } else {
      shown.append(contentsOf: scalar.escapedWords.unicodeScalars)
    }
  }
  return String(shown)
}

extension Unicode.Scalar {
  /// Whether it is to be seen and does nothing else.
  package var isShown: Bool {
    if isASCII { return (0x20..<0x7F).contains(value) }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      return false
    default: return true
    }
  }

  /// "\u{1b}", as in Swift.
  package var escapedWords: String { "\\u{" + String(value, radix: 16) + "}" }
}

/// A JSON text in which nothing stands that is not shown: \u0085 in place of U+0085. Line ends between its
/// parts stay.
package func shownJSON(_ json: String) -> String {
  var shown = String.UnicodeScalarView()
  for scalar in json.unicodeScalars {
    if scalar == "\n" || scalar.isShown {
      shown.append(scalar)
      continue
    }
    for unit in String(scalar).utf16 {
      let digits = String(unit, radix: 16)
      let zeros = String(repeating: "0", count: 4 - digits.count)
      shown.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
    }
  }
  return String(shown)
}

/// The part of a text that a person has to see, with … where something is left out.
///
/// - Parameter range: of the text's scalars: the fault.
/// - Returns: at most `limit` scalars and two …, and where the fault is in it.
package func excerpt(
  _ text: String, around range: Range<Int> = 0..<0, limit: Int = 200
) -> (text: String, range: Range<Int>) {
  let scalars = Array(text.unicodeScalars)
  let fault = range.clamped(to: 0..<scalars.count)
  guard scalars.count > limit else { return (text, fault) }
  let shown = min(fault.count, limit)
  // As much before the fault as after it, and never an end that nobody sees.
  let start = max(0, min(fault.lowerBound - (limit - shown) / 2, scalars.count - limit))
  let end = start + limit
  let before = start > 0 ? "…" : ""
  let part = String(String.UnicodeScalarView(scalars[start..<end]))
  let shift = start - before.count
  let kept = fault.clamped(to: start..<end)
  return (
    before + part + (end < scalars.count ? "…" : ""),
    kept.lowerBound - shift..<kept.upperBound - shift
  )
}

/// A line without its middle, where it is longer than any message needs: what was typed may be long.
package func withoutMiddle(_ line: String) -> String {
  let count = line.unicodeScalars.count
  guard count > 600 else { return line }
  return String(String.UnicodeScalarView(line.unicodeScalars.prefix(300))) + " … "
    + String(String.UnicodeScalarView(line.unicodeScalars.suffix(200)))
}
