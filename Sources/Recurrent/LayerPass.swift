/// Runs one layer in one direction over a whole sequence, a slice at a time: how a network that
/// also reads backwards is recorded, layer by layer.
///
/// Not safe to share between threads.
public final class LayerPass {
  private let stepper: CellStepper
  private let projection: InputProjection?
  private let signals: FloatBuffer

  /// - Parameter state: what the pass starts from, at its first step in its own direction.
  public init(network: Network, track: Track, state: NetworkState.TrackState) {
    stepper = CellStepper(
      shape: network.layers[track.layer].shape, weights: network[track], state: state)
    projection = track.layer == 0 ? InputProjection(network: network, stepper: stepper) : nil
    let shape = stepper.shape
    signals = FloatBuffer(count: shape.cell.signals.count * shape.hiddenSize)
  }

  /// One step for a vector of the layer's input size; returns (signals, H), valid until the next.
  public func step(_ x: UnsafePointer<Float>) -> UnsafeBufferPointer<Float> {
    stepper.step(x, signals: signals.pointer)
    return UnsafeBufferPointer(start: signals.pointer, count: signals.count)
  }

  /// One step for a token; layer 0 only.
  public func step(token: Int) -> UnsafeBufferPointer<Float> {
    projection!.step(token: token, signals: signals.pointer)
    return UnsafeBufferPointer(start: signals.pointer, count: signals.count)
  }
}
