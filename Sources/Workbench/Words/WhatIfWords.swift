import Inspector
import Recurrent

/// What is said of changes and branches.
extension Words {
  /// Of the title: "what if: 2 changes".
  static func whatIf(_ branch: String, _ count: Int) -> String {
    "what if \(branch): \(count == 1 ? "1 change" : "\(count) changes")"
  }
  /// "1 f[2] = 0 @ 10..20  2 (off) o *= 0.5".
  static func changes(_ whatIf: WhatIf) -> String {
    guard !whatIf.entries.isEmpty else {
      return "nothing is changed here; clamp f[12] = 0 @ 10.. does"
    }
    return whatIf.entries.enumerated().map { index, entry in
      "\(index + 1) " + (entry.isOn ? "" : "(off) ") + entry.change.source
    }.joined(separator: "   ")
  }
  static let branchNoun = "branch"
  static let branchesLabel = "branches"
  static func fileNeeded(_ command: String) -> String { "\(command) needs a file: \(command) FILE" }
  static func noSuchChange(_ text: String, of count: Int) -> String {
    count == 0
      ? "nothing is changed here" : "there is no change \(text); there are 1 to \(count), or all"
  }
  static func noWhatIfWord(_ word: String) -> String {
    "\(word) is none of on N, off N, drop N, save FILE, load FILE"
  }
  static func branchIsThere(_ name: String) -> String { "there is a branch \(name) already" }
  static let strangeBranchName = "a branch's name has letters, digits, - and _"
  static let longBranchName = "a branch's name has 24 letters at most"
  static let mainStays = "main is the run without changes, which stays"
  static func hasBranches(_ name: String, _ children: [String]) -> String {
    "\(list(children, joint: "and")) \(children.count == 1 ? "was" : "were") made of \(name); drop "
      + (children.count == 1 ? "it" : "them") + " first"
  }
  static func noGateToOpen(_ name: String) -> String {
    "f, i and o can be held open here, not \(Glyphs.visible(name))"
  }
  static func noLSTM(_ cell: CellKind) -> String {
    "an LSTM's gates can be held open; this is of kind \(cell.rawValue)"
  }
  static func cost(_ gate: Signal, with: Double, without: Double) -> String {
    "without \(gate.rawValue) the sequence costs \(Numbers.fixed(Float(without), decimals: 3)), with it "
      + Numbers.fixed(Float(with), decimals: 3)
  }
  static let flowNeedsUnchanged =
    "the curves are those of a run without changes: :switch main shows them"
  static func predictionsDiffer(_ name: String) -> String {
    "\(name) does not predict what this run does, so their predictions cannot be compared"
  }
  /// "KL 0.213 nats here · mean 0.512 · largest 2.310 at 19 · likeliest differ from step 18".
  static func predictionsApart(
    here: Float?, mean: Double, farthest: (step: Int, value: Float), differ: Int?, steps: Int
  ) -> String {
    let parts = [
      here.map { "KL \(Numbers.fixed($0, decimals: 3)) nats here" },
      "mean \(Numbers.fixed(Float(mean), decimals: 3))",
      "largest \(Numbers.fixed(farthest.value, decimals: 3)) at \(farthest.step)",
      differ.map { "another is likeliest at \($0) first" }
        ?? "the same is likeliest at all \(steps)",
    ]
    return parts.compactMap(\.self).joined(separator: "   ")
  }
  /// The same where there are 80 columns.
  static func predictionsApartShort(
    here: Float?, mean: Double, farthest: (step: Int, value: Float), differ: Int?
  ) -> String {
    let parts = [
      here.map { "KL \(Numbers.fixed($0, decimals: 3)) here" } ?? "KL",
      "mean \(Numbers.fixed(Float(mean), decimals: 3))",
      "most \(Numbers.fixed(farthest.value, decimals: 3)) at \(farthest.step)",
      differ.map { "another likeliest at \($0)" } ?? "same likeliest",
    ]
    return parts.joined(separator: "  ")
  }
  static func generated(_ count: Int, after step: Int) -> String {
    "\(count == 1 ? "1 step follows" : "\(count) steps follow") step \(step), written by the network"
  }
  static func writingMore(_ steps: Int) -> String { "writing, \(steps) steps" }
  static let writingStopped = "stopped writing; nothing has changed"
  static let typingNeedsSymbols = "numbers enter the network, so nothing can be typed to it"
  static let typingNeedsVocabulary =
    "the model has no vocabulary, so characters mean nothing to it; token insert 12 3 has numbers"
  static func unknownSymbol(_ error: UnknownSymbol) -> String {
    let known = error.vocabulary.map { Glyphs.alone($0) }
    let shown = known.prefix(24).joined(separator: " ")
    return "the network does not know \(Glyphs.alone(String(error.symbol))); it reads \(shown)"
      + (known.count > 24 ? " and \(known.count - 24) others" : "")
  }
  static let nothingTyped = "nothing typed is left; Esc ends typing"
  static let typingEndsWithEsc = "Esc ends typing"
  static func typing(_ unfinished: String) -> String {
    unfinished.isEmpty ? "typing" : "typing \(Glyphs.visible(unfinished))"
  }
  static let typingKeys = [
    ("BS", "takes one back"), ("↑↓", "unit"), ("Tab", "lane"), ("Esc", "end"),
  ]
  static func noNotches(_ text: String) -> String {
    "\(text) is no number of notches; turn 3 turns up, turn -3 down"
  }
  static let noKnob = "what the network says cannot be turned; a signal of the cell can"
  static func knobIsStuck(_ name: String) -> String { "\(name) is no number here" }
  static func knobAtEnd(_ name: String, _ value: String) -> String {
    "\(name) is \(value), as far as it goes"
  }
  static func turned(_ name: String, _ value: Float, from old: Float) -> String {
    "\(name) = \(Numbers.fixed(value, decimals: 2)), it was \(Numbers.fixed(old, decimals: 2))"
  }
  static func branchNotMade(_ name: String) -> String { "switch to \(name) once, to have it made" }
  static func branchIsShown(_ name: String) -> String { "\(name) is the run that is shown" }
}
