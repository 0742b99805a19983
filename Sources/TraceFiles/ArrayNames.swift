import Inspector
import ModelFiles
import Recurrent

/// What the names of arrays mean.
struct ArrayNames {
  struct Place: Hashable {
    let track: Track
    let signal: Signal
  }

  /// What Gatescope's own files hold beside signals.
  static let beside: Set<String> = ["x", "tokens", "steps", "units"]

  private let places: [String: Place]

  /// One way of naming alone is followed, the first of these that any name fits: Gatescope's
  /// `l0_fwd_h`; LSTMVis's `states1` (c) and `output1` (h), by its own `get_states`; bare signals.
  ///
  /// - Parameter cell: whose signals the file says that they are; without it only letters are signals.
  init(_ names: [String], of cell: CellKind? = nil) {
    let signals = (cell?.signals ?? Signal.allCases.filter { $0 != .v })
    let known = Dictionary(signals.map { ($0.rawValue, $0) }) { first, _ in first }
    for reading in [Self.own, Self.lstmVis, Self.bare] {
      let places = names.compactMap { name in reading(name, known).map { (name, $0) } }
      // `states1` and `states01` are one place.
      guard !places.isEmpty, Set(places.map(\.1)).count == places.count else { continue }
      self.places = Dictionary(places) { first, _ in first }
      return
    }
    places = [:]
  }

  /// Nil for a name that is none of a signal.
  subscript(name: String) -> Place? { places[name] }

  /// "l0_fwd_h".
  private static func own(_ name: String, _ known: [String: Signal]) -> Place? {
    let parts = name.split(
      separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].first == "l", let layer = number(parts[0].dropFirst()),
      let direction = Direction(rawValue: String(parts[1])), let signal = known[String(parts[2])]
    else { return nil }
    return Place(track: Track(layer: layer, direction: direction), signal: signal)
  }

  /// "states1": layers count from 1.
  private static func lstmVis(_ name: String, _ known: [String: Signal]) -> Place? {
    for (prefix, signal) in [("states", Signal.c), ("output", Signal.h)]
    where name.hasPrefix(prefix) && known[signal.rawValue] != nil {
      if let layer = number(name.dropFirst(prefix.count)), layer > 0 {
        return Place(track: Track(layer: layer - 1), signal: signal)
      }
    }
    return nil
  }

  /// "h", where there is one layer and direction.
  private static func bare(_ name: String, _ known: [String: Signal]) -> Place? {
    known[name].map { Place(track: Track(layer: 0), signal: $0) }
  }

  /// Few digits: nobody has a million layers.
  static func number(_ digits: Substring) -> Int? {
    guard (1...6).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) })
    else {
      return nil
    }
    return Int(digits)
  }

  /// A name that a model file has and a trace does not.
  static func isWeight(_ name: String) -> Bool {
    name.contains("weight_ih") || name.contains("recurrent_kernel") || name.contains("/vars/")
      || name.hasPrefix("model_weights/") || name.hasSuffix("weight_hh_l0")
  }
}
