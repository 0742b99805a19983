import Inspector
import Recurrent

/// What the view `why` says.
extension Words {
  static func name(of mode: WhyState.Mode) -> String { mode.rawValue }
  static func question(of mode: WhyState.Mode) -> String {
    switch mode {
    case .write: "who wrote it?"
    case .gate: "who opened it?"
    case .out: "what does it do?"
    case .gradient: "what moves the output?"
    case .integrated: "what made the output?"
    }
  }

  static func whyStep(_ state: State) -> String { "at step \(state.stepNumber)" }
  static func whyIs(_ name: String) -> String { "why is \(name)" }
  static func whatDoes(_ name: String) -> String { "what does \(name)" }
  static let downstream = "do downstream"
  static func whatRested(_ output: String, isNext: Bool) -> String {
    "what did \(isNext ? "next " : "")\(output)"
  }
  static let restedOn = "rest on"
  static func restedOn(_ output: String, isNext: Bool) -> String {
    "what \(isNext ? "next " : "")\(output) rested on"
  }
  static let slopeColumn = "x·∂/∂x"

  /// What an answer is, the longest words first.
  static func explained(_ mode: WhyState.Mode, _ signal: Signal, _ cell: CellKind) -> [String] {
    switch mode {
    case .write:
      guard let sum = cell.about.sum else { return [""] }
      let written = sum.written
      guard let keep = sum.keep.signal, let gate = cell.about[keep]?.name else {
        return [
          "each step wrote \(written), and nothing forgets: the parts add up",
          "each wrote \(written); nothing forgets", "each \(written), all kept",
        ]
      }
      let gates = gate + "s"
      return [
        "each step wrote \(written); the \(gates) since then kept a part of it; the parts add up",
        "each wrote \(written); the \(gates) kept a part",
        "what is left of each \(written)",
      ]
    case .gate: return ["what its sum before the activation is made of", "what its sum is made of"]
    case .out:
      return [
        "weight times \(signal.rawValue), in the sums of all that reads it",
        "weight times \(signal.rawValue), sum by sum",
      ]
    case .gradient:
      return [
        "x·∂/∂x: how far each step's input moves it, to first order",
        "how far each step's input moves it", "x·∂/∂x of each step",
      ]
    case .integrated:
      return [
        "from no input at all to this one: the parts add up to the difference",
        "from no input to this one, in parts", "no input to this one",
      ]
    }
  }

  static func written(in cell: CellKind) -> String {
    // The column has 13 places.
    let words = "wrote " + (cell.about.sum?.written ?? "")
    return words.displayWidth < 13 ? words : words.replacing(")·", with: ")")
  }
  static let keptSince = "kept since"
  static let leftNow = "left now"
  static let share = "share"
  static let causeInFooter = "cause"
  static let stepColumn = "step"
  static let tokenColumn = "token"
  static let inputColumn = "input"
  static let causeColumn = "from"
  static let weightColumn = "weight"
  static let timesColumn = "times"
  static let partColumn = "part"
  static let readerColumn = "in"
  static let pushColumn = "push"
  static let partOfSum = "gave"
  static let unitColumn = "unit"

  static func smaller(_ count: Int, _ mode: WhyState.Mode) -> String {
    let noun =
      switch mode {
      case .write: "write"
      case .gate: "part"
      case .out: "push"
      case .gradient, .integrated: "step"
      }
    let plural = mode == .out ? "pushes" : noun + "s"
    return count == 1 ? "1 smaller \(noun)" : "\(count) smaller \(plural)"
  }
  static let sumRow = "sum"
  static func addsUp(to signal: Signal) -> String { "= \(signal.rawValue), but for rounding" }
  static func missesBy(_ difference: String) -> String {
    "off by \(difference): rounding, step by step"
  }
  static func before(step: Int?) -> String {
    step.map { "what was there after step \($0)" } ?? "what the sequence began with"
  }
  static let andBefore = ", and before"
  static func opened(_ activation: String, _ value: String) -> String {
    "\(activation) makes \(value) of it"
  }
  static func asRecorded(_ value: String) -> String { "; recorded \(value)" }
  static func oneMinus(_ gate: Signal) -> String {
    "the gates are coupled, f = 1 - i: this is \(gate.rawValue)'s sum"
  }
  static let beforeReset = "what reaches n is still to be multiplied by the next step's r"
  static let worth = "what the chosen write is worth as time goes on"
  static func carried(by signal: Signal, at step: Int) -> String {
    "\(signal.rawValue)·∂/∂\(signal.rawValue) at step \(step)"
  }
  static func slopesOver(_ signal: Signal) -> String { "∂/∂\(signal.rawValue) over the steps" }
  static func complete(sum: String, difference: String, points: Int, isComplete: Bool) -> String {
    "the parts add up to \(sum) of \(difference) (\(points) points)"
      + (isComplete ? "" : "; not within 1 %")
  }
  static let isCertain = "nearly certain, so that nothing moves it: ask what made it, with w"
  static let explaining = "going back through the steps"
  static let whyStopped = "stopped; w asks again"
  static let whyEnds = "that is where it comes from: nothing leads further"
  static let whyBegins = "this is the first question; there is none before"
  static let whyBracket = "the bracket is never closed"
  static let whyUnknownValues =
    "nobody knows what computed these values, so nothing can be asked of them"
  static func noSuchStep(_ step: Int, last: Int) -> String {
    "there is no step \(step); the last is \(last)"
  }
  static let bias = "bias"
  static let resetBias = "r·b"
  static func cause(_ cause: GateSplit.Cause, _ split: GateSplit, _ state: State) -> String {
    switch cause {
    case .bias: return bias
    case .resetBias: return resetBias
    case .token:
      return state.trace.tokenText(at: split.step).map { Glyphs.alone($0) } ?? tokenColumn
    case .feature(let column):
      let names = state.session.featureNames
      return names.indices.contains(column) ? names[column] : "x[\(column)]"
    case .below(let place):
      return "l\(state.currentTrack.track.layer - 1).h[\(place)]"
    case .hidden(let unit): return "h'[\(unit)]"
    case .peephole: return split.split == .o ? "peephole c" : "peephole c'"
    }
  }
  static func reader(_ reader: Outgoing.Reader, _ state: State) -> String {
    switch reader {
    case .output(let output): "output \(state.session.outputSymbol(output))"
    case .next(let gate, let unit): "\(gate.rawValue)[\(unit)] next step"
    case .above(let track, let gate, let unit):
      "\(state.trackNames[track]).\(gate.rawValue)[\(unit)]"
    }
  }

  /// The keys of the view, the first to leave last.
  static let whyKeys = [
    ("w", "next question"), ("↑↓", "cause"), ("Enter", "follow it"), ("Backspace", "back"),
  ]
}
