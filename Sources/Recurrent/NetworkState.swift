/// The memory that a network carries from one step to the next.
public struct NetworkState: Sendable, Equatable {
  /// What one layer carries in one direction.
  public struct TrackState: Sendable, Equatable {
    /// h: (H), or (P) where the layer projects.
    public var hidden: [Float]
    /// c: (H), nil where the cell has none; all that a described cell carries, one after the other.
    public var cell: [Float]?

    public init(hidden: [Float], cell: [Float]?) {
      self.hidden = hidden
      self.cell = cell
    }
  }

  /// One entry a track, in the order of `Network.tracks`.
  public var tracks: [TrackState]

  /// - Throws: `NetworkError` where a length does not fit the network.
  public init(tracks: [TrackState], for network: Network) throws(NetworkError) {
    guard tracks.count == network.tracks.count else {
      throw .wrongCount(
        what: "initial states", expected: network.tracks.count, found: tracks.count)
    }
    for (track, state) in zip(network.tracks, tracks) {
      let shape = network.layers[track.layer].shape
      try expect("initial h of \(track)", state.hidden, [shape.recurrentSize])
      guard (state.cell != nil) == shape.cell.hasCellState else {
        throw .wrongCount(
          what: "initial c of \(track)", expected: shape.cell.hasCellState ? 1 : 0,
          found: state.cell == nil ? 0 : 1)
      }
      try expect("initial c of \(track)", state.cell, [shape.carriedSize])
    }
    self.tracks = tracks
  }

  /// All zeros: how a sequence begins where nothing else is said.
  public init(zeroFor network: Network) {
    tracks = network.tracks.map { track in
      let shape = network.layers[track.layer].shape
      func zeros(_ count: Int) -> [Float] { Array(repeating: 0, count: count) }
      return TrackState(
        hidden: zeros(shape.recurrentSize),
        cell: shape.cell.hasCellState ? zeros(shape.carriedSize) : nil)
    }
  }
}
