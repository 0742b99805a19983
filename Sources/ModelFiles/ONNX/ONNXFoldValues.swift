/// The operators that give new values, or the same in a new shape.
extension ONNXFold {
  /// `value`, a tensor, has been read where the file's bytes are at hand.
  static func constant(_ inputs: ONNXFoldInputs) throws(ONNXFoldFault) -> ONNXConstant {
    let node = inputs.node
    if let value = node.attribute("value_float"), value.hasF {
      return ONNXConstant(shape: [], floats: [value.f])
    }
    if let value = node.attribute("value_int"), value.hasI {
      return ONNXConstant(shape: [], integers: [value.i])
    }
    if let value = node.attribute("value_floats") {
      return ONNXConstant(shape: [value.floats.count], floats: value.floats)
    }
    if let value = node.attribute("value_ints") {
      return ONNXConstant(shape: [value.ints.count], integers: value.ints)
    }
    throw .reason("it has no value that is read")
  }

  static func filled(
    _ shape: ONNXConstant, _ inputs: ONNXFoldInputs, _ take: Take
  ) throws(ONNXFoldFault) -> ONNXConstant {
    guard let sizes = try inputs.integers(input: 0, attribute: nil),
      sizes.count <= ONNXConstant.dimensionLimit
    else { throw .reason("its shape is no list of sizes") }
    var value: Float = 0
    var isFloat = true
    if let given = inputs.node.attribute("value"), given.hasT {
      // One element; its data is a few bytes of the node itself.
      guard let one = try? inputs.data.constant(given.t), one.count == 1 else {
        throw .reason("its value is not one number")
      }
      value = one.floats[0]
      isFloat = one.type.isFloat
    }
    guard let count = ONNXConstant.byteCount(sizes, isFloat ? .float32 : .int64) else {
      throw .reason("its shape is more than memory can hold")
    }
    try take(count)
    if isFloat {
      return ONNXConstant(shape: sizes, floats: [Float](repeating: value, count: count / 4))
    }
    guard let integer = Int64(exactly: value) else { throw .reason("its value is too large") }
    return ONNXConstant(shape: sizes, integers: [Int64](repeating: integer, count: count / 8))
  }

  /// Between floats, from whole numbers to floats, and between whole numbers.
  static func cast(
    _ source: ONNXConstant, _ inputs: ONNXFoldInputs, _ take: Take
  ) throws(ONNXFoldFault) -> ONNXConstant {
    let number = try inputs.integer("to", or: 0)
    guard let target = Int32(exactly: number).flatMap(ONNXElement.init(rawValue:)) else {
      throw .reason("its type 'to' is number \(number)")
    }
    if target == source.type { return source }
    guard let bytes = ONNXConstant.byteCount(source.shape, .float64) else {
      throw .reason("its shape is more than memory can hold")
    }
    try take(bytes)
    switch target {
    case .float32, .float64:
      // What is read ends as Float32, so a cast to float64 loses nothing that would be kept.
      return ONNXConstant(shape: source.shape, floats: source.floats)
    case .float16:
      let rounded = source.floats.map { HalfPrecision.float(HalfPrecision.bits($0)) }
      return ONNXConstant(shape: source.shape, floats: rounded)
    case .bfloat16:
      let rounded = source.floats.map { BrainFloat.float(BrainFloat.bits($0)) }
      return ONNXConstant(shape: source.shape, floats: rounded)
    case .int64, .int32:
      guard let values = source.integers,
        target == .int64 || values.allSatisfy({ Int32(exactly: $0) != nil })
      else { throw .reason("it cuts \(source.type.name) to \(target.name)") }
      return ONNXConstant(shape: source.shape, integers: values)
    case .uint8, .int8, .uint16, .int16, .bool, .uint32, .uint64:
      throw .reason("it cuts \(source.type.name) to \(target.name)")
    }
  }

  // MARK: New shapes

  private static func reshaped(
    _ source: ONNXConstant, to shape: [Int]
  ) throws(ONNXFoldFault) -> ONNXConstant {
    guard shape.count <= ONNXConstant.dimensionLimit,
      ONNXConstant.byteCount(shape, source.type) == source.bytes.count
    else { throw .reason("its shape does not hold as many elements") }
    return ONNXConstant(type: source.type, shape: shape, bytes: source.bytes)
  }

  static func squeeze(
    _ source: ONNXConstant, _ inputs: ONNXFoldInputs
  ) throws(ONNXFoldFault) -> ONNXConstant {
    let rank = source.shape.count
    let asked = try inputs.integers(input: 1, attribute: "axes")
    let axes =
      try asked.map { axes throws(ONNXFoldFault) in
        try ONNXFoldInputs.axes(axes, rank: rank)
      } ?? source.shape.indices.filter { source.shape[$0] == 1 }
    guard axes.allSatisfy({ source.shape[$0] == 1 }) else {
      throw .reason("an axis that it takes away is not of size 1")
    }
    return try reshaped(
      source, to: source.shape.indices.filter { !axes.contains($0) }.map { source.shape[$0] })
  }

  static func unsqueeze(
    _ source: ONNXConstant, _ inputs: ONNXFoldInputs
  ) throws(ONNXFoldFault) -> ONNXConstant {
    guard let asked = try inputs.integers(input: 1, attribute: "axes") else {
      throw .reason("its axes are missing")
    }
    let axes = try ONNXFoldInputs.axes(asked, rank: source.shape.count + asked.count)
    var shape = source.shape
    for axis in axes { shape.insert(1, at: axis) }
    return try reshaped(source, to: shape)
  }

  static func reshape(
    _ source: ONNXConstant, _ inputs: ONNXFoldInputs
  ) throws(ONNXFoldFault) -> ONNXConstant {
    guard let asked = try inputs.integers(input: 1, attribute: "shape") else {
      throw .reason("its shape is missing")
    }
    let keepsZeros = try inputs.integer("allowzero", or: 0) == 0
    var shape: [Int] = []
    for (place, size) in asked.enumerated() {
      if size == 0 && keepsZeros {
        guard place < source.shape.count else { throw .reason("its shape copies no dimension") }
        shape.append(source.shape[place])
      } else {
        guard size >= -1 else { throw .reason("its shape has a size of \(size)") }
        shape.append(size)
      }
    }
    if let open = shape.firstIndex(of: -1) {
      shape[open] = 1
      guard !shape.contains(-1), let rest = ONNXConstant.byteCount(shape, source.type), rest > 0,
        source.bytes.count % rest == 0
      else { throw .reason("its shape does not hold as many elements") }
      shape[open] = source.bytes.count / rest
    }
    return try reshaped(source, to: shape)
  }

  static func flatten(
    _ source: ONNXConstant, _ inputs: ONNXFoldInputs
  ) throws(ONNXFoldFault) -> ONNXConstant {
    let rank = source.shape.count
    let named = try inputs.integer("axis", or: 1)
    guard named >= -rank, named <= rank else { throw .reason("it has no axis \(named)") }
    let axis = named < 0 ? named + rank : named
    let first = source.shape[..<axis].reduce(1, *)
    let second = source.shape[axis...].reduce(1, *)
    return try reshaped(source, to: [first, second])
  }

  // MARK: Quantised weights

  /// (x - zero point) × scale, with one of each or one for every place of an axis.
  static func dequantize(
    _ source: ONNXConstant, _ inputs: ONNXFoldInputs, _ take: Take
  ) throws(ONNXFoldFault) -> ONNXConstant {
    guard try inputs.integer("block_size", or: 0) == 0 else {
      throw .reason("quantisation by blocks is not read")
    }
    let scale = try inputs.required(1)
    let zero = inputs.optional(2)
    guard source.integers != nil, scale.type.isFloat, zero.map({ !$0.type.isFloat }) ?? true else {
      throw .reason("its input 0 must be whole numbers and its scale floats")
    }
    guard zero.map({ $0.count == scale.count }) ?? true else {
      throw .reason("it has \(scale.count) scales but \(zero?.count ?? 0) zero points")
    }
    let shape = source.shape
    var block = max(source.count, 1)
    if scale.count != 1 {
      let axis = try ONNXFoldInputs.axis(try inputs.integer("axis", or: 1), rank: shape.count)
      guard scale.shape == [shape[axis]] else {
        throw .reason("it has \(scale.count) scales for \(shape[axis]) places")
      }
      block = shape[(axis + 1)...].reduce(1, *)
    }
    let (bytes, overflow) = source.count.multipliedReportingOverflow(by: 16)
    guard !overflow else { throw .reason("its shape is more than memory can hold") }
    try take(bytes)
    return ONNXConstant(
      shape: shape,
      floats: ONNXQuantized.floats(
        source, scales: scale.floats, zeros: zero?.integers, block: max(block, 1)))
  }
}

/// Whole numbers that stand for floats.
enum ONNXQuantized {
  /// - Parameters:
  ///   - scales: one at least; they follow each other every `block` elements, then begin again.
  ///   - zeros: as many, or nil for zeros.
  static func floats(
    _ source: ONNXConstant, scales: [Float], zeros: [Int64]?, block: Int
  ) -> [Float] {
    guard let integers = source.integers, !scales.isEmpty else { return [] }
    return integers.indices.map { index in
      let place = index / block % scales.count
      let (difference, overflow) = integers[index].subtractingReportingOverflow(zeros?[place] ?? 0)
      return overflow ? .nan : Float(difference) * scales[place]
    }
  }
}
