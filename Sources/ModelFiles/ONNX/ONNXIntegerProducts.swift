/// A DequantizeLinear with one constant scale and zero point for all of its input.
struct ONNXScaling {
  private let scale: Float
  private let zeroPoint: Int64

  /// - Returns: nil for any other node.
  init?(_ node: ONNXNode, _ folder: ONNXFolder) {
    guard node.operation == "DequantizeLinear", let name = node.input(1),
      let scale = folder.constantIfKnown(name, in: node.scope), scale.type.isFloat,
      scale.count == 1
    else { return nil }
    self.scale = scale.floats[0]
    guard let zero = node.input(2) else {
      zeroPoint = 0
      return
    }
    guard let constant = folder.constantIfKnown(zero, in: node.scope), constant.count == 1,
      let number = constant.integers?.first
    else { return nil }
    zeroPoint = number
  }

  /// What whole numbers stand for; nil where they are none.
  func floats(_ constant: ONNXConstant) -> ONNXConstant? {
    guard constant.integers != nil else { return nil }
    return ONNXConstant(
      shape: constant.shape,
      floats: ONNXQuantized.floats(
        constant, scales: [scale], zeros: [zeroPoint], block: max(constant.count, 1)))
  }
}

/// A product with constant weights of 8 bits, as onnxruntime's quantize_dynamic writes it:
///
///     DynamicQuantizeLinear(x) → q, s, z;  Cast(MatMulInteger(q, W, z, w)) · (s · t)
///
/// which is x (W - w) t, but for the rounding of x.
/// https://onnx.ai/onnx/operators/onnx__MatMulInteger.html
struct ONNXIntegerProduct {
  /// That of the product.
  let node: ONNXNode
  /// The name of W.
  let matrix: String
  /// The last of the chain, whose output is the product.
  let end: ONNXNode
  /// (O, width).
  let weights: [Float]
  let outputSize: Int

  /// - Parameter start: the DynamicQuantizeLinear that reads x.
  /// - Returns: nil where anything else stands there.
  init?(of start: ONNXNode, _ folder: ONNXFolder, width: Int) {
    guard start.operation == "DynamicQuantizeLinear", let quantised = start.output(0) else {
      return nil
    }
    let scope = start.scope
    guard
      let product = scope.readers(of: quantised).first(where: { $0.operation == "MatMulInteger" }),
      product.input(0) == quantised, let name = product.input(1),
      let matrix = folder.constantIfKnown(name, in: scope), matrix.integers != nil,
      matrix.shape.count == 2, matrix.shape[0] == width, matrix.shape[1] > 0,
      let cast = Self.only(reader: product, "Cast"), let end = Self.only(reader: cast, "Mul"),
      let product1 = cast.output(0),
      let factor = end.proto.input.first(where: { $0 != product1 }),
      let scales = Self.scales(factor, start, folder)
    else { return nil }
    let outputs = matrix.shape[1]
    var zeros = [Int64](repeating: 0, count: outputs)
    if let zero = product.input(3) {
      guard let constant = folder.constantIfKnown(zero, in: scope), let found = constant.integers,
        found.count == 1 || found.count == outputs
      else { return nil }
      zeros = found.count == 1 ? zeros.map { _ in found[0] } : found
    }
    guard scales.count == 1 || scales.count == outputs else { return nil }
    let values = ONNXQuantized.floats(
      matrix, scales: scales.count == 1 ? zeros.map { _ in scales[0] } : scales, zeros: zeros,
      block: 1)
    node = product
    self.matrix = name
    self.end = end
    weights = transposed(values, rows: width, columns: outputs)
    outputSize = outputs
  }

  /// The one node that reads what another gives, if it is of this kind.
  private static func only(reader node: ONNXNode, _ operation: String) -> ONNXNode? {
    guard let output = node.output(0) else { return nil }
    let readers = node.scope.readers(of: output)
    return readers.count == 1 && readers[0].operation == operation ? readers[0] : nil
  }

  /// t of s · t, where s is the scale that `start` finds.
  private static func scales(
    _ name: String, _ start: ONNXNode, _ folder: ONNXFolder
  ) -> [Float]? {
    guard case .node(let node, _) = start.scope.origin(of: name), node.operation == "Mul",
      let dynamic = start.output(1), node.proto.input.contains(dynamic),
      let other = node.proto.input.first(where: { $0 != dynamic }),
      let constant = folder.constantIfKnown(other, in: start.scope), constant.type.isFloat
    else { return nil }
    return constant.floats
  }
}
