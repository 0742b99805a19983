import Inspector
import Recurrent

/// What the comparison says.
extension Words {
  static let other = "other"
  static let difference = "difference"
  static func minus(_ first: String, _ second: String) -> String { "\(first) − \(second)" }
  /// What the row shows, after "recall − ".
  static let itsOwn = "it"
  static let atThisStep = "at this step"
  static let now = "now"
  static let movesAStep = "moves a step"
  static let ofItsSpread = "of its spread"
  static func rangeOver(_ steps: Int) -> String { "range over \(steps) steps" }
  static let apartAtThisStep = "apart at this step"
  static func over(_ steps: Int) -> String { steps == 1 ? "over 1 step" : "over \(steps) steps" }
  static let onlyOneHere = "only one is here"
  /// "mean 1.497  worst 1.968 at unit 0".
  static func apart(mean: String, worst: String, _ place: String) -> String {
    "mean \(mean)  worst \(worst) \(place)"
  }
  /// "at step 12, unit 3"; "u3 @12".
  static func place(step: Int?, unit: Int, isShort: Bool) -> String {
    isShort
      ? "u\(unit)" + (step.map { " @\($0)" } ?? "")
      : "at " + (step.map { "step \($0), " } ?? "") + "unit \(unit)"
  }
  static func notNumbers(_ count: Int) -> String {
    count == 1 ? "1 is not a number" : "\(count) are not numbers"
  }
  static func onlySteps(from step: Int, in name: String) -> String {
    "from step \(step) on there is only \(name)"
  }
  static func onlyUnits(from first: Int, through last: Int, in name: String) -> String {
    first == last
      ? "unit \(first) is only in \(name)" : "units \(first) to \(last) are only in \(name)"
  }

  static func name(of signal: TracedSignal, _ state: State) -> String {
    name(of: signal.signal, in: state.cell(of: signal))
  }

  /// "layer 0 forwards", or what a file calls it.
  static func name(of layout: TrackLayout) -> String {
    layout.name.map(Glyphs.visible)
      ?? "layer \(layout.track.layer) \(name(of: layout.track.direction))"
  }

  // Where nothing can be compared: what is wrong, then what next.
  static let nothingToCompare = [
    "there is only one signal here, and nothing to compare it with",
    ":compare text TEXT reads another text, :compare model FILE the same with another model",
  ]
  static let noOtherRun = [
    "there is no other run",
    ":compare text TEXT reads another text, :compare model FILE the same with another model",
  ]
  static func noOtherSignal(_ signal: Signal, _ run: String, has signals: [Signal]) -> [String] {
    let names = signals.map(\.rawValue)
    return [
      "\(run) has no \(signal.rawValue); it has \(list(names, joint: "and"))",
      "Tab goes to another lane; c compares with something else",
    ]
  }

  static func lack(_ signal: Signal, _ runs: [String], nearest: Signal) -> String {
    "\(list(runs, joint: "and")) \(runs.count == 1 ? "has" : "have") no \(signal.rawValue); "
      + "\(nearest.rawValue) comes nearest"
  }

  // Commands.
  static let compareNeeds =
    "compare with a signal (i), a layer (l1.fwd), run, text TEXT, model FILE, variant NAME, or off"
  static let alsoNeeds = "also needs text TEXT, model FILE or variant NAME"
  static let tooManyRuns =
    "three runs are the most that stand side by side; without also, others take their place"
  static func noSuchComparison(_ word: String) -> String {
    "\(word) is no signal and no layer; \(compareNeeds)"
  }
  static func compareNeedsMore(_ word: String) -> String {
    word == "text" ? "text needs the text to be read" : "model needs a model file"
  }
  static func noVariant(_ name: String, known: [String]) -> String {
    guard !known.isEmpty else { return "there are no variants here: only some demos have them" }
    let names = list(known, joint: "and")
    return name.isEmpty
      ? "variant needs a name; there are \(names)" : "there is no variant \(name), only \(names)"
  }
  /// After the last of a demo's other models.
  static func backToOwn(_ name: String, _ letters: [String]) -> String {
    "back to \(name) alone: \(letters.joined(separator: " beside ")); c goes on"
  }
  static let itself = "that is the lane in hand itself"
  static let notCompared = "6 shows the comparison"
}
