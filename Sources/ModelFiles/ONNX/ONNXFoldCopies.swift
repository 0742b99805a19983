/// The operators that move elements and leave them as they are.
extension ONNXFold {
  /// Elements of `source` in another arrangement: place p of the result is `offset` plus the sum of
  /// index × stride. The caller has proved that every such place is inside.
  static func arranged(
    _ source: ONNXConstant, shape: [Int], strides: [Int], offset: Int, _ take: Take
  ) throws(ONNXFoldFault) -> ONNXConstant {
    guard let count = ONNXConstant.byteCount(shape, source.type) else {
      throw .reason("its shape is more than memory can hold")
    }
    try take(count)
    let width = source.type.width
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    guard count > 0 else { return ONNXConstant(type: source.type, shape: shape, bytes: []) }
    // The last dimension is copied in one piece where its elements lie side by side.
    let isRow = strides.last == 1
    let outer = shape.isEmpty ? [] : Array(shape.dropLast())
    let inner = shape.last ?? 1
    let step = strides.last ?? 0
    var index = [Int](repeating: 0, count: outer.count)
    var place = offset
    while true {
      if isRow {
        bytes += source.bytes[place * width..<(place + inner) * width]
      } else {
        var element = place
        for _ in 0..<inner {
          bytes += source.bytes[element * width..<(element + 1) * width]
          element += step
        }
      }
      var axis = outer.count - 1
      while axis >= 0 {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < outer[axis] { break }
        place -= outer[axis] * strides[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { break }
    }
    return ONNXConstant(type: source.type, shape: shape, bytes: bytes)
  }

  /// Of a shape whose product is known to fit.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
    }
    return strides
  }

  static func transpose(
    _ source: ONNXConstant, _ inputs: ONNXFoldInputs, _ take: Take
  ) throws(ONNXFoldFault) -> ONNXConstant {
    let rank = source.shape.count
    let order = try inputs.integers(input: nil, attribute: "perm") ?? (0..<rank).reversed()
    guard order.sorted() == Array(0..<rank) else {
      throw .reason("its perm is no order of \(rank) dimensions")
    }
    let strides = strides(source.shape)
    return try arranged(
      source, shape: order.map { source.shape[$0] }, strides: order.map { strides[$0] }, offset: 0,
      take)
  }

  static func slice(
    _ source: ONNXConstant, _ inputs: ONNXFoldInputs, _ take: Take
  ) throws(ONNXFoldFault) -> ONNXConstant {
    guard let starts = try inputs.integers(input: 1, attribute: "starts"),
      let ends = try inputs.integers(input: 2, attribute: "ends")
    else { throw .reason("its starts or ends are missing") }
    let rank = source.shape.count
    let axes =
      try inputs.integers(input: 3, attribute: "axes") ?? Array(0..<min(starts.count, rank))
    let steps = try inputs.integers(input: 4, attribute: nil) ?? starts.map { _ in 1 }
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
      throw .reason("its starts, ends, axes and steps differ in number")
    }
    _ = try ONNXFoldInputs.axes(axes, rank: rank)
    var shape = source.shape
    var strides = strides(source.shape)
    var offset = 0
    for (place, named) in axes.enumerated() {
      let axis = try ONNXFoldInputs.axis(named, rank: rank)
      let size = source.shape[axis]
      let step = steps[place]
      guard step != 0, step != Int.min else { throw .reason("its step is \(step)") }
      /// Negative places count from the end; what is beyond is bounded.
      func bounded(_ value: Int, _ low: Int, _ high: Int) -> Int {
        min(max(value < 0 ? value + size : value, low), high)
      }
      let start: Int
      let length: Int
      if step > 0 {
        start = bounded(starts[place], 0, size)
        length = max(0, bounded(ends[place], 0, size) - start)
      } else {
        start = bounded(starts[place], 0, size - 1)
        length = size == 0 ? 0 : max(0, start - bounded(ends[place], -1, size - 1))
      }
      // Rounded up without a sum that could overflow.
      let magnitude = abs(step)
      shape[axis] = length / magnitude + (length % magnitude > 0 ? 1 : 0)
      if shape[axis] > 0 { offset += start * strides[axis] }
      // A single element has no next one, so its step may be of any size.
      strides[axis] = shape[axis] > 1 ? strides[axis] * step : strides[axis]
    }
    return try arranged(source, shape: shape, strides: strides, offset: offset, take)
  }

  static func split(
    _ source: ONNXConstant, _ inputs: ONNXFoldInputs, _ output: Int, _ take: Take
  ) throws(ONNXFoldFault) -> ONNXConstant {
    let axis = try ONNXFoldInputs.axis(
      try inputs.integer("axis", or: 0), rank: source.shape.count)
    let size = source.shape[axis]
    let parts: [Int]
    if let given = try inputs.integers(input: 1, attribute: "split") {
      parts = given
    } else {
      let count = try inputs.integer("num_outputs", or: inputs.node.proto.output.count)
      guard count > 0, count <= 4096 else { throw .reason("it has \(count) outputs") }
      // Equal parts, the last one smaller.
      let part = size / count + (size % count > 0 ? 1 : 0)
      parts = (0..<count).map { max(0, min(part, size - $0 * part)) }
    }
    guard parts.indices.contains(output), parts.allSatisfy({ $0 >= 0 && $0 <= size }),
      parts.reduce(0, +) == size
    else { throw .reason("its parts do not make up \(size)") }
    var shape = source.shape
    shape[axis] = parts[output]
    let strides = strides(source.shape)
    let start = parts[..<output].reduce(0, +)
    return try arranged(
      source, shape: shape, strides: strides, offset: parts[output] > 0 ? start * strides[axis] : 0,
      take)
  }

  static func concat(_ inputs: ONNXFoldInputs, _ take: Take) throws(ONNXFoldFault) -> ONNXConstant {
    let first = try inputs.required(0)
    let rank = first.shape.count
    let axis = try ONNXFoldInputs.axis(try inputs.integer("axis", or: 0), rank: rank)
    var shape = first.shape
    shape[axis] = 0
    var sources: [ONNXConstant] = []
    for place in inputs.constants.indices {
      let source = try inputs.required(place)
      var rest = source.shape
      guard source.type == first.type, rest.count == rank else {
        throw .reason("its inputs differ in type or dimensions")
      }
      let (sum, overflow) = shape[axis].addingReportingOverflow(rest[axis])
      rest[axis] = first.shape[axis]
      guard rest == first.shape, !overflow else { throw .reason("its inputs' shapes do not fit") }
      shape[axis] = sum
      sources.append(source)
    }
    guard let count = ONNXConstant.byteCount(shape, first.type) else {
      throw .reason("its shape is more than memory can hold")
    }
    try take(count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    let rows = shape[..<axis].reduce(1, *)
    for row in 0..<(count > 0 ? rows : 0) {
      for source in sources {
        let length = source.bytes.count / rows
        bytes += source.bytes[row * length..<(row + 1) * length]
      }
    }
    return ONNXConstant(type: first.type, shape: shape, bytes: bytes)
  }

  static func gather(
    _ source: ONNXConstant, _ inputs: ONNXFoldInputs, _ take: Take
  ) throws(ONNXFoldFault) -> ONNXConstant {
    let indices = try inputs.required(1)
    guard let places = indices.integers else {
      throw .reason("its indices are of type \(indices.type.name)")
    }
    let axis = try ONNXFoldInputs.axis(
      try inputs.integer("axis", or: 0), rank: source.shape.count)
    let size = source.shape[axis]
    let shape = Array(source.shape[..<axis]) + indices.shape + source.shape[(axis + 1)...]
    guard shape.count <= ONNXConstant.dimensionLimit,
      let count = ONNXConstant.byteCount(shape, source.type)
    else { throw .reason("its shape is more than memory can hold") }
    guard places.allSatisfy({ $0 >= -size && $0 < size }) else {
      throw .reason("an index is beyond the \(size) elements")
    }
    try take(count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    guard count > 0 else { return ONNXConstant(type: source.type, shape: shape, bytes: []) }
    let block = source.shape[(axis + 1)...].reduce(source.type.width, *)
    for row in 0..<source.shape[..<axis].reduce(1, *) {
      for place in places {
        let start = (row * size + (place < 0 ? Int(place) + size : Int(place))) * block
        bytes += source.bytes[start..<start + block]
      }
    }
    return ONNXConstant(type: source.type, shape: shape, bytes: bytes)
  }

  static func expand(
    _ source: ONNXConstant, _ inputs: ONNXFoldInputs, _ take: Take
  ) throws(ONNXFoldFault) -> ONNXConstant {
    guard let asked = try inputs.integers(input: 1, attribute: nil) else {
      throw .reason("its shape is missing")
    }
    let rank = max(asked.count, source.shape.count)
    guard rank <= ONNXConstant.dimensionLimit else { throw .reason("too many dimensions") }
    let ones = [Int](repeating: 1, count: rank)
    let from = ones.prefix(rank - source.shape.count) + source.shape
    let to = ones.prefix(rank - asked.count) + asked
    var shape: [Int] = []
    var strides = strides(Array(from))
    for axis in 0..<rank {
      guard to[axis] >= 0, from[axis] == to[axis] || from[axis] == 1 || to[axis] == 1 else {
        throw .reason("its shape does not fit")
      }
      shape.append(from[axis] == 1 ? to[axis] : from[axis])
      if from[axis] == 1 { strides[axis] = 0 }
    }
    return try arranged(source, shape: shape, strides: strides, offset: 0, take)
  }
}
