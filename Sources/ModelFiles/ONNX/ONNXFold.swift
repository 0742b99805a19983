/// Why a node's constant inputs give no constant.
enum ONNXFoldFault: Error {
  case overBudget(Int)
  case reason(String)
  case attribute(ONNXProblem.NodeFault)
}

/// The operators through which constants are followed; all but the casts move whole elements.
///
/// https://onnx.ai/onnx/operators. Axes, sizes and steps stand in attributes in early versions and in
/// inputs in later ones; what is there is taken.
enum ONNXFold: String {
  case constant = "Constant"
  case constantOfShape = "ConstantOfShape"
  case identity = "Identity"
  case dropout = "Dropout"
  case cast = "Cast"
  case transpose = "Transpose"
  case slice = "Slice"
  case concat = "Concat"
  case squeeze = "Squeeze"
  case unsqueeze = "Unsqueeze"
  case reshape = "Reshape"
  case flatten = "Flatten"
  case split = "Split"
  case gather = "Gather"
  case expand = "Expand"
  case dequantize = "DequantizeLinear"

  typealias Take = (Int) throws(ONNXFoldFault) -> Void

  /// - Parameters:
  ///   - output: which of the node's outputs is wanted.
  ///   - inputs: nil where one is left out.
  ///   - data: for the tensors that are in attributes.
  ///   - take: asks for bytes before they are allocated.
  func apply(
    _ node: ONNXNode, output: Int, _ inputs: [ONNXConstant?], _ data: ONNXTensorData, take: Take
  ) throws(ONNXFoldFault) -> ONNXConstant {
    let inputs = ONNXFoldInputs(node: node, constants: inputs, data: data)
    if self == .constant { return try Self.constant(inputs) }
    if self == .concat { return try Self.concat(inputs, take) }
    let first = try inputs.required(0)
    guard output == 0 || self == .split else { throw .reason("only its first output is followed") }
    if first.shape.count > ONNXConstant.dimensionLimit { throw .reason("too many dimensions") }
    switch self {
    case .constant, .concat, .identity, .dropout: return first
    case .cast: return try Self.cast(first, inputs, take)
    case .transpose: return try Self.transpose(first, inputs, take)
    case .slice: return try Self.slice(first, inputs, take)
    case .squeeze: return try Self.squeeze(first, inputs)
    case .unsqueeze: return try Self.unsqueeze(first, inputs)
    case .reshape: return try Self.reshape(first, inputs)
    case .flatten: return try Self.flatten(first, inputs)
    case .split: return try Self.split(first, inputs, output, take)
    case .gather: return try Self.gather(first, inputs, take)
    case .expand: return try Self.expand(first, inputs, take)
    case .constantOfShape: return try Self.filled(first, inputs, take)
    case .dequantize: return try Self.dequantize(first, inputs, take)
    }
  }
}

/// A node's attributes and constant inputs.
struct ONNXFoldInputs {
  let node: ONNXNode
  let constants: [ONNXConstant?]
  let data: ONNXTensorData

  func optional(_ place: Int) -> ONNXConstant? {
    constants.indices.contains(place) ? constants[place] : nil
  }

  func required(_ place: Int) throws(ONNXFoldFault) -> ONNXConstant {
    guard let constant = optional(place) else { throw .reason("its input \(place) is missing") }
    return constant
  }

  func integer(_ name: String, or fallback: Int) throws(ONNXFoldFault) -> Int {
    do throws(ONNXProblem.NodeFault) {
      return try node.integer(name) ?? fallback
    } catch { throw .attribute(error) }
  }

  /// A list of whole numbers from an input, or else from an attribute.
  func integers(input: Int?, attribute: String?) throws(ONNXFoldFault) -> [Int]? {
    if let input, let constant = optional(input) {
      guard let values = constant.integers else {
        throw .reason("its input \(input) is of type \(constant.type.name)")
      }
      // No list of axes or sizes is long.
      guard values.count <= 4096 else { throw .reason("its input \(input) is too long") }
      return values.map { Int($0) }
    }
    guard let attribute else { return nil }
    do throws(ONNXProblem.NodeFault) {
      return try node.integers(attribute)
    } catch { throw .attribute(error) }
  }

  /// Counts from the end where it is negative.
  static func axis(_ axis: Int, rank: Int) throws(ONNXFoldFault) -> Int {
    guard axis >= -rank, axis < rank else { throw .reason("it has no axis \(axis)") }
    return axis < 0 ? axis + rank : axis
  }

  /// Axes in order, none twice.
  static func axes(_ axes: [Int], rank: Int) throws(ONNXFoldFault) -> [Int] {
    var found: Set<Int> = []
    for axis in axes {
      guard found.insert(try Self.axis(axis, rank: rank)).inserted else {
        throw .reason("it names axis \(axis) twice")
      }
    }
    return found.sorted()
  }
}
