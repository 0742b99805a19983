/// A network's weights as `BatchStepper` reads them, packed once for all threads.
public final class BatchWeights: @unchecked Sendable {
  public let network: Network
  let tracks: [Track]
  /// A track an entry; nil where its cell is stepped one sequence after the other.
  let cells: [BatchCell?]

  public init(_ network: Network) {
    self.network = network
    tracks = network.tracks
    cells = network.tracks.map { track in
      let shape = network.layers[track.layer].shape
      return FusedCell.knows(shape) ? BatchCell(shape: shape, weights: network[track]) : nil
    }
  }

  func shape(of track: Int) -> LayerShape { network.layers[tracks[track].layer].shape }
}
