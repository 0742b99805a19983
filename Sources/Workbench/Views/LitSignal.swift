import Recurrent

extension State {
  /// The signal whose number of the unit in hand is lit: the one that a tour's stop names, or that
  /// somebody has chosen.
  var litSignal: Signal? {
    guard chosenLane != nil else { return nil }
    if let tourStop, session.tour?.stops[tourStop].signal == nil { return nil }
    return currentSignal
  }
}
