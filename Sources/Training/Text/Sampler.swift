import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Lets a network that predicts the next symbol write many sequences side by side, while it is trained
/// or evaluated. One text, at length, is written by `SymbolGenerator` of Inspector, with the same draws.
public struct Sampler: Sendable {
  /// Below 1 the likelier symbols become likelier still; p is raised to 1 / temperature.
  public var temperature: Float
  /// Where a sequence that does not end by itself is cut.
  public var longest: Int

  public init(temperature: Float, longest: Int) {
    self.temperature = temperature
    self.longest = longest
  }

  /// Sequences from a state of zeros, side by side. Each reads `start` first, which it does not
  /// hold, and ends with `end`, which it does.
  public func sequences(
    _ pass: BackwardPass, count: Int, start: Int32, end: Int32, random: inout RandomSource
  ) throws -> [[Int32]] {
    var sequences = [[Int32]](repeating: [], count: count)
    var last = [Int32](repeating: start, count: count)
    var isOpen = [Bool](repeating: true, count: count)
    var state: BatchState?
    for _ in 0..<longest where isOpen.contains(true) {
      let outputs = try pass.predict(
        TrainingBatch(steps: 1, sequences: count, input: .tokens(last), targets: .classes(last)),
        state: state)
      state = pass.finalState
      let size = outputs.count / count
      for b in 0..<count where isOpen[b] {
        last[b] = draw(outputs[b * size..<(b + 1) * size], &random)
        sequences[b].append(last[b])
        isOpen[b] = last[b] != end
      }
    }
    return sequences
  }

  private func draw(_ probabilities: ArraySlice<Float>, _ random: inout RandomSource) -> Int32 {
    Int32(random.index(weights: probabilities.map { pow($0, 1 / temperature) }))
  }
}
