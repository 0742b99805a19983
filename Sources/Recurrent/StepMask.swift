/// Steps that a network passes over: they change neither c nor h, so that each layer carries on with what
/// it had before them (Keras's `mask_zero` and `Masking`).
public enum StepMask: Sendable, Hashable {
  /// Those whose token is this.
  case token(Int)
  /// Those whose features are all this number.
  case features(Float)
}

extension StepMask: CustomStringConvertible {
  /// "token 0", "features that are all 0.0".
  public var description: String {
    switch self {
    case .token(let token): "token \(token)"
    case .features(let value): "features that are all \(value)"
    }
  }
}

extension InputSequence {
  /// The steps that a mask names, as ranges in order that do not touch.
  func steps(masked mask: StepMask?) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for step in 0..<count where isMasked(step, by: mask) {
      if let last = ranges.last, last.upperBound == step {
        ranges[ranges.count - 1] = last.lowerBound..<step + 1
      } else {
        ranges.append(step..<step + 1)
      }
    }
    return ranges
  }

  func isMasked(_ step: Int, by mask: StepMask?) -> Bool {
    switch (mask, self) {
    case (nil, _), (.token?, .features), (.features?, .tokens): return false
    case (.token(let token)?, .tokens(let tokens)): return tokens[step] == token
    case (.features(let value)?, .features(let values, let width)):
      return values[step * width..<(step + 1) * width].allSatisfy { $0 == value }
    }
  }
}

extension Network {
  /// What the network's mask does to an input: c and h of every layer stay as they are on its steps.
  public func maskedSteps(of input: InputSequence) -> [Intervention] {
    let steps = input.steps(masked: mask)
    guard !steps.isEmpty else { return [] }
    return tracks.enumerated().flatMap { index, track in
      let shape = layers[track.layer].shape
      let carried = shape.cell.about.carried + [.h]
      return steps.flatMap { steps in
        carried.map { signal in
          Intervention(
            track: index, signal: signal, units: Array(0..<shape.units(of: signal)), steps: steps,
            operation: .freeze)
        }
      }
    }
  }
}
