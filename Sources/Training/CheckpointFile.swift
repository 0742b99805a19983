import Files
import Recurrent

/// The bytes of a checkpoint: a line that says what it is, the fields in order, and a sum (FNV-1a)
/// over all before it. Numbers are little-endian, 8 bytes wide, or 4 in arrays of weights; a list
/// begins with its count.
///
/// A file for one version of the program on one machine, not for exchange.
extension TrainingCheckpoint {
  private static let magic = Array("gatescope checkpoint 2\n".utf8)

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: `FileError`.
  public func write(to path: String) throws(FileError) {
    let file = try AtomicFile(path: path)
    try file.write(bytes)
    try file.commit()
  }

  /// - Throws: `TrainingError.badCheckpoint` where the file cannot be read or is no checkpoint.
  public init(path: String) throws(TrainingError) {
    let bytes: [UInt8]
    do {
      bytes = try InputBytes.read(path)
    } catch {
      throw .badCheckpoint(reason: "\(error)")
    }
    do throws(CheckpointReader.Damage) {
      try self.init(bytes: bytes)
    } catch {
      switch error {
      case .foreign: throw .badCheckpoint(reason: "\(path) is no checkpoint of this version")
      case .damaged: throw .badCheckpoint(reason: "\(path) is damaged or cut off")
      }
    }
  }

  var bytes: [UInt8] {
    var out = CheckpointWriter(bytes: Self.magic)
    out.add(list: settings) {
      $0.add($1.name)
      $0.add($1.value)
    }
    out.add(step)
    out.add(seconds)
    out.add(list: random) { $0.add(list: $1) { $0.add($1) } }
    out.add(parameters)
    out.add(moments.first)
    out.add(moments.second)
    out.add(list: carried) { out, state in
      out.add(list: state.tracks) {
        $0.add($1.hidden)
        $0.add($1.cell ?? [])
      }
    }
    out.add(list: losses) { $0.add($1) }
    out.add(list: figures) { $0.add($1) }
    for candidate in [best, early] {
      out.add(list: candidate.map { [$0] } ?? []) { out, candidate in
        out.add(candidate.parameters)
        out.add(list: candidate.figures) { $0.add($1) }
      }
    }
    out.add(CheckpointReader.sum(out.bytes[...]))
    return out.bytes
  }

  init(bytes: [UInt8]) throws(CheckpointReader.Damage) {
    guard bytes.starts(with: Self.magic) else { throw .foreign }
    var reader = try CheckpointReader(bytes, from: Self.magic.count)
    settings = try reader.list { reader throws(CheckpointReader.Damage) in
      Setting(name: try reader.string(), value: try reader.string())
    }
    step = try reader.count()
    seconds = try reader.double()
    random = try reader.list { reader throws(CheckpointReader.Damage) in
      let words = try reader.list { r throws(CheckpointReader.Damage) in try r.word() }
      guard words.count == 4 else { throw .damaged }
      return words
    }
    parameters = try reader.floats()
    moments = Adam.Moments(first: try reader.floats(), second: try reader.floats())
    carried = try reader.list { reader throws(CheckpointReader.Damage) in
      Carried(
        tracks: try reader.list { reader throws(CheckpointReader.Damage) in
          let hidden = try reader.floats()
          let cell = try reader.floats()
          return NetworkState.TrackState(hidden: hidden, cell: cell.isEmpty ? nil : cell)
        })
    }
    losses = try reader.list { r throws(CheckpointReader.Damage) in try r.double() }
    figures = try reader.list { r throws(CheckpointReader.Damage) in try r.figure() }
    best = try reader.candidate()
    early = try reader.candidate()
    try reader.expectEnd()
  }
}

extension CheckpointReader {
  fileprivate mutating func candidate() throws(Damage) -> TrainingCheckpoint.Candidate? {
    try list { reader throws(Damage) in
      let parameters = try reader.floats()
      let figures = try reader.list { r throws(Damage) in try r.figure() }
      guard !figures.isEmpty else { throw .damaged }
      return TrainingCheckpoint.Candidate(parameters: parameters, figures: figures)
    }.first
  }
}
