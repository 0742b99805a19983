import Inspector
import ModelFiles
import Recurrent

/// A row a step, a column a value.
struct WideTable: TableContents {
  typealias Problem = TraceFileError.Problem

  /// Columns that are one signal of one track, by their units.
  private struct Group {
    let track: Track?
    let signal: String
    var columns: [(unit: Int, value: Int)] = []
  }

  private let header: TableHeader
  private let groups: [Group]
  /// (rows, values).
  private var values: [Float] = []

  init(_ header: TableHeader) {
    self.header = header
    var groups: [Group] = []
    var places: [String: Int] = [:]
    for (index, value) in header.values.enumerated() {
      if Self.said(value.name) != nil { continue }
      // Columns of unknown names are told apart by their order.
      let place = Self.place(value.name) ?? (nil, "values", index)
      let key = "\(place.track.map { "\($0)" } ?? "")/\(place.signal)"
      let group = places[key] ?? groups.count
      if group == groups.count {
        places[key] = group
        groups.append(Group(track: place.track, signal: place.signal))
      }
      groups[group].columns.append((place.unit, index))
    }
    self.groups = groups
  }

  /// "l0.fwd.f.12".
  static func place(_ name: String) -> (track: Track?, signal: String, unit: Int)? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0].first == "l",
      let layer = ArrayNames.number(parts[0].dropFirst()),
      let direction = Direction(rawValue: String(parts[1])),
      let signal = Signal(rawValue: String(parts[2])), let unit = ArrayNames.number(parts[3])
    else { return nil }
    return (Track(layer: layer, direction: direction), signal.rawValue, unit)
  }

  /// "y.3", "y_top.0", "y_top_id.0", "loss": what a column says of the readout. The first has a value
  /// an output, the next two hold the likeliest by rank.
  static func said(_ name: String) -> (name: String, place: Int)? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 1, let quantity = ReadoutQuantity(rawValue: name), quantity != .y {
      return (name, 0)
    }
    guard parts.count == 2, ["y", "y_top", "y_top_id"].contains(parts[0]),
      let place = ArrayNames.number(parts[1][...])
    else { return nil }
    return (parts[0], place)
  }

  mutating func take(
    _ rows: TableRows, _ fields: [TableRows.Field], step: Int, isNew: Bool, _ steps: TableSteps
  ) throws(Problem) {
    guard isNew else { throw .table(line: rows.line, .stepTwice(step: steps.numbers[step])) }
    for value in header.values {
      let field = fields[value.column]
      guard let number = field.isMissing ? .nan : rows.float(field) else {
        throw .table(
          line: rows.line, .notANumber(column: value.name, text: rows.shown(field)))
      }
      values.append(number)
    }
  }

  mutating func finish(
    into assembly: inout TraceAssembly, order: [Int], _ steps: TableSteps
  ) throws(Problem) {
    let width = header.values.count
    for group in groups {
      let columns = group.columns.sorted { $0.unit < $1.unit }
      let units = columns.map(\.unit)
      var kept: [Float] = []
      kept.reserveCapacity(order.count * columns.count)
      for row in order {
        for column in columns { kept.append(values[row * width + column.value]) }
      }
      let matrix = RecordedValues.Matrix.memory(kept, columns: columns.count)
      let numbers = units == Array(0..<units.count) ? nil : units
      if let track = group.track, let signal = Signal(rawValue: group.signal), signal != .v {
        assembly.add(signal, of: track, matrix, units: numbers)
      } else {
        assembly.add(other: group.signal, matrix, units: numbers)
      }
    }
    assembly.readout = try readout(order, steps)
  }

  private func readout(_ order: [Int], _ steps: TableSteps) throws(Problem) -> FileReadout? {
    var table = ReadoutTable()
    let said = header.values.enumerated().compactMap { index, value in
      Self.said(value.name).map { (name: $0.name, place: $0.place, column: index) }
    }
    let width = header.values.count
    let ids = Dictionary(
      said.filter { $0.name == "y_top_id" }.map { ($0.place, $0.column) }
    ) { first, _ in first }
    var rank = [Int](repeating: 0, count: order.count)
    for (place, step) in order.enumerated() { rank[step] = place }
    for row in order.indices {
      for (name, place, column) in said {
        let value = values[row * width + column]
        // Rows are as many as steps, and line 1 is the header.
        let line = row + 2
        switch name {
        case "y": try table.add(.y, value, step: row, output: place, line: line)
        case "y_top_id": break
        case "y_top":
          guard let id = ids[place].map({ values[row * width + $0] }), !id.isNaN else { continue }
          guard let output = Int(exactly: id), output >= 0 else {
            throw .table(line: line, .notACount(column: "y_top_id.\(place)", text: "\(id)"))
          }
          try table.add(.y, value, step: row, output: output, line: line)
        default:
          guard let quantity = ReadoutQuantity(rawValue: name) else { continue }
          try table.add(quantity, value, step: row, output: nil, line: line)
        }
      }
    }
    return try table.readout(rank: rank, numbers: steps.numbers)
  }
}
