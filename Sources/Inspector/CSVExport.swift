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
/// steps at a time.
struct CSVExport {
  let trace: Trace
  let selection: TraceSelection
  let layout: CSVLayout
  private let reach: ((Int) throws -> Void)?
  /// What is taken of the readout; nil where nothing is.
  private let said: SelectedReadout?

  init(
    trace: Trace, selection: TraceSelection, layout: CSVLayout,
    reach: ((Int) throws -> Void)? = nil
  ) {
    self.reach = reach
    self.trace = trace
    self.selection = selection
    self.layout = layout
    let said = trace.readout.map { SelectedReadout($0, selection.readout) }
    self.said = said?.quantities.isEmpty == false ? said : nil
  }

  func write(to sink: any ByteSink) throws {
    var text = TextBuffer(sink)
    let tracks = selection.resolved(in: trace.layout)
    let block = SelectedBlock(trace: trace, tracks: tracks)
    let fields = TokenFields(trace)
    try writeHeader(tracks, to: &text)
    for steps in selection.steps.parts(of: min(block.capacity, said?.readout.blockSteps ?? .max)) {
      try reach?(steps.upperBound)
      block.read(steps)
      let saidRows = said.map {
        ReadoutRows($0, $0.readout.block(steps), layout, selection.signals.count)
      }
      for step in steps {
        let token = fields.field(at: step)
        switch layout {
        case .unit: try writeUnitRows(step, token, block, to: &text)
        case .long: try writeLongRows(step, token, block, to: &text)
        case .wide: try writeWideRow(step, token, block, to: &text)
        }
        try saidRows?.write(step, stepNumber: trace.stepNumber(at: step), token, to: &text)
        if layout == .wide { try text.append(newline) }
      }
    }
    try text.flush()
  }

  private func writeHeader(_ tracks: [SelectedTrack], to text: inout TextBuffer) throws {
    switch layout {
    case .unit:
      try text.append("step,token,layer,direction,unit")
      for signal in selection.signals { try text.append(",\(signal.rawValue)") }
      for quantity in said?.quantities ?? [] { try text.append(",\(quantity.rawValue)") }
    case .long:
      try text.append("step,token,layer,direction,unit,signal,value")
    case .wide:
      try text.append("step,token")
      for track in tracks {
        let name = track.name(separator: ".")
        for signal in track.signals {
          for unit in track.units(of: signal).joined() {
            try text.append(",\(name).\(signal.rawValue).\(track.layout.number(of: unit))")
          }
        }
      }
      for name in said.map(ReadoutRows.wideNames) ?? [] { try text.append(",\(name)") }
    }
    try text.append(newline)
  }

  private func writeUnitRows(
    _ step: Int, _ token: [UInt8], _ block: SelectedBlock, to text: inout TextBuffer
  ) throws {
    // The readout's columns say nothing of a unit.
    let blanks = [UInt8](repeating: comma, count: said?.quantities.count ?? 0)
    for (place, track) in block.tracks.enumerated() {
      let prefix = rowPrefix(step, token, track)
      let columns: [UnsafeBufferPointer<Float>] = selection.signals.map { signal in
        guard let index = track.signals.firstIndex(of: signal) else {
          return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(
          start: block.row(track: place, signal: index, step: step),
          count: block.unitCount(track: place, signal: index))
      }
      var column = 0
      for units in track.units {
        for unit in units {
          try text.append(prefix)
          try text.append(track.layout.number(of: unit))
          for values in columns {
            try text.append(comma)
            // A projected h has the first units only.
            if column < values.count { try text.append(values[column]) }
          }
          try text.append(blanks)
          try text.append(newline)
          column += 1
        }
      }
    }
  }

  private func writeLongRows(
    _ step: Int, _ token: [UInt8], _ block: SelectedBlock, to text: inout TextBuffer
  ) throws {
    for (place, track) in block.tracks.enumerated() {
      let prefix = rowPrefix(step, token, track)
      for (signalPlace, signal) in track.signals.enumerated() {
        let middle = Array(",\(signal.rawValue),".utf8)
        let values = block.row(track: place, signal: signalPlace, step: step)
        var column = 0
        for units in track.units(of: signal) {
          for unit in units {
            try text.append(prefix)
            try text.append(track.layout.number(of: unit))
            try text.append(middle)
            try text.append(values[column])
            try text.append(newline)
            column += 1
          }
        }
      }
    }
  }

  private func writeWideRow(
    _ step: Int, _ token: [UInt8], _ block: SelectedBlock, to text: inout TextBuffer
  ) throws {
    try text.append(trace.stepNumber(at: step))
    try text.append(comma)
    try text.append(token)
    for (place, track) in block.tracks.enumerated() {
      for signal in track.signals.indices {
        let values = block.row(track: place, signal: signal, step: step)
        for column in 0..<block.unitCount(track: place, signal: signal) {
          try text.append(comma)
          try text.append(values[column])
        }
      }
    }
  }

  /// `step,token,layer,direction,`
  private func rowPrefix(_ step: Int, _ token: [UInt8], _ track: SelectedTrack) -> [UInt8] {
    var prefix = Array("\(trace.stepNumber(at: step)),".utf8)
    prefix += token
    prefix += ",\(track.layout.track.layer),\(track.layout.track.direction.rawValue),".utf8
    return prefix
  }
}

private let comma = UInt8(ascii: ",")
private let newline = UInt8(ascii: "\n")

/// The tokens of a trace as CSV fields, each quoted once.
struct TokenFields {
  private let trace: Trace
  private let symbols: [[UInt8]]

  init(_ trace: Trace) {
    self.trace = trace
    symbols = (trace.symbols ?? []).map(csvField)
  }

  /// Empty where the input is numeric; the token's number where it has no symbol.
  func field(at step: Int) -> [UInt8] {
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
