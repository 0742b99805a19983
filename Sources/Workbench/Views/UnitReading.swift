import Inspector
import Recurrent

/// One unit of an LSTM at one step: the numbers of its equations, as the model has them.
struct UnitReading {
  let z, f, i, o, c: Float
  /// o · tanh c: h, or m where h is a projection of it.
  let output: Float
  let outputSignal: Signal
  /// What is applied to c on its way out; nil where a recorded trace shows that it was not tanh.
  let activation: Activation?
  /// Nil where a recorded trace does not say.
  let previousC: Float?
  /// By how much h moved; nil where a projected h has no such unit, or nobody can tell.
  let hiddenChange: Float?

  /// Nil where the step is not recorded yet, the cell is no LSTM, or a recorded trace lacks a signal
  /// of it.
  init?(_ state: State, unit: Int) {
    let track = state.currentTrack
    guard state.isRecorded, Self.isWhole(state) else { return nil }
    func value(_ signal: Signal) -> Float {
      state.trace.value(track: state.track, signal: signal, step: state.step, unit: unit)
    }
    func previous(_ signal: Signal) -> Float? {
      state.trace.previous(track: state.track, signal: signal, step: state.step, unit: unit)
    }
    z = value(.z)
    f = value(.f)
    i = value(.i)
    o = value(.o)
    c = value(.c)
    outputSignal = track.cellOutput
    output = value(outputSignal)
    let usual = track.activations.output
    let isOff = abs(o * usual(c) - output) > 0.01 * max(1, abs(output))
    activation = state.session.model == nil && isOff ? nil : usual
    previousC = previous(.c)
    let hasHidden = track.signals.contains(.h) && unit < track.units(of: .h)
    hiddenChange = hasHidden ? previous(.h).map { value(.h) - $0 } : nil
  }

  /// Whether the layer is an LSTM of which every signal is there.
  static func isWhole(_ state: State) -> Bool {
    let track = state.currentTrack
    let needed: [Signal] = [.z, .f, .i, .o, .c, track.cellOutput]
    return track.cell == .lstm && needed.allSatisfy(track.signals.contains)
  }

  /// f · c', what is kept.
  var kept: Float? { previousC.map { f * $0 } }
  /// By how much c moved.
  var cellChange: Float? { previousC.map { c - $0 } }
  /// i · z, what is written.
  var written: Float { i * z }
  /// tanh c, what could be shown.
  var shown: Float { activation.map { $0(c) } ?? output / o }
  /// "tanh c".
  var shownName: String { activation.map { Words.applied($0, to: "c") } ?? Words.applied(to: "c") }
  /// "tanh 0.50".
  var shownNumber: String {
    let number = Numbers.factor(c)
    return activation.map { Words.applied($0, to: number) } ?? Words.applied(to: number)
  }

  /// c' as a factor.
  var previousFactor: String { previousC.map(Numbers.factor) ?? Words.unknown }

  var cellEquation: String { cellTerms.map(\.text).joined() }

  /// The same, with whose numbers they are.
  var cellTerms: [(text: String, signal: Signal?)] {
    [
      (Numbers.value(f), .f), ("·\(previousFactor) + ", nil), (Numbers.value(i), .i), ("·", nil),
      (Numbers.factor(z), .z),
    ]
  }
}
