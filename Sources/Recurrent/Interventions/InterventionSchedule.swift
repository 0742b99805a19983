/// The interventions of one track, ready to be asked at every step: which steps they concern, and what
/// becomes of a value there.
///
/// What is frozen is remembered when the step before is taken, so steps must first be taken in the
/// track's order; any of them may be taken again later.
public final class InterventionSchedule {
  private let changes: [Intervention]
  private let isForward: Bool
  /// Steps on which something is changed or has to be remembered, ascending and apart.
  private let busy: [Range<Int>]
  /// What a freeze holds, a change an entry; nil before it is known, and for other operations.
  private var frozen: [[Float]?]

  /// Nil where nothing concerns the track.
  ///
  /// - Parameters:
  ///   - interventions: of a whole network, proved by `Network.validate`.
  ///   - state: what the track begins with.
  ///   - length: of the input, in steps.
  public init?(
    _ interventions: [Intervention], track: Int, direction: Direction,
    state: NetworkState.TrackState, shape: LayerShape, length: Int
  ) {
    changes = interventions.filter { $0.track == track && !$0.units.isEmpty }
    guard !changes.isEmpty else { return nil }
    isForward = direction == .forward
    frozen = Array(repeating: nil, count: changes.count)
    var steps = changes.map(\.steps)
    for (index, change) in changes.enumerated() where change.operation == .freeze {
      let before = isForward ? change.steps.lowerBound - 1 : change.steps.upperBound
      if (0..<length).contains(before) {
        steps.append(before..<before + 1)
      } else {
        let carried = shape.cell.about.carried.firstIndex(of: change.signal)
        let values = carried == nil ? state.hidden : state.cell ?? []
        let first = (carried ?? 0) * shape.hiddenSize
        frozen[index] = change.units.map { values[first + $0] }
      }
    }
    busy = Self.joined(steps)
  }

  /// The same steps as ranges that neither touch nor overlap.
  private static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var joined: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = joined.last, range.lowerBound <= last.upperBound {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    return joined
  }

  /// Whether a step has to be taken by itself, and how far from it on that stays so, within `steps`.
  func stretch(from step: Int, in steps: Range<Int>) -> (isBusy: Bool, steps: Range<Int>) {
    // The first range that ends after the step.
    var (low, high) = (0, busy.count)
    while low < high {
      let middle = (low + high) / 2
      if busy[middle].upperBound <= step { low = middle + 1 } else { high = middle }
    }
    let next = low < busy.count ? busy[low] : nil
    let before = low > 0 ? busy[low - 1] : nil
    let isBusy = next?.contains(step) == true
    let first = isBusy ? next!.lowerBound : before?.upperBound ?? 0
    let end = isBusy ? next!.upperBound : next?.lowerBound ?? .max
    return (isBusy, max(first, steps.lowerBound)..<min(end, steps.upperBound))
  }

  /// Changes the values of a signal at a step, in the order of the list.
  ///
  /// - Parameter changed: told of each value that is another afterwards.
  func apply(
    to signal: Signal, _ values: UnsafeMutablePointer<Float>, step: Int, changed: (Int) -> Void
  ) {
    for (index, change) in changes.enumerated()
    where change.signal == signal && change.steps.contains(step) {
      for (place, unit) in change.units.enumerated() {
        let old = values[unit]
        let new: Float
        switch change.operation {
        case .set(let value): new = value
        case .scale(let factor): new = old * factor
        case .add(let amount): new = old + amount
        case .freeze: new = frozen[index]?[place] ?? old
        case .patch(let patch):
          new = patch[(step - change.steps.lowerBound) * change.units.count + place]
        }
        guard new.bitPattern != old.bitPattern else { continue }
        values[unit] = new
        changed(unit)
      }
    }
  }

  /// Remembers what is frozen from the next step on.
  ///
  /// - Parameter row: the step's signals, as a trace stores them.
  func remember(_ row: UnsafePointer<Float>, step: Int, shape: LayerShape) {
    for (index, change) in changes.enumerated() where change.operation == .freeze {
      let before = isForward ? change.steps.lowerBound - 1 : change.steps.upperBound
      guard step == before, let place = shape.signals.firstIndex(of: change.signal) else {
        continue
      }
      frozen[index] = change.units.map { row[place * shape.hiddenSize + $0] }
    }
  }

  /// The steps before which something is frozen, for who begins later.
  var rememberedSteps: [Int] {
    changes.filter { $0.operation == .freeze }.map {
      isForward ? $0.steps.lowerBound - 1 : $0.steps.upperBound
    }
  }
}
