import Inspector

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the network says as lanes under the sequence: its loss and its entropy at every step.
extension State {
  /// Those that there are. A readout so large that a frame cannot wait for it has none: it can be
  /// exported and asked for all the same.
  var saidLanes: [ReadoutQuantity] {
    guard let readout = trace.readout, readout.valuesPerStep < 100_000 else { return [] }
    return [.loss, .entropy].filter(readout.quantities.contains)
  }

  /// ln O: what a network that knows nothing has of either, in nats; the top of their scale.
  var saidLimit: Float { Float(log(Double(max(2, trace.readout?.outputs ?? 2)))) }

  /// The values of one over recorded steps; NaN where there is none.
  func said(_ quantity: ReadoutQuantity, _ steps: Range<Int>) -> [Float] {
    trace.readout?.values(quantity, steps) ?? []
  }

  /// The names of the lanes that can be taken in hand.
  var laneNames: [String] {
    currentTrack.signals.map(\.rawValue) + saidLanes.map(\.rawValue)
  }

  /// The place among `laneNames` of the lane in hand.
  var laneInHand: Int {
    get {
      guard let saidInHand, let place = saidLanes.firstIndex(of: saidInHand) else { return lane }
      return currentTrack.signals.count + place
    }
    set {
      let signals = currentTrack.signals.count
      saidInHand = newValue < signals ? nil : saidLanes[newValue - signals]
      if newValue < signals { lane = newValue }
    }
  }

  /// The output whose units are shown: the one that was chosen, else the one that should come, else
  /// the likeliest.
  var outputInHand: Int? {
    guard let readout = trace.readout, readout.isProbable, isRecorded else { return nil }
    if let chosenOutput { return chosenOutput }
    if let expected = session.expectedOutput(at: step) { return expected }
    let top = readout.block(step..<step + 1).top[0]
    return top < 0 ? nil : Int(top)
  }
}

/// Chooses the output whose units are shown, by its symbol or its number; `off` lets the sequence
/// choose.
func choose(_ state: inout State, output text: String) throws(InstructionError) {
  let range = 0..<text.unicodeScalars.count
  guard let readout = state.trace.readout, state.session.model?.network.readout != nil else {
    throw InstructionError(Words.noReadout, at: range)
  }
  if let output = readout.output(text) {
    state.chosenOutput = output
  } else if text == State.off {
    state.chosenOutput = nil
  } else if let number = Int(text), (0..<readout.outputs).contains(number) {
    state.chosenOutput = number
  } else {
    throw InstructionError(Words.noSuchOutput(text, of: readout.outputs), at: range)
  }
}
