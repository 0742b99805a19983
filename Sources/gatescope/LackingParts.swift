import ArgumentParser
import Inspector
import Recurrent
import Training

/// What `--without` was given: parts of a cell that are left out together, "o,f".
struct LackingParts {
  let parts: [CellPart]

  /// - Throws: `ValidationError` where one is none, or two are about the same gate.
  init(_ list: String) throws {
    let names = CellPart.allCases.map(\.rawValue)
    parts = try list.split(separator: ",", omittingEmptySubsequences: false).map { name in
      if let part = CellPart(rawValue: String(name)) { return part }
      let meant = nearestName(to: String(name), among: names)
      throw ValidationError(
        "--without: there is no '\(name)'; "
          + (meant.map { "did you mean '\($0)'?" } ?? "there are \(names.joined(separator: ", ")).")
      )
    }
    guard Set(parts).count == parts.count else {
      throw ValidationError("--without \(list): names a part twice.")
    }
    if parts.contains(.coupled), parts.contains(where: { $0 == .f || $0 == .i }) {
      throw ValidationError("--without \(list): coupled makes i of f, so both must be there.")
    }
  }

  /// "without o, f".
  var name: String { "without " + parts.map(\.rawValue).joined(separator: ", ") }

  /// - Throws: `CellPartError`.
  func taken(from network: Network) throws -> Network {
    try parts.reduce(network) { try $0.without($1) }
  }
}

/// The same figures of several networks, side by side.
struct FigureTable {
  struct Column {
    let name: String
    let figures: [Figure]
  }

  let columns: [Column]

  /// The names on the left, a column a network.
  var lines: [String] {
    guard let first = columns.first else { return [] }
    let rows = first.figures.map { figure in
      [figure.name]
        + columns.map { column in
          column.figures.first { $0.name == figure.name }
            .map { FigureWords.number($0.value, $0) } ?? "-"
        }
    }
    let table = [[""] + columns.map(\.name)] + rows
    let widths = table[0].indices.map { place in table.map { $0[place].count }.max() ?? 0 }
    return table.map { row in
      zip(row, widths).enumerated().map { place, cell in
        let gap = String(repeating: " ", count: cell.1 - cell.0.count)
        return place == 0 ? cell.0 + gap : gap + cell.0
      }.joined(separator: "   ")
    }
  }
}
