import Inspector
import Recurrent

/// One unit of an LSTM at one step: the numbers of its equations, as the model has them.
struct UnitReading {
  let z, f, i, o, c, h: Float
  let previousC, previousH: Float

  /// Nil where the step is not recorded yet or the cell is no LSTM.
  init?(_ state: State, unit: Int) {
    guard state.isRecorded, state.currentTrack.cell == .lstm else { return nil }
    func value(_ signal: Signal) -> Float {
      state.trace.value(track: state.track, signal: signal, step: state.step, unit: unit)
    }
    func previous(_ signal: Signal) -> Float {
      state.trace.previous(track: state.track, signal: signal, step: state.step, unit: unit)
    }
    z = value(.z)
    f = value(.f)
    i = value(.i)
    o = value(.o)
    c = value(.c)
    h = value(.h)
    previousC = previous(.c)
    previousH = previous(.h)
  }

  /// f · c', what is kept.
  var kept: Float { f * previousC }
  /// i · z, what is written.
  var written: Float { i * z }
  /// tanh c, what could be shown.
  var shown: Float { o == 0 ? 0 : h / o }

  var cellEquation: String {
    "\(Numbers.fixed(f))·\(Numbers.factor(previousC)) + \(Numbers.fixed(i))·\(Numbers.factor(z))"
  }
}
