import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One number a unit over all steps.
enum UnitMeasure {
  /// Mean |v|.
  case magnitude
  /// Mean (v - mean)².
  case variance
  /// ln ½ / mean ln v: of a forget gate, the half-life of what is kept.
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
  /// Of |v|, v or ln v.
  private var means: [Double]
  /// Σ (v - mean)², kept for the variance only.
  private var squares: [Double]

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
  }

  var progress: Double { Double(nextStep) / Double(max(1, stepCount)) }

  /// What came out, a unit an entry.
  var measures: [Double] {
    (0..<unitCount).map { unit in
      guard counts[unit] > 0 else { return .nan }
      switch measure {
      case .magnitude: return means[unit]
      case .variance: return squares[unit] / counts[unit]
      case .halfLife: return means[unit] == 0 ? .infinity : log(0.5) / means[unit]
      }
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
    switch measure {
    case .magnitude: Double(abs(value))
    case .variance: Double(value)
    case .halfLife: log(Double(value))
    }
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
    // Weighted, since ln 0 makes one mean infinite: a difference of two of those says nothing.
    means[unit] = (means[unit] * before + mean * count) / total
    counts[unit] = total
  }
}
