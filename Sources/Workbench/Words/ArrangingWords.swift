import Inspector
import Recurrent

/// What is said of how the units stand.
extension Words {
  static let orderNoun = "order"

  /// "units by the variance of h".
  static func ordered(by key: OrderKey, _ state: State, sampled: (steps: Int, of: Int)?) -> String {
    let words: String
    switch key {
    case .index: return orderedByNumber
    case .activity(let signal): words = "units by the mean of |\(signal.rawValue)|"
    case .variance(let signal): words = "units by the variance of \(signal.rawValue)"
    case .halfLife: words = "units by half-life, the longest memory first"
    case .similarity(let signal):
      words = "units whose \(signal.rawValue) moves alike, side by side"
    case .lane(let lane): words = "units by \(state.session.lanes[lane].name)"
    case .said(let quantity): words = "units by \(quantity.rawValue)"
    case .column(let title): words = sorted(by: title)
    }
    guard let sampled else { return words }
    return words + "; \(sampled.steps) of \(sampled.of) steps were looked at"
  }

  static func pinned(_ units: [Int]) -> String {
    units.count == 1
      ? "unit \(units[0]) stays on top; p lets it go" : "\(units.count) units stay on top"
  }
  static func unpinned(_ units: [Int]) -> String {
    units.count == 1 ? "unit \(units[0]) stands among the others again" : "nothing is pinned now"
  }
  static let nothingPinned = "nothing is pinned; p pins the unit in hand"
  static let alreadyPinned = "these units are pinned already"
  static let unitsNeeded = "units are written 3,5..9"

  static let everyUnitShown = "every unit is shown"
  static func filtered(_ count: Int, of all: Int) -> String {
    "\(count) of \(all) units are shown; Esc shows all"
  }
  static func noUnitFits(_ text: String) -> String { "no unit is \(text); nothing has changed" }
  static func filterDropped(_ unit: Int) -> String {
    "every unit is shown: the filter hid unit \(unit)"
  }
  /// In the footer: "5 of 64 & role=counter"; a long filter loses its end.
  static func filterStatus(_ text: String, _ count: Int, of all: Int) -> String {
    "\(count) of \(all) & \(text)"
  }
  static func orderStatus(_ name: String) -> String { "by \(name)" }
}
