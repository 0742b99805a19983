/// What the dimensions of a value stand for, on the way from a recurrent node's output.
///
/// Transpose, Reshape, Squeeze and Unsqueeze between two nodes are followed by meaning: only where
/// what arrives is again time, batch and all of h, side by side as the node gave it, does one
/// node feed the next.
struct ONNXAxes {
  enum Axis {
    case time, batch, direction, units
    /// Both directions' h side by side, forward first, or the only direction's h.
    case features
    /// Time and batch in one.
    case rows
    case one
  }

  private(set) var axes: [Axis]
  /// D.
  let directions: Int
  /// H.
  let units: Int

  /// Of a node's output Y.
  init(_ part: ONNXRecurrentNode) {
    axes =
      part.isBatchFirst
      ? [.batch, .time, .direction, .units] : [.time, .direction, .batch, .units]
    directions = part.layer.shape.directions.count
    units = part.layer.shape.hiddenSize
  }

  /// Of a node's output Y_h, which has no time; only of a node with one direction.
  init(lastOf part: ONNXRecurrentNode) {
    axes = part.isBatchFirst ? [.batch, .direction, .units] : [.direction, .batch, .units]
    directions = part.layer.shape.directions.count
    units = part.layer.shape.hiddenSize
  }

  /// D·H.
  var width: Int { directions * units }

  /// Whether the last dimension is all of what the layer gives.
  var endsInFeatures: Bool {
    axes.last == .features || axes.last == .units && directions == 1
  }

  /// Whether a recurrent node can read it as X.
  func isInput(batchFirst: Bool) -> Bool {
    guard axes.count == 3, endsInFeatures, !axes.dropLast().contains(.direction) else {
      return false
    }
    let leading = batchFirst ? [axes[1], axes[0]] : [axes[0], axes[1]]
    return leading[0] == .time && (leading[1] == .batch || leading[1] == .one)
  }

  /// Follows one node; false where it gives anything else.
  ///
  /// - Parameter selects: whether a choice of steps or sequences may be followed, too.
  mutating func follow(_ node: ONNXNode, _ folder: ONNXFolder, selects: Bool) -> Bool {
    switch node.operation {
    case "Identity", "Dropout", "Cast": return true
    case "Transpose": return transpose(node)
    case "Squeeze": return squeeze(Self.integers(node, 1, "axes", folder))
    case "Unsqueeze": return unsqueeze(Self.integers(node, 1, "axes", folder))
    case "Reshape": return reshape(Self.sizes(node, folder))
    case "Flatten": return flatten(node)
    case "Slice": return selects && slice(node, folder)
    case "Gather": return selects && gather(node, folder)
    default: return false
    }
  }

  private func isOne(_ axis: Axis) -> Bool { axis == .one || axis == .direction && directions == 1 }

  private mutating func transpose(_ node: ONNXNode) -> Bool {
    let order = node.attribute("perm").map { $0.ints.map { Int($0) } } ?? axes.indices.reversed()
    guard order.sorted() == Array(axes.indices) else { return false }
    axes = order.map { axes[$0] }
    return true
  }

  private mutating func squeeze(_ asked: [Int]?) -> Bool {
    guard let asked else { return false }
    let places = asked.map { $0 < 0 ? $0 + axes.count : $0 }
    guard
      places.allSatisfy({ axes.indices.contains($0) && (isOne(axes[$0]) || axes[$0] == .batch) })
    else { return false }
    axes = axes.indices.filter { !places.contains($0) }.map { axes[$0] }
    return true
  }

  private mutating func unsqueeze(_ asked: [Int]?) -> Bool {
    guard let asked, asked.count <= 4 else { return false }
    let rank = axes.count + asked.count
    for place in asked.map({ $0 < 0 ? $0 + rank : $0 }).sorted() {
      guard place >= 0, place <= axes.count else { return false }
      axes.insert(.one, at: place)
    }
    return true
  }

  /// Only what keeps time and batch apart, or puts both into one, and the directions side by side.
  private mutating func reshape(_ sizes: [Int?]?) -> Bool {
    guard let sizes, let last = sizes.last else { return false }
    var core = axes.filter { !isOne($0) }
    if core.suffix(2) == [.direction, .units] { core = core.dropLast(2) + [.features] }
    guard core.last == .features || core.last == .units && directions == 1,
      !core.dropLast().contains(.direction)
    else { return false }
    let leading = Array(core.dropLast())
    guard last == width || last == nil || last == -1 || last == 0 && endsInFeatures else {
      return false
    }
    switch (leading.count, sizes.count) {
    case (2, 3): axes = leading + [.features]
    case (1, 2): axes = leading + [.features]
    case (2, 2): axes = [.rows, .features]
    case (1, 3):
      // One of the two that lead is the size of 1 that was left out before.
      guard let one = sizes.dropLast().firstIndex(of: 1), sizes.first != sizes[1] else {
        return false
      }
      axes = one == 0 ? [.one] + leading + [.features] : leading + [.one, .features]
    default: return false
    }
    return true
  }

  private mutating func flatten(_ node: ONNXNode) -> Bool {
    let axis = node.attribute("axis").map { Int($0.i) } ?? 1
    guard axis == axes.count - 1 || axis == -1, endsInFeatures else { return false }
    return reshape([-1, width])
  }

  /// A range of steps or sequences; the whole of h stays.
  private func slice(_ node: ONNXNode, _ folder: ONNXFolder) -> Bool {
    guard let asked = Self.integers(node, 3, "axes", folder) else { return false }
    return asked.allSatisfy { isLeading($0) }
  }

  /// One step or sequence, or several.
  private mutating func gather(_ node: ONNXNode, _ folder: ONNXFolder) -> Bool {
    let asked = node.attribute("axis").map { Int($0.i) } ?? 0
    guard isLeading(asked), let input = node.input(1),
      let indices = folder.constantIfKnown(input, in: node.scope), indices.shape.count <= 1
    else { return false }
    let place = asked < 0 ? asked + axes.count : asked
    if indices.shape.isEmpty { axes.remove(at: place) }
    return true
  }

  private func isLeading(_ asked: Int) -> Bool {
    let place = asked < 0 ? asked + axes.count : asked
    guard axes.indices.contains(place) else { return false }
    switch axes[place] {
    case .time, .batch, .rows, .one: return true
    case .direction: return directions == 1
    case .units, .features: return false
    }
  }

  // MARK: Lists that stand in inputs or attributes

  static func integers(
    _ node: ONNXNode, _ place: Int, _ attribute: String, _ folder: ONNXFolder
  ) -> [Int]? {
    if let input = node.input(place) {
      return folder.constantIfKnown(input, in: node.scope)?.integers?.map { Int($0) }
    }
    return node.attribute(attribute)?.ints.map { Int($0) }
  }

  /// A Reshape's sizes, nil for each that only the run tells (Concat of Shape and constants).
  static func sizes(_ node: ONNXNode, _ folder: ONNXFolder) -> [Int?]? {
    if let known = integers(node, 1, "shape", folder) { return known }
    guard let input = node.input(1), case .node(let maker, _) = node.scope.origin(of: input),
      maker.operation == "Concat"
    else { return nil }
    var sizes: [Int?] = []
    for input in maker.proto.input {
      if let known = folder.constantIfKnown(input, in: maker.scope)?.integers {
        sizes += known.map { Int($0) }
      } else if case .node(let part, _) = maker.scope.origin(of: input),
        part.operation == "Unsqueeze" || part.operation == "Slice"
      {
        sizes.append(nil)
      } else {
        return nil
      }
    }
    return sizes
  }
}
