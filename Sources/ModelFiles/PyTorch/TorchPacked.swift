import Recurrent

/// The objects in which PyTorch keeps weights that torch.ao.quantization.quantize_dynamic has rounded.
///
/// torch/ao/nn/quantized/dynamic/modules/rnn.py, and `__getstate__` of LinearPackedParamsBase and
/// CellParamsBase in ATen's native/quantized. In a pickle each is a torch.ScriptObject whose state
/// is (contents, class); in TorchScript an object of that class whose state are the contents.
struct TorchPacked {
  /// A product's weights and bias, by their places among the heap's tensors.
  struct Linear {
    var weight: Int
    var bias: Int?
  }

  /// One direction of one layer: W and R with the biases beside them.
  struct Cell {
    var input: Linear
    var recurrent: Linear
  }

  let heap: PickleHeap

  /// Nil where the value is none.
  func linear(_ value: PickleValue) -> Linear? {
    // A state_dict of one linear layer has the contents alone.
    let contents = contents(value, class: "LinearPackedParamsBase") ?? value
    guard let items = heap.sequence(contents), items.count == 2, case .tensor(let weight) = items[0]
    else { return nil }
    switch items[1] {
    case .tensor(let bias): return Linear(weight: weight, bias: bias)
    case .none: return Linear(weight: weight, bias: nil)
    case .bool, .int, .float, .string, .bytes, .global, .node, .storage: return nil
    }
  }

  /// (kind, biases, scales, whole numbers, products): nil where the value is none of them.
  func cell(_ value: PickleValue) -> Cell? {
    guard let contents = contents(value, class: "CellParamsBase"),
      let items = heap.sequence(contents), items.count == 5,
      items[0] == .string("quantized_dynamic") || items[0] == .string("quantized_fp16"),
      let products = heap.sequence(items[4]), products.count == 2,
      var input = linear(products[0]), var recurrent = linear(products[1])
    else { return nil }
    // The products of 8 bits have their biases here as well; those count.
    if let biases = heap.sequence(items[1]), biases.count == 2,
      case .tensor(let first) = biases[0], case .tensor(let second) = biases[1]
    {
      (input.bias, recurrent.bias) = (first, second)
    }
    return Cell(input: input, recurrent: recurrent)
  }

  private func contents(_ value: PickleValue, class name: String) -> PickleValue? {
    guard let node = heap.node(value), node.kind == .record else { return nil }
    if node.name.hasSuffix("." + name) { return node.state }
    guard node.name == "torch.ScriptObject", let state = heap.sequence(node.state),
      state.count == 2, case .string(let type) = state[1], type.hasSuffix("." + name)
    else { return nil }
    return state[0]
  }
}

/// Packed cells under the names of the modules that they were made from.
struct TorchPackedCells {
  /// By the module's name: the cells by their number in it.
  private var cells: [String: [Int: TorchPacked.Cell]] = [:]
  private let heap: PickleHeap

  var isEmpty: Bool { cells.isEmpty }

  init(_ heap: PickleHeap) { self.heap = heap }

  /// - Parameter name: "encoder.lstm._all_weight_values.1.param".
  /// - Returns: false where the name is none of a packed cell's.
  mutating func add(_ cell: TorchPacked.Cell, name: String) -> Bool {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts.removeLast() == "param", let number = Int(parts.removeLast()),
      (0..<1000).contains(number), parts.removeLast() == "_all_weight_values"
    else { return false }
    cells[parts.joined(separator: "."), default: [:]][number] = cell
    return true
  }

  /// The tensors as torch.nn.LSTM, GRU and RNN name them.
  ///
  /// - Parameter bidirectional: what the file says of modules, where it says it.
  /// - Throws: where layers and directions cannot be told apart.
  func tensors(
    _ bidirectional: [String: Bool]
  ) throws(TorchProblem) -> [(name: String, tensor: Int)] {
    var tensors: [(name: String, tensor: Int)] = []
    for module in cells.keys.sorted() {
      let numbered = cells[module] ?? [:]
      let list = (0..<numbered.count).compactMap { numbered[$0] }
      guard list.count == numbered.count else { throw .packedGap(module: module) }
      let both: Bool
      if let told = bidirectional[module] {
        both = told
      } else {
        both = try isBidirectional(list, module)
      }
      for (number, cell) in list.enumerated() {
        let layer = both ? number / 2 : number
        let direction: Direction = both && number % 2 == 1 ? .backward : .forward
        func add(_ kind: RecurrentParameter.Kind, _ tensor: Int?) {
          guard let tensor else { return }
          let name = RecurrentParameter(
            module: module, kind: kind, layer: layer, direction: direction
          ).name
          tensors.append((name, tensor))
        }
        add(.inputWeights, cell.input.weight)
        add(.recurrentWeights, cell.recurrent.weight)
        add(.inputBias, cell.input.bias)
        add(.recurrentBias, cell.recurrent.bias)
      }
    }
    return tensors
  }

  /// A state_dict numbers the cells without saying whether two are layers or directions; what the
  /// second and third read tells it, unless layer 0 reads as much as it gives.
  private func isBidirectional(
    _ cells: [TorchPacked.Cell], _ module: String
  ) throws(TorchProblem) -> Bool {
    guard cells.count % 2 == 0 else { return false }
    let widths = cells.map { heap.tensors[$0.input.weight].shape.last }
    let units = heap.tensors[cells[0].recurrent.weight].shape.last
    let mayBeLayers = widths.dropFirst().allSatisfy { $0 == units }
    let mayBeDirections =
      widths[1] == widths[0]
      && widths.dropFirst(2).allSatisfy { $0 == units.map { 2 &* $0 } }
    guard !(mayBeLayers && mayBeDirections) else { throw .packedReadings(module: module) }
    return mayBeDirections
  }
}
