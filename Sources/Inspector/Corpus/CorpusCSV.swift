import Recurrent

/// The traces of many sequences as one CSV: the rows of each, with its number in front.
final class CorpusCSV: CorpusTable {
  private let selection: TraceSelection
  private let layout: CSVLayout
  private let form: CorpusForm
  private let tokens: TokenFields
  private let sink: any ByteSink

  init(
    _ preview: Trace, _ selection: TraceSelection, _ layout: CSVLayout, _ form: CorpusForm,
    to sink: any ByteSink
  ) throws {
    self.selection = selection
    self.layout = layout
    self.form = form
    self.sink = sink
    tokens = TokenFields(preview)
    let header = KeptSequence(number: 0, id: nil, trace: preview, steps: [])
    try export(header, 0..<0).writeHeader(to: sink)
  }

  func encode(_ kept: [KeptSequence], isContinued: Bool) throws -> () throws -> Void {
    let bytes = ByteBuffer()
    for sequence in kept {
      for steps in sequence.steps { try export(sequence, steps).writeRows(to: bytes) }
    }
    return { [sink] in try bytes.bytes.withUnsafeBytes { try sink.write($0) } }
  }

  func finish() {}

  private func export(_ kept: KeptSequence, _ steps: Range<Int>) -> CSVExport {
    var part = selection
    part.steps = steps
    let lead: CSVLead =
      form.reduction == nil
      ? .sequence(kept.number, id: kept.id, hasIDs: form.hasIDs, tokens)
      : .reduced(kept.number, id: kept.id, hasIDs: form.hasIDs)
    return CSVExport(trace: kept.trace, selection: part, layout: layout, lead: lead)
  }
}

/// Bytes in memory.
private final class ByteBuffer: ByteSink {
  private(set) var bytes: [UInt8] = []
  func write(_ bytes: UnsafeRawBufferPointer) { self.bytes += bytes }
}
