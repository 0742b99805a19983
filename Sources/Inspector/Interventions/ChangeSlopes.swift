import Recurrent

/// How a track's interventions change the way back through its steps, taken in that order. What reaches a
/// frozen value goes on to the step that it was taken from.
///
/// Not safe to share between threads.
final class ChangeSlopes {
  private let changes: [Intervention]
  private let layout: TrackLayout
  private let length: Int
  /// What has reached the values that each change holds frozen, by its place in the list.
  private var held: [Int: [Float]] = [:]

  /// Nil where nothing is changed.
  init?(_ trace: Trace, track: Int) {
    changes = trace.interventions.filter { $0.track == track && !$0.units.isEmpty }
    guard !changes.isEmpty else { return nil }
    layout = trace.layout[track]
    length = trace.length
  }

  private func before(_ change: Intervention) -> Int {
    layout.track.direction == .forward ? change.steps.lowerBound - 1 : change.steps.upperBound
  }

  /// What is changed at a step; nil for nothing.
  ///
  /// - Parameter row: the step's signals, as they were recorded.
  func changes(at step: Int, row: UnsafePointer<Float>) -> StepChanges? {
    var found = StepChanges()
    for change in changes.reversed() where change.steps.contains(step) {
      guard let offset = layout.offset(of: change.signal) else { continue }
      let count = layout.units(of: change.signal)
      var factors = found.factors[change.signal] ?? Array(repeating: 1, count: count)
      var values =
        found.computed[change.signal]
        ?? Array(UnsafeBufferPointer(start: row + offset, count: count))
      for unit in change.units {
        switch change.operation {
        case .set, .patch, .freeze: factors[unit] = 0
        case .scale(let factor):
          values[unit] = factor == 0 ? 0 : values[unit] / factor
          factors[unit] *= factor
        case .add(let amount): values[unit] -= amount
        }
      }
      found.factors[change.signal] = factors
      found.computed[change.signal] = values
    }
    for (index, change) in changes.enumerated()
    where change.operation == .freeze && before(change) == step {
      guard let held = held[index], held.contains(where: { $0 != 0 }) else { continue }
      var arriving =
        found.arriving[change.signal]
        ?? Array(repeating: 0, count: layout.units(of: change.signal))
      for (place, unit) in change.units.enumerated() { arriving[unit] += held[place] }
      found.arriving[change.signal] = arriving
    }
    return found.factors.isEmpty && found.arriving.isEmpty ? nil : found
  }

  /// Takes in what has reached the changed values of a step.
  func take(_ gradients: [Signal: [Float]], at step: Int) {
    for (index, change) in changes.enumerated()
    where change.operation == .freeze && change.steps.contains(step) {
      guard let gradient = gradients[change.signal] else { continue }
      var sums = held[index] ?? Array(repeating: 0, count: change.units.count)
      for (place, unit) in change.units.enumerated() {
        // What later changes of the list have made of the frozen value.
        var factor: Float = 1
        for later in changes[(index + 1)...]
        where later.signal == change.signal && later.steps.contains(step)
          && later.units.contains(unit)
        {
          switch later.operation {
          case .set, .patch, .freeze: factor = 0
          case .scale(let scale): factor *= scale
          case .add: break
          }
        }
        sums[place] += gradient[unit] * factor
      }
      held[index] = sums
    }
  }
}
