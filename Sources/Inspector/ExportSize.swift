import Recurrent

/// How much a file of a part of a trace holds, told before it is written.
public struct ExportSize: Sendable, Hashable {
  public let steps: Int
  /// Of all layers and directions together.
  public let units: Int
  /// Kinds of signals, not of the readout.
  public let signals: Int
  /// What it says of the readout.
  public let said: [ReadoutQuantity]
  /// Rows of a CSV without its header; nil for an archive of arrays.
  public let rows: Int?
  /// About; told by writing a few steps.
  public let bytes: Int

  /// Rows and numbers are counted, bytes told by as many recorded steps as make some thousand values.
  ///
  /// - Parameters:
  ///   - network: what was recorded, for the input of an archive; nil out of a file.
  /// - Throws: `ExportError` where such a file cannot be written.
  public init(
    _ selection: TraceSelection, of trace: Trace, _ format: TraceFormat, network: Network?
  ) throws {
    let tracks = selection.resolved(in: trace.layout)
    let readout = trace.readout.map { SelectedReadout($0, selection.readout) }
    steps = selection.steps.count
    units = tracks.reduce(0) { sum, track in
      sum + (track.signals.map(track.unitCount(of:)).max() ?? 0)
    }
    signals = Set(tracks.flatMap(\.signals)).count
    said = readout?.quantities ?? []

    // What the readout adds to a step: a row an output, and one or more for what has one value.
    let values = tracks.reduce(0) { sum, track in
      sum + track.signals.reduce(0) { $0 + track.unitCount(of: $1) }
    }
    let scalars = readout?.scalars.count ?? 0
    var outputs = 0
    if let readout, said.contains(.y) {
      outputs = readout.readout.isWhole ? readout.readout.outputs : TraceReadout.topCount
    }
    switch format {
    case .csv(.unit): rows = steps * (units + outputs + (scalars > 0 ? 1 : 0))
    case .csv(.long): rows = steps * (values + outputs + scalars)
    case .csv(.wide): rows = steps
    case .npz: rows = nil
    }

    let exporter = TraceExporter(network: network)
    func count(_ steps: Int) throws -> Int {
      var part = selection
      part.steps = 0..<steps
      let sink = CountingSink()
      try exporter.write(trace, part, format, to: sink)
      return sink.count
    }
    // The header is in the first; every further step is as long as those that are tried.
    let perStep = max(1, values + outputs + scalars)
    let most = max(2, min(64, 4000 / perStep))
    let tried = min(most, steps, trace.recordedSteps)
    let first = try count(1)
    let further = tried > 1 ? Double(try count(tried) - first) / Double(tried - 1) : Double(first)
    bytes = first + Int((further * Double(steps - 1)).rounded())
  }
}

/// Counts what is written and keeps none of it.
private final class CountingSink: ByteSink {
  private(set) var count = 0
  func write(_ bytes: UnsafeRawBufferPointer) { count += bytes.count }
}
