/// The sequences of a batch that one thread works on.
struct BatchPart {
  /// The first of them.
  let first: Int
  let count: Int
  /// B, those of the whole batch.
  let total: Int
  /// The network's tracks, for their numbers.
  let tracks: [Track]

  func track(_ weights: TrackWeights) -> Int { tracks.firstIndex(of: weights.track) ?? 0 }

  /// This part's columns of a (T, B, width) array, as (T, count, width) at a stride.
  func copy<Element>(
    _ values: [Element], width: Int, steps: Int, into out: UnsafeMutablePointer<Element>,
    stride: Int
  ) {
    values.withUnsafeBufferPointer { values in
      for t in 0..<steps {
        for b in 0..<count {
          let from = values.baseAddress! + (t * total + first + b) * width
          (out + (t * count + b) * stride).update(from: from, count: width)
        }
      }
    }
  }
}
