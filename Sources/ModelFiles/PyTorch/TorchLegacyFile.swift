/// Opens what torch.save wrote before 1.6, and still does when asked: five pickles (a magic number,
/// the protocol's version, facts of the machine, the object, the storages' keys), then for each key
/// a count and its elements, little-endian.
///
/// torch/serialization.py, `_legacy_save`.
enum TorchLegacyFile {
  /// 0x1950a86a20f9469cfc6c, little-endian.
  private static let magic: [UInt8] = [
    0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19,
  ]
  private static let protocolVersion = 1001

  static func open(_ file: FileBytes, path: String) throws(ModelFileError) -> TorchFile {
    var machine = PickleMachine(file.bytes)
    let magic = try run(&machine, "the magic number", path)
    guard isMagic(magic, file.bytes) else {
      return try PlainPickle.open(machine.heap, magic, file, path: path)
    }
    let version = try run(&machine, "the protocol version", path)
    guard version == .int(protocolVersion) else {
      throw ModelFileError(path, .torch(.legacyVersion))
    }
    _ = try run(&machine, "the facts of the machine", path)
    let object = try run(&machine, "the object", path)
    let keys = try run(&machine, "the storages' keys", path)
    let slices: [String: FileSlice]
    do throws(TorchProblem) {
      slices = try storages(keys, machine.heap, file, at: machine.offset)
    } catch {
      throw ModelFileError(path, .torch(error))
    }
    return try TorchFile(
      machine.heap, root: object, storages: .legacy(slices), isBigEndian: false,
      producer: "torch.save, legacy format", path: path)
  }

  /// Whether a value is what every such file begins with.
  static func isMagic(_ value: PickleValue, _ bytes: UnsafeRawBufferPointer) -> Bool {
    guard case .bytes(let range) = value else { return false }
    return bytes[range].elementsEqual(magic)
  }

  static func isVersion(_ value: PickleValue) -> Bool { value == .int(protocolVersion) }

  private static func run(
    _ machine: inout PickleMachine, _ what: String, _ path: String
  ) throws(ModelFileError) -> PickleValue {
    guard machine.offset < machine.bytes.count else {
      throw ModelFileError(path, .torch(.legacyTruncated(what: what, at: machine.offset)))
    }
    do throws(PickleProblem) {
      return try machine.run()
    } catch {
      throw ModelFileError(path, .pickle(name: what, error))
    }
  }

  private static func storages(
    _ keys: PickleValue, _ heap: PickleHeap, _ file: FileBytes, at start: Int
  ) throws(TorchProblem) -> [String: FileSlice] {
    guard let keys = heap.sequence(keys) else { throw .legacyKeys }
    let types = Dictionary(
      heap.storages.map { ($0.key, $0.type) }, uniquingKeysWith: { first, _ in first })
    var slices: [String: FileSlice] = [:]
    var offset = start
    for key in keys {
      // A key that no tensor names has no type, so that what follows it could not be found.
      guard case .string(let key) = key, let type = types[key], slices[key] == nil else {
        throw .legacyKeys
      }
      guard file.bytes.count - offset >= 8 else {
        throw .legacyTruncated(what: "the count of storage \(quoted(key))", at: offset)
      }
      let count = Int(
        Int64(littleEndian: file.bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self)))
      offset += 8
      let available = file.bytes.count - offset
      let (size, overflow) = count.multipliedReportingOverflow(by: type.width)
      guard count >= 0, !overflow, size <= available else {
        throw .legacyCount(key: key, claimed: count, available: available)
      }
      slices[key] = FileSlice(file, offset..<offset + size)
      offset += size
    }
    return slices
  }
}
