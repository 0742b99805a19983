/// The closed-form continuous-time network: between two answers ff1 and ff2 goes t, by how much time has
/// passed (Hasani et al. 2022, https://arxiv.org/abs/2106.13898). Every step has passed one unit of it.
enum CfC: CellDefinition {
  static let about = description(name: "cfc", title: "CfC", withArticle: "a CfC", time: "1")

  static func inputRows(_ shape: LayerShape) -> Int { firstRows(shape) }
  static func recurrentSize(_ shape: LayerShape) -> (rows: Int, columns: Int) {
    (firstRows(shape), shape.hiddenSize)
  }
  static func parameters(_ shape: LayerShape) -> [String: Int] { allParameters(shape) }
  static func step<Real: CellNumber>(_ step: CellStep<Real>) { take(step, passed: 1) }

  // MARK: - For both

  /// Units of the backbone; 0 where there is none.
  static func backbone(_ shape: LayerShape) -> Int { shape.options["backbone"] ?? 0 }
  /// Its layers.
  static func layers(_ shape: LayerShape) -> Int { shape.options["layers"] ?? 0 }

  /// What is multiplied by x and h′: the backbone's first layer, or ff1, ff2 and both of t at once.
  static func firstRows(_ shape: LayerShape) -> Int {
    layers(shape) > 0 ? backbone(shape) : 4 * shape.hiddenSize
  }

  static func allParameters(_ shape: LayerShape) -> [String: Int] {
    guard layers(shape) > 0 else { return [:] }
    let width = backbone(shape)
    let units = shape.hiddenSize
    var needed = ["heads": 4 * units * width, "head biases": 4 * units]
    for layer in 1..<max(1, layers(shape)) {
      needed["backbone \(layer)"] = width * width
      needed["backbone \(layer) bias"] = width
    }
    return needed
  }

  static let first = Signal.named(NamedSignal("ff1", line: 2))
  static let second = Signal.named(NamedSignal("ff2", line: 3))
  static let passing = Signal.named(NamedSignal("t", line: 4))

  static func description(
    name: String, title: String, withArticle: String, time: String
  ) -> CellDescription {
    CellDescription(
      name: name, title: title, withArticle: withArticle, gates: [first, second, passing],
      signals: [
        .init(first, .candidate, "candidate now", range: .signedUnit),
        .init(second, .candidate, "candidate later", range: .signedUnit),
        .init(passing, .gate, "time gate", range: .unit),
        .init(.h, .state, "hidden state, only memory", short: "hidden state", range: .signedUnit),
      ],
      equations: [
        "s = backbone(x, h′)   ff1 = tanh(W s + b)   ff2 = tanh(W s + b)",
        "t = σ((W s + b)·\(time) + W s + b)", "h = ff1·(1-t) + ff2·t",
      ], elementwise: 3)
  }

  /// - Parameter passed: how much time since the step before.
  static func take<Real: CellNumber>(_ step: CellStep<Real>, passed: Real) {
    let (shape, units) = (step.shape, step.units)
    let rows = firstRows(shape)
    step.weights.recurrent.withUnsafeBufferPointer {
      step.multiply(
        $0.baseAddress!, rows: rows, columns: units, step.previous(.h), into: step.sums)
    }
    var heads = [Real](repeating: 0, count: 4 * units)
    if layers(shape) == 0 {
      for row in 0..<4 * units { heads[row] = step.sums[row] }
    } else {
      var hidden = (0..<rows).map { step.candidate(step.sums[$0]) }
      for layer in 1..<max(1, layers(shape)) {
        var next = step.weights.parameters["backbone \(layer) bias"] ?? []
        multiply(step, step.weights.parameters["backbone \(layer)"] ?? [], hidden, into: &next)
        hidden = next.map { step.candidate($0) }
      }
      heads = step.weights.parameters["head biases"] ?? []
      multiply(step, step.weights.parameters["heads"] ?? [], hidden, into: &heads)
    }
    let (ff1, ff2, t) = (step.now(first), step.now(second), step.now(passing))
    step.fill(first) { Real.hyperbolicTangent(heads[$0]) }
    step.fill(second) { Real.hyperbolicTangent(heads[units + $0]) }
    step.fill(passing) { Real.sigmoid(heads[2 * units + $0] * passed + heads[3 * units + $0]) }
    step.fill(.h) { ff1[$0] * (1 - t[$0]) + t[$0] * ff2[$0] }
  }

  private static func multiply<Real: CellNumber>(
    _ step: CellStep<Real>, _ matrix: [Real], _ vector: [Real], into sums: inout [Real]
  ) {
    let rows = sums.count
    matrix.withUnsafeBufferPointer { matrix in
      vector.withUnsafeBufferPointer { vector in
        sums.withUnsafeMutableBufferPointer { sums in
          step.multiply(
            matrix.baseAddress!, rows: rows, columns: vector.count, vector.baseAddress!,
            into: sums.baseAddress!)
        }
      }
    }
  }
}

/// The same where the time that has passed is the last column of the input: steps may lie apart as they
/// like.
enum TimedCfC: CellDefinition {
  static let about = CfC.description(
    name: "cfc-dt", title: "CfC with Δt", withArticle: "a CfC with Δt in its input", time: "Δt")

  /// The last row is Δt.
  static func inputRows(_ shape: LayerShape) -> Int { CfC.firstRows(shape) + 1 }
  static func recurrentSize(_ shape: LayerShape) -> (rows: Int, columns: Int) {
    (CfC.firstRows(shape), shape.hiddenSize)
  }
  static func parameters(_ shape: LayerShape) -> [String: Int] { CfC.allParameters(shape) }
  static func step<Real: CellNumber>(_ step: CellStep<Real>) {
    CfC.take(step, passed: step.sums[CfC.firstRows(step.shape)])
  }
}
