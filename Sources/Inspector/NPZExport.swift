import Recurrent

/// Writes a trace as a NumPy archive: a stored zip of arrays in the .npy format 1.0; see
/// docs/trace-files.md.
struct NPZExport {
  let trace: Trace
  let selection: TraceSelection
  let input: LayerInput?
  var reach: ((Int) throws -> Void)?
  var limits = ZipWriter.Limits()

  func write(to sink: any ByteSink) throws {
    var zip = ZipWriter(sink, limits: limits)
    let columns = selection.resolved(in: trace.layout).flatMap { track in
      track.signals.filter { track.unitCount(of: $0) > 0 }.map { Column(track, $0) }
    }
    if let file = sink as? any PatchableSink, file.isSeekable {
      try addTogether(columns, to: &zip, file)
    } else {
      for column in columns { try add(column, to: &zip) }
    }
    try reach?(selection.steps.upperBound)
    try addReadout(to: &zip)
    if trace.hasTokenNumbers, trace.token(at: 0) != nil {
      let numbers = selection.steps.lazy.map { trace.token(at: $0) ?? 0 }
      try add("tokens", numbers, count: selection.steps.count, to: &zip)
    }
    if let input { try add(input, to: &zip) }
    if selection.steps != 0..<trace.length || trace.stepNumbers != nil {
      let numbers = selection.steps.lazy.map { trace.stepNumber(at: $0) }
      try add("steps", numbers, count: selection.steps.count, to: &zip)
    }
    if let units = try selection.unitNumbers(in: trace.layout) {
      try add("units", units, count: units.count, to: &zip)
    }
    if let header = CellHeader(trace.layout) {
      let start = npyHeader("|u1", shape: [header.bytes.count])
      try zip.add(name: "header.npy") { emit in
        try start.withUnsafeBytes(emit)
        try header.bytes.withUnsafeBytes(emit)
      }
    }
    try zip.finish()
  }

  /// One signal of a track: `l0_fwd_f`, (T, H), or (T, P) for a projected h.
  private struct Column {
    let track: SelectedTrack
    let units: Int
    let name: String

    init(_ track: SelectedTrack, _ signal: Signal) {
      self.track = SelectedTrack(
        index: track.index, layout: track.layout, units: track.units, signals: [signal])
      units = track.unitCount(of: signal)
      name = (track.layout.name ?? "\(track.name(separator: "_"))_\(signal.rawValue)") + ".npy"
    }
  }

  private func header(of column: Column) -> [UInt8] {
    npyHeader("<f4", shape: [selection.steps.count, column.units])
  }

  private func add(_ column: Column, to zip: inout ZipWriter) throws {
    let block = SelectedBlock(trace: trace, tracks: [column.track])
    let header = header(of: column)
    try zip.add(name: column.name) { emit in
      try header.withUnsafeBytes(emit)
      for steps in selection.steps.parts(of: block.capacity) {
        try reach?(steps.upperBound)
        block.read(steps)
        try emit(block.bytes(track: 0, signal: 0))
      }
    }
  }

  /// All columns in one pass over the steps, where what is behind can be written before what is in
  /// front of it is complete.
  private func addTogether(
    _ columns: [Column], to zip: inout ZipWriter, _ file: any PatchableSink
  ) throws {
    let block = SelectedBlock(trace: trace, tracks: columns.map(\.track))
    let headers = columns.map(header)
    let sizes = Swift.zip(columns, headers).map { column, header in
      header.count + 4 * column.units * selection.steps.count
    }
    try zip.addTogether(Array(Swift.zip(columns.map(\.name), sizes)), file) { emit in
      for (place, header) in headers.enumerated() {
        try header.withUnsafeBytes { try emit(place, $0) }
      }
      for steps in selection.steps.parts(of: block.capacity) {
        try reach?(steps.upperBound)
        block.read(steps)
        for place in columns.indices {
          try emit(place, block.bytes(track: place, signal: 0))
        }
      }
    }
  }

  /// `x`: (T, I).
  private func add(_ input: LayerInput, to zip: inout ZipWriter) throws {
    let capacity = max(1, (1 << 18) / max(input.width, 1))
    let rows = FloatBuffer(count: min(capacity, selection.steps.count) * input.width)
    let header = npyHeader("<f4", shape: [selection.steps.count, input.width])
    try zip.add(name: "x.npy") { emit in
      try header.withUnsafeBytes(emit)
      for steps in selection.steps.parts(of: capacity) {
        for (row, step) in steps.enumerated() {
          input.row(step: step, into: rows.pointer + row * input.width)
        }
        try emit(
          UnsafeRawBufferPointer(
            UnsafeBufferPointer(start: rows.pointer, count: steps.count * input.width)))
      }
    }
  }

  /// `y`: (T, O), or `y_top` and `y_top_id`: (T, 10), from the likeliest down; `y_next`, `loss`,
  /// `entropy`: (T).
  private func addReadout(to zip: inout ZipWriter) throws {
    guard let readout = trace.readout else { return }
    let said = SelectedReadout(readout, selection.readout)
    for quantity in said.quantities {
      guard quantity == .y else {
        try addScalar(quantity, of: readout, to: &zip)
        continue
      }
      guard !readout.isWhole else {
        try add("y", width: readout.outputs, said, to: &zip) { Array($0.row($1)) }
        continue
      }
      let count = TraceReadout.topCount
      try add("y_top", width: count, said, to: &zip) { block, step in
        said.likeliest(block, step).map { $0.value }
      }
      let header = npyHeader("<i8", shape: [selection.steps.count, count])
      try zip.add(name: "y_top_id.npy") { emit in
        try header.withUnsafeBytes(emit)
        try said.each(selection.steps) { block, step in
          let ids = said.likeliest(block, step).map { Int64($0.output).littleEndian }
          try ids.withUnsafeBytes(emit)
        }
      }
    }
  }

  /// `y_next`, `loss` or `entropy`: all three are known once one of them has been looked at.
  private func addScalar(
    _ quantity: ReadoutQuantity, of readout: TraceReadout, to zip: inout ZipWriter
  ) throws {
    let header = npyHeader("<f4", shape: [selection.steps.count])
    try zip.add(name: quantity.rawValue + ".npy") { emit in
      try header.withUnsafeBytes(emit)
      for steps in selection.steps.parts(of: 1 << 15) {
        try readout.values(quantity, steps).withUnsafeBytes(emit)
      }
    }
  }

  /// A float32 array of what is said of outputs, (T, width).
  private func add(
    _ name: String, width: Int, _ said: SelectedReadout, to zip: inout ZipWriter,
    _ values: (ReadoutBlock, Int) -> [Float]
  ) throws {
    let header = npyHeader("<f4", shape: [selection.steps.count, width])
    try zip.add(name: name + ".npy") { emit in
      try header.withUnsafeBytes(emit)
      var piece: [Float] = []
      try said.each(selection.steps) { block, step in
        piece += values(block, step)
        if piece.count >= 1 << 15 {
          try piece.withUnsafeBytes(emit)
          piece.removeAll(keepingCapacity: true)
        }
      }
      try piece.withUnsafeBytes(emit)
    }
  }

  /// An array of int64.
  private func add(
    _ name: String, _ numbers: some Sequence<Int>, count: Int, to zip: inout ZipWriter
  ) throws {
    let header = npyHeader("<i8", shape: [count])
    try zip.add(name: name + ".npy") { emit in
      try header.withUnsafeBytes(emit)
      var piece: [Int64] = []
      for number in numbers {
        piece.append(Int64(number).littleEndian)
        if piece.count == 1 << 15 {
          try piece.withUnsafeBytes(emit)
          piece.removeAll(keepingCapacity: true)
        }
      }
      try piece.withUnsafeBytes(emit)
    }
  }
}

/// The header of a .npy file, format 1.0, C order: filled up with spaces so that the values begin
/// at a multiple of 64 (numpy.lib.format).
func npyHeader(_ type: String, shape: [Int]) -> [UInt8] {
  let sizes = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
  let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
  let start = 10  // the magic, the version and the length of the text
  let length = (start + text.utf8.count + 1 + 63) / 64 * 64 - start
  var header: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
  header.append(little: UInt16(length))
  header += Array(text.utf8)
  header += [UInt8](repeating: UInt8(ascii: " "), count: length - text.utf8.count - 1)
  header.append(UInt8(ascii: "\n"))
  return header
}
