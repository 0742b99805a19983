import Recurrent

/// Where an output's sum V h + b comes from at a step: V[k, j] · h[j] of every unit j of the last layer.
/// With the bias they add up to the sum before the softmax or sigmoid.
public struct ReadoutTerms: Sendable, Equatable {
  /// k.
  public let output: Int
  /// (inputSize): a unit an entry; of two directions side by side the forward one first.
  public let terms: [Double]
  public let bias: Double
  /// The bias and all terms, added up.
  public let sum: Double

  /// - Parameter hidden: what the readout reads, `inputSize` long.
  /// - Precondition: the output exists.
  public init(_ readout: Readout, output: Int, hidden: [Float]) {
    precondition(hidden.count == readout.inputSize && (0..<readout.outputSize).contains(output))
    self.output = output
    let row = output * readout.inputSize
    terms = hidden.indices.map { Double(readout.weights[row + $0]) * Double(hidden[$0]) }
    bias = Double(readout.bias?[output] ?? 0)
    sum = bias + terms.reduce(0, +)
  }

  /// Units from the one that moves the sum most, either way.
  public var ranked: [Int] {
    terms.indices.sorted {
      let (a, b) = (abs(terms[$0]), abs(terms[$1]))
      return a != b ? a > b : $0 < $1
    }
  }
}
