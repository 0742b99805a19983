import Recurrent

/// From tensors with PyTorch's names to a `Network`: the one place that knows them.
struct PyTorchNames {
  let network: Network
  /// The recurrent module that was read; empty where the names have no prefix.
  let module: String
  /// Tensors that are no part of the network, sorted.
  let unused: [String]
  /// Those of them that a person ignores, though they stand beside the recurrent weights.
  let ignored: [String]
  private(set) var headNames = TrainedModel.HeadNames()
  private(set) var warnings: [String]
  /// How it was read, where the file has more than one form of something.
  private(set) var notes: [String]
  /// What the tensors leave open and how it was taken.
  private(set) var guesses: [ReadingGuess] = []
  /// Whether the file says what its cell is in so many words.
  let isCellStated: Bool

  /// - Parameters:
  ///   - file: the tensors.
  ///   - asked: any unambiguous part of the name of the recurrent module; nil takes the only one.
  ///   - facts: what the file tells beside them.
  ///   - choices: what a person says where names and shapes leave two readings.
  init(
    _ file: some TensorStore, module asked: String?, facts: NamedTensors.Facts = .init(),
    choices: ModelChoices = ModelChoices()
  ) throws(ModelFileError) {
    let store = ReadingLog(file)
    func told<Result>(
      _ body: () throws(ModelFileError.Problem) -> Result
    ) throws(ModelFileError) -> Result {
      do throws(ModelFileError.Problem) {
        return try body()
      } catch {
        throw ModelFileError(store.path, error)
      }
    }
    let described = DescribedModules(
      Dictionary(store.tensors.map { ($0.name, $0.shape) }) { first, _ in first },
      facts: facts.modules, asked: choices.cell)
    var modules: [String: [RecurrentParameter: [Int]]] = [:]
    var others: [String: HeadSearch.Tensor] = [:]
    for tensor in store.tensors where !described.owns(tensor.name) {
      if let parameter = RecurrentParameter(name: tensor.name) {
        modules[parameter.module, default: [:]][parameter] = tensor.shape
      } else {
        others[tensor.name] = HeadSearch.Tensor(shape: tensor.shape, place: tensor.place)
      }
    }
    let choice = try told { () throws(ModelFileError.Problem) in
      try ModuleChoice((Array(modules.keys) + described.modules.keys).sorted(), asked)
    }
    let module = choice.name
    self.module = module
    var layers: [Layer]
    var reading: CellReading?
    var rnnActivation: ModelChoices.RNNActivation?
    var beside: [String: String] = [:]
    if let own = described.modules[module] {
      layers = try described.layers(of: own, store, choices)
      guesses = described.guesses(of: own, store, choices)
      isCellStated = own.isStated
      for prefix in own.prefixes {
        for (name, what) in own.spelling.beside { beside[prefix + name] = what }
      }
    } else {
      let parameters = modules[module] ?? [:]
      let shapes = RecurrentShapes(parameters)
      let found = try told { () throws(ModelFileError.Problem) in
        if let cell = choices.cell, !cell.isClassic { throw .notSpelled(module: module, cell) }
        return try CellReading(
          module: module, facts: facts.modules[module],
          modules: facts.modules(without: others.keys),
          isUnlayered: parameters.keys.allSatisfy { $0.layer == nil },
          shapes: shapes.cell, asked: choices.cell)
      }
      reading = found
      let isRNN = (found.kind ?? shapes.cell) == .rnn
      rnnActivation =
        try told { () throws(ModelFileError.Problem) in
          try Self.rnnActivation(isRNN ? choices.activation : nil)
        } ?? facts.rnnActivations[module]
      isCellStated = found.isStated
      layers = try RecurrentModule(
        name: module, shapes: parameters, kind: found.kind, isRelu: rnnActivation == .relu,
        resetsBefore: facts.resetBefore.contains(module), store: store
      ).layers()
    }
    if let direction = choices.direction {
      layers = try told { () throws(ModelFileError.Problem) in
        try Self.directed(layers, direction)
      }
    }
    let cell = layers[0].shape.cell
    if choices.activation != nil && reading != nil && cell != .rnn {
      throw ModelFileError(store.path, .notAnRNN(cell))
    }
    let search = try told { () throws(ModelFileError.Problem) in
      try HeadSearch(
        tensors: others,
        module: .init(
          name: module, inputSize: layers[0].shape.inputSize,
          outputSize: layers[layers.count - 1].shape.outputSize),
        others: modules.filter { $0.key != module }.map { name, parameters in
          let shapes = RecurrentShapes(parameters)
          return .init(name: name, inputSize: shapes.inputSize, outputSize: shapes.outputSize)
        }, choices: choices)
    }
    let embedding = try Self.matrix(search.embedding, store)
    let readout = try Self.matrix(search.readout, store)
    let activation = choices.output ?? facts.readoutActivation
    do throws(NetworkError) {
      network = try Network(
        embedding: embedding.map { table throws(NetworkError) in
          try Embedding(count: table.rows, size: table.columns, weights: table.weights)
        },
        layers: layers,
        readout: readout.map { matrix throws(NetworkError) in
          try Readout(
            inputSize: matrix.columns, outputSize: matrix.rows, weights: matrix.weights,
            bias: matrix.bias, activation: activation ?? .softmax)
        })
    } catch {
      throw ModelFileError(store.path, .network(error.description))
    }
    let unused = store.unread
    self.unused = unused
    ignored = try told { () throws(ModelFileError.Problem) in
      let prefix = module.isEmpty ? "" : module + "."
      return try LeftoverTensors.ignored(
        unused.filter {
          $0.hasPrefix(prefix) && !search.leftOut.contains($0) && beside[$0] == nil
        }, of: unused,
        prefix: prefix, by: choices.ignored, cell: cell)
    }
    if let doubt = reading?.doubt(cell) { throw ModelFileError(store.path, doubt) }
    notes = [choice.note].compactMap { $0 } + store.notes + search.notes
    notes += beside.keys.sorted().filter(unused.contains).map { "\(quoted($0)) \(beside[$0]!)" }
    warnings = store.nonFinite.map { "tensor \(quoted($0)) holds NaN or infinite numbers" }
    warnings += [reading?.warning(cell)].compactMap { $0 } + search.warnings
    addGuesses(reading, search, isRNNTold: rnnActivation != nil, isReadoutTold: activation != nil)
    if search.readout == nil, choices.output != nil { warnings.append(HeadWords.noOutput) }
  }

  private mutating func addGuesses(
    _ reading: CellReading?, _ search: HeadSearch, isRNNTold: Bool, isReadoutTold: Bool
  ) {
    let cell = network.layers[0].shape.cell
    guesses += [reading?.guess(cell)].compactMap { $0 }
    if cell == .rnn && !isRNNTold {
      guesses.append(
        ReadingGuess(
          "tanh, as tensors do not show what an RNN applies", otherwise: "--activation relu",
          mark: "tanh?"))
    }
    if !ignored.isEmpty { guesses.append(LeftoverTensors.guess(ignored)) }
    guesses += search.guesses
    headNames = .init(
      embedding: search.embedding?.name, readout: search.readout?.name, bias: search.readout?.bias)
    if search.readout != nil && !isReadoutTold {
      headNames.isActivationGuessed = true
      guesses.append(HeadWords.softmax(search.readout?.name))
    }
    if !search.deepHead.isEmpty {
      let names = search.deepHead.map(quoted).joined(separator: ", ")
      warnings.append("the readout has several layers (\(names)); predictions are not shown")
    }
  }

  /// PyTorch's RNN knows two.
  private static func rnnActivation(
    _ told: ModelChoices.Activations?
  ) throws(ModelFileError.Problem) -> ModelChoices.RNNActivation? {
    guard let told else { return nil }
    let name = told.names.joined(separator: ",")
    guard let known = ModelChoices.RNNActivation(rawValue: name) else {
      throw .unknownRNNActivation(name)
    }
    return known
  }

  /// A stack that reads one way, the way that a person says.
  private static func directed(
    _ layers: [Layer], _ direction: ModelChoices.ReadingDirection
  ) throws(ModelFileError.Problem) -> [Layer] {
    var directed: [Layer] = []
    for layer in layers {
      guard layer.shape.directions.count == 1 else {
        throw .nothingToChoose(option: "--direction")
      }
      var shape = layer.shape
      shape.directions = [direction == .backward ? .backward : .forward]
      do throws(NetworkError) {
        directed.append(try Layer(shape: shape, weights: layer.weights))
      } catch {
        throw .network(error.description)
      }
    }
    return directed
  }

  /// The names of the recurrent modules among the tensors, sorted.
  ///
  /// - Parameters:
  ///   - facts: what the file tells of their classes.
  ///   - asked: what a person says that the cell is.
  static func modules(
    _ store: some TensorStore, facts: [String: ModuleFacts] = [:], asked: CellKind? = nil
  ) -> [String] {
    let described = DescribedModules(
      Dictionary(store.tensors.map { ($0.name, $0.shape) }) { first, _ in first }, facts: facts,
      asked: asked)
    let plain = store.tensors.lazy.filter { !described.owns($0.name) }
      .compactMap { RecurrentParameter(name: $0.name)?.module }
    return Set(plain).union(described.modules.keys).sorted()
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
