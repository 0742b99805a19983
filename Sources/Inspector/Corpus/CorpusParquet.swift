import Parquet
import Recurrent

/// The traces of many sequences as Parquet: a row a sequence, step, layer and direction, with a list of
/// its units' values a signal; docs/corpora.md describes the columns.
final class CorpusParquet: CorpusTable {
  private let selection: TraceSelection
  private let form: CorpusForm
  private let tracks: [SelectedTrack]
  private let quantities: [ReadoutQuantity]
  private let isWhole: Bool
  private let fields: [ParquetField]
  private let writer: ParquetWriter

  init(
    _ preview: Trace, _ selection: TraceSelection, _ form: CorpusForm, to sink: any ByteSink
  ) throws {
    self.selection = selection
    self.form = form
    tracks = selection.resolved(in: preview.layout)
    let said = preview.readout.map { SelectedReadout($0, selection.readout) }
    quantities = said?.quantities ?? []
    isWhole = said?.readout.isWhole ?? true
    var fields = [ParquetField("sequence", .int64)]
    if form.hasIDs { fields.append(ParquetField("id", .text, isOptional: true)) }
    if form.reduction == nil {
      fields.append(ParquetField("step", .int32))
      fields.append(ParquetField("token", .int32, isOptional: true))
    } else {
      fields.append(ParquetField("steps", .int32))
    }
    // What the readout says is of no layer.
    let isOptional = !quantities.isEmpty
    fields.append(ParquetField("layer", .int32, isOptional: isOptional))
    fields.append(ParquetField("direction", .text, isOptional: isOptional))
    for signal in selection.signals {
      fields.append(ParquetField(signal.rawValue, .floats, isOptional: true))
    }
    for quantity in quantities {
      if quantity != .y {
        fields.append(ParquetField(quantity.rawValue, .float, isOptional: true))
      } else if isWhole {
        fields.append(ParquetField("y", .floats, isOptional: true))
      } else {
        fields.append(ParquetField("y_top", .floats, isOptional: true))
        fields.append(ParquetField("y_top_id", .int32s, isOptional: true))
      }
    }
    self.fields = fields
    let metadata = form.metadata + CorpusMetadata.entries(preview, selection, tracks, form)
    writer = try ParquetWriter(
      fields, codec: form.codec, metadata: metadata, creator: form.creator
    ) { try sink.write($0) }
  }

  func encode(_ kept: [KeptSequence], isContinued: Bool) throws -> () throws -> Void {
    var rows = Rows(encoder: ParquetEncoder(fields, codec: form.codec))
    for sequence in kept {
      let longest = sequence.steps.map(\.count).max() ?? 0
      let block = SelectedBlock(trace: sequence.trace, tracks: tracks, limit: longest)
      for steps in sequence.steps {
        for part in steps.parts(of: min(block.capacity, sequence.blockSteps(quantities))) {
          try append(sequence, part, block, to: &rows)
        }
      }
    }
    let pages = try rows.encoder.finish(rows: rows.count)
    return { [writer] in try writer.append(pages) }
  }

  func finish() throws { try writer.finish() }

  private struct Rows {
    var encoder: ParquetEncoder
    var count = 0
    var column = 0
  }

  private func append(
    _ kept: KeptSequence, _ steps: Range<Int>, _ block: SelectedBlock, to rows: inout Rows
  ) throws {
    block.read(steps)
    let said = kept.trace.readout.flatMap { readout -> (SelectedReadout, ReadoutBlock)? in
      quantities.isEmpty
        ? nil : (SelectedReadout(readout, selection.readout), readout.block(steps))
    }
    for step in steps {
      for (place, track) in tracks.enumerated() {
        try appendLead(kept, step, track, to: &rows)
        for signal in selection.signals {
          if let index = track.signals.firstIndex(of: signal) {
            let values = UnsafeBufferPointer(
              start: block.row(track: place, signal: index, step: step),
              count: block.unitCount(track: place, signal: index))
            try rows.encoder.append(rows.column, floats: values)
          } else {
            try rows.encoder.appendNull(rows.column)
          }
          rows.column += 1
        }
        while rows.column < fields.count {
          try rows.encoder.appendNull(rows.column)
          rows.column += 1
        }
      }
      if let (said, block) = said {
        try appendLead(kept, step, nil, to: &rows)
        for _ in selection.signals {
          try rows.encoder.appendNull(rows.column)
          rows.column += 1
        }
        for quantity in quantities { try append(quantity, said, block, step, to: &rows) }
      }
    }
  }

  /// The columns that say what a row is of.
  private func appendLead(
    _ kept: KeptSequence, _ step: Int, _ track: SelectedTrack?, to rows: inout Rows
  ) throws {
    rows.count += 1
    try rows.encoder.append(0, int64: Int64(kept.number))
    rows.column = 1
    func next(_ append: (inout ParquetEncoder, Int) throws -> Void) throws {
      try append(&rows.encoder, rows.column)
      rows.column += 1
    }
    if form.hasIDs {
      try next { encoder, column in
        if let id = kept.id {
          try encoder.append(column, text: id)
        } else {
          try encoder.appendNull(column)
        }
      }
    }
    let number = Int32(clamping: kept.trace.stepNumber(at: step))
    try next { try $0.append($1, int32: number) }
    if form.reduction == nil {
      try next { encoder, column in
        if let token = kept.trace.token(at: step) {
          try encoder.append(column, int32: Int32(clamping: token))
        } else {
          try encoder.appendNull(column)
        }
      }
    }
    try next { encoder, column in
      if let track {
        try encoder.append(column, int32: Int32(track.layout.track.layer))
      } else {
        try encoder.appendNull(column)
      }
    }
    try next { encoder, column in
      if let track {
        try encoder.append(column, text: track.layout.track.direction.rawValue)
      } else {
        try encoder.appendNull(column)
      }
    }
  }

  private func append(
    _ quantity: ReadoutQuantity, _ said: SelectedReadout, _ block: ReadoutBlock, _ step: Int,
    to rows: inout Rows
  ) throws {
    if quantity != .y {
      let value = block[quantity, step]
      // After the last step no token comes.
      if value.isNaN {
        try rows.encoder.appendNull(rows.column)
      } else {
        try rows.encoder.append(rows.column, float: value)
      }
    } else if isWhole {
      try block.row(step).withUnsafeBufferPointer {
        try rows.encoder.append(rows.column, floats: $0)
      }
    } else {
      let likeliest = said.likeliest(block, step)
      try likeliest.map(\.value).withUnsafeBufferPointer {
        try rows.encoder.append(rows.column, floats: $0)
      }
      rows.column += 1
      try rows.encoder.append(rows.column, int32s: likeliest.map { Int32($0.output) })
    }
    rows.column += 1
  }
}

extension KeptSequence {
  /// How many steps are read at once that take little memory.
  fileprivate func blockSteps(_ quantities: [ReadoutQuantity]) -> Int {
    quantities.isEmpty ? .max : trace.readout?.blockSteps ?? .max
  }
}
