import Recurrent

/// What the signals of a cell are, for whom letters do not tell it: JSON that a file holds beside them
/// (docs/trace-files.md).
struct CellHeader {
  let bytes: [UInt8]

  /// Nil of cells whose letters everybody knows, and where layers have different ones.
  init?(_ layout: [TrackLayout]) {
    guard let first = layout.first, layout.allSatisfy({ $0.cell == first.cell }),
      case .described(let cell) = first.cell
    else { return nil }
    let about = cell.description
    let signals = about.signals.map { signal in
      var line = ""
      if case .named(let named) = signal.signal { line = ", \"color\": \(named.line)" }
      return "{\"name\": \(Self.quoted(signal.signal.rawValue)), "
        + "\"role\": \(Self.quoted(signal.role.rawValue)), "
        + "\"range\": \(Self.words(first.range(of: signal.signal)))\(line), "
        + "\"words\": \(Self.quoted(signal.name))}"
    }
    let equations = about.equations.map(Self.quoted).joined(separator: ", ")
    bytes = Array(
      ("{\"cell\": \(Self.quoted(about.name)), \"signals\": [" + signals.joined(separator: ", ")
        + "], \"equations\": [\(equations)]}").utf8)
  }

  private static func words(_ range: SignalRange) -> String {
    switch range {
    case .unit: "[0, 1]"
    case .signedUnit: "[-1, 1]"
    case .unbounded: "null"
    }
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.map { character -> String in
      switch character {
      case "\"": "\\\""
      case "\\": "\\\\"
      default:
        character.unicodeScalars.allSatisfy { $0.value >= 32 } ? String(character) : " "
      }
    }
    return "\"" + escaped.joined() + "\""
  }
}
