import Inspector
import Recurrent

/// The value in hand as a knob: turned by notches it becomes a change of that one value, which follows
/// the hand until something else is done.
struct Knob: Sendable, Equatable {
  /// "l1.f[3]".
  let target: String
  let step: Int

  /// A twentieth of the way from closed to open, or as much of what has a sign.
  static func notch(_ range: SignalRange) -> Float {
    switch range {
    case .unit: 0.05
    case .signedUnit, .unbounded: 0.1
    }
  }

  /// The next notches from a value on: a value between two goes to the next of them first.
  static func turned(_ value: Float, by notches: Int, _ range: SignalRange) -> Float {
    let notch = Self.notch(range)
    let place = Double(value) / Double(notch)
    let from = notches > 0 ? (place + 1e-3).rounded(.down) : (place - 1e-3).rounded(.up)
    // As decimals have it: 0.15, not 0.15000001.
    let turned = Float(((from + Double(notches)) * Double(notch) * 100).rounded() / 100)
    switch range {
    case .unit: return min(max(turned, 0), 1)
    case .signedUnit: return min(max(turned, -1), 1)
    case .unbounded: return turned
    }
  }

  /// The change of a list that is a turn of this knob.
  func place(in whatIf: WhatIf) -> Int? {
    whatIf.entries.lastIndex {
      $0.isOn && $0.change.source.hasPrefix("\(target) = ")
        && $0.change.source.hasSuffix(" @ \(step)")
    }
  }
}

/// Carries out `turn`: sets the value in hand at this step, so many notches away.
func turn(_ state: inout State, _ argument: String) throws(InstructionError) -> [Effect] {
  let whole = 0..<max(1, argument.unicodeScalars.count)
  guard let notches = Int(argument), notches != 0, abs(notches) <= 1000 else {
    throw InstructionError(Words.noNotches(argument), at: whole)
  }
  guard state.saidInHand == nil else { throw InstructionError(Words.noKnob) }
  let signal = state.currentSignal
  let units = state.currentTrack.units(of: signal)
  guard state.unit < units else {
    throw InstructionError(Words.noSuchUnit(state.unit, last: units - 1))
  }
  guard state.isRecorded else { return [] }
  let value = state.trace.value(
    track: state.track, signal: signal, step: state.step, unit: state.unit)
  guard value.isFinite else { throw InstructionError(Words.knobIsStuck("\(signal.rawValue)")) }
  let range = state.currentTrack.range(of: signal)
  let turned = Knob.turned(value, by: notches, range)
  let prefix = state.trace.layout.count > 1 ? state.trackNames[state.track] + "." : ""
  let knob = Knob(target: "\(prefix)\(signal.rawValue)[\(state.unit)]", step: state.step)
  let name = "\(signal.rawValue)[\(state.unitNumber)]"
  guard turned != value else {
    state.message = .init(
      text: Words.knobAtEnd(name, Numbers.written(value, width: 8)), isError: false)
    return []
  }
  var branches = state.arrangement.branches
  var whatIf = branches.whatIf
  do throws(ChangeError) {
    let text = Numbers.fixed(turned, decimals: 2)
    let entry = WhatIf.Entry(try Change("\(knob.target) = \(text) @ \(knob.step)"))
    if let place = knob.place(in: whatIf) {
      whatIf.entries[place] = entry
    } else {
      whatIf.entries.append(entry)
    }
  } catch {
    throw InstructionError("\(error)")
  }
  branches.set(whatIf)
  let isOn = state.knob == knob && state.history.canAmend
  let effects = try adopt(&state, branches)
  // Turned on and on, it is one thing to be undone.
  if isOn { state.history.amend(state.arrangement) }
  state.knob = knob
  state.message = .init(text: Words.turned(name, turned, from: value), isError: false)
  return effects
}
