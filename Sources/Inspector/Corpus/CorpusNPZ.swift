import Files
import Recurrent

/// The traces of many sequences as one NumPy archive: every array has the rows of all of them, end to
/// end, and `offsets` says where each begins; docs/corpora.md has the names.
///
/// An array's length, and with it where the next one begins, is known at the end. Until then each waits
/// in a file without a name.
final class CorpusNPZ: CorpusTable {
  private let selection: TraceSelection
  private let form: CorpusForm
  private let tracks: [SelectedTrack]
  private let quantities: [ReadoutQuantity]
  private let isWhole: Bool
  private let units: [Int]?
  private let hasTokens: Bool
  private let sink: any ByteSink
  private var values: [Waiting] = []
  private let numbers: Waiting
  private let offsets: Waiting
  private let ids: Spool?
  private var longestID = 1
  private var rows = 0
  private var sequences = 0

  /// An array in the making.
  private struct Waiting {
    let name: String
    let type: String
    /// Of a row; nil where a row is one number.
    let width: Int?
    let spool: Spool
  }

  init(
    _ preview: Trace, _ selection: TraceSelection, _ form: CorpusForm, path: String,
    to sink: any ByteSink
  ) throws {
    self.selection = selection
    self.form = form
    self.sink = sink
    tracks = selection.resolved(in: preview.layout)
    units = try selection.unitNumbers(in: preview.layout)
    let said = preview.readout.map { SelectedReadout($0, selection.readout) }
    quantities = said?.quantities ?? []
    isWhole = said?.readout.isWhole ?? true
    hasTokens = preview.token(at: 0) != nil && form.reduction == nil
    func waiting(_ name: String, _ type: String, _ width: Int? = nil) throws -> Waiting {
      Waiting(name: name, type: type, width: width, spool: try Spool(for: path))
    }
    for track in tracks {
      for signal in track.signals where track.unitCount(of: signal) > 0 {
        let name = "\(track.name(separator: "_"))_\(signal.rawValue)"
        values.append(try waiting(name, "<f4", track.unitCount(of: signal)))
      }
    }
    for quantity in quantities {
      if quantity != .y {
        values.append(try waiting(quantity.rawValue, "<f4"))
      } else if isWhole {
        values.append(try waiting("y", "<f4", said?.readout.outputs ?? 0))
      } else {
        values.append(try waiting("y_top", "<f4", TraceReadout.topCount))
        values.append(try waiting("y_top_id", "<i8", TraceReadout.topCount))
      }
    }
    if hasTokens { values.append(try waiting("tokens", "<i8")) }
    if form.reduction != nil || form.condition != nil {
      values.append(try waiting("steps", "<i8"))
    }
    numbers = try waiting("sequences", "<i8")
    offsets = try waiting("offsets", "<i8")
    ids = form.hasIDs ? try Spool(for: path) : nil
  }

  func encode(_ kept: [KeptSequence], isContinued: Bool) throws -> () throws -> Void {
    var pieces = values.map { _ in [UInt8]() }
    for sequence in kept {
      let longest = sequence.steps.map(\.count).max() ?? 0
      let block = SelectedBlock(trace: sequence.trace, tracks: tracks, limit: longest)
      for steps in sequence.steps {
        for part in steps.parts(of: block.capacity) { append(sequence, part, block, to: &pieces) }
      }
    }
    let encoded = pieces
    return { [self] in
      for (array, piece) in zip(values, encoded) {
        try piece.withUnsafeBytes { try array.spool.write($0) }
      }
      for (place, sequence) in kept.enumerated() {
        if place > 0 || !isContinued { try begin(sequence) }
        rows += sequence.count
      }
    }
  }

  private func begin(_ sequence: KeptSequence) throws {
    sequences += 1
    try write(Int64(sequence.number), to: numbers.spool)
    try write(Int64(rows), to: offsets.spool)
    guard let ids else { return }
    let id = sequence.id ?? ""
    longestID = max(longestID, id.unicodeScalars.count)
    try write(Int64(id.utf8.count), to: ids)
    try Array(id.utf8).withUnsafeBytes { try ids.write($0) }
  }

  private func write(_ number: Int64, to spool: Spool) throws {
    try withUnsafeBytes(of: number.littleEndian) { try spool.write($0) }
  }

  private func append(
    _ kept: KeptSequence, _ steps: Range<Int>, _ block: SelectedBlock, to pieces: inout [[UInt8]]
  ) {
    block.read(steps)
    var place = 0
    for (index, track) in tracks.enumerated() {
      for signal in track.signals.indices where block.unitCount(track: index, signal: signal) > 0 {
        pieces[place] += block.bytes(track: index, signal: signal)
        place += 1
      }
    }
    if let readout = kept.trace.readout, !quantities.isEmpty {
      let said = SelectedReadout(readout, selection.readout)
      for part in steps.parts(of: readout.blockSteps) {
        append(said, readout.block(part), to: &pieces, from: place)
      }
      place += quantities.count + (quantities.contains(.y) && !isWhole ? 1 : 0)
    }
    if hasTokens {
      for step in steps {
        pieces[place].append(little: Int64(kept.trace.token(at: step) ?? 0))
      }
      place += 1
    }
    if form.reduction != nil || form.condition != nil {
      for step in steps { pieces[place].append(little: Int64(kept.trace.stepNumber(at: step))) }
    }
  }

  private func append(
    _ said: SelectedReadout, _ block: ReadoutBlock, to pieces: inout [[UInt8]], from first: Int
  ) {
    for step in block.steps {
      var place = first
      for quantity in quantities {
        if quantity != .y {
          pieces[place].append(little: block[quantity, step].bitPattern)
        } else if isWhole {
          for value in block.row(step) { pieces[place].append(little: value.bitPattern) }
        } else {
          for (output, value) in said.likeliest(block, step) {
            pieces[place].append(little: value.bitPattern)
            pieces[place + 1].append(little: Int64(output))
          }
          place += 1
        }
        place += 1
      }
    }
  }

  func finish() throws {
    try write(Int64(rows), to: offsets.spool)
    var zip = ZipWriter(sink)
    for array in values {
      try add(array.name, array.type, [rows] + (array.width.map { [$0] } ?? []), to: &zip) {
        try array.spool.read($0)
      }
    }
    try add(numbers.name, numbers.type, [sequences], to: &zip) { [numbers] in
      try numbers.spool.read($0)
    }
    if form.reduction == nil {
      try add(offsets.name, offsets.type, [sequences + 1], to: &zip) { [offsets] in
        try offsets.spool.read($0)
      }
    }
    if let ids {
      let width = longestID
      try add("ids", "<U\(width)", [sequences], size: 4 * width * sequences, to: &zip) { emit in
        try Self.padded(ids, width: width, emit)
      }
    }
    if let units {
      let bytes = units.reduce(into: [UInt8]()) { $0.append(little: Int64($1)) }
      try add("units", "<i8", [units.count], to: &zip) { try bytes.withUnsafeBytes($0) }
    }
    try zip.finish()
  }

  /// Where the sink can be written at any place, every array is read once.
  private func add(
    _ name: String, _ type: String, _ shape: [Int], size: Int? = nil, to zip: inout ZipWriter,
    _ contents: @escaping ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    let header = npyHeader(type, shape: shape)
    let size = size ?? shape.reduce(type == "<f4" ? 4 : 8, *)
    guard let file = sink as? any PatchableSink, file.isSeekable else {
      try zip.add(name: name + ".npy") { emit in
        try header.withUnsafeBytes(emit)
        try contents(emit)
      }
      return
    }
    try zip.addTogether([(name: name + ".npy", size: header.count + size)], file) { emit in
      try header.withUnsafeBytes { try emit(0, $0) }
      try contents { try emit(0, $0) }
    }
  }

  /// Names of one width in UTF-32, as NumPy has texts.
  private static func padded(
    _ spool: Spool, width: Int, _ emit: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var waiting: [UInt8] = []
    try spool.read { piece in
      waiting += piece
      var start = 0
      var out: [UInt8] = []
      while waiting.count - start >= 8 {
        let length = waiting[start..<start + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard waiting.count - start - 8 >= length else { break }
        let id = String(decoding: waiting[start + 8..<start + 8 + length], as: UTF8.self)
        for scalar in id.unicodeScalars { out.append(little: scalar.value) }
        out += [UInt8](repeating: 0, count: 4 * (width - id.unicodeScalars.count))
        start += 8 + length
      }
      waiting.removeFirst(start)
      try out.withUnsafeBytes(emit)
    }
  }
}
