import Recurrent

/// How surprised a network is by a text: the mean of -ln p, in nats.
enum CharacterLoss {
  /// Steps of one prediction.
  private static let length = 200

  /// The mean over every token but the first, read in order, from a state of zeros on.
  ///
  /// - Parameters:
  ///   - pieces: read so many pieces side by side, each from zeros; quicker.
  ///   - count: stop after so many tokens, of all pieces together.
  static func nats(
    _ pass: BackwardPass, of tokens: ArraySlice<Int32>, pieces: Int = 1, count: Int = .max
  ) throws -> Double {
    let pieces = max(min(pieces, tokens.count / 2), 1)
    let apart = tokens.count / pieces
    let steps = min(apart - 1, max(count / pieces, 1))
    var tally = ErrorTally()
    var state: BatchState?
    for start in stride(from: 0, to: steps, by: Self.length) {
      let batch = TrainingBatch(
        following: tokens, at: (0..<pieces).map { tokens.startIndex + $0 * apart + start },
        length: min(Self.length, steps - start))
      tally.add(batch, outputs: try pass.predict(batch, state: state))
      state = pass.finalState
    }
    return tally.value
  }
}

/// The loss over windows of a text that are read side by side, each from a state of zeros.
struct ZeroStart {
  /// How many windows an evaluation reads, and how long they are.
  static let windows = 200
  static let length = 300
  /// At the beginning of a window hardly anything is known.
  static let left = 20

  /// Over all predictions.
  let whole: Double
  /// Without those made at the first `left` characters; nil where there are no others.
  let rest: Double?

  /// How many windows one prediction takes at once: a large vocabulary needs much memory.
  private static let chunk = 25

  /// - Parameter starts: where the windows begin; a token is left after each.
  init(
    _ pass: BackwardPass, of tokens: ArraySlice<Int32>, at starts: [Int], length: Int
  ) throws {
    var whole = ErrorTally()
    var rest = ErrorTally()
    for first in stride(from: 0, to: starts.count, by: Self.chunk) {
      let some = Array(starts[first..<min(first + Self.chunk, starts.count)])
      let batch = TrainingBatch(following: tokens, at: some, length: length)
      let outputs = try pass.predict(batch)
      whole.add(batch, outputs: outputs)
      if length > Self.left {
        rest.add(batch, outputs: outputs, steps: Self.left..<length)
      }
    }
    self.whole = whole.value
    self.rest = length > Self.left ? rest.value : nil
  }
}

extension TrainingBatch {
  /// Pieces of a text side by side, each token's target the one that follows it.
  init(following tokens: ArraySlice<Int32>, at starts: [Int], length: Int) {
    var input = [Int32](repeating: 0, count: length * starts.count)
    var targets = input
    for (b, start) in starts.enumerated() {
      for t in 0..<length {
        input[t * starts.count + b] = tokens[start + t]
        targets[t * starts.count + b] = tokens[start + t + 1]
      }
    }
    self.init(
      steps: length, sequences: starts.count, input: .tokens(input), targets: .classes(targets))
  }
}
