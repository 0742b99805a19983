import Recurrent

/// The vectors that enter layer 0, a step at a time: rows of the embedding, one-hot vectors, or the
/// features themselves.
public struct LayerInput {
  /// I.
  public let width: Int
  private let read: (_ step: Int, _ x: UnsafeMutablePointer<Float>) -> Void

  /// - Parameter read: writes the `width` numbers of a step.
  public init(
    width: Int, read: @escaping (_ step: Int, _ x: UnsafeMutablePointer<Float>) -> Void
  ) {
    self.width = width
    self.read = read
  }

  /// What enters layer 0 of `network` for `input`, which the network has validated.
  public init(_ network: Network, _ input: InputSequence) {
    switch input {
    case .features(let values, let width):
      self.init(features: values, width: width)
    case .tokens(let tokens):
      if let embedding = network.embedding {
        self.init(width: embedding.size) { step, x in
          let start = tokens[step] * embedding.size
          for column in 0..<embedding.size { x[column] = embedding.weights[start + column] }
        }
      } else {
        let width = network.tokenCount
        self.init(width: width) { step, x in
          x.update(repeating: 0, count: width)
          x[tokens[step]] = 1
        }
      }
    }
  }

  /// - Parameter features: (T, width), row-major.
  init(features: [Float], width: Int) {
    self.init(width: width) { step, x in
      for column in 0..<width { x[column] = features[step * width + column] }
    }
  }

  func row(step: Int, into x: UnsafeMutablePointer<Float>) { read(step, x) }
}
