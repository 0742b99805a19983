import Recurrent

/// What the shapes of a module's parameters say before any of them is proved; nil where they say
/// nothing.
struct RecurrentShapes {
  /// The kind of cell that has as many gates.
  let cell: CellKind?
  /// What layer 0 reads.
  let inputSize: Int?
  /// What the last layer gives, both directions side by side.
  let outputSize: Int?

  init(_ shapes: [RecurrentParameter: [Int]]) {
    func columns(_ parameter: RecurrentParameter?) -> Int? {
      parameter.flatMap { shapes[$0] }.flatMap { $0.count == 2 && $0[1] > 0 ? $0[1] : nil }
    }
    let recurrent = shapes.keys.filter { $0.kind == .recurrentWeights && $0.direction == .forward }
    let first = recurrent.min { ($0.layer ?? 0) < ($1.layer ?? 0) }
    let last = recurrent.max { ($0.layer ?? 0) < ($1.layer ?? 0) }
    inputSize = columns(first?.sibling(.inputWeights))
    let isBidirectional = shapes.keys.contains {
      $0.layer == last?.layer && $0.direction == .backward
    }
    outputSize = columns(last).map { isBidirectional ? 2 &* $0 : $0 }
    if let first, let shape = shapes[first], shapes[first.sibling(.projection)] != nil,
      shape.count == 2
    {
      cell = .lstm
    } else if let first, let shape = shapes[first], shape.count == 2, shape[1] > 0,
      shape[0] % shape[1] == 0
    {
      cell = CellKind.classic.first { $0.gates.count == shape[0] / shape[1] }
    } else {
      cell = nil
    }
  }
}
