import Recurrent

/// One number a unit over all steps.
enum UnitMeasure {
  /// Mean |v|.
  case magnitude
  /// Mean (v - mean)².
  case variance
  /// Of a forget gate, the half-life of what it keeps; see `HalfLife`.
  case halfLife
}

/// Measures all units of a signal at once, some steps at a time. Values that are not finite are left
/// out; a unit that has no others has NaN.
struct MeasureOrdering {
  private let measure: UnitMeasure
  private let trace: Trace
  private let track: Int
  private let signal: Signal
  private let unitCount: Int
  private let stepCount: Int
  private var nextStep = 0

  // A unit an entry.
  private var counts: [Double]
  /// Of |v| or v.
  private var means: [Double]
  /// Σ (v - mean)², kept for the variance only.
  private var squares: [Double]
  private var lives: [HalfLife]

  init(_ measure: UnitMeasure, of signal: Signal, in trace: Trace, track: Int) {
    self.measure = measure
    self.trace = trace
    self.track = track
    self.signal = signal
    unitCount = trace.layout[track].units(of: signal)
    stepCount = trace.recordedSteps
    counts = Array(repeating: 0, count: unitCount)
    means = counts
    squares = counts
    lives = Array(repeating: HalfLife(), count: unitCount)
  }

  var progress: Double { Double(nextStep) / Double(max(1, stepCount)) }

  /// What came out, a unit an entry.
  var measures: [Double] {
    if measure == .halfLife { return lives.map(\.steps) }
    return (0..<unitCount).map { unit in
      guard counts[unit] > 0 else { return .nan }
      return measure == .variance ? squares[unit] / counts[unit] : means[unit]
    }
  }

  /// Returns whether all steps have been seen.
  mutating func advance(budget: Int) -> Bool {
    var left = max(budget, unitCount)
    while nextStep < stepCount, left >= unitCount {
      let rows = min(Self.blockSteps, stepCount - nextStep, max(1, left / unitCount))
      let block = trace.window(
        WindowRequest(
          track: track, signal: signal, steps: nextStep..<nextStep + rows, units: 0..<unitCount))
      add(block.values, rows: rows)
      nextStep += rows
      left -= rows * unitCount
    }
    return nextStep == stepCount
  }

  private static let blockSteps = 64

  private mutating func add(_ values: [Float], rows: Int) {
    if measure == .halfLife {
      for place in 0..<rows * unitCount { lives[place % unitCount].add(values[place]) }
      return
    }
    for unit in 0..<unitCount {
      var (count, mean) = (0.0, 0.0)
      values.withUnsafeBufferPointer { values in
        for place in stride(from: unit, to: rows * unitCount, by: unitCount)
        where values[place].isFinite {
          count += 1
          mean += term(values[place])
        }
      }
      guard count > 0 else { continue }
      mean /= count
      var square = 0.0
      if measure == .variance {
        for place in stride(from: unit, to: rows * unitCount, by: unitCount)
        where values[place].isFinite {
          let deviation = Double(values[place]) - mean
          square += deviation * deviation
        }
      }
      merge(unit, count, mean, square)
    }
  }

  private func term(_ value: Float) -> Double {
    Double(measure == .magnitude ? abs(value) : value)
  }

  /// Two parts of the steps as one, which loses nothing where the mean is far from 0 (Chan, Golub and
  /// LeVeque 1979).
  private mutating func merge(_ unit: Int, _ count: Double, _ mean: Double, _ square: Double) {
    let before = counts[unit]
    guard before > 0 else {
      (counts[unit], means[unit], squares[unit]) = (count, mean, square)
      return
    }
    let total = before + count
    if measure == .variance {
      let difference = mean - means[unit]
      squares[unit] += square + difference * difference * before * count / total
    }
    means[unit] = (means[unit] * before + mean * count) / total
    counts[unit] = total
  }
}
