import Inspector
import Recurrent

/// What the units of the track in hand carried to a prediction at a step: the state, its gradient, and
/// their product, by how much the prediction's log p would move, to first order, without it.
struct PredictedUnits {
  let step: Int
  /// c where there is one, else h.
  let signal: Signal
  /// Units, the one that matters most first.
  let ranked: [Int]
  private let values: [Float]
  private let slopes: [Float]

  init(_ answer: PredictionAnswer, _ state: State, step: Int) {
    let layout = state.currentTrack
    self.step = step
    signal = layout.memory
    let units = layout.units(of: layout.memory)
    guard answer.gradients.steps.contains(step), step < state.trace.recordedSteps else {
      (ranked, values, slopes) = ([], [], [])
      return
    }
    let signal = signal
    let slopes = (0..<units).map {
      answer.gradients.gradient(track: state.track, signal: signal, step: step, unit: $0)
    }
    let values = state.trace.window(
      WindowRequest(track: state.track, signal: signal, steps: step..<step + 1, units: 0..<units)
    ).values
    self.slopes = slopes
    self.values = values
    ranked = (0..<units).sorted {
      let (a, b) = (abs(slopes[$0] * values[$0]), abs(slopes[$1] * values[$1]))
      return a != b ? a > b : $0 < $1
    }
  }

  func value(_ unit: Int) -> Float { values[unit] }
  func slope(_ unit: Int) -> Float { slopes[unit] }
  func product(_ unit: Int) -> Float { values[unit] * slopes[unit] }
}
