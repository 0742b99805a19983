/// A way in which a layer differs from the plain cell of its kind.
public enum CellVariation: Sendable, Hashable, CaseIterable {
  case projection
  case coupledGates
  case clip
  case activations
  case resetBefore
}

extension LayerShape {
  /// How the layer differs from what the fused kernels and the backward pass know.
  public var variations: Set<CellVariation> {
    var found: Set<CellVariation> = []
    if projectionSize != nil { found.insert(.projection) }
    if isCoupled { found.insert(.coupledGates) }
    if clip != nil { found.insert(.clip) }
    if !hasStandardActivations { found.insert(.activations) }
    if resetsBefore { found.insert(.resetBefore) }
    return found
  }

  /// An activation that the cell does not apply does not count.
  private var hasStandardActivations: Bool {
    let standard = CellActivations.standard
    switch cell {
    case .lstm: return activations == standard
    case .gru:
      return activations.gates == standard.gates && activations.candidate == standard.candidate
    case .rnn: return activations.candidate == standard.candidate
    case .described: return true
    }
  }

  /// Proves that the shape is one of its cell.
  func validate() throws(NetworkError) {
    if case .described(let described) = cell, described.definition == nil {
      throw .notStepped(described.description.title)
    }
    guard directions == [.forward] || directions == [.backward] || isBothWays else {
      throw .impossibleDirections(directions)
    }
    for (variation, owner) in [
      (CellVariation.projection, CellKind.lstm), (.coupledGates, .lstm), (.resetBefore, .gru),
    ] where variations.contains(variation) && cell != owner {
      throw .variationOutsideCell(variation, cell)
    }
    if let projectionSize, !(1...max(hiddenSize, 1)).contains(projectionSize) {
      throw .impossibleProjection(size: projectionSize, units: hiddenSize)
    }
    if let clip, !(clip > 0 && clip.isFinite) { throw .impossibleClip(clip) }
    for activation in [activations.gates, activations.candidate, activations.output]
    where !activation.constants.allSatisfy(\.isFinite) {
      throw .impossibleActivation(activation)
    }
  }

  private var isBothWays: Bool { directions == [.forward, .backward] }
}
