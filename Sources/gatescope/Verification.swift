import Inspector
import ModelFiles

/// `trace --verify`: the recorded trace beside the arrays of a file.
struct Verification {
  let path: String
  let comparison: TraceComparison
  private let known: [String]

  /// - Parameter trace: recorded whole.
  /// - Throws: `ModelFileError` where the file cannot be read.
  init(_ trace: Trace, path: String, tolerance: TraceComparison.Tolerance) throws {
    self.path = path
    let file = try NumPyFile(path: path)
    let known = TraceComparison.names(in: trace)
    let references = try file.names.map { name in
      // Others may be large, or no numbers.
      let values = known.contains(name) ? try file.floats(name) : []
      return TraceComparison.Reference(
        name: name, shape: file.shape(of: name) ?? [], values: values)
    }
    self.known = known
    comparison = TraceComparison(trace, references, tolerance: tolerance)
  }

  /// Why the trace is not what the file says; nil where it is.
  var failure: VerificationError? {
    if comparison.entries.isEmpty && comparison.misfits.isEmpty {
      return .nothingCompared(path: path, known: known)
    }
    if comparison.agrees { return nil }
    return .differs(
      path: path, beyond: comparison.entries.filter { !$0.isWithin }.count,
      compared: comparison.entries.count, misfits: comparison.misfits.count)
  }

  /// An array a line.
  var lines: [String] {
    let width = comparison.entries.map(\.name.count).max() ?? 0
    var lines = comparison.entries.map { entry in
      let name = Self.printable(entry.name)
      let gap = String(repeating: " ", count: max(0, width - name.count))
      return "\(name)\(gap)  \(Self.words(entry))"
    }
    lines += comparison.misfits.map {
      "\(Self.printable($0.name)): expected \(Self.shape($0.expected)), found \(Self.shape($0.found))"
    }
    if !comparison.unknown.isEmpty {
      lines.append("not compared, as no signal has the name: \(Self.list(comparison.unknown))")
    }
    if !comparison.missing.isEmpty {
      lines.append("not in \(path): \(Self.list(comparison.missing))")
    }
    lines.append("tolerance: \(Self.words(comparison.tolerance))")
    return lines
  }

  static func words(_ tolerance: TraceComparison.Tolerance) -> String {
    "\(Float(tolerance.absolute)) + \(Float(tolerance.relative))·abs"
  }

  private static func words(_ entry: TraceComparison.Entry) -> String {
    guard let worst = entry.worst else { return "no values" }
    let place =
      "worst difference \(Float(worst.difference)) at step \(worst.step), unit \(worst.unit) "
      + "(ours \(worst.ours), reference \(worst.reference))"
    guard let first = entry.firstStepBeyond else { return place }
    return "\(place); \(entry.beyondCount) of \(entry.valueCount) values beyond the tolerance, "
      + "from step \(first)"
  }

  private static func shape(_ shape: [Int]) -> String {
    let shown = shape.prefix(8).map(String.init) + (shape.count > 8 ? ["…"] : [])
    return "(" + shown.joined(separator: ", ") + ")"
  }

  static func list(_ names: [String]) -> String {
    names.prefix(12).map(printable).joined(separator: ", ")
      + (names.count > 12 ? " … (\(names.count) in all)" : "")
  }

  /// Names out of a file must not command the terminal.
  private static func printable(_ name: String) -> String {
    let scalars = name.unicodeScalars.prefix(100).map { scalar in
      scalar.isASCII && scalar.properties.generalCategory != .control ? scalar : "?"
    }
    return String(String.UnicodeScalarView(scalars))
  }
}

/// Why a trace is not verified.
enum VerificationError: Error, CustomStringConvertible {
  case nothingCompared(path: String, known: [String])
  case differs(path: String, beyond: Int, compared: Int, misfits: Int)

  var description: String {
    switch self {
    case .nothingCompared(let path, let known):
      return "\(path): has nothing to compare; name its arrays \(Verification.list(known))"
    case .differs(let path, let beyond, let compared, let misfits):
      let facts = [
        beyond > 0 ? "\(beyond) of \(compared) compared arrays beyond the tolerance" : nil,
        misfits > 0 ? "\(misfits) of another shape" : nil,
      ]
      return "\(path): " + facts.compactMap { $0 }.joined(separator: ", ")
    }
  }
}
