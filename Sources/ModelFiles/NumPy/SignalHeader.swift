import Recurrent

/// What a recorded file says of its signals, as JSON (docs/trace-files.md): the cell's name, and of each
/// signal a name, a role, a range, a colour and words for it.
///
///     {"cell": "Mamba", "signals": [{"name": "dt", "role": "gate", "range": [0, 1], "color": 2}]}
package enum SignalHeader {
  package typealias Problem = ModelFileError.Problem

  private static let mostSignals = 32

  /// - Returns: one of the table's cells where the name alone is said, else what is described.
  package static func cell(json: String) throws(Problem) -> CellKind {
    let value: JSONValue
    do throws(KerasProblem) {
      value = try JSONValue(json: json)
    } catch {
      throw fault("JSON such as {\"cell\": \"mamba\", \"signals\": [{\"name\": \"dt\"}]}", json)
    }
    guard case .object(let header) = value else { throw fault("an object", json) }
    var name = "cell"
    if let given = header["cell"] {
      guard case .text(let text) = given, !text.isEmpty, text.count <= 40 else {
        throw fault("\"cell\": a name of 40 letters at most", json)
      }
      name = text
    }
    guard case .list(let list)? = header["signals"] else {
      guard header["signals"] == nil, let known = CellKind(rawValue: name) else {
        throw fault("\"signals\": a list, as \(name) is no cell of Gatescope's", json)
      }
      return known
    }
    if case .described(let known)? = CellKind(rawValue: name),
      list.compactMap(Self.name) == known.description.signals.map(\.signal.rawValue)
    {
      return .described(known)
    }
    guard (1...mostSignals).contains(list.count) else {
      throw fault("1 to \(mostSignals) signals", String(list.count))
    }
    var signals: [SignalDescription] = []
    for entry in list {
      let signal = try self.signal(entry, place: signals.count)
      guard !signals.contains(where: { $0.signal == signal.signal }) else {
        throw fault("no signal twice", signal.signal.rawValue)
      }
      signals.append(signal)
    }
    // h is the last wherever it is.
    signals = signals.filter { $0.signal != .h } + signals.filter { $0.signal == .h }
    var equations: [String] = []
    if case .list(let lines)? = header["equations"] {
      for case .text(let line) in lines.prefix(8) { equations.append(String(line.prefix(100))) }
    }
    return .described(
      DescribedCell(
        recorded: CellDescription(
          name: name, title: name, withArticle: name, gates: [], signals: signals,
          carried: signals.filter { $0.role == .slow && $0.signal != .h }.map(\.signal),
          equations: equations)))
  }

  private static func name(_ entry: JSONValue) -> String? {
    guard case .object(let fields) = entry, case .text(let name)? = fields["name"] else {
      return nil
    }
    return name
  }

  private static func signal(
    _ entry: JSONValue, place: Int
  ) throws(Problem) -> SignalDescription {
    guard case .object(let fields) = entry, let name = name(entry), isName(name) else {
      throw fault(
        "of each signal a \"name\": a letter, then letters, digits or _, 12 at most", "\(place)")
    }
    var role = SignalRole.fast
    if let given = fields["role"] {
      guard case .text(let text) = given, let known = SignalRole(rawValue: text) else {
        let all = SignalRole.allCases.map(\.rawValue).joined(separator: ", ")
        throw fault("\"role\" of \(name): one of \(all)", "another")
      }
      role = known
    }
    var range: SignalRange = role == .gate ? .unit : .unbounded
    if let given = fields["range"] {
      switch given {
      case .list([.number(0), .number(1)]): range = .unit
      case .list([.number(-1), .number(1)]): range = .signedUnit
      case .null: range = .unbounded
      default: throw fault("\"range\" of \(name): [0, 1], [-1, 1] or null", "another")
      }
    }
    var line = min(5, place)
    if let given = fields["color"] {
      guard case .number(let number) = given, let color = Int(exactly: number),
        (0...5).contains(color)
      else { throw fault("\"color\" of \(name): 0 to 5", "another") }
      line = color
    }
    var words = name
    if case .text(let text)? = fields["words"], !text.isEmpty { words = String(text.prefix(40)) }
    let letter = Signal.allCases.first { $0.rawValue == name && $0 != .v }
    return SignalDescription(
      letter ?? .named(NamedSignal(name, line: line)), role, words, range: range)
  }

  /// Such as an expression can spell.
  private static func isName(_ name: String) -> Bool {
    guard (1...12).contains(name.utf8.count), let first = name.utf8.first else { return false }
    let isLetter = { (byte: UInt8) in (97...122).contains(byte) || (65...90).contains(byte) }
    return isLetter(first)
      && name.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) || $0 == 95 }
  }

  private static func fault(_ expected: String, _ found: String) -> Problem {
    .badMetadata(key: "header", expected: expected, found: String(found.prefix(60)))
  }
}
