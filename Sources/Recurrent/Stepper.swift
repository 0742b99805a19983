/// Steps a causal network through time, one timestep a call, and hands out every signal that it
/// computed. A step allocates nothing.
///
/// Not safe to share between threads; make one a thread.
public final class Stepper {
  public let network: Network
  private let steppers: [CellStepper]
  private let signalBuffers: [FloatBuffer]  // one a layer: (signals, H)
  private let projection: InputProjection

  /// Starts at `state`, or at zeros.
  ///
  /// - Throws: `NetworkError.notCausal` where a layer reads backwards.
  public init(_ network: Network, state: NetworkState? = nil) throws(NetworkError) {
    guard network.isCausal else { throw .notCausal }
    let state = state ?? NetworkState(zeroFor: network)
    self.network = network
    steppers = zip(network.layers, state.tracks).map { layer, state in
      CellStepper(shape: layer.shape, weights: layer.weights[0], state: state)
    }
    signalBuffers = network.layers.map {
      FloatBuffer(count: $0.shape.cell.signals.count * $0.shape.hiddenSize)
    }
    projection = InputProjection(network: network, stepper: steppers[0])
  }

  /// Advances one timestep for a token, which `Network.validate` has found in range.
  public func step(token: Int) {
    projection.step(token: token, signals: signalBuffers[0].pointer)
    stepUpperLayers()
  }

  /// Advances one timestep for a numeric vector of `Network.featureCount` numbers.
  public func step(features: UnsafePointer<Float>) {
    steppers[0].step(features, signals: signalBuffers[0].pointer)
    stepUpperLayers()
  }

  /// What `layer` computed at the last step: (signals, H), in the order of `CellKind.signals`.
  /// Valid until the next step.
  public func signals(layer: Int) -> UnsafeBufferPointer<Float> {
    let buffer = signalBuffers[layer]
    return UnsafeBufferPointer(start: buffer.pointer, count: buffer.count)
  }

  private func stepUpperLayers() {
    for layer in steppers.indices.dropFirst() {
      let below = steppers[layer - 1].shape
      // h is the last signal of every cell, so a layer reads it where the one below wrote it.
      let x = signalBuffers[layer - 1].pointer + (below.cell.signals.count - 1) * below.hiddenSize
      steppers[layer].step(x, signals: signalBuffers[layer].pointer)
    }
  }
}
