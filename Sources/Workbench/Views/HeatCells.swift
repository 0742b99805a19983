import Inspector
import Recurrent

/// What the cells of a heatmap stand for, ready to be drawn.
struct HeatCells {
  enum Content: Equatable {
    case value(Float)
    /// The network has not been there yet.
    case ahead
    /// It is still being computed from the trace.
    case waiting
    /// The signal has no such unit.
    case absent
  }

  private let time: HeatAxis
  private let units: HeatAxis
  /// (cells of time, cells of units), row-major.
  private let contents: [Content]

  subscript(column: Int, row: Int) -> Content {
    contents[
      (column - time.cells.lowerBound) * units.cells.count + (row - units.cells.lowerBound)]
  }

  /// - Parameter unitAt: the unit that stands at a place.
  init(
    _ source: SignalSource, time: HeatAxis, units: HeatAxis, order: [Int]?,
    reduction: Representative, overviews: Overviews
  ) {
    self.time = time
    self.units = units
    let unitAt = units.things.map { order?[$0] ?? $0 }
    let cells = units.cells.map { cell in
      let places = units.things(in: cell)
      let first = units.things.lowerBound
      return unitAt[places.lowerBound - first..<places.upperBound - first]
    }
    let reader = CellReader(
      cells: Array(cells), units: source.units, center: source.center, reduction: reduction)
    let recorded = source.recordedSteps
    var contents: [Content] = []
    contents.reserveCapacity(time.cells.count * cells.count)
    if time.perCell == 1 {
      let steps = time.things.clamped(to: 0..<recorded)
      let low = (unitAt.min() ?? 0)
      let high = (unitAt.max() ?? -1) + 1
      let window = source.window(
        steps: steps, units: (low..<high).clamped(to: 0..<source.units))
      for row in steps.indices {
        let start = (row - steps.lowerBound) * window.units.count
        reader.append(
          to: &contents, from: window.values, at: start - window.units.lowerBound)
      }
      for step in time.things.dropFirst(steps.count) {
        contents += reader.row(of: step < source.length ? .ahead : .absent)
      }
    } else {
      for cell in time.cells {
        guard cell * time.perCell < recorded else {
          contents += reader.row(of: cell * time.perCell < source.length ? .ahead : .absent)
          continue
        }
        guard let column = overviews.column(cell, of: source, width: time.perCell) else {
          contents += reader.row(of: .waiting)
          continue
        }
        reader.append(to: &contents, from: column.values(reduction), at: 0)
      }
    }
    self.contents = contents
  }
}

/// Makes a cell of the units that stand in it.
private struct CellReader {
  /// The units of each cell.
  let cells: [ArraySlice<Int>]
  /// How many the signal has.
  let units: Int
  let center: Float
  let reduction: Representative

  /// A column without values, but for units that there are none of.
  func row(of content: HeatCells.Content) -> [HeatCells.Content] {
    cells.map { $0.contains { $0 < units } ? content : .absent }
  }

  /// - Parameter offset: where unit 0 stands among the values, or would.
  func append(to contents: inout [HeatCells.Content], from values: [Float], at offset: Int) {
    values.withUnsafeBufferPointer { values in
      for cell in cells {
        if cell.count == 1, let unit = cell.first {
          contents.append(unit < units ? .value(values[offset + unit]) : .absent)
        } else {
          contents.append(reduced(cell, values, offset))
        }
      }
    }
  }

  private func reduced(
    _ cell: ArraySlice<Int>, _ values: UnsafeBufferPointer<Float>, _ offset: Int
  ) -> HeatCells.Content {
    var count = 0
    var sum = 0.0
    var extreme: Float = 0
    for unit in cell where unit < units {
      let value = values[offset + unit]
      extreme = count == 0 ? value : Representative.farther(extreme, value, from: center)
      sum += Double(value)
      count += 1
    }
    guard count > 0 else { return .absent }
    switch reduction {
    case .mean: return .value(Float(sum / Double(count)))
    case .extreme: return .value(extreme)
    }
  }
}
