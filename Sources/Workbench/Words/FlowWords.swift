import Inspector
import Recurrent

/// What the view `flow` says.
extension Words {
  static func flowNoSymbol(_ name: String) -> String {
    "\(name) has no such symbol, so it cannot read it"
  }
  static let flowOneToken = "there is no other token that could be read"
  static let flowNeedsModel =
    "the curves need the model and its input: gatescope open MODEL, or demo NAME"
  static let flowNumbersOnly =
    "numbers enter here, so a step can only read zeros: what-reaches STEP"
  static func flowNoToken(_ text: String, of count: Int) -> String {
    "no token is \(Glyphs.visible(text)); there are 0 to \(count - 1), or their symbols"
  }

  /// Over the curves: what they are, the longest first.
  ///
  /// - Parameter states: what the networks carry: c, h, or both where they are of several kinds.
  static func flowGradient(_ states: [Signal], end: Int) -> [String] {
    let name = states.map(\.rawValue).joined(separator: " or ")
    return [
      "gradient: how much a nudge of \(name) at an earlier step moves step \(end)",
      "gradient: how a nudge of \(name) moves step \(end)",
      "how a nudge of \(name) moves step \(end)",
      "a nudge of \(name)",
    ]
  }
  static func flowMemory(_ swap: String, step: Int) -> [String] {
    [
      "memory: \(swap) at step \(step), and how far h still differs afterwards",
      "memory: \(swap) at step \(step), how far h differs",
      "\(swap) at step \(step): how far h differs",
      "\(swap) at step \(step): |Δh|",
      "\(swap): |Δh|",
    ]
  }
  /// "C for D".
  static func flowSwap(_ token: String, for old: String) -> String { "\(token) for \(old)" }
  static let flowZeros = "zeros"
  static let stepsBack = "steps back"
  static let stepsAfter = "steps after"
  static let stepsBackShort = "back"
  static let stepsAfterShort = "after"
  static let keptLegend = "∏ f, what the forget gates keep"
  static let keptShort = "∏ f"
  static let meanShort = " mean"
  static func flowHere(_ step: Int, end: Int) -> String {
    "a nudge at step \(step) moves step \(end) so much: "
  }
  static let flowWorking = "computing; any key stops it, and what is there stays"
  /// Before a curve has begun.
  static let flowAwaited = "computing …"
  static let flowNothing = "nothing has been computed"
  /// Of how much the curves of a large network are.
  ///
  /// - Parameter name: of the network, where there are several.
  static func flowSample(_ sample: GradientFlow.Sample, of name: String?) -> String {
    (name.map { "\($0): " } ?? "") + "mean over \(sample.units) of \(sample.of) units; norms at "
      + "\(sample.lags) of \(sample.longest + 1) lags, lines between them"
  }
  static let flowStopped = "stopped; flow goes on (8, or :flow)"
  static func flowDirection(_ direction: Direction) -> String {
    "this direction alone: the two together carry no state from step to step"
  }
  static func flowShare(_ share: Double) -> String {
    "following \(Numbers.fixed(share * 100, decimals: 0)) %, any key stops"
  }

  // How fast c and h are.

  /// "c moves 6.1 × slower than h in 371 of 384 units".
  static func pace(_ report: PaceReport) -> String {
    let shown = report.shownSignal.rawValue
    guard report.cell != nil else {
      let time = PaceReport.median(report.shown.map(\.time))
      return time.isNaN
        ? "\(shown) stands still in every unit"
        : "no c here: \(shown) is memory and output in one, like itself for "
          + "\(paceTime(time)) (median)"
    }
    guard let verdict = report.verdict else {
      return "c or \(shown) stands still in every unit: there is nothing to compare"
    }
    let still = verdict.still > 0 ? "; \(verdict.still) stand still" : ""
    let units = verdict.of == 1 ? "the only unit" : "\(verdict.units) of \(verdict.of) units"
    // Elsewhere c is called the slow one, as it is in most networks.
    let refuted = verdict.isSlower ? "" : ": here c is not the slow one"
    return "c moves \(Numbers.fixed(verdict.factor, decimals: 1)) × "
      + "\(verdict.isSlower ? "slower" : "faster") than \(shown) in \(units)" + still + refuted
  }

  private static func paceTime(_ time: Double) -> String {
    time.isInfinite ? "more than half of the steps" : "\(Numbers.fixed(time, decimals: 1)) steps"
  }
  static let autocorrelation = "autocorrelation time, in steps: how long a value is like itself"
  static let autocorrelationShort = "steps it stays like itself"
  static let movement = "mean |Δ| of a step, over the spread: how far a value jumps"
  static let movementShort = "its move in a step ÷ its spread"
  static let paceLonger = "more"
  static let stillBin = "flat"

  // What it costs.

  static let costTitle = "what a step costs"
  static let costParameters = "parameters"
  static let costProducts = "multiplications"
  static let costTime = "recall learned in"
  static let costOwn = "this one"
  static func seconds(_ seconds: Double) -> String {
    "\(Numbers.limit(Float(seconds))) s"
  }
  /// "a step costs lstm 116 parameters and 102 products, gru 90 and 80, rnn 38 and 30".
  static func costLine(_ costs: [(name: String, cost: NetworkCost)]) -> String {
    "parameters, products a step: "
      + costs.map { "\($0.name) \($0.cost.parameters), \($0.cost.multiplications)" }
      .joined(separator: " · ")
  }
}
