import Recurrent

/// One LSTM, GRU, RNN or DynamicQuantizeLSTM node, read whole: its weights in our order of gates.
///
/// https://onnx.ai/onnx/operators/onnx__LSTM.html and its neighbours. W is (D, G·H, I), R is
/// (D, G·H, H), B is (D, 2·G·H): both biases one behind the other, P is (D, 3·H).
struct ONNXRecurrentNode {
  let node: ONNXNode
  let layer: Layer
  /// One a direction, nil where the node starts at zeros.
  let states: [NetworkState.TrackState]?
  /// Whether the batch comes before time in X and Y.
  let isBatchFirst: Bool
  /// What its weights are stored as: "float16".
  let types: Set<String>
  let warnings: [String]

  static func kind(_ node: ONNXNode) -> CellKind? {
    let domain = node.proto.domain
    if domain == "com.microsoft" {
      return node.operation == "DynamicQuantizeLSTM" ? .lstm : nil
    }
    guard domain.isEmpty || domain == "ai.onnx" else { return nil }
    switch node.operation {
    case "LSTM": return .lstm
    case "GRU": return .gru
    case "RNN": return .rnn
    default: return nil
    }
  }

  /// ONNX stacks an LSTM's gates i, o, f, c and a GRU's z, r, h, where c is our z, its GRU's z our u
  /// and its h our n. (H = (1 - z) ⊙ h + z ⊙ H', so its z keeps, as our u does.)
  static func gateOrder(_ cell: CellKind) -> [Signal] {
    switch cell {
    case .lstm: [.i, .o, .f, .z]
    case .gru: [.u, .r, .n]
    case .rnn: [.h]
    case .described: cell.gates
    }
  }

  /// - Throws: `ONNXProblem` naming the node or the tensor that does not fit.
  init(_ node: ONNXNode, _ kind: CellKind, _ folder: ONNXFolder) throws(ONNXProblem) {
    var reading = ONNXNodeReading(node: node, kind: kind, folder: folder)
    let shape = try reading.shape()
    self.node = node
    layer = try reading.layer(shape)
    states = try reading.states(shape)
    isBatchFirst = try reading.isBatchFirst()
    types = reading.types
    warnings = reading.warnings
  }
}

/// The reading of one node, input by input.
private struct ONNXNodeReading {
  let node: ONNXNode
  let kind: CellKind
  let folder: ONNXFolder
  var warnings: [String] = []
  private(set) var types: Set<String> = []
  private var inputWeights = Matrix(dimensions: [], values: [])
  private var recurrentWeights = Matrix(dimensions: [], values: [])

  /// A tensor with its numbers.
  private struct Matrix {
    var dimensions: [Int]
    var values: [Float]

    /// One of `count` equal parts.
    func part(_ index: Int, of count: Int) -> ArraySlice<Float> {
      let length = values.count / count
      return values[index * length..<(index + 1) * length]
    }
  }

  init(node: ONNXNode, kind: CellKind, folder: ONNXFolder) {
    self.node = node
    self.kind = kind
    self.folder = folder
  }

  private var isQuantized: Bool { node.operation == "DynamicQuantizeLSTM" }
  private var gates: Int { kind.gates.count }

  private func problem(_ fault: ONNXProblem.NodeFault) -> ONNXProblem { .node(node.label, fault) }

  /// Runs what reads attributes, whose faults carry no node.
  private func named<Value>(
    _ body: () throws(ONNXProblem.NodeFault) -> Value
  ) throws(ONNXProblem) -> Value {
    do throws(ONNXProblem.NodeFault) { return try body() } catch { throw problem(error) }
  }

  // MARK: The shape

  mutating func shape() throws(ONNXProblem) -> LayerShape {
    let directions = try self.directions()
    let weights = try matrix(1, "W", scale: 8)
    let recurrent = try matrix(2, "R", scale: 10)
    let (first, second) = (weights.dimensions, recurrent.dimensions)
    guard first.count == 3 else {
      throw problem(.wrongShape(input: "W", expected: [directions.count, nil, nil], found: first))
    }
    guard second.count == 3 else {
      throw problem(.wrongShape(input: "R", expected: [first[0], first[1], nil], found: second))
    }
    guard first[0] == second[0] else {
      throw problem(.directionsDiffer(first: "W", first, second: "R", second))
    }
    let hidden = second[2]
    let (rows, overflow) = hidden.multipliedReportingOverflow(by: gates)
    guard hidden > 0, !overflow, second[1] == rows else {
      let expected = second[1] > 0 && second[1] % gates == 0 ? second[1] / gates : nil
      throw problem(
        .wrongShape(input: "R", expected: [first[0], second[1], expected], found: second))
    }
    if let named = try named({ () throws(ONNXProblem.NodeFault) in
      try node.integer("hidden_size")
    }), named != hidden {
      throw problem(
        .badAttribute("hidden_size", expected: "\(hidden), as in R", found: "\(named)"))
    }
    guard first[0] == directions.count, first[1] == rows, first[2] > 0 else {
      throw problem(
        .wrongShape(
          input: "W", expected: [directions.count, rows, first[2] > 0 ? first[2] : nil],
          found: first))
    }
    inputWeights = weights
    recurrentWeights = recurrent
    return try named { () throws(ONNXProblem.NodeFault) in
      LayerShape(
        cell: kind, inputSize: first[2], hiddenSize: hidden, directions: directions,
        isCoupled: kind == .lstm ? try flag("input_forget") : false,
        clip: try clip(),
        activations: try node.activations(kind, directions: directions.count),
        resetsBefore: kind == .gru ? try !flag("linear_before_reset") : false)
    }
  }

  private func directions() throws(ONNXProblem) -> [Direction] {
    let text = try named { () throws(ONNXProblem.NodeFault) in try node.text("direction") }
    switch text ?? "forward" {
    case "forward": return [.forward]
    case "reverse": return [.backward]
    case "bidirectional": return [.forward, .backward]
    case let other:
      throw problem(
        .badAttribute(
          "direction", expected: "forward, reverse or bidirectional", found: quoted(other)))
    }
  }

  private func flag(_ name: String) throws(ONNXProblem.NodeFault) -> Bool {
    let value = try node.integer(name) ?? 0
    guard value == 0 || value == 1 else {
      throw .badAttribute(name, expected: "0 or 1", found: "\(value)")
    }
    return value == 1
  }

  /// Bounds what enters the activations.
  private func clip() throws(ONNXProblem.NodeFault) -> Float? {
    guard let clip = try node.number("clip") else { return nil }
    guard clip > 0, clip.isFinite else {
      throw .badAttribute("clip", expected: "a number above 0", found: "\(clip)")
    }
    return clip
  }

  func isBatchFirst() throws(ONNXProblem) -> Bool {
    try named { () throws(ONNXProblem.NodeFault) in try flag("layout") }
  }

  // MARK: The weights

  private func constant(_ place: Int, _ name: String) throws(ONNXProblem) -> ONNXConstant? {
    guard let input = node.input(place) else { return nil }
    return try folder.constant(
      input, in: node.scope, ONNXFolder.Wanted(node: node.label, input: name))
  }

  private mutating func matrix(
    _ place: Int, _ name: String, scale: Int
  ) throws(ONNXProblem) -> Matrix {
    guard let constant = try constant(place, name) else {
      throw problem(.missingInput(name))
    }
    types.insert(constant.type.name.lowercased())
    if isQuantized { return try dequantized(constant, name, scalePlace: scale) }
    guard constant.type.isFloat else {
      throw problem(.notNumbers(input: name, type: constant.type.name))
    }
    return Matrix(dimensions: constant.shape, values: constant.floats)
  }

  /// DynamicQuantizeLSTM's weights lie transposed, (D, I, 4·H) in int8 or uint8, with a scale and a
  /// zero point for each direction, or for each direction and column.
  ///
  /// https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
  private func dequantized(
    _ constant: ONNXConstant, _ name: String, scalePlace: Int
  ) throws(ONNXProblem) -> Matrix {
    guard constant.type == .int8 || constant.type == .uint8 else {
      throw problem(.notNumbers(input: name, type: constant.type.name))
    }
    guard let scale = try self.constant(scalePlace, name + "_scale") else {
      throw problem(.missingInput(name + "_scale"))
    }
    guard let zero = try self.constant(scalePlace + 1, name + "_zero_point") else {
      throw problem(.missingInput(name + "_zero_point"))
    }
    let shape = constant.shape
    guard shape.count == 3 else {
      throw problem(.wrongShape(input: name, expected: [nil, nil, nil], found: shape))
    }
    let perColumn = [shape[0], shape[2]]
    guard scale.type.isFloat, scale.shape == [shape[0]] || scale.shape == perColumn else {
      throw problem(
        .wrongShape(input: name + "_scale", expected: perColumn, found: scale.shape))
    }
    guard zero.shape == scale.shape else {
      throw problem(
        .wrongShape(input: name + "_zero_point", expected: scale.shape, found: zero.shape))
    }
    let (scales, zeros) = (scale.floats, zero.floats)
    let values = constant.floats
    let (count, rows, columns) = (shape[0], shape[1], shape[2])
    var turned = [Float](repeating: 0, count: values.count)
    for direction in 0..<(values.isEmpty ? 0 : count) {
      for row in 0..<rows {
        for column in 0..<columns {
          let place = scale.shape == perColumn ? direction * columns + column : direction
          let value = values[(direction * rows + row) * columns + column]
          turned[(direction * columns + column) * rows + row] =
            (value - zeros[place]) * scales[place]
        }
      }
    }
    return Matrix(dimensions: [count, columns, rows], values: turned)
  }

  /// A constant input's floats, of exactly this shape.
  private func floats(
    _ place: Int, _ name: String, _ expected: [Int]
  ) throws(ONNXProblem) -> Matrix? {
    guard let constant = try constant(place, name) else { return nil }
    guard constant.shape == expected else {
      throw problem(.wrongShape(input: name, expected: expected, found: constant.shape))
    }
    guard constant.type.isFloat else {
      throw problem(.notNumbers(input: name, type: constant.type.name))
    }
    return Matrix(dimensions: constant.shape, values: constant.floats)
  }

  mutating func layer(_ shape: LayerShape) throws(ONNXProblem) -> Layer {
    let count = shape.directions.count
    let bias = try floats(3, "B", [count, 2 * shape.gateRows])
    let peepholes = kind == .lstm ? try floats(7, "P", [count, 3 * shape.hiddenSize]) : nil
    let source = ONNXRecurrentNode.gateOrder(kind)
    func permuted(_ values: ArraySlice<Float>) -> [Float] {
      GateOrder.permute(Array(values), from: source, to: kind.gates)
    }
    let weights = (0..<count).map { direction in
      LayerWeights(
        inputWeights: permuted(inputWeights.part(direction, of: count)),
        recurrentWeights: permuted(recurrentWeights.part(direction, of: count)),
        inputBias: bias.map { permuted($0.part(2 * direction, of: 2 * count)) },
        recurrentBias: bias.map { permuted($0.part(2 * direction + 1, of: 2 * count)) },
        // P stands in the order i, o, f.
        peepholes: peepholes.map {
          GateOrder.permute(
            Array($0.part(direction, of: count)), from: [.i, .o, .f], to: [.f, .i, .o])
        })
    }
    if isQuantized {
      warnings.append(
        "node \(quoted(node.label)): its weights are of 8 bits and were widened; ONNX Runtime also "
          + "rounds the inputs to 8 bits, so its numbers differ a little")
    }
    if node.input(4) != nil {
      warnings.append(
        "node \(quoted(node.label)): sequence_lens is not looked at; every sequence is read to its end"
      )
    }
    do throws(NetworkError) {
      return try Layer(shape: shape, weights: weights)
    } catch {
      throw problem(.network(error.description))
    }
  }

  // MARK: The initial state

  /// initial_h and initial_c, each (D, batch, H), or (batch, D, H) with the batch first.
  mutating func states(_ shape: LayerShape) throws(ONNXProblem) -> [NetworkState.TrackState]? {
    let batchFirst = try isBatchFirst()
    let hidden = try state(5, "initial_h", shape, batchFirst)
    let cell = kind.hasCellState ? try state(6, "initial_c", shape, batchFirst) : nil
    guard hidden != nil || cell != nil else { return nil }
    let zeros = [Float](repeating: 0, count: shape.hiddenSize)
    return shape.directions.indices.map { direction in
      NetworkState.TrackState(
        hidden: hidden?[direction] ?? zeros,
        cell: kind.hasCellState ? cell?[direction] ?? zeros : nil)
    }
  }

  private mutating func state(
    _ place: Int, _ name: String, _ shape: LayerShape, _ batchFirst: Bool
  ) throws(ONNXProblem) -> [[Float]]? {
    guard let input = node.input(place), !folder.isZeros(input, in: node.scope) else { return nil }
    guard let constant = folder.constantIfKnown(input, in: node.scope) else {
      warnings.append(
        "node \(quoted(node.label)): \(name) is given when the model runs; here it begins with zeros"
      )
      return nil
    }
    let count = shape.directions.count
    let size = shape.hiddenSize
    let found = constant.shape
    let batch = found.count == 3 ? found[batchFirst ? 0 : 1] : 0
    guard batch > 0, found == (batchFirst ? [batch, count, size] : [count, batch, size]) else {
      let expected = batchFirst ? [nil, count, size] : [count, nil, size]
      throw problem(.wrongShape(input: name, expected: expected, found: found))
    }
    guard constant.type.isFloat else {
      throw problem(.notNumbers(input: name, type: constant.type.name))
    }
    let values = constant.floats
    func row(_ direction: Int, _ sequence: Int) -> [Float] {
      let place = batchFirst ? sequence * count + direction : direction * batch + sequence
      return Array(values[place * size..<(place + 1) * size])
    }
    let first = (0..<count).map { row($0, 0) }
    if (1..<batch).contains(where: { sequence in
      (0..<count).contains { row($0, sequence) != first[$0] }
    }) {
      warnings.append(
        "node \(quoted(node.label)): \(name) has \(batch) sequences that differ; the first is taken"
      )
    }
    return first
  }
}
