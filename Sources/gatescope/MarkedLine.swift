import Files
import Inspector
import Screen

/// What was given to an option, and marks under its fault, for people: two lines behind what is wrong.
///
/// - Parameter range: of the scalars of `source`.
func marked(_ message: String, _ source: String, at range: Range<Int>) -> String {
  let (part, range) = excerpt(source, around: range)
  // What does not show would move the marks.
  let line = String(String.UnicodeScalarView(part.unicodeScalars.map { $0.isShown ? $0 : " " }))
  let marks = range.marks(under: line) { $0.displayWidth }
  return """
    \(message)
      \(line)
      \(String(repeating: " ", count: marks.indent) + String(repeating: "^", count: marks.length))
    """
}
