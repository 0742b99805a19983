/// A recurrent network: an optional embedding, a stack of recurrent layers, an optional readout.
///
/// A value of this type fits together: every array has the length that its neighbours need. The
/// initialisers prove that once, and nothing that steps the network checks it again.
public struct Network: Sendable, Equatable {
  public let embedding: Embedding?
  public let layers: [Layer]
  public let readout: Readout?
  /// Which steps it passes over; nil for none.
  public let mask: StepMask?

  /// - Throws: `NetworkError` where two neighbours' sizes differ.
  public init(
    embedding: Embedding? = nil, layers: [Layer], readout: Readout? = nil, mask: StepMask? = nil
  ) throws(NetworkError) {
    guard let first = layers.first, let last = layers.last else {
      throw .wrongCount(what: "recurrent layers", expected: 1, found: 0)
    }
    if let embedding, embedding.size != first.shape.inputSize {
      throw .sizesDiffer(
        producer: "the embedding", gives: embedding.size,
        consumer: "layer 0", takes: first.shape.inputSize)
    }
    for (index, pair) in zip(layers, layers.dropFirst()).enumerated()
    where pair.0.shape.outputSize != pair.1.shape.inputSize {
      throw .sizesDiffer(
        producer: "layer \(index)", gives: pair.0.shape.outputSize,
        consumer: "layer \(index + 1)", takes: pair.1.shape.inputSize)
    }
    if let readout, readout.inputSize != last.shape.outputSize {
      throw .sizesDiffer(
        producer: "layer \(layers.count - 1)", gives: last.shape.outputSize,
        consumer: "the readout", takes: readout.inputSize)
    }
    self.embedding = embedding
    self.layers = layers
    self.readout = readout
    self.mask = mask
  }

  /// How many different tokens the network can read: the embedding's rows, or the width of x where
  /// tokens enter one-hot.
  public var tokenCount: Int { embedding?.count ?? layers[0].shape.inputSize }

  /// The length of a numeric input vector; nil where an embedding takes tokens only.
  public var featureCount: Int? { embedding == nil ? layers[0].shape.inputSize : nil }

  /// Multiplications of a step.
  public var productsPerStep: Int { layers.reduce(0) { $0 + $1.shape.productsPerStep } }

  /// Whether step t needs nothing of what comes after it: no layer reads backwards.
  public var isCausal: Bool { layers.allSatisfy { $0.shape.directions == [.forward] } }

  /// Every layer and direction, in the order in which they are computed.
  public var tracks: [Track] {
    layers.enumerated().flatMap { index, layer in
      layer.shape.directions.map { Track(layer: index, direction: $0) }
    }
  }

  /// Weights that are not finite, by the place where they stand, for a warning.
  public var nonFiniteWeights: [String] {
    var places: [String] = []
    func look(_ place: String, _ values: [Float]?) {
      if let values, !values.allSatisfy(\.isFinite) { places.append(place) }
    }
    look("embedding", embedding?.weights)
    for track in tracks {
      let weights = self[track]
      look("\(track) input weights", weights.inputWeights)
      look("\(track) recurrent weights", weights.recurrentWeights)
      look("\(track) input bias", weights.inputBias)
      look("\(track) recurrent bias", weights.recurrentBias)
      look("\(track) peepholes", weights.peepholes)
      look("\(track) projection", weights.projection)
    }
    look("readout weights", readout?.weights)
    look("readout bias", readout?.bias)
    return places
  }

  /// The weights of one layer and direction.
  public subscript(track: Track) -> LayerWeights {
    let layer = layers[track.layer]
    // A layer that reads backwards alone has one entry.
    return layer.weights[track.direction == .forward ? 0 : layer.weights.count - 1]
  }
}

/// One layer in one direction: what has signals of its own.
public struct Track: Sendable, Hashable, CustomStringConvertible {
  /// Counts from 0, at the input.
  public var layer: Int
  public var direction: Direction

  public init(layer: Int, direction: Direction = .forward) {
    self.layer = layer
    self.direction = direction
  }

  public var description: String { "layer \(layer) \(direction.rawValue)" }
}
