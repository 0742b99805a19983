import Recurrent

/// From tensors with PyTorch's names to a `Network`: the one place that knows them.
struct PyTorchNames {
  let network: Network
  /// The recurrent module that was read; empty where the names have no prefix.
  let module: String
  /// Tensors that are no part of the network, sorted.
  let unused: [String]
  let warnings: [String]
  /// What the tensors leave open and how it was taken.
  let notes: [String]

  /// - Parameters:
  ///   - file: the tensors.
  ///   - asked: any unambiguous part of the name of the recurrent module; nil takes the only one.
  ///   - activation: of the readout.
  ///   - rnnActivations: what the file tells of its RNNs, by module; no tensor shows it.
  ///   - choices: what a person says where names and shapes leave two readings.
  init(
    _ file: some TensorStore, module asked: String?, activation: Readout.Activation,
    rnnActivations: [String: ModelChoices.RNNActivation] = [:],
    choices: ModelChoices = ModelChoices()
  ) throws(ModelFileError) {
    let store = ReadingLog(file)
    var modules: [String: [RecurrentParameter: [Int]]] = [:]
    var others: [String: HeadSearch.Tensor] = [:]
    for tensor in store.tensors {
      if let parameter = RecurrentParameter(name: tensor.name) {
        modules[parameter.module, default: [:]][parameter] = tensor.shape
      } else {
        others[tensor.name] = HeadSearch.Tensor(shape: tensor.shape, place: tensor.place)
      }
    }
    do throws(ModelFileError.Problem) {
      module = try Self.choose(modules.keys.sorted(), asked)
    } catch {
      throw ModelFileError(store.path, error)
    }
    let parameters = modules[module] ?? [:]
    let told = choices.activation ?? rnnActivations[module]
    let layers = try RecurrentModule(
      name: module, shapes: parameters, isRelu: told == .relu, store: store
    ).layers()
    let cell = layers[0].shape.cell
    if choices.activation != nil && cell != .rnn {
      throw ModelFileError(store.path, .notAnRNN(cell))
    }
    let search: HeadSearch
    do throws(ModelFileError.Problem) {
      search = try HeadSearch(
        tensors: others, module: module, inputSize: layers[0].shape.inputSize,
        outputSize: layers[layers.count - 1].shape.outputSize, choices: choices)
    } catch {
      throw ModelFileError(store.path, error)
    }
    let embedding = try Self.matrix(search.embedding, store)
    let readout = try Self.matrix(search.readout, store)
    do throws(NetworkError) {
      network = try Network(
        embedding: embedding.map { table throws(NetworkError) in
          try Embedding(count: table.rows, size: table.columns, weights: table.weights)
        },
        layers: layers,
        readout: readout.map { matrix throws(NetworkError) in
          try Readout(
            inputSize: matrix.columns, outputSize: matrix.rows, weights: matrix.weights,
            bias: matrix.bias, activation: activation)
        })
    } catch {
      throw ModelFileError(store.path, .network(error.description))
    }
    var notes = search.notes
    if cell == .rnn && told == nil {
      notes.insert(
        "taken for tanh, as tensors do not show an RNN's nonlinearity; else --activation relu",
        at: 0)
    }
    self.notes = notes
    unused = store.unread
    var warnings = store.nonFinite.map { "tensor \(quoted($0)) holds NaN or infinite numbers" }
    if !search.deepHead.isEmpty {
      let names = search.deepHead.map(quoted).joined(separator: ", ")
      warnings.append("the readout has several layers (\(names)); predictions are not shown")
    }
    self.warnings = warnings
  }

  /// The names of the recurrent modules among the tensors, sorted.
  static func modules(_ store: some TensorStore) -> [String] {
    Set(store.tensors.compactMap { RecurrentParameter(name: $0.name)?.module }).sorted()
  }

  /// The module whose name is `asked`, or else holds it; without `asked` the only one.
  private static func choose(
    _ names: [String], _ asked: String?
  ) throws(ModelFileError.Problem) -> String {
    guard !names.isEmpty else { throw .noRecurrentLayer }
    guard let asked else {
      guard names.count == 1 else { throw .severalModules(names) }
      return names[0]
    }
    if names.contains(asked) { return asked }
    let fitting = names.filter { $0.contains(asked) }
    guard let only = fitting.first else { throw .noSuchModule(asked: asked, modules: names) }
    guard fitting.count == 1 else { throw .ambiguousModule(asked: asked, modules: fitting) }
    return only
  }

  private struct Matrix {
    var rows: Int
    var columns: Int
    var weights: [Float]
    var bias: [Float]?
  }

  private static func matrix(
    _ candidate: HeadSearch.Candidate?, _ store: some TensorStore
  ) throws(ModelFileError) -> Matrix? {
    guard let candidate else { return nil }
    var bias: [Float]?
    if let name = candidate.bias {
      bias = try store.floats(name)
    }
    return Matrix(
      rows: candidate.rows, columns: candidate.columns,
      weights: try store.floats(candidate.name), bias: bias)
  }
}
