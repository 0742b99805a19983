/// A change to what a cell does, made while it steps: a signal of some units is held, scaled, pushed,
/// frozen or overwritten over some steps, and everything that is computed of it follows.
///
/// It is applied right after the cell has computed the signal: to a gate after its activation, to c
/// after its sum, to h after o ⊙ tanh c (and after the projection, where there is one).
public struct Intervention: Sendable, Equatable {
  public enum Operation: Sendable, Equatable {
    /// The value becomes this.
    case set(Float)
    case scale(Float)
    case add(Float)
    /// The value stays what it was at the step before the first, in the order in which the track reads.
    case freeze
    /// The value becomes that of another run: (steps, units), row-major.
    case patch([Float])
  }

  /// An index into `Network.tracks`.
  public var track: Int
  public var signal: Signal
  /// Which of the signal's values, each once.
  public var units: [Int]
  public var steps: Range<Int>
  public var operation: Operation

  public init(
    track: Int, signal: Signal, units: [Int], steps: Range<Int>, operation: Operation
  ) {
    self.track = track
    self.signal = signal
    self.units = units
    self.steps = steps
    self.operation = operation
  }

  /// The steps that look different with it at the earliest: the first, but for a network that also
  /// reads backwards, where it may be any.
  public var firstStep: Int { steps.lowerBound }
}

extension Network {
  /// Proves that interventions fit the network.
  ///
  /// - Parameter length: of the input, in steps.
  /// - Throws: `NetworkError.impossibleIntervention` with the reason.
  public func validate(
    _ interventions: [Intervention], length: Int
  ) throws(NetworkError) {
    let tracks = tracks
    for change in interventions {
      guard tracks.indices.contains(change.track) else {
        throw .impossibleIntervention("there is no track \(change.track)")
      }
      let shape = layers[tracks[change.track].layer].shape
      guard shape.signals.contains(change.signal) else {
        throw .impossibleIntervention(
          "\(tracks[change.track]) has no signal \(change.signal.rawValue)")
      }
      let count = shape.units(of: change.signal)
      if let unit = change.units.first(where: { !(0..<count).contains($0) }) {
        throw .impossibleIntervention("\(change.signal.rawValue) has no unit \(unit)")
      }
      guard !change.steps.isEmpty, change.steps.lowerBound >= 0, change.steps.upperBound <= length
      else {
        throw .impossibleIntervention(
          "steps \(change.steps.lowerBound)..\(change.steps.upperBound - 1) are not all there")
      }
      switch change.operation {
      case .set(let value), .scale(let value), .add(let value):
        guard value.isFinite else { throw .impossibleIntervention("\(value) is no finite number") }
      case .patch(let values):
        guard values.count == change.steps.count * change.units.count else {
          throw .impossibleIntervention(
            "a patch of \(change.steps.count) steps and \(change.units.count) units has "
              + "\(values.count) values")
        }
      case .freeze:
        // What it would hold must have been computed, or be the state with which the track begins.
        let isFirst =
          tracks[change.track].direction == .forward
          ? change.steps.lowerBound == 0 : change.steps.upperBound == length
        guard !isFirst || change.signal == .h || change.signal == .c else {
          throw .impossibleIntervention(
            "there is no \(change.signal.rawValue) before the first step to be frozen")
        }
      }
    }
  }
}
