import Recurrent

/// How the values of a trace are laid out as rows of a CSV file; see docs/trace-files.md.
public enum CSVLayout: String, Sendable, CaseIterable {
  /// One row a step, layer, direction and unit; one column a signal.
  case unit
  /// One row a value.
  case long
  /// One row a step; one column a layer, direction, signal and unit, named `l0.fwd.f.12`.
  case wide
}

/// Writes a trace as CSV (RFC 4180, but with `\n` between rows, as data tools write it), a block of
/// steps at a time, on several threads where there is much.
struct CSVExport {
  let trace: Trace
  let selection: TraceSelection
  let layout: CSVLayout
  private let reach: ((Int) throws -> Void)?
  /// What is taken of the readout; nil where nothing is.
  private let said: SelectedReadout?
  private let lead: CSVLead

  /// Values that one block holds, at least those of a step.
  private static let blockValues = 1 << 16
  static let mostThreads = 4

  init(
    trace: Trace, selection: TraceSelection, layout: CSVLayout,
    lead: CSVLead? = nil, reach: ((Int) throws -> Void)? = nil
  ) {
    self.lead = lead ?? .step(TokenFields(trace))
    self.reach = reach
    self.trace = trace
    self.selection = selection
    self.layout = layout
    let said = trace.readout.map { SelectedReadout($0, selection.readout) }
    self.said = said?.quantities.isEmpty == false ? said : nil
  }

  func write(to sink: any ByteSink) throws {
    try writeHeader(to: sink)
    try writeRows(to: sink, threads: min(Self.mostThreads, Processors.count))
  }

  /// The rows alone, of a table of many sequences.
  func writeRows(to sink: any ByteSink, threads: Int = 1) throws {
    let tracks = selection.resolved(in: trace.layout)
    let rows = CSVRows(
      trace: trace, layout: layout, signals: selection.signals, lead: lead, said: said)
    func block() -> SelectedBlock {
      SelectedBlock(
        trace: trace, tracks: tracks, values: Self.blockValues, limit: selection.steps.count)
    }
    let first = block()
    let parts = Array(
      selection.steps.parts(of: min(first.capacity, said?.readout.blockSteps ?? .max)))
    let queue = CSVQueue(parts: parts, reach: reach, sink: sink)
    let blocks = [first] + (1..<max(1, min(threads, parts.count))).map { _ in block() }
    try OrderedPieces(blocks.map { CSVWorker(queue, rows, $0) }).run()
  }

  /// The header alone.
  func writeHeader(to sink: any ByteSink) throws {
    var text = TextBuffer()
    writeHeader(selection.resolved(in: trace.layout), to: &text)
    try sink.write(text.bytes)
  }

  private func writeHeader(_ tracks: [SelectedTrack], to text: inout TextBuffer) {
    switch layout {
    case .unit:
      text.append("\(lead.names),layer,direction,unit")
      for signal in selection.signals { text.append(",\(signal.rawValue)") }
      for quantity in said?.quantities ?? [] { text.append(",\(quantity.rawValue)") }
    case .long:
      text.append("\(lead.names),layer,direction,unit,signal,value")
    case .wide:
      text.append(lead.names)
      for track in tracks {
        let name = track.name(separator: ".")
        for signal in track.signals {
          for unit in track.units(of: signal).joined() {
            text.append(",\(name).\(signal.rawValue).\(track.layout.number(of: unit))")
          }
        }
      }
      for name in said.map(ReadoutRows.wideNames) ?? [] { text.append(",\(name)") }
    }
    text.append(newline)
  }
}

/// The parts of a trace that are still to be written, and where to.
private final class CSVQueue {
  private let parts: [Range<Int>]
  private var next = 0
  private let reach: ((Int) throws -> Void)?
  private let sink: any ByteSink

  init(parts: [Range<Int>], reach: ((Int) throws -> Void)?, sink: any ByteSink) {
    self.parts = parts
    self.reach = reach
    self.sink = sink
  }

  /// The next steps, recorded; nil at the end.
  func take() throws -> Range<Int>? {
    guard next < parts.count else { return nil }
    let steps = parts[next]
    next += 1
    try reach?(steps.upperBound)
    return steps
  }

  func give(_ text: UnsafeRawBufferPointer) throws { try sink.write(text) }
}

/// Makes rows of one part at a time.
private final class CSVWorker: PieceWorker {
  private let queue: CSVQueue
  private let rows: CSVRows
  private let block: SelectedBlock
  private var said: ReadoutBlock?
  private var text = TextBuffer()

  init(_ queue: CSVQueue, _ rows: CSVRows, _ block: SelectedBlock) {
    self.queue = queue
    self.rows = rows
    self.block = block
  }

  func take() throws -> Bool {
    guard let steps = try queue.take() else { return false }
    block.read(steps)
    said = rows.said?.readout.block(steps)
    return true
  }

  func work() {
    text.removeAll()
    rows.write(block, said, to: &text)
  }

  func give() throws { try queue.give(text.bytes) }
}

/// The rows of a block of steps.
private struct CSVRows {
  let trace: Trace
  let layout: CSVLayout
  let signals: [Signal]
  let lead: CSVLead
  let said: SelectedReadout?

  func write(_ block: SelectedBlock, _ saidBlock: ReadoutBlock?, to text: inout TextBuffer) {
    var saidRows: ReadoutRows?
    if let said, let saidBlock {
      saidRows = ReadoutRows(said, saidBlock, layout, signals.count)
    }
    for step in block.steps {
      let lead = lead.fields(of: trace, at: step)
      switch layout {
      case .unit: writeUnitRows(step, lead, block, to: &text)
      case .long: writeLongRows(step, lead, block, to: &text)
      case .wide: writeWideRow(step, lead, block, to: &text)
      }
      saidRows?.write(step, lead, to: &text)
      if layout == .wide { text.append(newline) }
    }
  }

  private func writeUnitRows(
    _ step: Int, _ lead: [UInt8], _ block: SelectedBlock, to text: inout TextBuffer
  ) {
    // The readout's columns say nothing of a unit.
    let end = [UInt8](repeating: comma, count: said?.quantities.count ?? 0) + [newline]
    for (place, track) in block.tracks.enumerated() {
      let prefix = rowPrefix(lead, track)
      let columns: [UnsafeBufferPointer<Float>] = signals.map { signal in
        guard let index = track.signals.firstIndex(of: signal) else {
          return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(
          start: block.row(track: place, signal: index, step: step),
          count: block.unitCount(track: place, signal: index))
      }
      var column = 0
      for unit in track.units.joined() {
        text.append(prefix)
        text.append(track.layout.number(of: unit))
        for values in columns {
          text.append(comma)
          // A projected h has the first units only.
          if column < values.count { text.append(values[column]) }
        }
        text.append(end)
        column += 1
      }
    }
  }

  private func writeLongRows(
    _ step: Int, _ lead: [UInt8], _ block: SelectedBlock, to text: inout TextBuffer
  ) {
    for (place, track) in block.tracks.enumerated() {
      let prefix = rowPrefix(lead, track)
      for (signalPlace, signal) in track.signals.enumerated() {
        let middle = Array(",\(signal.rawValue),".utf8)
        let values = block.row(track: place, signal: signalPlace, step: step)
        for (column, unit) in track.units(of: signal).joined().enumerated() {
          text.append(prefix)
          text.append(track.layout.number(of: unit))
          text.append(middle)
          text.append(values[column])
          text.append(newline)
        }
      }
    }
  }

  private func writeWideRow(
    _ step: Int, _ lead: [UInt8], _ block: SelectedBlock, to text: inout TextBuffer
  ) {
    text.append(lead)
    for (place, track) in block.tracks.enumerated() {
      for signal in track.signals.indices {
        text.append(
          UnsafeBufferPointer(
            start: block.row(track: place, signal: signal, step: step),
            count: block.unitCount(track: place, signal: signal)))
      }
    }
  }

  /// `step,token,layer,direction,`
  private func rowPrefix(_ lead: [UInt8], _ track: SelectedTrack) -> [UInt8] {
    var prefix = lead
    prefix += ",\(track.layout.track.layer),\(track.layout.track.direction.rawValue),".utf8
    return prefix
  }
}

private let comma = UInt8(ascii: ",")
private let newline = UInt8(ascii: "\n")

/// What stands in front of a row's values: which step it is of.
enum CSVLead {
  /// `step,token`.
  case step(TokenFields)
  /// `sequence,step,token`, or `sequence,id,step,token`.
  case sequence(Int, id: String?, hasIDs: Bool, TokenFields)
  /// `sequence,steps`, of how many steps the row is made; or `sequence,id,steps`.
  case reduced(Int, id: String?, hasIDs: Bool)

  var names: String {
    switch self {
    case .step: "step,token"
    case .sequence(_, _, let hasIDs, _): "sequence,\(hasIDs ? "id," : "")step,token"
    case .reduced(_, _, let hasIDs): "sequence,\(hasIDs ? "id," : "")steps"
    }
  }

  func fields(of trace: Trace, at step: Int) -> [UInt8] {
    let number = Array("\(trace.stepNumber(at: step))".utf8)
    switch self {
    case .step(let tokens): return number + [comma] + tokens.field(of: trace, at: step)
    case .sequence(let sequence, let id, let hasIDs, let tokens):
      return Self.first(sequence, id, hasIDs) + number + [comma]
        + tokens.field(of: trace, at: step)
    case .reduced(let sequence, let id, let hasIDs):
      return Self.first(sequence, id, hasIDs) + number
    }
  }

  private static func first(_ sequence: Int, _ id: String?, _ hasIDs: Bool) -> [UInt8] {
    Array("\(sequence),".utf8) + (hasIDs ? (id.map(csvField) ?? []) + [comma] : [])
  }
}

/// The tokens of a trace as CSV fields, each quoted once.
struct TokenFields {
  private let symbols: [[UInt8]]

  init(_ trace: Trace) { symbols = (trace.symbols ?? []).map(csvField) }

  /// Empty where the input is numeric; the token's number where it has no symbol.
  func field(of trace: Trace, at step: Int) -> [UInt8] {
    guard let token = trace.token(at: step) else { return [] }
    return symbols.indices.contains(token) ? symbols[token] : Array(String(token).utf8)
  }
}

/// A text as a field of RFC 4180: in quotes, with quotes doubled, where it holds a comma, a quote
/// or a line break, or begins or ends with white space, or is empty (so that it is not mistaken for
/// no token at all).
func csvField(_ text: String) -> [UInt8] {
  let bytes = Array(text.utf8)
  let quote = UInt8(ascii: "\"")
  let special: Set<UInt8> = [comma, quote, newline, UInt8(ascii: "\r")]
  let isEdged =
    text.unicodeScalars.first.map(\.properties.isWhitespace) ?? true
    || text.unicodeScalars.last.map(\.properties.isWhitespace) ?? true
  guard isEdged || bytes.contains(where: special.contains) else { return bytes }
  return [quote] + bytes.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
}
