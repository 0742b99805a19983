import Inspector
import ModelFiles
import Recurrent

/// A trace out of named arrays.
struct ArrayTrace {
  typealias Problem = TraceFileError.Problem

  private let file: ArrayFile
  private let options: TraceReader.Options
  private let names: ArrayNames
  /// The array of token numbers.
  private let tokensName: String
  /// What the file says of its signals.
  private let header: Result<CellKind?, Problem>
  private var warnings: [String] = []

  /// Everything that is drawn is looked at, so that there cannot be any number of them.
  static let trackLimit = 1000

  init(_ file: ArrayFile, _ options: TraceReader.Options) {
    self.file = file
    self.options = options
    header = Self.header(file)
    names = ArrayNames(file.arrays.map(\.name), of: (try? header.get()) ?? nil)
    // LSTMVis calls them words.
    tokensName =
      ["tokens", "words", "word_ids"].first { name in
        file.arrays.contains { $0.name == name && $0.isInteger }
      } ?? "tokens"
  }

  /// The bytes of a text in JSON: what each signal is.
  private static let headerName = "header"

  private static func header(_ file: ArrayFile) -> Result<CellKind?, Problem> {
    guard
      let array = file.arrays.first(where: {
        $0.name == headerName && $0.isInteger && $0.shape.count == 1
          && (2...65_536).contains($0.shape[0])
      })
    else { return .success(nil) }
    do throws(ModelFileError) {
      let bytes = try file.integers(array.name)
      guard bytes.first == 123, bytes.allSatisfy({ (0...255).contains($0) }) else {
        return .success(nil)
      }
      let text = String(decoding: bytes.map { UInt8($0) }, as: UTF8.self)
      do throws(ModelFileError.Problem) {
        return .success(try SignalHeader.cell(json: text))
      } catch {
        return .failure(.file(error))
      }
    } catch {
      return .failure(.file(error.problem))
    }
  }

  /// Whether an array means something beside the signals.
  private func isBeside(_ name: String) -> Bool {
    ArrayNames.beside.contains(name) || isHeader(name) || name == tokensName || isSaid(name)
  }

  private func isHeader(_ name: String) -> Bool {
    name == Self.headerName && (try? header.get()) ?? nil != nil
  }

  /// Whether an array is what a readout said: `y` and `y_top` with a row a step, or one number a step,
  /// all floats; somebody's whole `y` of labels is none.
  private func isSaid(_ name: String) -> Bool {
    guard let array = entry(name) else { return false }
    switch name {
    case "y", "y_top": return array.shape.count == 2 && !array.isInteger
    case "y_top_id": return array.shape.count == 2 && array.isInteger
    default:
      return ReadoutQuantity(rawValue: name) != nil && array.shape.count == 1 && !array.isInteger
    }
  }

  private func readout(_ steps: Int) throws(Problem) -> FileReadout? {
    var scalars: [ReadoutQuantity: RecordedValues.Matrix] = [:]
    for quantity in ReadoutQuantity.allCases
    where quantity != .y && isSaid(quantity.rawValue) {
      scalars[quantity] = .file(try matrix(quantity.rawValue, rows: steps, columns: 1))
    }
    return FileReadout(y: try outputs(steps), scalars: scalars)
  }

  private func outputs(_ steps: Int) throws(Problem) -> FileReadout.Outputs? {
    if isSaid("y"), let width = entry("y")?.shape[1], width > 0 {
      guard width <= FileReadout.outputLimit else {
        throw .wrongShape(array: "y", found: entry("y")?.shape ?? [])
      }
      return .whole(.file(try matrix("y", rows: steps, columns: width)))
    }
    guard isSaid("y_top"), isSaid("y_top_id"), let shape = entry("y_top")?.shape, shape[1] > 0
    else { return nil }
    let ids = try integers("y_top_id") ?? []
    guard ids.count == steps * shape[1], shape[0] == steps else {
      throw .wrongCount(array: "y_top_id", expected: steps * shape[1], found: ids.count)
    }
    let values = Self.all(try matrix("y_top", rows: steps, columns: shape[1]))
    var table = ReadoutTable()
    for (place, output) in ids.enumerated() where output >= 0 {
      try table.add(
        .y, values[place], step: place / shape[1], output: output, line: place / shape[1] + 1)
    }
    let order = Array(0..<steps)
    return try table.likeliest(rank: order, numbers: order)
  }

  consuming func recorded() throws(Problem) -> RecordedTrace {
    if let weight = file.arrays.first(where: { ArrayNames.isWeight($0.name) }) {
      throw .isModel(array: weight.name)
    }
    guard file.arrays.count <= 20_000 else { throw .tooManyArrays(limit: 20_000) }
    let steps = try stepCount()
    guard steps > 0 else { throw .noSteps }
    var assembly = TraceAssembly(steps: steps)
    assembly.cell = try header.get()
    assembly.stepNumbers = try numbers("steps", count: steps)
    let units = try numbers("units", count: nil)
    try addSignals(to: &assembly, steps, units)
    assembly.readout = try readout(steps)
    try addOthers(to: &assembly, steps)
    guard !assembly.isEmpty else { throw .noSignals(found: file.arrays.map(\.name)) }
    for name in file.leftOut { warnings.append("\(quoted(name)) holds no numbers and is left out") }

    let tokens = try tokens(steps)
    let x = try input(steps)
    var sequence = tokens.map { InputSequence.tokens($0) }
    if sequence == nil, let x {
      sequence = .features(Self.all(x), width: x.columns)
    }
    if let symbols = options.symbols, let tokens {
      if let token = tokens.first(where: { !symbols.indices.contains($0) }) {
        warnings.append("token \(token) has no symbol in the vocabulary")
      }
    } else if options.symbols != nil {
      warnings.append("there are no tokens that could have symbols")
    }
    let trace = try assembly.trace(
      input: sequence, symbols: tokens == nil ? nil : options.symbols)
    let entered = x.map { x in
      LayerInput(width: x.columns) { step, values in
        x.read(rows: step..<step + 1, columns: 0..<x.columns, into: values)
      }
    }
    return RecordedTrace(trace: trace, input: entered, warnings: warnings)
  }

  // MARK: - Signals

  /// (rows, columns) of a shape with at most two axes that are not 1: (T, H), (T), (1, T, H) or
  /// (T, 1, H).
  static func matrixShape(_ shape: [Int]) -> (rows: Int, columns: Int)? {
    switch shape.count {
    case 1: (shape[0], 1)
    case 2: (shape[0], shape[1])
    case 3 where shape[0] == 1: (shape[1], shape[2])
    case 3 where shape[1] == 1: (shape[0], shape[2])
    default: nil
    }
  }

  /// T: what every signal has, or where none has a known name, what the tokens or the first array
  /// with two axes have.
  private func stepCount() throws(Problem) -> Int {
    var first: (name: String, steps: Int)?
    for array in file.arrays where names[array.name] != nil {
      guard let shape = Self.matrixShape(array.shape) else {
        throw .wrongShape(array: array.name, found: array.shape)
      }
      if let first, first.steps != shape.rows {
        throw .differentLengths(
          array: array.name, steps: shape.rows, other: first.name, otherSteps: first.steps)
      }
      first = first ?? (array.name, shape.rows)
    }
    if let first { return first.steps }
    let candidates = file.arrays.filter { !isBeside($0.name) }
    if let tokens = options.tokens,
      candidates.contains(where: { Self.matrixShape($0.shape)?.rows == tokens.count })
    {
      return tokens.count
    }
    let tokens = file.arrays.first { $0.name == tokensName && $0.shape.count == 1 }
    let array =
      tokens ?? candidates.first { $0.shape.count >= 2 && Self.matrixShape($0.shape) != nil }
      ?? candidates.first { $0.shape.count == 1 }
    guard let array, let shape = Self.matrixShape(array.shape) else {
      throw .noSignals(found: file.arrays.map(\.name))
    }
    return shape.rows
  }

  private func addSignals(
    to assembly: inout TraceAssembly, _ steps: Int, _ units: [Int]?
  ) throws(Problem) {
    for array in file.arrays {
      guard let place = names[array.name], let shape = Self.matrixShape(array.shape) else {
        continue
      }
      guard shape.columns > 0 else {
        throw .wrongShape(array: array.name, found: array.shape)
      }
      if let units, units.count < shape.columns {
        throw .wrongCount(array: "units", expected: shape.columns, found: units.count)
      }
      let matrix = try matrix(array.name, rows: steps, columns: shape.columns)
      assembly.add(
        place.signal, of: place.track, .file(matrix),
        units: units.map { Array($0.prefix(shape.columns)) })
    }
  }

  /// Arrays of other names that have a row a step, each as a track of its own.
  private mutating func addOthers(to assembly: inout TraceAssembly, _ steps: Int) throws(Problem) {
    var count = 0
    for array in file.arrays where names[array.name] == nil && !isBeside(array.name) {
      guard let shape = Self.matrixShape(array.shape), shape.rows == steps, shape.columns > 0,
        count < Self.trackLimit
      else {
        warnings.append("\(quoted(array.name)) is left out: \(sizes(array.shape))")
        continue
      }
      count += 1
      let matrix = try matrix(array.name, rows: steps, columns: shape.columns)
      assembly.add(other: array.name.isEmpty ? "values" : array.name, .file(matrix))
    }
  }

  private func matrix(
    _ name: String, rows: Int, columns: Int
  ) throws(Problem) -> ArrayMatrix {
    do throws(ModelFileError) {
      return try file.matrix(name, rows: rows, columns: columns)
    } catch {
      throw .file(error.problem)
    }
  }

  // MARK: - What is beside them

  private func entry(_ name: String) -> ArrayFile.Entry? { file.arrays.first { $0.name == name } }

  private func integers(_ name: String) throws(Problem) -> [Int]? {
    guard let array = entry(name) else { return nil }
    guard array.isInteger else { throw .notIntegers(array: name) }
    do throws(ModelFileError) {
      return try file.integers(name)
    } catch {
      throw .file(error.problem)
    }
  }

  /// `steps` or `units`: ascending numbers from 0 on.
  private func numbers(_ name: String, count: Int?) throws(Problem) -> [Int]? {
    guard let numbers = try integers(name) else { return nil }
    if let count, numbers.count != count {
      throw .wrongCount(array: name, expected: count, found: numbers.count)
    }
    guard numbers.first ?? 0 >= 0, zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw .notAscending(array: name)
    }
    return numbers
  }

  private func tokens(_ steps: Int) throws(Problem) -> [Int]? {
    var found = options.tokens
    if found == nil { found = try integers(tokensName) }
    guard let tokens = found else { return nil }
    guard tokens.count == steps else {
      let name = options.tokens == nil ? tokensName : "tokens"
      throw .wrongCount(array: name, expected: steps, found: tokens.count)
    }
    return tokens
  }

  private mutating func input(_ steps: Int) throws(Problem) -> ArrayMatrix? {
    guard let array = entry("x") else { return nil }
    guard let shape = Self.matrixShape(array.shape), shape.rows == steps, shape.columns > 0 else {
      warnings.append("'x' is left out: \(sizes(array.shape))")
      return nil
    }
    return try matrix("x", rows: steps, columns: shape.columns)
  }

  private static func all(_ matrix: ArrayMatrix) -> [Float] {
    [Float](unsafeUninitializedCapacity: matrix.rows * matrix.columns) { buffer, count in
      if let base = buffer.baseAddress {
        matrix.read(rows: 0..<matrix.rows, columns: 0..<matrix.columns, into: base)
      }
      count = matrix.rows * matrix.columns
    }
  }
}
