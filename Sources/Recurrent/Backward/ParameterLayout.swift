/// What a block of parameters is.
public enum ParameterKind: String, Sendable, CaseIterable, Hashable {
  case embedding
  case inputWeights
  case recurrentWeights
  case inputBias
  case recurrentBias
  case peepholes
  case readoutWeights
  case readoutBias

  /// Whether it multiplies something: what weight decay shrinks, and a bias is spared.
  public var isWeight: Bool {
    switch self {
    case .embedding, .inputWeights, .recurrentWeights, .readoutWeights: true
    case .inputBias, .recurrentBias, .peepholes, .readoutBias: false
    }
  }
}

/// One array of parameters inside the flat buffer.
public struct ParameterBlock: Sendable, Hashable {
  public let kind: ParameterKind
  /// The layer and direction that it belongs to; nil for the embedding and the readout.
  public let track: Track?
  /// Row-major.
  public let shape: [Int]
  /// Where it starts, in floats; a multiple of 16, so that every block is aligned.
  public let offset: Int

  public var count: Int { shape.reduce(1, *) }
  public var range: Range<Int> { offset..<offset + count }

  /// "layer 0 fwd recurrentWeights".
  public var name: String { track.map { "\($0) \(kind.rawValue)" } ?? kind.rawValue }
}

/// Where every parameter of a network stands in one flat buffer, which is how an optimiser and a
/// gradient see the network.
public struct ParameterLayout: Sendable, Hashable {
  public let blocks: [ParameterBlock]
  /// The length of the flat buffer; the gaps between blocks are zeros and stay so.
  public let count: Int

  /// The layout of a network's shapes; the values do not matter.
  public init(of network: Network) {
    var blocks: [ParameterBlock] = []
    var end = 0
    func add(_ kind: ParameterKind, _ track: Track?, _ shape: [Int]) {
      blocks.append(ParameterBlock(kind: kind, track: track, shape: shape, offset: end))
      end = paddedRow(blocks[blocks.count - 1].range.upperBound)
    }
    if let embedding = network.embedding {
      add(.embedding, nil, [embedding.count, embedding.size])
    }
    for track in network.tracks {
      let shape = network.layers[track.layer].shape
      let weights = network[track]
      add(.inputWeights, track, [shape.gateRows, shape.inputSize])
      add(.recurrentWeights, track, [shape.gateRows, shape.hiddenSize])
      if weights.inputBias != nil { add(.inputBias, track, [shape.gateRows]) }
      if weights.recurrentBias != nil { add(.recurrentBias, track, [shape.gateRows]) }
      if weights.peepholes != nil { add(.peepholes, track, [3, shape.hiddenSize]) }
    }
    if let readout = network.readout {
      add(.readoutWeights, nil, [readout.outputSize, readout.inputSize])
      if readout.bias != nil { add(.readoutBias, nil, [readout.outputSize]) }
    }
    self.blocks = blocks
    count = end
  }

  /// How many numbers are learned.
  public var parameterCount: Int { blocks.reduce(0) { $0 + $1.count } }

  /// The block of a kind, or nil where the network has none.
  public func block(_ kind: ParameterKind, of track: Track? = nil) -> ParameterBlock? {
    blocks.first { $0.kind == kind && $0.track == track }
  }

  /// Copies a network's values into a flat buffer of `count` floats.
  func write(_ network: Network, into flat: UnsafeMutablePointer<Float>) {
    for block in blocks {
      guard let values = network.values(of: block) else { continue }
      values.withUnsafeBufferPointer {
        (flat + block.offset).update(from: $0.baseAddress!, count: block.count)
      }
    }
  }

  /// The network whose values stand in a flat buffer; `like` gives its shapes.
  func network(like: Network, from flat: UnsafePointer<Float>) throws(NetworkError) -> Network {
    func values(_ kind: ParameterKind, _ track: Track? = nil) -> [Float]? {
      block(kind, of: track).map {
        Array(UnsafeBufferPointer(start: flat + $0.offset, count: $0.count))
      }
    }
    var embedding: Embedding?
    if let old = like.embedding {
      embedding = try Embedding(
        count: old.count, size: old.size, weights: values(.embedding) ?? [])
    }
    var layers: [Layer] = []
    for (index, old) in like.layers.enumerated() {
      let weights = old.shape.directions.map { direction in
        let track = Track(layer: index, direction: direction)
        return LayerWeights(
          inputWeights: values(.inputWeights, track) ?? [],
          recurrentWeights: values(.recurrentWeights, track) ?? [],
          inputBias: values(.inputBias, track), recurrentBias: values(.recurrentBias, track),
          peepholes: values(.peepholes, track))
      }
      layers.append(try Layer(shape: old.shape, weights: weights))
    }
    var readout: Readout?
    if let old = like.readout {
      readout = try Readout(
        inputSize: old.inputSize, outputSize: old.outputSize,
        weights: values(.readoutWeights) ?? [], bias: values(.readoutBias),
        activation: old.activation)
    }
    return try Network(embedding: embedding, layers: layers, readout: readout)
  }
}

extension Network {
  fileprivate func values(of block: ParameterBlock) -> [Float]? {
    switch block.kind {
    case .embedding: embedding?.weights
    case .inputWeights: block.track.map { self[$0].inputWeights }
    case .recurrentWeights: block.track.map { self[$0].recurrentWeights }
    case .inputBias: block.track.flatMap { self[$0].inputBias }
    case .recurrentBias: block.track.flatMap { self[$0].recurrentBias }
    case .peepholes: block.track.flatMap { self[$0].peepholes }
    case .readoutWeights: readout?.weights
    case .readoutBias: readout?.bias
    }
  }
}

/// A row's length rounded up to whole vectors of 16 floats: the stride of every row in training.
func paddedRow(_ count: Int) -> Int { (count + 15) / 16 * 16 }
