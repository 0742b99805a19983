import Parquet
import ParquetReading
import Recurrent
import Testing

@testable import Inspector

/// What a file of many sequences says of each is what its own trace says, to the bit.
@Suite struct CorpusTests {
  /// Two layers, one of which reads both ways, of two cells, with a readout that predicts tokens.
  static func network() throws -> Network {
    let body = try randomNetwork(layers: [
      LayerShape(cell: .lstm, inputSize: 4, hiddenSize: 5, isBidirectional: true),
      LayerShape(cell: .gru, inputSize: 10, hiddenSize: 3),
    ])
    var numbers = TestNumbers(seed: 9)
    return try Network(
      layers: body.layers,
      readout: try Readout(
        inputSize: 3, outputSize: 4, weights: numbers.values(12, scale: 1), bias: nil,
        activation: .softmax))
  }

  static let symbols = ["a", "b", ",", "\"d"]

  /// Of 1 to 40 steps; some have no name.
  static let sequences: [CorpusSequence] = {
    var numbers = TestNumbers(seed: 4)
    return (0..<37).map { number in
      let length = number == 11 ? 40 : 1 + Int(numbers.bits() % 17)
      return CorpusSequence(
        number: number < 5 ? number : number + 2, id: number % 4 == 3 ? nil : "s, \(number) é",
        input: .tokens((0..<length).map { _ in Int(numbers.bits() % 4) }))
    }
  }()

  struct Case: Sendable {
    var jobs = 1
    /// Steps of a window; a sequence of 40 is longer than 30.
    var window = 1000
    var condition: String?
    var reduction: StepReduction?
    var signals: String?
    var units: String?
  }

  static let cases = [
    Case(), Case(jobs: 3), Case(window: 30), Case(jobs: 2, window: 45),
    Case(jobs: 2, window: 30, condition: "h[1] > 0"), Case(condition: "rise(c[0]) && step > 20"),
    Case(signals: "h,loss,y"), Case(jobs: 2, window: 30, signals: "loss"),
    Case(window: 30, signals: "f,u,h", units: "1..3"),
    Case(reduction: .last), Case(jobs: 4, window: 30, reduction: .last, signals: "h"),
    Case(window: 30, condition: "step > 3", reduction: .mean, signals: "c,h,loss"),
    Case(jobs: 2, condition: "h[1] > 0", reduction: .max, units: "0,2"),
  ]

  private func write(
    _ example: Case, _ format: CorpusFormat, codec: ParquetCodec = .best,
    _ sequences: [CorpusSequence] = CorpusTests.sequences
  ) throws -> [UInt8] {
    let network = try Self.network()
    let rowLength = 2 * 6 * 5 + 4 * 3
    let recorder = BatchRecorder(
      network: network, symbols: Self.symbols, jobs: example.jobs,
      memory: example.window * rowLength * 4)
    #expect(recorder.stepLimit == example.window)
    let sink = MemorySink()
    let form = CorpusForm(
      format: format, reduction: example.reduction,
      condition: try example.condition.map { try SignalExpression($0) }, hasIDs: true,
      codec: codec)
    let exporter = try CorpusExporter(
      recorder, form, SelectionOptions(units: example.units, signals: example.signals),
      first: sequences[0].input, path: "/tmp/corpus", to: sink)
    for sequence in sequences { try exporter.add(sequence) }
    try exporter.finish()
    #expect(exporter.tally.sequences == sequences.count)
    return sink.bytes
  }

  /// The steps of a sequence that a case keeps.
  private struct Kept {
    let sequence: CorpusSequence
    let trace: Trace
    let steps: [Int]
    let selection: TraceSelection
  }

  private func keptParts(_ example: Case) throws -> [Kept] {
    try Self.sequences.compactMap { sequence in
      let recorder = try TraceRecorder(
        network: try Self.network(), input: sequence.input, symbols: Self.symbols)
      recorder.recordAll()
      let trace = recorder.trace
      let all = 0..<trace.length
      let search = try example.condition.map {
        try SignalExpression($0).bound(to: ExpressionScope(trace: trace))
      }
      let steps = search.map { $0.hits(in: all) } ?? Array(all)
      let selection = try TraceSelection(
        SelectionOptions(units: example.units, signals: example.signals), of: trace)
      return steps.isEmpty
        ? nil : Kept(sequence: sequence, trace: trace, steps: steps, selection: selection)
    }
  }

  @Test(arguments: cases) func parquetHasWhatEveryTraceHas(_ example: Case) throws {
    let reader = try ParquetReader(write(example, .parquet))
    let columns = try Dictionary(
      uniqueKeysWithValues: reader.columns.map { ($0.name, try reader.column($0.name)) })
    var expected: [[String: ParquetReader.Cell]] = []
    for kept in try keptParts(example) {
      for row in rows(of: kept, example) { expected.append(row) }
    }
    #expect(reader.rowCount == expected.count)
    for (name, cells) in columns {
      #expect(cells == expected.map { $0[name] ?? .null }, "\(name)")
    }
    #expect(Set(expected.flatMap(\.keys)).subtracting(columns.keys).isEmpty)
  }

  @Test func theFileSaysWhatItIsOf() throws {
    let reader = try ParquetReader(
      write(Case(condition: "h[1] > 0", reduction: .max, units: "0,2"), .parquet, codec: .none))
    #expect(reader.metadata["gatescope.cell"] == "mixed")
    #expect(reader.metadata["gatescope.vocabulary"] == #"["a", "b", ",", "\"d"]"#)
    #expect(reader.metadata["gatescope.reduce"] == "max")
    #expect(reader.metadata["gatescope.where"] == "h[1] > 0")
    #expect(
      reader.metadata["gatescope.tracks"]?.hasPrefix(
        #"[{"layer": 0, "direction": "fwd", "cell": "lstm", "units": [0, 2]}, "#) == true)
  }

  /// The rows of a sequence, by the columns' names; what is null is left out.
  private func rows(of kept: Kept, _ example: Case) -> [[String: ParquetReader.Cell]] {
    let tracks = kept.selection.resolved(in: kept.trace.layout)
    var lead: [String: ParquetReader.Cell] = ["sequence": .number(kept.sequence.number)]
    if let id = kept.sequence.id { lead["id"] = .text(id) }
    func bits(_ values: [Float]) -> ParquetReader.Cell { .floats(values.map(\.bitPattern)) }
    guard example.reduction == nil else {
      lead["steps"] = .number(kept.steps.count)
      return tracks.map { track in
        var row = lead
        row["layer"] = .number(track.layout.track.layer)
        row["direction"] = .text(track.layout.track.direction.rawValue)
        for signal in track.signals {
          row[signal.rawValue] = bits(
            track.units(of: signal).joined().map { unit in
              reduced(
                kept.steps.map { value(kept, track, signal, $0, unit) }, example,
                isForward: track.layout.track.direction == .forward)
            })
        }
        return row
      } + reducedReadout(kept, example, lead)
    }
    return kept.steps.flatMap { step in
      lead["step"] = .number(step)
      lead["token"] = kept.trace.token(at: step).map { .number($0) }
      let rows = tracks.map { track in
        var row = lead
        row["layer"] = .number(track.layout.track.layer)
        row["direction"] = .text(track.layout.track.direction.rawValue)
        for signal in track.signals {
          row[signal.rawValue] = bits(
            track.units(of: signal).joined().map { value(kept, track, signal, step, $0) })
        }
        return row
      }
      guard !kept.selection.readout.isEmpty, let readout = kept.trace.readout else { return rows }
      let block = readout.block(step..<step + 1)
      var said = lead
      for quantity in kept.selection.readout {
        if quantity == .y {
          said["y"] = bits(Array(block.row(step)))
        } else if !block[quantity, step].isNaN {
          said[quantity.rawValue] = .float(block[quantity, step].bitPattern)
        }
      }
      return rows + [said]
    }
  }

  private func reducedReadout(
    _ kept: Kept, _ example: Case, _ lead: [String: ParquetReader.Cell]
  ) -> [[String: ParquetReader.Cell]] {
    guard !kept.selection.readout.isEmpty, let readout = kept.trace.readout else { return [] }
    var row = lead
    for quantity in kept.selection.readout {
      let values = kept.steps.map { readout.block($0..<$0 + 1)[quantity, $0] }
        .filter { !$0.isNaN }
      if !values.isEmpty {
        row[quantity.rawValue] = .float(reduced(values, example, isForward: true).bitPattern)
      }
    }
    return [row]
  }

  private func value(
    _ kept: Kept, _ track: SelectedTrack, _ signal: Signal, _ step: Int, _ unit: Int
  ) -> Float {
    kept.trace.value(track: track.index, signal: signal, step: step, unit: unit)
  }

  private func reduced(_ values: [Float], _ example: Case, isForward: Bool) -> Float {
    switch example.reduction {
    case .last?, nil: isForward ? values[values.count - 1] : values[0]
    case .mean?: Float(values.reduce(0) { $0 + Double($1) } / Double(values.count))
    case .max?: values.max() ?? .nan
    }
  }

  // MARK: - CSV and NPZ

  /// The rows of each sequence's own CSV, with its number and name in front.
  @Test(arguments: cases.filter { $0.reduction == nil }, CSVLayout.allCases)
  func aCSVHasTheRowsOfEveryTrace(_ example: Case, _ layout: CSVLayout) throws {
    var expected: [String] = []
    for kept in try keptParts(example) {
      for step in kept.steps {
        var selection = kept.selection
        selection.steps = step..<step + 1
        let sink = MemorySink()
        try TraceExporter().write(kept.trace, selection, .csv(layout), to: sink)
        let lines = sink.text.split(separator: "\n")
        if expected.isEmpty { expected.append("sequence,id,\(lines[0])") }
        let id = kept.sequence.id.map { "\"\($0)\"" } ?? ""
        expected += lines.dropFirst().map { "\(kept.sequence.number),\(id),\($0)" }
      }
    }
    let text = String(decoding: try write(example, .csv(layout)), as: UTF8.self)
    #expect(text.split(separator: "\n").map(String.init) == expected)
  }

  @Test func aReducedCSVHasARowASequence() throws {
    let text = String(
      decoding: try write(Case(reduction: .last, signals: "h"), .csv(.wide)), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 1 + Self.sequences.count)
    #expect(lines[0].hasPrefix("sequence,id,steps,l0.fwd.h.0,l0.fwd.h.1"))
    #expect(lines[12].hasPrefix("13,,40,"))
  }

  @Test(arguments: cases) func anNPZHasTheValuesOfParquet(_ example: Case) throws {
    let npz = try NPZReader(write(example, .npz))
    let parquet = try ParquetReader(write(example, .parquet))
    let layers = try parquet.column("layer")
    let directions = try parquet.column("direction")
    for (name, array) in npz.arrays where name.hasPrefix("l") && name != "loss" {
      let parts = name.split(separator: "_")
      let wanted = (layers: Int(parts[0].dropFirst())!, direction: String(parts[1]))
      let cells = try parquet.column(String(parts[2]))
      let rows = cells.indices.filter {
        layers[$0] == .number(wanted.layers) && directions[$0] == .text(wanted.direction)
      }.map { cells[$0] }
      let width = array.shape[1]
      #expect(array.shape == [rows.count, width])
      let found = (0..<rows.count).map { row in
        ParquetReader.Cell.floats(
          array.floats[row * width..<(row + 1) * width].map(\.bitPattern))
      }
      #expect(found == rows, "\(name)")
    }
    let kept = try keptParts(example)
    #expect(npz.arrays["sequences"]?.integers == kept.map { Int64($0.sequence.number) })
    let longest = kept.map { $0.sequence.id?.unicodeScalars.count ?? 0 }.max() ?? 0
    #expect(npz.arrays["ids"]?.type == "<U\(max(1, longest))")
    #expect(npz.arrays["ids"]?.shape == [kept.count])
    if example.reduction == nil {
      var offsets: [Int64] = [0]
      for one in kept { offsets.append(offsets[offsets.count - 1] + Int64(one.steps.count)) }
      #expect(npz.arrays["offsets"]?.integers == offsets)
      #expect(npz.arrays["tokens"]?.shape == [Int(offsets[kept.count])])
    } else {
      #expect(npz.arrays["steps"]?.integers == kept.map { Int64($0.steps.count) })
    }
    if let loss = npz.arrays["loss"], example.reduction == nil {
      let expected = try parquet.column("loss").enumerated().filter { layers[$0.offset] == .null }
      #expect(loss.shape == [expected.count])
      for (value, cell) in zip(loss.floats, expected.map(\.element)) {
        #expect(value.isNaN ? cell == .null : cell == .float(value.bitPattern))
      }
    }
  }

  // MARK: - Ends

  @Test func whoStopsItGetsThroughAtOnce() throws {
    struct Stop: Error {}
    let recorder = BatchRecorder(network: try Self.network(), jobs: 2, memory: 1 << 20)
    let sink = MemorySink()
    let exporter = try CorpusExporter(
      recorder, CorpusForm(format: .parquet), SelectionOptions(), first: .tokens([0]),
      path: "/tmp/corpus", to: sink
    ) { tally in
      if tally.sequences >= 5 { throw Stop() }
    }
    #expect(throws: Stop.self) {
      for sequence in Self.sequences { try exporter.add(sequence) }
      try exporter.finish()
    }
  }

  @Test func faultsAreFoundBeforeAnythingIsWritten() throws {
    let recorder = BatchRecorder(network: try Self.network(), memory: 1 << 20)
    let sink = MemorySink()
    func make(_ condition: String?, _ signals: String?) throws -> CorpusExporter {
      try CorpusExporter(
        recorder,
        CorpusForm(
          format: .parquet, condition: try condition.map { try SignalExpression($0) }),
        SelectionOptions(signals: signals), first: .tokens([0]), path: "x", to: sink)
    }
    #expect(throws: ExpressionError.self) { try make("f[99] < 1", nil) }
    #expect(throws: SelectionError.self) { try make(nil, "q") }
    #expect(sink.bytes.isEmpty)
  }
}
