import Recurrent

/// What becomes of a sequence's steps where a file keeps one row a sequence.
public enum StepReduction: String, Sendable, CaseIterable {
  /// What each layer ends with in its own direction: a backward one at the first step, as PyTorch's
  /// `h_n` has it. Of what the readout says, the last that is said.
  case last
  /// The mean over the steps, added up in Float64 in the order of time.
  case mean
  /// The greatest, unit by unit; NaN where one is.
  case max
}

/// Reduces a trace to one step.
struct TraceReducer {
  let reduction: StepReduction
  let tracks: [SelectedTrack]
  let quantities: [ReadoutQuantity]

  /// - Parameter steps: those that count, ascending; recorded, and at least one.
  /// - Returns: a trace of one step whose number is how many steps it is made of.
  func reduced(_ trace: Trace, _ steps: [Range<Int>]) -> Trace {
    let rows = trace.layout.map { [Float](repeating: .nan, count: $0.rowLength) }
    let values = OneStep(layout: trace.layout, rows: rows)
    for track in tracks {
      for signal in track.signals {
        for units in track.units(of: signal) {
          values.set(track.index, signal, units, of: reduce(trace, track, signal, units, steps))
        }
      }
    }
    let count = steps.reduce(0) { $0 + $1.count }
    return Trace(
      recorded: trace.layout, values: values, input: nil, symbols: trace.symbols,
      stepNumbers: [count], beginsWithZeros: trace.layout.map { _ in false },
      readout: trace.readout.flatMap { said($0, steps) })
  }

  private func reduce(
    _ trace: Trace, _ track: SelectedTrack, _ signal: Signal, _ units: Range<Int>,
    _ steps: [Range<Int>]
  ) -> [Float] {
    func window(_ steps: Range<Int>) -> [Float] {
      trace.window(
        WindowRequest(track: track.index, signal: signal, steps: steps, units: units)
      ).values
    }
    if reduction == .last {
      let isForward = track.layout.track.direction == .forward
      let step = isForward ? steps[steps.count - 1].upperBound - 1 : steps[0].lowerBound
      return window(step..<step + 1)
    }
    var columns = Columns(reduction, width: units.count)
    for part in steps.flatMap({ Array($0.parts(of: Swift.max(1, (1 << 16) / units.count))) }) {
      columns.take(window(part))
    }
    return columns.values
  }

  private func said(_ readout: TraceReadout, _ steps: [Range<Int>]) -> OneStepReadout? {
    let wanted = readout.quantities.filter(quantities.contains)
    if wanted.isEmpty { return nil }
    var y = Columns(reduction, width: readout.outputs)
    var scalars = wanted.map { _ in Columns(reduction, width: 1) }
    for part in steps.flatMap({ Array($0.parts(of: readout.blockSteps)) }) {
      let block = readout.block(part)
      if wanted.contains(.y) { y.take(block.y) }
      for (place, quantity) in wanted.enumerated() where quantity != .y {
        // After the last step no token comes: nothing is said there.
        for value in part.map({ block[quantity, $0] }) where !value.isNaN {
          scalars[place].take([value])
        }
      }
    }
    var block = ReadoutBlock(steps: 0..<1, outputs: readout.outputs)
    func value(_ quantity: ReadoutQuantity) -> Float {
      wanted.firstIndex(of: quantity).map { scalars[$0].values[0] } ?? .nan
    }
    block.set(
      step: 0, y: wanted.contains(.y) ? y.values : nil, next: value(.next), loss: value(.loss),
      entropy: value(.entropy))
    return OneStepReadout(outputs: readout.outputs, quantities: wanted, block: block)
  }
}

/// Reduces rows as they come.
private struct Columns {
  private let reduction: StepReduction
  private var sums: [Double]
  private var extremes: [Float]
  private var count = 0

  init(_ reduction: StepReduction, width: Int) {
    self.reduction = reduction
    sums = Array(repeating: 0, count: reduction == .mean ? width : 0)
    extremes = Array(repeating: .nan, count: width)
  }

  mutating func take(_ rows: [Float]) {
    let width = extremes.count
    for row in 0..<rows.count / width {
      let first = row * width
      switch reduction {
      case .last: for column in 0..<width { extremes[column] = rows[first + column] }
      case .mean: for column in 0..<width { sums[column] += Double(rows[first + column]) }
      case .max:
        for column in 0..<width {
          let (value, before) = (rows[first + column], extremes[column])
          // A comparison with NaN does not hold, so that one stays.
          if count == 0 || value > before || value.isNaN { extremes[column] = value }
        }
      }
      count += 1
    }
  }

  /// NaN where no row came.
  var values: [Float] {
    reduction == .mean ? sums.map { Float($0 / Double(count)) } : extremes
  }
}

/// The values of one step.
private final class OneStep: TraceValues {
  let recordedSteps = 1
  private let layout: [TrackLayout]
  private var rows: [[Float]]

  init(layout: [TrackLayout], rows: [[Float]]) {
    self.layout = layout
    self.rows = rows
  }

  func set(_ track: Int, _ signal: Signal, _ units: Range<Int>, of values: [Float]) {
    let first = (layout[track].offset(of: signal) ?? 0) + units.lowerBound
    for (place, value) in values.enumerated() { rows[track][first + place] = value }
  }

  func read(_ request: WindowRequest, into values: UnsafeMutablePointer<Float>) {
    let first =
      (layout[request.track].offset(of: request.signal) ?? 0) + request.units.lowerBound
    for _ in request.steps {
      for place in 0..<request.units.count { values[place] = rows[request.track][first + place] }
    }
  }
}

/// What is said of one step.
private final class OneStepReadout: RecordedReadout {
  let outputs: Int
  let quantities: [ReadoutQuantity]
  private let block: ReadoutBlock

  init(outputs: Int, quantities: [ReadoutQuantity], block: ReadoutBlock) {
    self.outputs = outputs
    self.quantities = quantities
    self.block = block
  }

  func block(_ steps: Range<Int>) -> ReadoutBlock { block }
}
