import Recurrent

/// The initial state of a network in an NPZ archive: `l0_fwd_h`, `l0_fwd_c` … for every layer and
/// direction, or `h` and `c` for all of them, (layers · directions, H), in PyTorch's order: layer by
/// layer, forward first. Axes of 1, such as a batch of one, do not matter.
public enum StateFile {
  /// - Throws: `InputFileError` naming the array that is missing or does not fit; `ModelFileError`
  ///   where its numbers cannot be read.
  public static func state(_ file: NumPyFile, for network: Network) throws -> NetworkState {
    let tracks = network.tracks
    let shapes = tracks.map { network.layers[$0.layer].shape }
    let hidden = try values(
      "h", file, tracks, sizes: shapes.map { $0.recurrentSize })
    let withCell = tracks.indices.filter { shapes[$0].cell.hasCellState }
    var cell: [Int: [Float]] = [:]
    if !withCell.isEmpty {
      let found = try values(
        "c", file, withCell.map { tracks[$0] }, sizes: withCell.map { shapes[$0].carriedSize })
      cell = Dictionary(uniqueKeysWithValues: zip(withCell, found))
    }
    return try NetworkState(
      tracks: tracks.indices.map { .init(hidden: hidden[$0], cell: cell[$0]) }, for: network)
  }

  /// One array a track.
  private static func values(
    _ signal: String, _ file: NumPyFile, _ tracks: [Track], sizes: [Int]
  ) throws -> [[Float]] {
    let names = tracks.map { "l\($0.layer)_\($0.direction.rawValue)_\(signal)" }
    guard file.names.contains(signal) else {
      return try zip(names, sizes).map { name, size in
        guard file.names.contains(name) else {
          throw InputFileError.missingArray(path: file.path, name: name, or: signal)
        }
        return try array(name, file, [size])
      }
    }
    if let own = names.first(where: file.names.contains) {
      throw InputFileError.stateTwice(path: file.path, signal, own)
    }
    guard let size = sizes.first, sizes.allSatisfy({ $0 == size }) else {
      throw InputFileError.missingArray(path: file.path, name: names[0], or: nil)
    }
    let all = try array(signal, file, [tracks.count, size])
    return tracks.indices.map { Array(all[$0 * size..<($0 + 1) * size]) }
  }

  private static func array(_ name: String, _ file: NumPyFile, _ shape: [Int]) throws -> [Float] {
    let found = file.shape(of: name) ?? []
    guard found.filter({ $0 != 1 }) == shape.filter({ $0 != 1 }) else {
      throw InputFileError.wrongShape(
        path: file.path, name: name,
        wanted: "(" + shape.map(String.init).joined(separator: ", ") + ")", found: found)
    }
    return try file.floats(name)
  }
}
