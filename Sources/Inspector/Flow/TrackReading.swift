import Recurrent

/// One track of a recorded trace in the order in which it is read: place 0 is the step that it reads
/// first, the last one where it reads backwards. What entered its layer is read here, too.
struct TrackReading {
  let trace: Trace
  /// An index into `Trace.layout`.
  let track: Int
  let layout: TrackLayout
  let shape: LayerShape
  let weights: LayerWeights
  private let firstInput: LayerInput
  private let below: [Int]

  init(_ network: Network, _ trace: Trace, track: Int) {
    self.trace = trace
    self.track = track
    layout = trace.layout[track]
    shape = network.layers[layout.track.layer].shape
    weights = network[layout.track]
    firstInput = LayerInput(network, trace.input)
    let layer = layout.track.layer - 1
    below = trace.layout.indices.filter { trace.layout[$0].track.layer == layer }
  }

  var isForward: Bool { layout.track.direction == .forward }

  /// The step at a place, and the place of a step.
  func turned(_ place: Int) -> Int { isForward ? place : trace.length - 1 - place }

  /// A signal at some places: (places, units), in the order of reading.
  func values(of signal: Signal, places: Range<Int>) -> [Float] {
    guard !places.isEmpty else { return [] }
    let count = layout.units(of: signal)
    let steps =
      isForward
      ? places : turned(places.upperBound - 1)..<turned(places.lowerBound) + 1
    let values = trace.window(
      WindowRequest(track: track, signal: signal, steps: steps, units: 0..<count)
    ).values
    guard !isForward else { return values }
    return steps.indices.reversed().flatMap { step in
      let row = (step - steps.lowerBound) * count
      return values[row..<row + count]
    }
  }

  /// The state h or c that enters a place.
  func before(_ signal: Signal, place: Int) -> [Float] {
    place > 0
      ? values(of: signal, places: place - 1..<place) : trace.seed(track: track, signal: signal)!
  }

  /// x at a place: what the layer reads.
  func input(place: Int) -> [Float] {
    let step = turned(place)
    guard !below.isEmpty else {
      return [Float](unsafeUninitializedCapacity: firstInput.width) { x, count in
        if let base = x.baseAddress { firstInput.row(step: step, into: base) }
        count = firstInput.width
      }
    }
    let parts = below.map { index in
      trace.window(
        WindowRequest(
          track: index, signal: .h, steps: step..<step + 1,
          units: 0..<trace.layout[index].units(of: .h))
      ).values
    }
    return trace.layout[below[0]].merge.merged(parts)
  }
}
