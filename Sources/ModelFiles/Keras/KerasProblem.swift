/// Why a Keras model is not read: the facts, and their words.
public enum KerasProblem: Error, Equatable, Sendable {
  case badConfig(offset: Int, expected: String)
  case tooDeep(limit: Int)
  case tooManyLayers(Int, limit: Int)
  case noWeights
  case noRecurrentLayer(classes: [String])
  case noWeightsOfLayer(layer: String, expected: String)
  case unsupported(layer: String, String)
  case unknownActivation(layer: String, String)
  /// A version that was written with two different defaults.
  case twoDefaults(layer: String, version: String)
  /// Weights only, whose name says what no file says.
  case unclearDirection(layer: String)
  /// What `--config` gives.
  case noModelConfig
  case tooManyNumbers(dataset: String, limit: Int)

  var words: String {
    switch self {
    case .badConfig(let offset, let expected):
      "the model's JSON config, byte \(offset): expected \(expected)"
    case .tooDeep(let limit):
      "the model's JSON config nests more than \(limit) levels"
    case .tooManyLayers(let count, let limit):
      "the model's JSON config lists \(count) layers; at most \(limit) are read"
    case .noWeights:
      "Keras archive: there is no 'model.weights.h5' in it; save the model anew with model.save"
    case .noRecurrentLayer(let classes):
      "no recurrent layer in it: "
        + (classes.isEmpty
          ? "no weights are named as those of Keras's LSTM, GRU or SimpleRNN"
          : "its layers are " + classes.prefix(6).map { printable($0) }.joined(separator: ", ")
            + (classes.count > 6 ? " …" : ""))
    case .noWeightsOfLayer(let layer, let expected):
      "layer \(quoted(layer)): its weights are missing; expected them in \(quoted(expected))"
    case .unsupported(let layer, let words):
      "layer \(quoted(layer)): \(printable(words))"
    case .unknownActivation(let layer, let name):
      "layer \(quoted(layer)): activation \(quoted(name)) is not one that Gatescope steps"
    case .twoDefaults(let layer, let version):
      "layer \(quoted(layer)): the file holds weights only, and Keras \(printable(version, upTo: 40)) "
        + "is TensorFlow 1's with hard_sigmoid or TensorFlow 2's with sigmoid; say which with "
        + "--activation, or give --config model.json"
    case .unclearDirection(let layer):
      "layer \(quoted(layer)): the file holds weights only, and its name may mean that it reads "
        + "backwards; say --direction backward or forward, or give --config model.json"
    case .noModelConfig:
      "is no config of a Keras model, as model.to_json() gives it: it lists no layers"
    case .tooManyNumbers(let dataset, let limit):
      "dataset \(quoted(dataset)): with it more than \(limit) numbers would be read, "
        + "more than the file justifies"
    }
  }
}
