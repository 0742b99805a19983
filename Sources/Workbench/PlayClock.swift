/// When the next step of playing is due.
public struct PlayClock {
  private var nextStep: ContinuousClock.Instant?

  public init() {}

  /// Milliseconds until something is due; nil for never.
  public mutating func timeout(for state: State, now: ContinuousClock.Instant) -> Int? {
    guard state.isPlaying else {
      nextStep = nil
      return nil
    }
    let first = nextStep ?? now + Self.interval(state)
    nextStep = first
    let left = (first - now).components
    return max(0, Int(left.seconds) * 1000 + Int(left.attoseconds / 1_000_000_000_000_000) + 1)
  }

  /// What is due now.
  public mutating func due(for state: State, now: ContinuousClock.Instant) -> Action? {
    guard state.isPlaying, let next = nextStep, now >= next else { return nil }
    // A slow terminal skips ahead instead of falling behind.
    nextStep = max(next + Self.interval(state), now)
    return .playTick
  }

  private static func interval(_ state: State) -> Duration {
    .microseconds(1_000_000 / State.speeds[state.speed])
  }
}
