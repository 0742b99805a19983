import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How surprised a network is by a text.
enum CharacterLoss {
  /// Steps of one prediction.
  private static let length = 200

  /// The mean of -ln p over every token but the first, read in order, from a state of zeros on.
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
    var loss = 0.0
    var state: BatchState?
    for start in stride(from: 0, to: steps, by: Self.length) {
      let length = min(Self.length, steps - start)
      var input = [Int32](repeating: 0, count: length * pieces)
      var targets = input
      for b in 0..<pieces {
        for t in 0..<length {
          let place = tokens.startIndex + b * apart + start + t
          input[t * pieces + b] = tokens[place]
          targets[t * pieces + b] = tokens[place + 1]
        }
      }
      let outputs = try pass.predict(
        TrainingBatch(
          steps: length, sequences: pieces, input: .tokens(input), targets: .classes(targets)),
        state: state)
      state = pass.finalState
      let size = outputs.count / targets.count
      for (entry, target) in targets.enumerated() {
        loss -= Double(log(max(outputs[entry * size + Int(target)], .leastNormalMagnitude)))
      }
    }
    return loss / Double(steps * pieces)
  }
}
