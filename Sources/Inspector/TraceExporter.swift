import Files
import Recurrent

/// The kinds of files that a trace can be written to.
public enum TraceFormat: Sendable, Hashable {
  case csv(CSVLayout)
  case npz

  /// By the end of the name, `.csv` or `.npz` in any case; `-`, standard output, gets CSV.
  ///
  /// - Parameter layout: how a CSV is laid out.
  /// - Throws: `ExportError.unknownFormat`.
  public init(forPath path: String, layout: CSVLayout = .unit) throws(ExportError) {
    let name = path.lowercased()
    if path == "-" || name.hasSuffix(".csv") {
      self = .csv(layout)
    } else if name.hasSuffix(".npz") {
      self = .npz
    } else {
      throw .unknownFormat(path: path)
    }
  }
}

extension TraceFormat {
  /// Whether making the text of a network's steps keeps all processors of this machine at work, so that
  /// the steps themselves are better taken on one thread. A value takes as long as 300 products.
  public func occupies(_ network: Network) -> Bool {
    guard case .csv = self, Processors.count <= CSVExport.mostThreads else { return false }
    let values = network.layers.reduce(0) {
      $0 + $1.shape.signalsLength * $1.shape.directions.count
    }
    return network.productsPerStep / 300 < values
  }
}

/// Writes traces to files: CSV and NPZ, as docs/trace-files.md describes them.
public struct TraceExporter {
  private let network: Network?
  private let input: LayerInput?
  private let reach: ((Int) throws -> Void)?

  /// - Parameters:
  ///   - network: what was recorded. Without it an NPZ of a sequence of tokens has no `x`,
  ///   - input: unless this is what entered layer 0, out of a file.
  ///   - reach: records the steps before one, as the export comes to them; nil where they are there.
  public init(
    network: Network? = nil, input: LayerInput? = nil, reach: ((_ end: Int) throws -> Void)? = nil
  ) {
    self.network = network
    self.input = input
    self.reach = reach
  }

  /// Writes to `path`, whole or not at all, or to standard output for `-`.
  ///
  /// - Parameter createNew: fail where a file stands at `path` already.
  /// - Throws: `ExportError` or `FileError`; what stood at `path` before is then still there.
  public func write(
    _ trace: Trace, _ selection: TraceSelection, _ format: TraceFormat, to path: String,
    createNew: Bool = false
  ) throws {
    try check(trace, selection)
    try writeOutput(to: path, createNew: createNew) { sink in
      try write(trace, selection, format, to: sink)
    }
  }

  /// Writes to a sink, front to back.
  public func write(
    _ trace: Trace, _ selection: TraceSelection, _ format: TraceFormat, to sink: any ByteSink
  ) throws {
    try check(trace, selection)
    switch format {
    case .csv(let layout):
      try CSVExport(trace: trace, selection: selection, layout: layout, reach: reach)
        .write(to: sink)
    case .npz:
      try NPZExport(trace: trace, selection: selection, input: layerInput(of: trace), reach: reach)
        .write(to: sink)
    }
  }

  private func check(_ trace: Trace, _ selection: TraceSelection) throws(ExportError) {
    let isSaid = trace.readout.map { readout in
      selection.readout.contains(where: readout.quantities.contains)
    }
    guard !selection.steps.isEmpty,
      isSaid == true || !selection.resolved(in: trace.layout).isEmpty
    else { throw .nothingSelected }
    guard reach != nil || selection.steps.upperBound <= trace.recordedSteps else {
      throw .notRecorded(steps: selection.steps, recorded: trace.recordedSteps)
    }
  }

  private func layerInput(of trace: Trace) -> LayerInput? {
    if let input { return input }
    return switch (network, trace.input) {
    case (let network?, let input): LayerInput(network, input)
    case (nil, .features(_, width: 0)): nil
    case (nil, .features(let values, let width)): LayerInput(features: values, width: width)
    case (nil, .tokens): nil
    }
  }
}
