/// Whose text a `TextTask` learns.
public enum TextKind: String, Sendable, CaseIterable {
  case text
  case shakespeare
  case tang

  public var title: String {
    switch self {
    case .text: "Any text of your own: predict the next character"
    case .shakespeare: "Shakespeare's plays: predict the next character"
    case .tang: "Poems of the Tang: predict the next character"
    }
  }

  /// With the state carried over the whole text.
  var goal: Figure.Goal {
    switch self {
    case .text, .tang: .none
    case .shakespeare: .atMost(1.5)
    }
  }

  /// From a state of zeros: over windows, and over what comes after their first characters.
  var zeroStartGoals: (whole: Figure.Goal, rest: Figure.Goal) {
    switch self {
    case .text, .tang: (.none, .none)
    case .shakespeare: (.atMost(1.65), .atMost(1.55))
    }
  }

  /// What begins after a blank line, or with every line.
  var beginning: String {
    switch self {
    case .text: "a paragraph"
    case .shakespeare: "a speech"
    case .tang: "a poem"
    }
  }

  var steps: Int {
    switch self {
    case .text, .shakespeare: 4000
    case .tang: 3000
    }
  }

  /// Few units show the rhythm of the poems more clearly, and write in it as well.
  var units: Int {
    switch self {
    case .text: 256
    case .shakespeare: 384
    case .tang: 128
    }
  }

  /// A poem's beat is exact; a network that is often disturbed miscounts it.
  var dropout: Float {
    switch self {
    case .text: 0.2
    case .shakespeare: 0.35
    case .tang: 0.1
    }
  }

  var weightDecay: Float {
    switch self {
    case .text, .shakespeare: 0.1
    case .tang: 0
    }
  }
}
