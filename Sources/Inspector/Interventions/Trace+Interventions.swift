import Recurrent

extension Trace {
  /// Whether a value is another than the cell computed.
  func isChanged(track: Int, signal: Signal, unit: Int, step: Int) -> Bool {
    interventions.contains {
      $0.track == track && $0.signal == signal && $0.steps.contains(step)
        && $0.units.contains(unit)
    }
  }

  /// The interventions of some steps, counted from the first of them: for who runs a part again from the
  /// state before it. What was frozen before it is held at the value that it had.
  func interventions(over steps: Range<Int>) -> [Intervention] {
    interventions.compactMap { change in
      let common = change.steps.clamped(to: steps)
      guard !common.isEmpty else { return nil }
      var part = change
      part.steps = common.lowerBound - steps.lowerBound..<common.upperBound - steps.lowerBound
      let before = change.steps.lowerBound - 1
      switch change.operation {
      case .freeze
      where layout[change.track].track.direction == .forward && before < steps.lowerBound
        && steps.lowerBound > 0:
        let held =
          before < 0
          ? seed(track: change.track, signal: change.signal) ?? []
          : row(track: change.track, signal: change.signal, step: before)
        let values = change.units.map { held[$0] }
        part.operation = .patch(Array(repeating: values, count: common.count).flatMap { $0 })
      case .patch(let values):
        let first = (common.lowerBound - change.steps.lowerBound) * change.units.count
        part.operation = .patch(
          Array(values[first..<first + common.count * change.units.count]))
      case .set, .scale, .add, .freeze: break
      }
      return part
    }
  }
}
