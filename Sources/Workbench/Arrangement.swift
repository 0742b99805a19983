/// What a person has arranged and may want back: undo and redo go through its states. Where the
/// person is (`Place`) is not part of it; motions are not undone.
public struct Arrangement: Sendable, Equatable {
  /// The units' orders, by track, where they do not stand by their numbers.
  public var orders: [Int: UnitArrangement] = [:]
  public var marks: [Unicode.Scalar: Place] = [:]

  public init() {}
}

/// The order of a track's units on the screen.
public struct UnitArrangement: Sendable, Equatable {
  /// The units from the top down.
  public var units: [Int]
  /// The ground-truth lane that they are ordered by, if one.
  public var lane: Int?
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
