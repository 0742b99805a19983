import Inspector
import Recurrent

/// One unit of an LSTM at one step: the numbers of its equations, as the model has them.
struct UnitReading {
  let z, f, i, o, c: Float
  /// o · tanh c: h, or m where h is a projection of it.
  let output: Float
  let outputSignal: Signal
  /// What is applied to c on its way out.
  let activation: Activation
  let previousC: Float
  /// By how much h moved; nil where a projected h has no such unit.
  let hiddenChange: Float?

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
    let track = state.currentTrack
    outputSignal = track.projectedUnits == nil ? .h : .m
    output = value(outputSignal)
    activation = track.activations.output
    previousC = previous(.c)
    hiddenChange = unit < track.units(of: .h) ? value(.h) - previous(.h) : nil
  }

  /// f · c', what is kept.
  var kept: Float { f * previousC }
  /// i · z, what is written.
  var written: Float { i * z }
  /// tanh c, what could be shown.
  var shown: Float { activation(c) }
  /// "tanh c".
  var shownName: String { Words.applied(activation, to: "c") }

  var cellEquation: String {
    "\(Numbers.fixed(f))·\(Numbers.factor(previousC)) + \(Numbers.fixed(i))·\(Numbers.factor(z))"
  }
}
