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
  }
}
