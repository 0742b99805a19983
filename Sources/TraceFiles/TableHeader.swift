import Inspector
import Recurrent

/// The first row of a table: which of its columns mean what.
struct TableHeader {
  typealias Problem = TraceFileError.Problem

  enum Layout {
    /// A row a step, layer, direction and unit.
    case unit
    /// A row a value.
    case long
    /// A row a step.
    case wide
  }

  let names: [String]
  let layout: Layout
  let step: Int?
  let token: Int?
  let layer: Int?
  let direction: Int?
  let unit: Int?
  /// Of the long layout.
  let signal: Int?
  /// The columns that hold values, with what they are called; of a wide table whose columns have
  /// unknown names all of them are one thing.
  let values: [(column: Int, name: String)]
  /// Columns that mean nothing here.
  let leftOut: [String]

  init(_ rows: TableRows, _ fields: [TableRows.Field]) throws(Problem) {
    var names: [String] = []
    var places: [String: Int] = [:]
    for (column, field) in fields.enumerated() {
      guard let name = rows.text(field) else {
        throw .table(line: 1, .notUTF8(column: rows.shown(field)))
      }
      if places.updateValue(column, forKey: name) != nil { throw .duplicateColumn(name) }
      names.append(name)
    }
    self.names = names
    step = places["step"]
    token = places["token"]
    unit = places["unit"]
    let isLong = places["signal"] != nil && places["value"] != nil
    layout = unit == nil ? .wide : isLong ? .long : .unit
    if layout != .wide, step == nil { throw .missingColumn("step") }
    layer = layout == .wide ? nil : places["layer"]
    direction = layout == .wide ? nil : places["direction"]
    signal = layout == .long ? places["signal"] : nil
    let known = Set([step, token, layer, direction, unit, signal].compactMap { $0 })
    // What pandas and R write for the rows' own names.
    let free = names.enumerated().filter {
      !known.contains($0.offset) && !$0.element.isEmpty && !$0.element.hasPrefix("Unnamed: ")
    }
    switch layout {
    case .long: values = [(places["value"] ?? 0, "value")]
    case .unit, .wide:
      let isSignal =
        layout == .wide
        ? { WideTable.place($0) != nil || WideTable.said($0) != nil } : Self.isSignal
      let signals = free.filter { isSignal($0.element) }
      // Without any the columns are values that nobody knows, unless nothing says what a row is.
      let taken = signals.isEmpty && step != nil ? free : signals
      values = taken.map { ($0.offset, $0.element) }
    }
    if values.isEmpty { throw .noSignals(found: names) }
    let taken = Set(values.map(\.column))
    leftOut = free.filter { !taken.contains($0.offset) }.map(\.element)
  }

  private static func isSignal(_ name: String) -> Bool {
    Signal(rawValue: name) != nil || ReadoutQuantity(rawValue: name) != nil
  }
}
