import Recurrent

/// Batches of symbol sequences in which each predicts its next.
enum SymbolBatch {
  /// Sequences of different lengths, each but its last symbol as input and the rest as targets,
  /// padded at the end with steps that do not count.
  static func padded(_ sequences: [[Int32]]) -> TrainingBatch {
    let size = sequences.count
    let length = max((sequences.map(\.count).max() ?? 0) - 1, 1)
    var input = [Int32](repeating: 0, count: length * size)
    var targets = input
    var weights = [Float](repeating: 0, count: length * size)
    for (b, sequence) in sequences.enumerated() {
      for t in 0..<max(sequence.count - 1, 0) {
        input[t * size + b] = sequence[t]
        targets[t * size + b] = sequence[t + 1]
        weights[t * size + b] = 1
      }
    }
    return TrainingBatch(
      steps: length, sequences: size, input: .tokens(input), targets: .classes(targets),
      weights: weights)
  }
}

/// The output of a step that is largest; `entry` counts steps and sequences, time-major.
func likeliest(_ outputs: [Float], entry: Int, size: Int) -> Int32 {
  var best = entry * size
  for place in entry * size..<(entry + 1) * size where outputs[place] > outputs[best] {
    best = place
  }
  return Int32(best - entry * size)
}

extension TrainingBatch {
  /// How many of the steps that count have their class as the likeliest output.
  func rightClasses(_ outputs: [Float], size: Int) -> Int {
    switch targets {
    case .values: return 0
    case .classes(let classes):
      return classes.indices.filter {
        weights[$0] > 0 && likeliest(outputs, entry: $0, size: size) == classes[$0]
      }.count
    }
  }
}
