import Files
import Recurrent

/// Writes a trained model as safetensors, with the names and the gate order of PyTorch, so that
/// torch.nn.LSTM (GRU, RNN) can load what Gatescope has trained.
public enum ModelWriter {
  /// Replaces the file at `path`, whole or not at all. The same model gives the same bytes.
  ///
  /// - Parameters:
  ///   - extra: more metadata, such as `gatescope.training.seed`; it goes over the model's own.
  ///   - float16: store half-precision numbers, rounded to the nearest even.
  /// - Throws: `ModelWriterError` for a network that would be read as another; `FileError` where the
  ///   file cannot be written. What was there before stays.
  public static func write(
    _ model: TrainedModel, metadata extra: [String: String] = [:], to path: String,
    float16: Bool = false
  ) throws {
    try writer(model, metadata: extra, float16: float16).write(to: path)
  }

  /// The whole file, in memory.
  ///
  /// - Throws: for a network that would be read as another.
  public static func bytes(
    _ model: TrainedModel, metadata extra: [String: String] = [:], float16: Bool = false
  ) throws(ModelWriterError) -> [UInt8] {
    try writer(model, metadata: extra, float16: float16).bytes
  }

  private static func writer(
    _ model: TrainedModel, metadata extra: [String: String], float16: Bool
  ) throws(ModelWriterError) -> SafetensorsWriter {
    try prove(model)
    let storage: SafetensorsWriter.Storage = float16 ? .float16 : .float32
    let network = model.network
    var tensors: [SafetensorsWriter.Tensor] = []
    func add(_ name: String, _ shape: [Int], _ values: [Float]?) {
      guard let values else { return }
      tensors.append(.init(name: name, shape: shape, values: values, storage: storage))
    }
    if let embedding = network.embedding {
      add("embedding.weight", [embedding.count, embedding.size], embedding.weights)
    }
    for parameter in parameters(network) { add(parameter.name, parameter.shape, parameter.values) }
    if let readout = network.readout {
      add("readout.weight", [readout.outputSize, readout.inputSize], readout.weights)
      add("readout.bias", [readout.outputSize], readout.bias)
    }
    return SafetensorsWriter(tensors, metadata: ModelMetadata.of(model, extra: extra))
  }

  /// Refuses what PyTorch's names and shapes do not say.
  private static func prove(_ model: TrainedModel) throws(ModelWriterError) {
    let shapes = model.network.layers.map(\.shape)
    guard Set(shapes.map(\.cell)).count == 1 else {
      throw .differentCells(shapes.map(\.cell))
    }
    for (layer, shape) in shapes.enumerated() {
      // What an RNN applies is said in the metadata.
      let isRelu = shape.cell == .rnn && shape.activations.candidate == .relu
      for variation in CellVariation.allCases where shape.variations.contains(variation) {
        switch variation {
        case .projection: break
        case .activations where isRelu: break
        case .coupledGates, .clip, .activations, .resetBefore:
          throw .variation(layer: layer, variation)
        }
      }
      guard shape.directions[0] == .forward else {
        throw .directions(layer: layer, shape.directions)
      }
      guard shape.merge == .concatenate || shape.directions.count == 1 else {
        throw .merge(layer: layer, shape.merge)
      }
    }
    guard shapes[0].cell != .rnn || Set(shapes.map(\.activations.candidate)).count == 1 else {
      throw .differentActivations
    }
    if let mask = model.network.mask { throw .mask(mask) }
    if let state = model.initialState, state != NetworkState(zeroFor: model.network) {
      throw .initialState
    }
  }

  private struct Parameter {
    var name: String
    var shape: [Int]
    var values: [Float]
  }

  private static func parameters(_ network: Network) -> [Parameter] {
    let module = network.layers[0].shape.cell.rawValue
    // PyTorch has two biases everywhere or none anywhere.
    let hasBias = network.tracks.contains {
      network[$0].inputBias != nil || network[$0].recurrentBias != nil
    }
    var parameters: [Parameter] = []
    for track in network.tracks {
      let shape = network.layers[track.layer].shape
      let weights = network[track]
      func add(_ kind: RecurrentParameter.Kind, _ dimensions: [Int], _ values: [Float]) {
        let name = RecurrentParameter(
          module: module, kind: kind, layer: track.layer, direction: track.direction
        ).name
        let ordered =
          kind == .peepholes || kind == .projection
          ? values
          : GateOrder.permute(
            values, from: shape.cell.gates, to: GateOrder.pyTorch(shape.cell))
        parameters.append(Parameter(name: name, shape: dimensions, values: ordered))
      }
      let zeros = [Float](repeating: 0, count: hasBias ? shape.gateRows : 0)
      add(.inputWeights, [shape.gateRows, shape.inputSize], weights.inputWeights)
      add(.recurrentWeights, [shape.gateRows, shape.recurrentSize], weights.recurrentWeights)
      if hasBias {
        add(.inputBias, [shape.gateRows], weights.inputBias ?? zeros)
        add(.recurrentBias, [shape.gateRows], weights.recurrentBias ?? zeros)
      }
      if let peepholes = weights.peepholes {
        add(.peepholes, [3, shape.hiddenSize], peepholes)
      }
      if let projection = weights.projection {
        add(.projection, [shape.recurrentSize, shape.hiddenSize], projection)
      }
    }
    return parameters
  }
}
