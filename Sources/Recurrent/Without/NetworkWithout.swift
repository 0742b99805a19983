extension Network {
  /// The same network without a part of its cells: of every layer, in every direction, that has it.
  ///
  /// It is a network like any other, of the same shapes: only weights differ, so that it steps, trains
  /// and is saved as the one that it was made of. A gate is held by zeros in its rows of W, R and the
  /// peepholes and a bias at which the kernels' activation is exactly 1; at 0 a sigmoid is 6e-39, which
  /// changes no sum that it enters.
  ///
  /// - Throws: `CellPartError` where no layer has the part, or one cannot be without it.
  public func without(_ part: CellPart) throws -> Network {
    let cells = layers.map(\.shape.cell)
    guard cells.contains(where: { CellPart.parts(of: $0).contains(part) }) else {
      let kinds = CellKind.classic.filter(cells.contains)
      throw CellPartError.missing(part, cells: kinds)
    }
    let changed = try layers.enumerated().map { index, layer in
      CellPart.parts(of: layer.shape.cell).contains(part)
        ? try layer.without(part, layer: index) : layer
    }
    return try Network(embedding: embedding, layers: changed, readout: readout, mask: mask)
  }
}

extension Layer {
  /// - Parameter layer: its number, for an error.
  fileprivate func without(_ part: CellPart, layer: Int) throws -> Layer {
    var shape = shape
    if part == .f {
      // A forget gate of its own, which is then held; i stays as it is.
      shape.isCoupled = false
    } else if shape.isCoupled, part == .i || part == .coupled {
      throw CellPartError.coupledAlready(part, layer: layer)
    }
    var rows = weights.map { GateRows(shape: shape, weights: $0) }
    for index in rows.indices {
      switch part {
      case .o: try hold(.o, at: 1)
      case .f: try hold(.f, at: 1)
      case .i: try hold(.i, at: 1)
      case .r: try hold(.r, at: 1)
      case .u: try hold(.u, at: 0)
      case .coupled:
        // σ(-x) is 1 - σ(x), with a clip as well.
        guard shape.activations.gates.isSymmetric else {
          throw CellPartError.unreachable(
            part, layer: layer, shape.activations.gates, clip: shape.clip)
        }
        rows[index].mirror(.f, as: .i)
      case .candidateState: rows[index].cutHidden(from: [.z])
      case .newState: rows[index].cutHidden(from: [.n])
      case .state: rows[index].cutHidden(from: [.h])
      case .gateState: rows[index].cutHidden(from: [.f, .i, .o, .r, .u])
      }
      func hold(_ gate: Signal, at value: Float) throws {
        guard let bias = shape.activations.gates.argument(of: value, clip: shape.clip) else {
          throw CellPartError.unreachable(
            part, layer: layer, shape.activations.gates, clip: shape.clip)
        }
        rows[index].hold(gate, bias: bias)
      }
    }
    return try Layer(shape: shape, weights: rows.map(\.weights))
  }
}

/// The weights of a direction, changed gate by gate.
private struct GateRows {
  let shape: LayerShape
  var weights: LayerWeights

  /// The rows of a gate in an array of some numbers a row; nil where the cell has no such gate.
  private func places(of gate: Signal, columns: Int) -> Range<Int>? {
    guard let block = shape.cell.gates.firstIndex(of: gate) else { return nil }
    let length = shape.hiddenSize * columns
    return block * length..<(block + 1) * length
  }

  /// Where the peepholes of a gate stand.
  private func peepholes(of gate: Signal) -> Range<Int>? {
    guard weights.peepholes != nil, let block = [.f, .i, .o].firstIndex(of: gate) else {
      return nil
    }
    return block * shape.hiddenSize..<(block + 1) * shape.hiddenSize
  }

  /// A gate whose sum is `bias` at every step.
  mutating func hold(_ gate: Signal, bias: Float) {
    guard let rows = places(of: gate, columns: 1) else { return }
    for place in places(of: gate, columns: shape.inputSize) ?? 0..<0 {
      weights.inputWeights[place] = 0
    }
    cutHidden(from: [gate])
    var biases = weights.inputBias ?? Array(repeating: 0, count: shape.gateRows)
    for row in rows {
      biases[row] = bias
      weights.recurrentBias?[row] = 0
    }
    weights.inputBias = biases
    for place in peepholes(of: gate) ?? 0..<0 { weights.peepholes?[place] = 0 }
  }

  /// A gate whose sum is that of another with its sign turned.
  mutating func mirror(_ gate: Signal, as other: Signal) {
    for columns in [shape.inputSize, shape.recurrentSize, 1] {
      guard let from = places(of: gate, columns: columns),
        let to = places(of: other, columns: columns)
      else { return }
      for (source, target) in zip(from, to) {
        // Done twice where two sizes are the same, with the same outcome.
        if columns == shape.inputSize {
          weights.inputWeights[target] = -weights.inputWeights[source]
        }
        if columns == shape.recurrentSize {
          weights.recurrentWeights[target] = -weights.recurrentWeights[source]
        }
        if columns == 1 {
          if let bias = weights.inputBias?[source] { weights.inputBias?[target] = -bias }
          if let bias = weights.recurrentBias?[source] { weights.recurrentBias?[target] = -bias }
        }
      }
    }
    guard let from = peepholes(of: gate), let to = peepholes(of: other) else { return }
    for (source, target) in zip(from, to) {
      if let seen = weights.peepholes?[source] { weights.peepholes?[target] = -seen }
    }
  }

  /// h' no longer enters these; their biases stay.
  mutating func cutHidden(from gates: [Signal]) {
    for gate in gates {
      for place in places(of: gate, columns: shape.recurrentSize) ?? 0..<0 {
        weights.recurrentWeights[place] = 0
      }
    }
  }
}

extension Activation {
  /// A number at which the kernels' activation gives `value`, 0 or 1, exactly, or as near to 0 as makes
  /// no difference to a sum (6e-39); nil where there is none within the clip.
  func argument(of value: Float, clip: Float?) -> Float? {
    let bound = clip ?? .infinity
    let found: Float?
    switch self {
    // Far beyond where 1 + e^-x rounds to 1, at 17, and e^x to its bound, at -88.
    case .sigmoid: found = value == 1 ? min(128, bound) : -min(128, bound)
    case .tanh: found = value == 1 ? min(128, bound) : 0
    case .hardSigmoid(let alpha, let beta):
      // Twice as far as where it is flat, so that no rounding matters.
      found = alpha > 0 ? (value == 1 ? 2 * (1 - beta) / alpha + 1 : -2 * beta / alpha - 1) : nil
    case .relu, .leakyRelu, .elu, .linear: found = value
    case .thresholdedRelu(let alpha):
      found = value == 1 ? (alpha < 1 ? 1 : nil) : (alpha >= 0 ? 0 : nil)
    // 1 lies at infinity, or where no Float32 need be.
    case .softsign: found = value == 0 ? 0 : nil
    case .softplus, .affine, .scaledTanh: found = nil
    }
    guard let found, abs(found) <= bound, abs(self(found) - value) < 1e-30 else { return nil }
    return found
  }

  /// Whether 1 less it is it of the number with its sign turned.
  fileprivate var isSymmetric: Bool {
    switch self {
    case .sigmoid: true
    case .hardSigmoid(_, let beta): beta == 0.5
    case .tanh, .relu, .leakyRelu, .elu, .softsign, .softplus, .affine, .scaledTanh,
      .thresholdedRelu, .linear:
      false
    }
  }
}
