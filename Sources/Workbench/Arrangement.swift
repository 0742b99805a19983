/// What a person has arranged and may want back: undo and redo go through its states. Where the
/// person is (`Place`) is not part of it; motions are not undone.
public struct Arrangement: Sendable, Equatable {
  /// How the units stand, by track, where they do not all stand by their numbers.
  public private(set) var units: [Int: UnitArrangement] = [:]
  public var marks: [Unicode.Scalar: Place] = [:]
  /// What is changed in the run, and which branch is shown.
  public var branches = Branches()

  public init() {}

  /// How the units of a track stand.
  public subscript(track track: Int) -> UnitArrangement {
    get { units[track] ?? UnitArrangement() }
    set { units[track] = newValue == UnitArrangement() ? nil : newValue }
  }
}

/// How the units of a track stand on the screen.
public struct UnitArrangement: Sendable, Equatable {
  /// What they are ordered by.
  public var key = OrderKey.index
  /// All units from the top down, without regard to pins and filter; nil for their numbers.
  public var order: [Int]?
  /// Units that stay on top in every order, in the order in which they were pinned.
  public var pins: [Int] = []
  /// Which others are shown; nil for all.
  public var filter: ChosenUnits?

  public init() {}
}

/// The units that a filter has chosen.
public struct ChosenUnits: Sendable, Equatable {
  /// As it was typed.
  public var text: String
  public var units: Set<Int>
}

/// The arrangements that were, and those that were taken back.
public struct ArrangementHistory: Sendable, Equatable {
  private var past: [Arrangement] = []
  private var future: [Arrangement] = []
  private var settled = Arrangement()
  /// How many are kept.
  private static let limit = 500

  /// Takes notice of what an action has made of the arrangement.
  mutating func settle(_ arrangement: Arrangement) {
    guard arrangement != settled else { return }
    past.append(settled)
    if past.count > Self.limit { past.removeFirst() }
    future = []
    settled = arrangement
  }

  /// Whether the last change was the last that was done.
  var canAmend: Bool { !past.isEmpty && future.isEmpty }

  /// Takes a change as one with the last.
  mutating func amend(_ arrangement: Arrangement) { settled = arrangement }

  /// The arrangement before the last change; nil where there is none.
  mutating func undo() -> Arrangement? {
    guard let last = past.popLast() else { return nil }
    future.append(settled)
    settled = last
    return last
  }

  /// The arrangement that `undo` took back last; nil where there is none.
  mutating func redo() -> Arrangement? {
    guard let next = future.popLast() else { return nil }
    past.append(settled)
    settled = next
    return next
  }
}
