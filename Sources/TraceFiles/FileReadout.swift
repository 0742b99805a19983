import Inspector

/// What a readout said, out of a file.
final class FileReadout: RecordedReadout {
  /// Where y is.
  enum Outputs {
    /// (T, O).
    case whole(RecordedValues.Matrix)
    /// The likeliest of each step: those of step t stand at offsets[t]..<offsets[t + 1].
    case likeliest(offsets: [Int], outputs: [Int32], values: [Float], count: Int)
  }

  private let y: Outputs?
  /// (T, 1) each.
  private let scalars: [ReadoutQuantity: RecordedValues.Matrix]

  /// More outputs than any vocabulary has.
  static let outputLimit = 1 << 22

  /// - Returns: nil where nothing is there.
  init?(y: Outputs?, scalars: [ReadoutQuantity: RecordedValues.Matrix]) {
    guard y != nil || !scalars.isEmpty else { return nil }
    self.y = y
    self.scalars = scalars
  }

  var quantities: [ReadoutQuantity] {
    ReadoutQuantity.allCases.filter { $0 == .y ? y != nil : scalars[$0] != nil }
  }

  var outputs: Int {
    switch y {
    case .whole(let matrix): matrix.columns
    case .likeliest(_, _, _, let count): count
    case nil: 0
    }
  }

  func block(_ steps: Range<Int>) -> ReadoutBlock {
    var block = ReadoutBlock(steps: steps, outputs: outputs)
    let found = scalars.mapValues { matrix in
      [Float](unsafeUninitializedCapacity: steps.count) { buffer, count in
        if let base = buffer.baseAddress { matrix.read(rows: steps, columns: 0..<1, into: base) }
        count = steps.count
      }
    }
    for (row, step) in steps.enumerated() {
      block.set(
        step: step, y: said(at: step), next: found[.next]?[row] ?? .nan,
        loss: found[.loss]?[row] ?? .nan, entropy: found[.entropy]?[row] ?? .nan)
    }
    return block
  }

  private func said(at step: Int) -> [Float]? {
    switch y {
    case .whole(let matrix): return matrix.row(step)
    case .likeliest(let offsets, let outputs, let values, let count):
      var row = [Float](repeating: .nan, count: count)
      for place in offsets[step]..<offsets[step + 1] { row[Int(outputs[place])] = values[place] }
      return row
    case nil: return nil
    }
  }
}

/// Values of a readout as the rows of a table bring them.
struct ReadoutTable {
  typealias Problem = TraceFileError.Problem

  private var outputs: [(step: Int32, output: Int32, value: Float, line: Int)] = []
  private var scalars: [ReadoutQuantity: [(step: Int32, value: Float, line: Int)]] = [:]

  /// - Parameter output: nil for what has one value a step.
  mutating func add(
    _ quantity: ReadoutQuantity, _ value: Float, step: Int, output: Int?, line: Int
  ) throws(Problem) {
    guard let shortStep = Int32(exactly: step) else {
      throw .file(.tooManyArrays(limit: Int(Int32.max)))
    }
    guard let output, quantity == .y else {
      scalars[quantity, default: []].append((shortStep, value, line))
      return
    }
    guard output < FileReadout.outputLimit else {
      throw .table(line: line, .notACount(column: "unit", text: "\(output)"))
    }
    outputs.append((shortStep, Int32(output), value, line))
  }

  /// - Parameters:
  ///   - rank: where each step of the table stands among the trace's.
  ///   - numbers: what the table's steps are called.
  func readout(rank: [Int], numbers: [Int]) throws(Problem) -> FileReadout? {
    var matrices: [ReadoutQuantity: RecordedValues.Matrix] = [:]
    for (quantity, rows) in scalars {
      // What a step does not say is not known.
      var values = [Float](repeating: .nan, count: rank.count)
      var isThere = [Bool](repeating: false, count: rank.count)
      for row in rows {
        let place = rank[Int(row.step)]
        guard !isThere[place] else {
          throw .table(line: row.line, .stepTwice(step: numbers[Int(row.step)]))
        }
        isThere[place] = true
        values[place] = row.value
      }
      matrices[quantity] = .memory(values, columns: 1)
    }
    return FileReadout(y: try likeliest(rank: rank, numbers: numbers), scalars: matrices)
  }

  func likeliest(
    rank: [Int], numbers: [Int]
  ) throws(Problem) -> FileReadout.Outputs? {
    guard let last = outputs.map(\.output).max() else { return nil }
    let sorted = outputs.map { (place: rank[Int($0.step)], row: $0) }
      .sorted { $0.place != $1.place ? $0.place < $1.place : $0.row.output < $1.row.output }
    for (row, next) in zip(sorted, sorted.dropFirst())
    where row.place == next.place && row.row.output == next.row.output {
      throw .table(
        line: max(row.row.line, next.row.line),
        .rowTwice(step: numbers[Int(next.row.step)], unit: Int(next.row.output)))
    }
    var offsets = [0]
    offsets.reserveCapacity(rank.count + 1)
    var place = 0
    for step in rank.indices {
      while place < sorted.count, sorted[place].place == step { place += 1 }
      offsets.append(place)
    }
    return .likeliest(
      offsets: offsets, outputs: sorted.map(\.row.output), values: sorted.map(\.row.value),
      count: Int(last) + 1)
  }
}
