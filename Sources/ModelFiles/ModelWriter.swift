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
  /// - Throws: `FileError` where the file cannot be written; what was there before stays.
  public static func write(
    _ model: TrainedModel, metadata extra: [String: String] = [:], to path: String,
    float16: Bool = false
  ) throws(FileError) {
    try writer(model, metadata: extra, float16: float16).write(to: path)
  }

  /// The whole file, in memory.
  public static func bytes(
    _ model: TrainedModel, metadata extra: [String: String] = [:], float16: Bool = false
  ) -> [UInt8] {
    writer(model, metadata: extra, float16: float16).bytes
  }

  private static func writer(
    _ model: TrainedModel, metadata extra: [String: String], float16: Bool
  ) -> SafetensorsWriter {
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
          kind == .peepholes
          ? values
          : GateOrder.permute(
            values, from: shape.cell.gates, to: GateOrder.pyTorch(shape.cell))
        parameters.append(Parameter(name: name, shape: dimensions, values: ordered))
      }
      let zeros = [Float](repeating: 0, count: hasBias ? shape.gateRows : 0)
      add(.inputWeights, [shape.gateRows, shape.inputSize], weights.inputWeights)
      add(.recurrentWeights, [shape.gateRows, shape.hiddenSize], weights.recurrentWeights)
      if hasBias {
        add(.inputBias, [shape.gateRows], weights.inputBias ?? zeros)
        add(.recurrentBias, [shape.gateRows], weights.recurrentBias ?? zeros)
      }
      if let peepholes = weights.peepholes {
        add(.peepholes, [3, shape.hiddenSize], peepholes)
      }
    }
    return parameters
  }
}
