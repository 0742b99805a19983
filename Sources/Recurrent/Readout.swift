#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The linear layer on top: y = activation(V h + b).
public struct Readout: Sendable, Equatable {
  /// What is applied to V h + b.
  public enum Activation: String, Sendable, CaseIterable {
    /// One of several classes: probabilities that add up to 1.
    case softmax
    /// Independent yes/no outputs, each 0…1.
    case sigmoid
    /// Numbers as they are.
    case linear
  }

  /// The length of the last layer's output.
  public let inputSize: Int
  /// O.
  public let outputSize: Int
  /// V: (O, inputSize), row-major.
  public let weights: [Float]
  /// b: (O), or nil where there is none.
  public let bias: [Float]?
  public let activation: Activation

  /// - Throws: `NetworkError` naming the array whose length does not fit.
  public init(
    inputSize: Int, outputSize: Int, weights: [Float], bias: [Float]?, activation: Activation
  ) throws(NetworkError) {
    try expect("readout weights", weights, [outputSize, inputSize])
    try expect("readout bias", bias, [outputSize])
    self.inputSize = inputSize
    self.outputSize = outputSize
    self.weights = weights
    self.bias = bias
    self.activation = activation
  }

  /// y for one hidden vector. Sums in Float64, so that the probabilities that are shown are right
  /// to the last digit that is shown. Costs O × inputSize.
  ///
  /// - Parameter hidden: the last layer's output, `inputSize` long (both directions, forward first).
  public func callAsFunction(_ hidden: [Float]) -> [Float] {
    precondition(hidden.count == inputSize)
    let sums = [Double](unsafeUninitializedCapacity: outputSize) { sums, count in
      if let base = sums.baseAddress { hidden.withUnsafeBufferPointer { add($0, into: base) } }
      count = outputSize
    }
    return activated(sums)
  }

  /// y of the sums V h + b.
  public func activated(_ sums: [Double]) -> [Float] {
    switch activation {
    case .linear: return sums.map { Float($0) }
    case .sigmoid: return sums.map { Float(1 / (1 + exp(-$0))) }
    case .softmax: return Self.shares(of: sums).shares.map { Float($0) }
    }
  }

  /// The softmax of sums, and ln Σe^s, from which -ln of a share is to be had where the share itself is too
  /// small for a number.
  public static func shares(of sums: [Double]) -> (shares: [Double], logTotal: Double) {
    let largest = sums.max() ?? 0
    let powers = sums.map { exp($0 - largest) }
    let total = powers.reduce(0, +)
    return (powers.map { $0 / total }, largest + log(total))
  }

  /// V h + b, before the activation, in Float64 and always added up in the same order: the same bits on
  /// every machine. Costs O × inputSize.
  ///
  /// - Parameters:
  ///   - hidden: the last layer's output, `inputSize` long.
  ///   - sums: (O), written.
  public func add(_ hidden: UnsafeBufferPointer<Float>, into sums: UnsafeMutablePointer<Double>) {
    precondition(hidden.count == inputSize)
    guard let hidden = hidden.baseAddress else { return }
    let lanes = 8
    weights.withUnsafeBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      for row in 0..<outputSize {
        let row = (weights: weights + row * inputSize, bias: Double(bias?[row] ?? 0), index: row)
        var parts = SIMD8<Double>.zero
        var column = 0
        while column + lanes <= inputSize {
          let weight = UnsafeRawPointer(row.weights + column).loadUnaligned(as: SIMD8<Float>.self)
          let value = UnsafeRawPointer(hidden + column).loadUnaligned(as: SIMD8<Float>.self)
          parts += SIMD8<Double>(weight) * SIMD8<Double>(value)
          column += lanes
        }
        var sum = row.bias + parts.sum()
        while column < inputSize {
          sum += Double(row.weights[column]) * Double(hidden[column])
          column += 1
        }
        sums[row.index] = sum
      }
    }
  }
}
