#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The half-life of what a forget gate keeps, in steps: ln ½ / mean ln f over the steps at which it
/// keeps, f ≥ ½. What it clears at once says nothing of how long it holds: a latch that is emptied
/// once in fifty steps would otherwise seem to forget within one. A gate that keeps at no step is
/// measured over all of them.
struct HalfLife {
  private var keeping = Mean()
  private var clearing = Mean()

  private struct Mean {
    var count = 0.0
    var sum = 0.0
  }

  init() {}

  init(_ forget: some Sequence<Float>) {
    for value in forget { add(value) }
  }

  /// - Parameter forget: the gate at one more step; one that is not finite is left out.
  mutating func add(_ forget: Float) {
    guard forget.isFinite else { return }
    let term = log(Double(forget))
    if forget >= 0.5 {
      keeping.count += 1
      keeping.sum += term
    } else {
      clearing.count += 1
      clearing.sum += term
    }
  }

  /// Infinite where all is kept; NaN without a step.
  var steps: Double {
    let mean = keeping.count > 0 ? keeping.sum / keeping.count : clearing.sum / clearing.count
    return mean == 0 ? .infinity : log(0.5) / mean
  }
}
