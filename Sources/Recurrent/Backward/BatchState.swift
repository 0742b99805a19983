/// What every sequence of a batch carries from one piece of its text to the next, for truncated
/// backpropagation through time (Williams & Peng 1990). Gradients stop at it.
public struct BatchState: Sendable, Equatable {
  /// What one layer carries in one direction.
  public struct TrackState: Sendable, Equatable {
    /// h: (B, H).
    public var hidden: [Float]
    /// c: (B, H), empty where the cell has none.
    public var cell: [Float]
  }

  /// B.
  public let sequences: Int
  /// One entry a track, in the order of `Network.tracks`.
  public internal(set) var tracks: [TrackState]

  /// All zeros.
  public init(zeroFor network: Network, sequences: Int) {
    self.sequences = sequences
    tracks = network.tracks.map { track in
      let shape = network.layers[track.layer].shape
      let zeros = [Float](repeating: 0, count: sequences * shape.hiddenSize)
      return TrackState(hidden: zeros, cell: shape.cell.hasCellState ? zeros : [])
    }
  }

  /// The state of one sequence, as a `Stepper` takes it.
  public func state(ofSequence sequence: Int) -> NetworkState {
    NetworkState(
      unchecked: tracks.map { track in
        let units = track.hidden.count / sequences
        let range = sequence * units..<(sequence + 1) * units
        return NetworkState.TrackState(
          hidden: Array(track.hidden[range]),
          cell: track.cell.isEmpty ? nil : Array(track.cell[range]))
      })
  }

  /// The same with zeros for some sequences, which begin anew.
  func cleared(_ sequences: Set<Int>) -> BatchState {
    guard !sequences.isEmpty else { return self }
    var state = self
    for index in tracks.indices {
      for sequence in sequences {
        state.tracks[index].hidden.clear(sequence, of: self.sequences)
        state.tracks[index].cell.clear(sequence, of: self.sequences)
      }
    }
    return state
  }

  /// Puts one sequence's state in its place: `state` fits the same network.
  public mutating func set(_ state: NetworkState, forSequence sequence: Int) {
    for index in tracks.indices {
      let units = tracks[index].hidden.count / sequences
      let range = sequence * units..<(sequence + 1) * units
      tracks[index].hidden.replaceSubrange(range, with: state.tracks[index].hidden)
      if let cell = state.tracks[index].cell {
        tracks[index].cell.replaceSubrange(range, with: cell)
      }
    }
  }
}

extension NetworkState {
  /// For states that fit their network by construction.
  fileprivate init(unchecked tracks: [TrackState]) { self.tracks = tracks }
}

extension [Float] {
  /// Puts one of `count` rows of equal length to zero.
  fileprivate mutating func clear(_ row: Int, of count: Int) {
    let width = self.count / count
    for index in row * width..<(row + 1) * width { self[index] = 0 }
  }
}
