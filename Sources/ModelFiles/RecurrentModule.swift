import Recurrent

/// The recurrent layers of one PyTorch module, found among a file's tensors by their names.
struct RecurrentModule<Store: TensorStore> {
  let name: String
  private let store: Store
  /// The shapes of its parameters.
  private let shapes: [RecurrentParameter: [Int]]
  private let byLayer: [Int?: [RecurrentParameter]]
  /// The kind of cell where more than shapes tell it.
  private let kind: CellKind?
  /// Of RNNs, where the file tells that it is not tanh.
  private let isRelu: Bool
  /// Of GRUs, where r is applied before the product.
  private let resetsBefore: Bool

  /// - Parameter shapes: at least one, all of the module `name`.
  init(
    name: String, shapes: [RecurrentParameter: [Int]], kind: CellKind?, isRelu: Bool,
    resetsBefore: Bool = false, store: Store
  ) {
    self.name = name
    self.kind = kind
    self.shapes = shapes
    byLayer = Dictionary(grouping: shapes.keys, by: \.layer)
    self.isRelu = isRelu
    self.resetsBefore = resetsBefore
    self.store = store
  }

  /// Reads every layer, the gates permuted into the canonical order.
  ///
  /// - Throws: `ModelFileError` for a layer or tensor that is missing, or a shape that does not fit.
  func layers() throws(ModelFileError) -> [Layer] {
    var layers: [Layer] = []
    for number in try layerNumbers() {
      let layer = try self.layer(number, after: layers.last?.shape)
      layers.append(layer)
    }
    return layers
  }

  /// 0, 1, 2 …, or a single nil where the names are a cell's.
  private func layerNumbers() throws(ModelFileError) -> [Int?] {
    let numbers = Set(shapes.keys.map(\.layer))
    if numbers == [nil] { return [nil] }
    let present = numbers.compactMap { $0 }.sorted()
    for (expected, found) in present.enumerated() where expected != found {
      throw missing(parameter(.inputWeights, expected), neededBy: someName(of: found))
    }
    if numbers.contains(nil) {
      throw problem(.ambiguousModule(asked: name, modules: [someName(of: nil), someName(of: 0)]))
    }
    return present
  }

  private func layer(_ number: Int?, after previous: LayerShape?) throws(ModelFileError) -> Layer {
    let isBidirectional = (byLayer[number] ?? []).contains { $0.direction == .backward }
    let shape = try self.shape(number, isBidirectional: isBidirectional, after: previous)
    var weights: [LayerWeights] = []
    for direction in shape.directions {
      weights.append(try self.weights(parameter(.inputWeights, number, direction), shape))
    }
    do throws(NetworkError) {
      return try Layer(shape: shape, weights: weights)
    } catch {
      throw problem(.network(error.description))
    }
  }

  /// What the forward direction's two matrices say about the layer.
  private func shape(
    _ number: Int?, isBidirectional: Bool, after previous: LayerShape?
  ) throws(ModelFileError) -> LayerShape {
    let input = parameter(.inputWeights, number)
    let recurrent = parameter(.recurrentWeights, number)
    guard let inputShape = shapes[input] else {
      throw missing(input, neededBy: someName(of: number))
    }
    guard let recurrentShape = shapes[recurrent] else {
      throw missing(recurrent, neededBy: input.name)
    }
    let projected = try projection(of: input, recurrentShape)
    // A projection is an LSTM's, whatever else is said.
    let cell =
      try projected == nil ? self.cell(recurrent, recurrentShape, rows: inputShape.first) : .lstm
    let hidden = projected ?? recurrentShape[1]
    let width = inputShape.count == 2 && inputShape[1] > 0 ? inputShape[1] : nil
    let expected = previous?.outputSize ?? width
    guard let width, width == expected, inputShape[0] == recurrentShape[0] else {
      throw problem(
        .wrongShape(
          tensor: input.name, expected: [recurrentShape[0], expected], found: inputShape))
    }
    return LayerShape(
      cell: cell, inputSize: width, hiddenSize: hidden,
      directions: isBidirectional ? [.forward, .backward] : [.forward],
      projectionSize: projected.map { _ in recurrentShape[1] },
      activations: CellActivations(candidate: cell == .rnn && isRelu ? .relu : .tanh),
      resetsBefore: cell == .gru && resetsBefore)
  }

  /// H of an LSTM with a projection, by `weight_hr`, (P, H); nil where there is none. R is (4H, P).
  private func projection(
    of input: RecurrentParameter, _ recurrent: [Int]
  ) throws(ModelFileError) -> Int? {
    let parameter = input.sibling(.projection)
    guard let shape = shapes[parameter] else { return nil }
    guard shape.count == 2, shape[0] > 0, shape[1] > 0, shape[0] <= shape[1],
      recurrent.count == 2, recurrent[1] == shape[0], recurrent[0] % 4 == 0,
      recurrent[0] / 4 == shape[1]
    else {
      throw problem(
        .wrongShape(
          tensor: parameter.name,
          expected: recurrent.count == 2 ? [recurrent[1], recurrent[0] / 4] : [nil, nil],
          found: shape))
    }
    return shape[1]
  }

  /// The cell that the module is said to be, or the one whose number of gates is rows / H.
  private func cell(
    _ parameter: RecurrentParameter, _ shape: [Int], rows: Int?
  ) throws(ModelFileError) -> CellKind {
    if let kind {
      guard shape.count == 2, shape[1] > 0, shape[0] / kind.gates.count == shape[1],
        shape[0] % kind.gates.count == 0
      else {
        let units = shape.count == 2 && shape[1] > 0 && shape[1] < 1 << 40 ? shape[1] : nil
        throw problem(
          .wrongShape(
            tensor: parameter.name, expected: [units.map { kind.gates.count * $0 }, units],
            found: shape))
      }
      return kind
    }
    if shape.count == 2, shape[1] > 0, shape[0] % shape[1] == 0,
      let cell = CellKind.classic.first(where: { $0.gates.count == shape[0] / shape[1] })
    {
      return cell
    }
    // Nothing fits. Where the module's name tells its kind, say what would have fitted. ("rnn" tells
    // nothing: many people call any recurrent layer that.)
    let words = name.lowercased()
    if let rows, rows > 0,
      let hinted = [CellKind.lstm, .gru].first(where: { words.contains($0.rawValue) }),
      rows % hinted.gates.count == 0
    {
      throw problem(
        .wrongShape(
          tensor: parameter.name, expected: [rows, rows / hinted.gates.count], found: shape))
    }
    throw problem(.unknownCell(tensor: parameter.name, shape: shape))
  }

  private func weights(
    _ input: RecurrentParameter, _ shape: LayerShape
  ) throws(ModelFileError) -> LayerWeights {
    let rows = shape.gateRows
    let other = someName(of: input.layer)
    guard
      let inputWeights = try values(input, [[rows, shape.inputSize]], shape.cell)
    else { throw missing(input, neededBy: other) }
    let recurrent = input.sibling(.recurrentWeights)
    guard let recurrentWeights = try values(recurrent, [[rows, shape.recurrentSize]], shape.cell)
    else { throw missing(recurrent, neededBy: input.name) }
    let peepholes = input.sibling(.peepholes)
    if shapes[peepholes] != nil && shape.cell != .lstm {
      throw problem(.network(NetworkError.peepholesOutsideLSTM(shape.cell).description))
    }
    return LayerWeights(
      inputWeights: inputWeights,
      recurrentWeights: recurrentWeights,
      inputBias: try values(input.sibling(.inputBias), [[rows]], shape.cell),
      recurrentBias: try values(input.sibling(.recurrentBias), [[rows]], shape.cell),
      peepholes: try values(
        peepholes, [[3 * shape.hiddenSize], [3, shape.hiddenSize]], nil),
      projection: try values(
        input.sibling(.projection), [[shape.recurrentSize, shape.hiddenSize]], nil))
  }

  /// A parameter's numbers, nil where the file has none.
  ///
  /// - Parameter cell: whose gates stand in its rows; nil where they are in our order already.
  private func values(
    _ parameter: RecurrentParameter, _ expected: [[Int]], _ cell: CellKind?
  ) throws(ModelFileError) -> [Float]? {
    guard let found = shapes[parameter] else { return nil }
    guard expected.contains(found) else {
      throw problem(.wrongShape(tensor: parameter.name, expected: expected[0], found: found))
    }
    var values = try store.floats(parameter.name)
    if let cell { GateOrder.permute(&values, from: GateOrder.pyTorch(cell), to: cell.gates) }
    return values
  }

  private func parameter(
    _ kind: RecurrentParameter.Kind, _ layer: Int?, _ direction: Direction = .forward
  ) -> RecurrentParameter {
    RecurrentParameter(module: name, kind: kind, layer: layer, direction: direction)
  }

  /// The first of the layer's tensors, for a message about another that is missing.
  private func someName(of layer: Int?) -> String {
    byLayer[layer]?.map(\.name).min() ?? name
  }

  private func missing(_ parameter: RecurrentParameter, neededBy: String) -> ModelFileError {
    problem(.missingTensor(parameter.name, neededBy: neededBy))
  }

  private func problem(_ problem: ModelFileError.Problem) -> ModelFileError {
    // By the names that stand in the file.
    if case .wrongShape(let tensor, let expected, let found) = problem {
      return ModelFileError(
        store.path,
        .wrongShape(tensor: store.origin(of: tensor), expected: expected, found: found))
    }
    if case .unknownCell(let tensor, let shape) = problem {
      return ModelFileError(
        store.path, .unknownCell(tensor: store.origin(of: tensor), shape: shape))
    }
    return ModelFileError(store.path, problem)
  }
}
