/// Whether a condition holds: yes, no, or it cannot be said. The operators are those of Kleene's strong
/// logic (1952), which is also SQL's: and is the least, or the greatest, not the other way round.
enum Truth: UInt8, Comparable {
  case no
  case unknown
  case yes

  @inline(__always) init(_ holds: Bool) { self = holds ? .yes : .no }

  /// What a comparison of two numbers says; nothing where one is NaN.
  @inline(__always) init(_ holds: Bool, _ left: Double, _ right: Double) {
    self = left.isNaN || right.isNaN ? .unknown : holds ? .yes : .no
  }

  @inline(__always) static func < (left: Truth, right: Truth) -> Bool {
    left.rawValue < right.rawValue
  }

  @inline(__always) static prefix func ! (truth: Truth) -> Truth {
    switch truth {
    case .no: .yes
    case .unknown: .unknown
    case .yes: .no
    }
  }
}
