import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rows of a .npy of (N, T) tokens or (N, T, I) features, some of them at a time in memory.
///
/// Not safe to share between threads.
final class SequenceArray {
  let path: String
  /// N.
  let count: Int
  private let steps: Int
  private let lengths: [Int]?
  let width: Int?  // I; nil of tokens
  private let tokenCount: Int
  private let type: ElementType
  private let isBigEndian: Bool
  private let dataStart: Int
  private let descriptor: CInt
  private var rows: Range<Int> = 0..<0
  private var values: [Float] = []

  private static let pieceSize = 1 << 20  // bytes

  /// - Parameters:
  ///   - lengths: of a .npy of N numbers: how many steps of each row count.
  init(path: String, lengths: String?, network: Network) throws {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SequenceFileError.cannotRead(path: path, code: errno) }
    self.descriptor = descriptor
    tokenCount = network.tokenCount
    do {
      let header = try Self.header(descriptor, path)
      let shape = header.shape
      guard !header.isFortranOrder || shape.count < 2 else {
        throw SequenceFileError.fortranOrder(path: path)
      }
      width = try Self.width(of: header, network, path)
      count = shape[0]
      steps = shape[1]
      guard count > 0, steps > 0 else { throw SequenceFileError.noSequences(path: path) }
      (type, isBigEndian) = (header.type, header.isBigEndian)
      dataStart = header.dataStart
      try Self.prove(header, descriptor, path)
      self.lengths = try lengths.map { try Self.lengths($0, count: shape[0]) }
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// A row as the network reads it.
  func item(at row: Int) throws(SequenceFileError) -> SequenceItem {
    let length = lengths?[row] ?? steps
    func bad(_ reason: String) -> SequenceItem {
      .bad(SequenceFault(path: path, place: .row(row), reason: reason))
    }
    guard (1...steps).contains(length) else {
      return bad("its length of \(length) is not one of 1 to \(steps)")
    }
    if !rows.contains(row) { try load(row) }
    let start = (row - rows.lowerBound) * steps * (width ?? 1)
    let part = values[start..<start + length * (width ?? 1)]
    if let width {
      return .sequence(
        CorpusSequence(number: row, input: .features(Array(part), width: width)))
    }
    // Numbers from 2^24 on are rounded here, and are no tokens (`width(of:)`).
    let tokens = part.map { Int($0) }
    if let step = tokens.firstIndex(where: { !(0..<tokenCount).contains($0) }) {
      let error = NetworkError.tokenOutOfRange(
        step: step, token: tokens[step], count: tokenCount)
      return bad("\(error)")
    }
    return .sequence(CorpusSequence(number: row, input: .tokens(tokens)))
  }

  /// Reads some rows from one on.
  private func load(_ row: Int) throws(SequenceFileError) {
    let columns = steps * (width ?? 1)
    let rowSize = columns * type.bits / 8
    let count = min(max(1, Self.pieceSize / rowSize), self.count - row)
    var bytes = [UInt8](repeating: 0, count: count * rowSize)
    var done = 0
    while done < bytes.count {
      let offset = off_t(dataStart + row * rowSize + done)
      let found = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + done, $0.count - done, offset)
      }
      if found < 0 && errno == EINTR { continue }
      // A file that was cut off meanwhile ends early.
      guard found > 0 else {
        throw .cannotRead(path: path, code: found < 0 ? errno : EIO)
      }
      done += found
    }
    let shape = [count, columns]
    guard let strides = TensorView.strides(of: shape, isFortranOrder: false),
      let view = TensorView(
        offset: 0, shape: shape, strides: strides, available: count * columns),
      let matrix = ArrayMatrix(
        view, rows: count, columns: columns, type, isBigEndian: isBigEndian,
        FileSlice(FileBytes(bytes), 0..<bytes.count))
    else { throw .notTokens(path: path, type: type.rawValue) }
    values = [Float](unsafeUninitializedCapacity: count * columns) { buffer, filled in
      matrix.read(rows: 0..<count, columns: 0..<columns, into: buffer.baseAddress!)
      filled = count * columns
    }
    rows = row..<row + count
  }

  private static func header(_ descriptor: CInt, _ path: String) throws -> NpyHeader {
    var bytes = [UInt8](repeating: 0, count: NpyHeader.headerLimit + 12)
    let found = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard found >= 0 else { throw SequenceFileError.cannotRead(path: path, code: errno) }
    bytes.removeLast(bytes.count - found)
    if bytes.starts(with: Array("PK".utf8)) { throw SequenceFileError.archive(path: path) }
    do throws(NpyProblem) {
      return try bytes.withUnsafeBufferPointer { bytes throws(NpyProblem) in
        try NpyHeader(UnsafeRawBufferPointer(bytes))
      }
    } catch {
      throw ModelFileError(path, .npy(name: "", error))
    }
  }

  /// I of features, nil of tokens.
  private static func width(
    of header: NpyHeader, _ network: Network, _ path: String
  ) throws(SequenceFileError) -> Int? {
    let shape = header.shape
    let features = network.featureCount
    let wanted =
      features.map { "(N, T) tokens or (N, T, \($0)) features" } ?? "(N, T) tokens"
    switch (shape.count, features) {
    case (3, let width?) where shape[2] == width: return width
    // Where a step is one number, its axis may be left out.
    case (2, 1?): return 1
    case (2, _):
      guard header.type.isInteger, network.tokenCount < 1 << 24 else {
        throw .notTokens(path: path, type: header.type.rawValue)
      }
      return nil
    default: throw .wrongShape(path: path, wanted: wanted, found: shape)
    }
  }

  /// Proves that the file has all the rows that its header claims.
  private static func prove(_ header: NpyHeader, _ descriptor: CInt, _ path: String) throws {
    let size = header.shape.reduce(Int?.some(header.type.bits / 8)) { product, next in
      product.flatMap {
        let (product, overflow) = $0.multipliedReportingOverflow(by: next)
        return overflow ? nil : product
      }
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw SequenceFileError.cannotRead(path: path, code: errno)
    }
    let found = Int(status.st_size) - header.dataStart
    guard let size else {
      throw ModelFileError(path, .npy(name: "", .sizeOverflow(shape: header.shape)))
    }
    guard size == found else {
      throw ModelFileError(
        path, .npy(name: "", .wrongSize(shape: header.shape, needed: size, found: found)))
    }
  }

  private static func lengths(_ path: String, count: Int) throws -> [Int] {
    let file = try NumPyFile(path: path)
    guard file.names.count == 1, file.shape(of: file.names[0])?.count == 1 else {
      throw SequenceFileError.wrongShape(
        path: path, wanted: "(N) lengths", found: file.names.first.flatMap(file.shape) ?? [])
    }
    let lengths = try file.integers(file.names[0])
    guard lengths.count == count else {
      throw SequenceFileError.lengthCount(path: path, expected: count, found: lengths.count)
    }
    return lengths
  }
}

extension ElementType {
  fileprivate var isInteger: Bool {
    switch self {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: true
    case .float64, .float32, .float16, .bfloat16, .complex64, .bool, .float8e4m3, .float8e5m2,
      .float8e8m0, .float8e4m3fnuz, .float8e5m2fnuz, .float6e2m3, .float6e3m2, .float4:
      false
    }
  }
}
