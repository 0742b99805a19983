import Inspector
import Recurrent

/// The answer to the question in hand, as far as it is there.
enum WhyAnswer {
  case write(StateWrites)
  case gate(GateSplit)
  case out(Outgoing)
  case prediction(PredictionAnswer)
  /// Still being found.
  case awaited
  /// Its search was stopped.
  case stopped
  case refused(WhyError)

  init(_ state: State) {
    let question = state.whyQuestion
    guard state.isRecorded else {
      self = .awaited
      return
    }
    do throws(WhyError) {
      switch question.mode {
      case .write:
        self = .write(
          try StateWrites(
            state.trace, track: question.track, unit: question.unit, step: question.step))
      case .gate:
        self = .gate(
          try GateSplit(
            try state.whyNetwork, state.trace, track: question.track, signal: question.signal,
            unit: question.unit, step: question.step))
      case .out:
        self = .out(
          try Outgoing(
            try state.whyNetwork, state.trace, track: question.track, signal: question.signal,
            unit: question.unit, step: question.step))
      case .gradient, .integrated:
        let asked = try state.predictionQuestion
        if let answer = state.why.kept[asked] {
          self = .prediction(answer)
        } else {
          self = state.why.stopped == asked ? .stopped : .awaited
        }
      }
    } catch {
      self = .refused(error)
    }
  }

  /// The causes, by their places, the strongest first.
  var ranked: [Int] {
    switch self {
    case .write(let writes): writes.worthARow
    case .gate(let split): split.ranked
    case .out(let out): out.ranked
    case .prediction(let answer):
      answer.parts.indices.sorted {
        let (a, b) = (abs(answer.parts[$0]), abs(answer.parts[$1]))
        return a != b ? a > b : $0 > $1
      }
    case .awaited, .stopped, .refused: []
    }
  }
}

extension State {
  /// What the view asks now.
  var whyQuestion: WhyQuestion {
    WhyQuestion(
      mode: why.mode, track: track, signal: whySignal(why.mode), unit: unit, step: step,
      output: chosenOutput)
  }

  /// The place of the chosen cause among the ranked ones: the first, until another was chosen here.
  var whyRow: Int {
    guard let chosen = why.chosen, chosen.question == whyQuestion else { return 0 }
    return chosen.row
  }

  /// The signal that a question is of: the one in hand where it can be, else the cell's first that can.
  func whySignal(_ mode: WhyState.Mode) -> Signal {
    let layout = currentTrack
    switch mode {
    case .write: return layout.memory
    case .gate:
      let gates = layout.cell.gates
      return gates.contains(currentSignal) ? currentSignal : gates.contains(.f) ? .f : gates[0]
    case .out:
      return currentSignal == .h && unit < layout.units(of: .h) ? .h : layout.cellOutput
    case .gradient, .integrated: return layout.memory
    }
  }

  /// What is asked of a signal at first.
  func whyMode(of signal: Signal) -> WhyState.Mode {
    if currentTrack.cell.gates.contains(signal) { return .gate }
    return signal == currentTrack.memory ? .write : .out
  }

  var whyNetwork: Network {
    get throws(WhyError) {
      guard let model = session.model else { throw .noModel }
      return model.network
    }
  }

  /// The output whose prediction is asked about: the one in hand, of numbers the first.
  var predictionQuestion: PredictionQuestion {
    get throws(WhyError) {
      let network = try whyNetwork
      guard let readout = network.readout else { throw .noReadout }
      let output = outputInHand ?? chosenOutput ?? 0
      return PredictionQuestion(
        target: GradientTarget(step: step, output: min(output, readout.outputSize - 1)),
        isIntegrated: why.mode == .integrated)
    }
  }
}

extension StateWrites {
  /// The ranked writes but for those of which less than a twentieth of a percent of all is left: they
  /// are said in one row together.
  var worthARow: [Int] {
    let all = writes.reduce(0) { $0 + abs($1.left) }
    let count = ranked.prefix { abs(writes[$0].left) >= 0.0005 * all }.count
    return Array(ranked.prefix(max(1, all > 0 ? count : 1)))
  }
}
