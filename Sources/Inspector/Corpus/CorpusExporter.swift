import Recurrent

/// Runs many sequences through a network and writes what is kept of them, in their order, in memory that
/// does not grow with their number.
///
/// Not safe to share between threads.
public final class CorpusExporter {
  /// What was done so far.
  public struct Tally: Sendable, Equatable {
    public var sequences = 0
    public var steps = 0
    /// Sequences of which something was kept, and their rows' steps.
    public var kept = 0
    public var keptSteps = 0
  }

  public private(set) var tally = Tally()
  private let recorder: BatchRecorder
  private let form: CorpusForm
  private let selection: TraceSelection
  private let reducer: TraceReducer?
  private let table: any CorpusTable
  private var window: [CorpusSequence] = []
  private var windowSteps = 0
  /// Called between slices of the work; ends it by throwing.
  private let pause: (Tally) throws -> Void

  /// Values of a piece that is encoded at once.
  private static let pieceValues = 1 << 20

  /// - Parameters:
  ///   - options: what is taken of each; no steps.
  ///   - first: the first of the sequences, or any that is as they are.
  ///   - path: of the file, for what has to wait beside it.
  ///   - pause: called every some tenths of a second with what was done; ends it all by throwing.
  /// - Throws: `SelectionError`, `ExpressionError`, `ExportError`, before anything is written.
  public init(
    _ recorder: BatchRecorder, _ form: CorpusForm, _ options: SelectionOptions,
    first: InputSequence, path: String, to sink: any ByteSink,
    pause: @escaping (Tally) throws -> Void = { _ in }
  ) throws {
    let preview = recorder.preview(of: first)
    // What the readout says is as dear as a step: who wants it names it.
    let selection = try TraceSelection(options, of: preview)
    let tracks = selection.resolved(in: preview.layout)
    guard !tracks.isEmpty || !selection.readout.isEmpty else { throw ExportError.nothingSelected }
    _ = try form.condition?.bound(to: ExpressionScope(trace: preview))
    self.recorder = recorder
    self.form = form
    self.selection = selection
    self.pause = pause
    reducer = form.reduction.map {
      TraceReducer(reduction: $0, tracks: tracks, quantities: selection.readout)
    }
    switch form.format {
    case .csv(let layout):
      table = try CorpusCSV(preview, selection, layout, form, to: sink)
    case .npz: table = try CorpusNPZ(preview, selection, form, path: path, to: sink)
    case .parquet: table = try CorpusParquet(preview, selection, form, to: sink)
    }
  }

  /// Takes a sequence that the network has validated.
  public func add(_ sequence: CorpusSequence) throws {
    let steps = sequence.input.count
    if steps > recorder.stepLimit {
      try runWindow()
      try runAlone(sequence)
      return
    }
    if windowSteps + steps > recorder.stepLimit || window.count == recorder.sequenceLimit {
      try runWindow()
    }
    window.append(sequence)
    windowSteps += steps
  }

  /// Writes what is left, and the end of the file.
  public func finish() throws {
    try runWindow()
    try table.finish()
  }

  // MARK: - A window

  private func runWindow() throws {
    let sequences = window
    (window, windowSteps) = ([], 0)
    if sequences.isEmpty { return }
    try pause(tally)
    let traces = try recorder.record(sequences.map(\.input))
    let window = Window(sequences: sequences, traces: traces, pieces: pieces(of: sequences))
    let workers = min(recorder.jobs, window.pieces.count)
    try OrderedPieces((0..<workers).map { _ in WindowWorker(self, window) }).run()
    try pause(tally)
  }

  /// Recorded sequences, and which of their pieces comes next.
  private final class Window {
    let sequences: [CorpusSequence]
    let traces: [Trace]
    let pieces: [Range<Int>]
    var next = 0

    init(sequences: [CorpusSequence], traces: [Trace], pieces: [Range<Int>]) {
      self.sequences = sequences
      self.traces = traces
      self.pieces = pieces
    }
  }

  /// Keeps and encodes a piece of a window at a time.
  private final class WindowWorker: PieceWorker {
    private let exporter: CorpusExporter
    private let window: Window
    private var piece = 0..<0
    private var kept: [KeptSequence] = []
    private var write: () throws -> Void = {}

    init(_ exporter: CorpusExporter, _ window: Window) {
      self.exporter = exporter
      self.window = window
    }

    func take() -> Bool {
      guard window.next < window.pieces.count else { return false }
      piece = window.pieces[window.next]
      window.next += 1
      return true
    }

    func work() throws {
      kept = try piece.compactMap { try exporter.keep(window.sequences[$0], window.traces[$0]) }
      write = try exporter.table.encode(kept, isContinued: false)
    }

    func give() throws {
      try exporter.pause(exporter.tally)
      try write()
      exporter.tally.sequences += piece.count
      exporter.tally.steps += piece.reduce(0) { $0 + window.sequences[$1].input.count }
      exporter.tally.kept += kept.count
      exporter.tally.keptSteps += kept.reduce(0) { $0 + $1.count }
    }
  }

  /// The sequences, in their order, in pieces of about as many values.
  private func pieces(of sequences: [CorpusSequence]) -> [Range<Int>] {
    let perStep = valuesPerStep
    var pieces: [Range<Int>] = []
    var (first, values) = (0, 0)
    for (index, sequence) in sequences.enumerated() {
      values += form.reduction == nil ? sequence.input.count * perStep : perStep
      if values >= Self.pieceValues {
        pieces.append(first..<index + 1)
        (first, values) = (index + 1, 0)
      }
    }
    if first < sequences.count { pieces.append(first..<sequences.count) }
    // Reducing is most of the work where rows are few: no thread shall wait.
    if form.reduction != nil, pieces.count < recorder.jobs {
      let size = max(1, (sequences.count + recorder.jobs - 1) / recorder.jobs)
      pieces = Array((0..<sequences.count).parts(of: size))
    }
    return pieces
  }

  private var valuesPerStep: Int {
    let tracks = selection.resolved(in: recorder.layout)
    let values = tracks.reduce(0) { sum, track in
      track.signals.reduce(sum) { $0 + track.unitCount(of: $1) }
    }
    let outputs = recorder.network.readout?.outputSize ?? 0
    return max(1, values + (selection.readout.isEmpty ? 0 : outputs))
  }

  private func keep(_ sequence: CorpusSequence, _ trace: Trace) throws -> KeptSequence? {
    let all = 0..<trace.length
    let steps = try search(of: trace).map { $0.hits(in: all).joined } ?? [all]
    if steps.isEmpty { return nil }
    guard let reducer else {
      return KeptSequence(number: sequence.number, id: sequence.id, trace: trace, steps: steps)
    }
    return KeptSequence(
      number: sequence.number, id: sequence.id, trace: reducer.reduced(trace, steps),
      steps: [0..<1])
  }

  private func search(of trace: Trace) throws -> TraceSearch? {
    try form.condition?.bound(to: ExpressionScope(trace: trace))
  }

  // MARK: - One that is longer than a window

  /// Steps between two pauses.
  private static let slice = 256

  private func runAlone(_ sequence: CorpusSequence) throws {
    let recorder = try recorder.recorder(of: sequence.input)
    let trace = recorder.trace
    let search = try search(of: trace)
    let size = max(Self.slice, Self.pieceValues / valuesPerStep)
    var steps: [Range<Int>] = []
    var isContinued = false
    for part in (0..<trace.length).parts(of: size) {
      repeat {
        try pause(tally)
      } while !recorder.record(through: part.upperBound - 1, limit: Self.slice)
      let found = search.map { $0.hits(in: part).joined } ?? [part]
      tally.steps += part.count
      if reducer != nil {
        steps += found
      } else if !found.isEmpty {
        let kept = KeptSequence(
          number: sequence.number, id: sequence.id, trace: trace, steps: found)
        try table.encode([kept], isContinued: isContinued)()
        tally.keptSteps += kept.count
        isContinued = true
      }
    }
    if let reducer, !steps.isEmpty {
      let kept = KeptSequence(
        number: sequence.number, id: sequence.id, trace: reducer.reduced(trace, steps),
        steps: [0..<1])
      try table.encode([kept], isContinued: false)()
      tally.keptSteps += 1
      isContinued = true
    }
    tally.sequences += 1
    tally.kept += isContinued ? 1 : 0
  }
}

extension [Int] {
  /// Ascending numbers as ranges that do not meet.
  fileprivate var joined: [Range<Int>] {
    var ranges: [Range<Int>] = []
    for number in self {
      if let last = ranges.last, last.upperBound == number {
        ranges[ranges.count - 1] = last.lowerBound..<number + 1
      } else {
        ranges.append(number..<number + 1)
      }
    }
    return ranges
  }
}
