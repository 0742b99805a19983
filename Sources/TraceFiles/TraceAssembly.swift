import Inspector
import ModelFiles
import Recurrent

/// Signals as they come out of a file, put together to a trace: which cell it was is told by which
/// signals there are.
struct TraceAssembly {
  typealias Problem = TraceFileError.Problem

  private struct Part {
    var signals: [Signal: RecordedValues.Matrix] = [:]
    /// The units' numbers, of the signal that has the most; nil where they count from 0.
    var unitNumbers: [Int]?
  }

  let steps: Int
  /// Where not all steps of a sequence are here.
  var stepNumbers: [Int]?
  /// What the network said, where the file holds it.
  var readout: FileReadout?
  /// Which cell it was, where the file says so.
  var cell: CellKind?
  private var parts: [Track: Part] = [:]
  private var others: [(name: String, values: RecordedValues.Matrix, units: [Int]?)] = []

  init(steps: Int) { self.steps = steps }

  var isEmpty: Bool { parts.isEmpty && others.isEmpty }

  /// Takes in a signal of a track, (steps, units).
  ///
  /// - Parameter units: the numbers of its columns; nil where they count from 0.
  mutating func add(
    _ signal: Signal, of track: Track, _ values: RecordedValues.Matrix, units: [Int]? = nil
  ) {
    var part = parts[track] ?? Part()
    if let units, units.count >= part.unitNumbers?.count ?? 0 { part.unitNumbers = units }
    part.signals[signal] = values
    parts[track] = part
  }

  /// Takes in values that are no known signal, as a track of their own.
  mutating func add(other name: String, _ values: RecordedValues.Matrix, units: [Int]? = nil) {
    others.append((name, values, units))
  }

  /// - Parameter input: nil where nobody knows what entered.
  func trace(
    input: InputSequence?, symbols: [String]?, hasTokenNumbers: Bool = true
  ) throws(Problem) -> Trace {
    let tracks = parts.keys.sorted { a, b in
      a.layer != b.layer ? a.layer < b.layer : a.direction == .forward && b.direction == .backward
    }
    var layout: [TrackLayout] = []
    var values: [[Signal: RecordedValues.Matrix]] = []
    for track in tracks {
      guard let part = parts[track] else { continue }
      layout.append(try self.layout(of: track, part))
      values.append(part.signals)
    }
    var layer = tracks.last.map { $0.layer &+ 1 } ?? 0
    for other in others {
      layout.append(
        TrackLayout(
          track: Track(layer: layer), cell: .rnn, units: other.values.columns, signals: [.v],
          unitNumbers: other.units, name: other.name))
      values.append([.v: other.values])
      layer = layer &+ 1
    }
    guard !layout.isEmpty else { throw .noSignals(found: []) }
    let zeros = zip(layout, values).map { beginsWithZeros($0, $1) }
    return Trace(
      recorded: layout, values: RecordedValues(steps: steps, tracks: values), input: input,
      symbols: symbols, hasTokenNumbers: hasTokenNumbers, stepNumbers: stepNumbers,
      beginsWithZeros: zeros, readout: readout)
  }

  // MARK: - The cell

  private static let lstm: [Signal] = [.z, .f, .i, .o, .c, .m]
  private static let gru: [Signal] = [.r, .u, .n]

  private func layout(of track: Track, _ part: Part) throws(Problem) -> TrackLayout {
    let present = part.signals.keys.sorted { $0.rawValue < $1.rawValue }.inOrder
    let isLSTM = present.contains(where: Self.lstm.contains)
    let isGRU = present.contains(where: Self.gru.contains)
    let isPlain = present.allSatisfy(Signal.allCases.contains) && !(isLSTM && isGRU)
    // A cell of the table has just these.
    let told = cell ?? (isPlain ? nil : CellKind.all.first { Set($0.signals) == Set(present) })
    if let told, !told.isClassic { return try layout(of: track, part, told) }
    guard !isLSTM || !isGRU else {
      throw .severalCells(track: track, signals: present.filter { $0 != .h })
    }
    let widths = present.filter { $0 != .h }.map { part.signals[$0]?.columns ?? 0 }
    let hidden = part.signals[.h]?.columns
    let units = widths.first ?? hidden ?? 0
    for (signal, width) in zip(present.filter { $0 != .h }, widths) where width != units {
      throw .differentUnits(track: track, signal: signal, expected: units, found: width)
    }
    if let hidden, hidden > units || (hidden < units && !isLSTM) {
      throw .differentUnits(track: track, signal: .h, expected: units, found: hidden)
    }
    let isProjected = present.contains(.m) || (hidden ?? units) < units
    let cell: CellKind = isLSTM ? .lstm : isGRU ? .gru : .rnn
    let numbers = part.unitNumbers.flatMap { $0.count >= units ? Array($0.prefix(units)) : nil }
    return TrackLayout(
      track: track, cell: cell, units: units, projectedUnits: isProjected ? hidden : nil,
      signals: cell.signals(isProjected: true).filter(present.contains), unitNumbers: numbers)
  }

  /// Of a cell that is told: those of its signals that are there, all of as many units.
  private func layout(
    of track: Track, _ part: Part, _ cell: CellKind
  ) throws(Problem) -> TrackLayout {
    let present = cell.signals.filter { part.signals[$0] != nil }
    let units = present.first.flatMap { part.signals[$0]?.columns } ?? 0
    for signal in present {
      let width = part.signals[signal]?.columns ?? 0
      guard width == units else {
        throw .differentUnits(track: track, signal: signal, expected: units, found: width)
      }
    }
    let numbers = part.unitNumbers.flatMap { $0.count >= units ? Array($0.prefix(units)) : nil }
    return TrackLayout(
      track: track, cell: cell, units: units, signals: present, unitNumbers: numbers)
  }

  // MARK: - Before the first step

  /// What a file says of the state before its first step is only what the step itself gives away: a
  /// sequence begins with zeros unless its equations need something else.
  private func beginsWithZeros(
    _ layout: TrackLayout, _ signals: [Signal: RecordedValues.Matrix]
  ) -> Bool {
    let isForward = layout.track.direction == .forward
    guard !isForward || (stepNumbers?.first ?? 0) == 0 else { return false }
    let first = isForward ? 0 : steps - 1
    func row(_ signal: Signal) -> [Float]? { signals[signal]?.row(first) }
    switch layout.cell {
    case .lstm:
      guard let c = row(.c), let i = row(.i), let z = row(.z) else { return true }
      return c.indices.allSatisfy { Self.isNear(c[$0], i[$0] * z[$0]) }
    case .gru:
      guard let h = row(.h), let u = row(.u), let n = row(.n) else { return true }
      return h.indices.allSatisfy { Self.isNear(h[$0], (1 - u[$0]) * n[$0]) }
    case .rnn: return true
    case .described:
      guard let sum = layout.cell.about.sum, let memory = row(sum.memory),
        let candidate = row(sum.candidate)
      else { return true }
      let gate = sum.gate.signal.flatMap(row)
      if sum.gate.signal != nil, gate == nil { return true }
      return memory.indices.allSatisfy {
        Self.isNear(memory[$0], sum.gate.value(gate?[$0] ?? 1) * candidate[$0])
      }
    }
  }

  /// As far as half precision would tell; what is no number tells nothing.
  private static func isNear(_ value: Float, _ expected: Float) -> Bool {
    let difference = abs(value - expected)
    return !difference.isFinite || difference <= 2e-3 * (1 + abs(expected))
  }
}
