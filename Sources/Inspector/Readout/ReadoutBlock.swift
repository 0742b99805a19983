/// What a readout says at some consecutive steps.
public struct ReadoutBlock: Sendable, Equatable {
  public let steps: Range<Int>
  /// O.
  public let outputs: Int
  /// (steps, outputs) row-major; NaN where it is not known, as in a file that has the likeliest only.
  public private(set) var y: [Float]
  /// The likeliest output of each step, the first of several; -1 where it is not known.
  public private(set) var top: [Int32]
  /// A step an entry; NaN where there is none, as at the last step, after which nothing comes.
  public private(set) var next: [Float]
  public private(set) var loss: [Float]
  public private(set) var entropy: [Float]

  /// A block in which nothing is known.
  public init(steps: Range<Int>, outputs: Int) {
    self.steps = steps
    self.outputs = outputs
    y = Array(repeating: .nan, count: steps.count * outputs)
    top = Array(repeating: -1, count: steps.count)
    next = Array(repeating: .nan, count: steps.count)
    loss = next
    entropy = next
  }

  /// The outputs of a step.
  public func row(_ step: Int) -> ArraySlice<Float> {
    let row = step - steps.lowerBound
    return y[row * outputs..<(row + 1) * outputs]
  }

  /// The likeliest outputs of a step, from the likeliest down; those that are not known are left out.
  public func likeliest(_ count: Int, at step: Int) -> [Int] {
    let row = row(step)
    let first = row.startIndex
    var best: [Int] = []
    for output in row.indices where !row[output].isNaN {
      guard best.count < count || row[output] > row[best[best.count - 1]] else { continue }
      // Equal ones stand by their numbers.
      let place = best.firstIndex { row[$0] < row[output] } ?? best.count
      best.insert(output, at: place)
      if best.count > count { best.removeLast() }
    }
    return best.map { $0 - first }
  }

  /// A quantity with one value a step.
  public subscript(quantity: ReadoutQuantity, step: Int) -> Float {
    let row = step - steps.lowerBound
    return switch quantity {
    case .y: .nan
    case .next: next[row]
    case .loss: loss[row]
    case .entropy: entropy[row]
    }
  }

  /// Sets what is known of a step; `scores` are the step's y.
  ///
  /// - Parameter top: nil to look for it.
  public mutating func set(
    step: Int, y scores: [Float]?, top likeliest: Int? = nil, next share: Float = .nan,
    loss nats: Float = .nan, entropy undecided: Float = .nan
  ) {
    let row = step - steps.lowerBound
    if let scores { y.replaceSubrange(row * outputs..<(row + 1) * outputs, with: scores) }
    top[row] = Int32(likeliest ?? self.likeliest(1, at: step).first ?? -1)
    next[row] = share
    loss[row] = nats
    entropy[row] = undecided
  }
}
