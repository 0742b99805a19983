#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How large a step of the optimiser is, over the course of a training.
public struct LearningRate: Sendable, Hashable {
  /// How the rate goes from `start` to `end`.
  public enum Decay: String, Sendable, CaseIterable {
    case constant
    /// Half a cosine (Loshchilov & Hutter 2017).
    case cosine
    /// The same factor every step.
    case exponential
  }

  public var start: Float
  /// At the last step; not looked at where the rate is constant.
  public var end: Float
  public var decay: Decay

  public init(_ start: Float, end: Float? = nil, decay: Decay = .constant) {
    self.start = start
    self.end = end ?? start
    self.decay = decay
  }

  /// The rate at step `step` of `steps`.
  public func at(step: Int, of steps: Int) -> Float {
    let progress = steps > 1 ? min(Float(step) / Float(steps - 1), 1) : 0
    switch decay {
    case .constant: return start
    case .cosine: return end + (start - end) * 0.5 * (1 + cos(Float.pi * progress))
    case .exponential: return start * pow(end / start, progress)
    }
  }
}
