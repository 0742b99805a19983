/// Runs one layer in one direction over a whole sequence, block by block: how a network that also
/// reads backwards is recorded, layer by layer.
///
/// Not safe to share between threads.
public final class LayerPass {
  /// Steps of a block at most.
  public static let blockSteps = CellStepper.blockSteps

  private let team: StepTeam
  private let stepper: CellStepper
  private let projection: InputProjection?
  private let isReversed: Bool

  /// - Parameters:
  ///   - state: what the pass starts from, at its first step in its own direction.
  ///   - schedule: what is changed while it steps.
  public init(
    network: Network, track: Track, state: NetworkState.TrackState,
    schedule: InterventionSchedule? = nil
  ) {
    let shape = network.layers[track.layer].shape
    team = StepTeam(for: [shape])
    stepper = CellStepper(
      shape: shape, weights: network[track], state: state, team: team, schedule: schedule)
    projection = track.layer == 0 ? InputProjection(network: network, stepper: stepper) : nil
    isReversed = track.direction == .backward
  }

  /// What it carries from the step it has taken to the next in its own direction.
  public var state: NetworkState.TrackState {
    get { stepper.state }
    set { stepper.state = newValue }
  }

  /// The steps of a block whose inputs are vectors of the layer's input size, `stride` floats apart
  /// in the order of time. A backward pass takes the last first; its blocks come last first, too.
  ///
  /// - Parameters:
  ///   - first: the number of the first step in time.
  ///   - signals: receives (count, signalsLength) in the order of time.
  public func run(
    _ x: UnsafePointer<Float>, stride: Int, count: Int, first: Int = 0,
    signals: UnsafeMutablePointer<Float>
  ) {
    team.work {
      stepper.project(x, stride: stride, count: count, into: stepper.sums)
      stepper.finish(count: count, first: first, signals: signals, isReversed: isReversed)
    }
  }

  /// The same for tokens; layer 0 only.
  public func run(tokens: ArraySlice<Int>, signals: UnsafeMutablePointer<Float>) {
    team.work {
      projection!.project(tokens: tokens)
      stepper.finish(
        count: tokens.count, first: tokens.startIndex, signals: signals, isReversed: isReversed)
    }
  }
}
