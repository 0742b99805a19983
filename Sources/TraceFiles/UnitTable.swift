import Inspector
import ModelFiles
import Recurrent

/// Rows of one unit or one value each: a rectangle of steps and units for every track, whatever the
/// rows' order.
struct UnitTable: TableContents {
  typealias Problem = TraceFileError.Problem

  /// What has rows of its own: a track, and of the long layout a signal of it.
  private struct Key: Hashable {
    let track: Track
    let signal: String
  }

  private struct Block {
    let key: Key
    /// One a value that a row has.
    let names: [String]
    var units: [Int: Int] = [:]
    /// Units' numbers as they come.
    var numbers: [Int] = []
    /// A row an entry: the places of its step and unit, and its line.
    var rows: [(step: Int32, unit: Int32, line: Int)] = []
    /// (rows, names).
    var values: [Float] = []
    /// (units, names): whether any row has one.
    var isThere: [Bool] = []
  }

  private let header: TableHeader
  private var blocks: [Block] = []
  private var places: [Key: Int] = [:]
  private var last: (key: Key, place: Int)?
  private var said = ReadoutTable()

  init(_ header: TableHeader) { self.header = header }

  mutating func take(
    _ rows: TableRows, _ fields: [TableRows.Field], step: Int, isNew: Bool, _ steps: TableSteps
  ) throws(Problem) {
    if try takeSaid(rows, fields, step: step) { return }
    let place = try block(of: rows, fields)
    guard let column = header.unit, let number = rows.count(fields[column]) else {
      throw .table(
        line: rows.line,
        .notACount(column: "unit", text: rows.shown(fields[header.unit ?? 0])))
    }
    let width = header.values.count
    let unit: Int
    if let known = blocks[place].units[number] {
      unit = known
    } else {
      unit = blocks[place].numbers.count
      blocks[place].units[number] = unit
      blocks[place].numbers.append(number)
      blocks[place].isThere += Array(repeating: false, count: width)
    }
    guard let shortStep = Int32(exactly: step), let shortUnit = Int32(exactly: unit) else {
      throw .file(.tooManyArrays(limit: Int(Int32.max)))
    }
    blocks[place].rows.append((shortStep, shortUnit, rows.line))
    for (index, value) in header.values.enumerated() {
      let field = fields[value.column]
      if field.isMissing {
        blocks[place].values.append(.nan)
        continue
      }
      guard let number = rows.float(field) else {
        throw .table(
          line: rows.line, .notANumber(column: value.name, text: rows.shown(field)))
      }
      blocks[place].values.append(number)
      blocks[place].isThere[unit * width + index] = true
    }
  }

  /// Takes in a row of the readout: one that belongs to no layer and no direction.
  ///
  /// - Returns: whether it was one.
  private mutating func takeSaid(
    _ rows: TableRows, _ fields: [TableRows.Field], step: Int
  ) throws(Problem) -> Bool {
    guard let layer = header.layer, fields[layer].isMissing, let unit = header.unit else {
      return false
    }
    if let direction = header.direction, !fields[direction].isMissing { return false }
    var output: Int?
    if !fields[unit].isMissing {
      guard let number = rows.count(fields[unit]) else {
        throw .table(
          line: rows.line, .notACount(column: "unit", text: rows.shown(fields[unit])))
      }
      output = number
    }
    for value in header.values {
      let field = fields[value.column]
      let name = try header.signal.map { column throws(Problem) in
        rows.text(fields[column]) ?? ""
      }
      guard let quantity = ReadoutQuantity(rawValue: name ?? value.name) else {
        if field.isMissing, name == nil { continue }
        return false
      }
      // A row is of an output or of the step, and says nothing of the other.
      if field.isMissing, (quantity == .y) != (output != nil) { continue }
      guard let number = field.isMissing ? .nan : rows.float(field) else {
        throw .table(
          line: rows.line, .notANumber(column: value.name, text: rows.shown(field)))
      }
      try said.add(quantity, number, step: step, output: output, line: rows.line)
    }
    return true
  }

  private mutating func block(
    of rows: TableRows, _ fields: [TableRows.Field]
  ) throws(Problem) -> Int {
    var track = Track(layer: 0)
    if let column = header.layer {
      guard let layer = rows.count(fields[column]) else {
        throw .table(
          line: rows.line, .notACount(column: "layer", text: rows.shown(fields[column])))
      }
      track.layer = layer
    }
    if let column = header.direction {
      guard let direction = rows.text(fields[column]).flatMap(Direction.init) else {
        throw .table(line: rows.line, .noDirection(text: rows.shown(fields[column])))
      }
      track.direction = direction
    }
    let signal = try header.signal.map { column throws(Problem) in
      guard let text = rows.text(fields[column]) else {
        throw .table(line: rows.line, .notUTF8(column: "signal"))
      }
      return text
    }
    let key = Key(track: track, signal: signal ?? "")
    if let last, last.key == key { return last.place }
    let place = places[key] ?? blocks.count
    if place == blocks.count {
      guard blocks.count < ArrayTrace.trackLimit * Signal.allCases.count else {
        throw .tooManyArrays(limit: ArrayTrace.trackLimit * Signal.allCases.count)
      }
      places[key] = place
      blocks.append(Block(key: key, names: signal.map { [$0] } ?? header.values.map(\.name)))
    }
    last = (key, place)
    return place
  }

  mutating func finish(
    into assembly: inout TraceAssembly, order: [Int], _ steps: TableSteps
  ) throws(Problem) {
    var rank = [Int](repeating: 0, count: order.count)
    for (place, step) in order.enumerated() { rank[step] = place }
    for index in blocks.indices {
      try finish(&blocks[index], into: &assembly, rank: rank, steps)
    }
    assembly.readout = try said.readout(rank: rank, numbers: steps.numbers)
  }

  /// Puts a block's rows where they belong and lets go of them.
  private func finish(
    _ block: inout Block, into assembly: inout TraceAssembly, rank: [Int], _ steps: TableSteps
  ) throws(Problem) {
    let units = block.numbers.count
    // As many rows as that: so nothing larger than the table is made. The product is in bounds, since
    // both are counts of rows of one file.
    guard block.rows.count == rank.count * units else {
      throw .missingRows(
        track: block.key.track, found: block.rows.count, steps: rank.count, units: units)
    }
    let unitOrder = block.numbers.indices.sorted { block.numbers[$0] < block.numbers[$1] }
    let numbers = unitOrder.map { block.numbers[$0] }
    var unitRank = [Int](repeating: 0, count: units)
    for (place, unit) in unitOrder.enumerated() { unitRank[unit] = place }
    var isFilled = [Bool](repeating: false, count: block.rows.count)
    var places: [Int] = []
    places.reserveCapacity(block.rows.count)
    for row in block.rows {
      let place = rank[Int(row.step)] * units + unitRank[Int(row.unit)]
      guard !isFilled[place] else {
        throw .table(
          line: row.line,
          .rowTwice(step: steps.numbers[Int(row.step)], unit: block.numbers[Int(row.unit)]))
      }
      isFilled[place] = true
      places.append(place)
    }
    let width = block.names.count
    for (index, name) in block.names.enumerated() {
      let there = unitOrder.map { block.isThere[$0 * width + index] }
      guard let lastUnit = there.lastIndex(of: true) else { continue }
      var values = [Float](repeating: 0, count: block.rows.count)
      for (row, place) in places.enumerated() { values[place] = block.values[row * width + index] }
      add(
        name, of: block.key.track, values, units: numbers, used: lastUnit + 1, into: &assembly)
    }
    block.rows = []
    block.values = []
  }

  /// - Parameter used: a projected h has the first units only.
  private func add(
    _ name: String, of track: Track, _ values: [Float], units: [Int], used: Int,
    into assembly: inout TraceAssembly
  ) {
    let signal = Signal(rawValue: name)
    let columns = signal == .h ? used : units.count
    var kept = values
    if columns < units.count {
      kept = stride(from: 0, to: values.count, by: units.count).flatMap {
        values[$0..<$0 + columns]
      }
    }
    let isWhole = units == Array(0..<units.count)
    let numbers = isWhole ? nil : Array(units.prefix(columns))
    if let signal, signal != .v {
      assembly.add(signal, of: track, .memory(kept, columns: columns), units: numbers)
    } else {
      assembly.add(other: name, .memory(kept, columns: columns), units: numbers)
    }
  }
}
