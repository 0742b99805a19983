import TestRandom

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The files of a format, and every damaged one by its number.
struct Corpus {
  struct File {
    /// Where it stands; messages and files beside it go by that.
    let path: String
    let bytes: [UInt8]
    fileprivate let zip: ZipParts?
    fileprivate let protobuf: [ProtobufPart]
    /// Where HDF5's structures begin.
    fileprivate let marks: [Int]
  }

  let format: FuzzFormat
  let files: [File]
  private let mutations: ByteMutations

  enum Failure: Error, CustomStringConvertible {
    case noFixtures(String)
    var description: String {
      switch self {
      case .noFixtures(let folder): "\(folder): there are no fixtures in it"
      }
    }
  }

  /// - Parameter folder: ModelFilesTests' fixtures.
  init(_ format: FuzzFormat, folder: String) throws {
    self.format = format
    var found = format.samples.map { (path: $0.name, bytes: $0.bytes) }
    for (subfolder, endings) in format.fixtures {
      let place = subfolder.isEmpty ? folder : "\(folder)/\(subfolder)"
      for name in Self.names(in: place) where endings.contains(where: name.hasSuffix) {
        let path = "\(place)/\(name)"
        if let bytes = Self.read(path), Self.belongs(bytes, to: format) {
          found.append((path, bytes))
        }
      }
    }
    guard !found.isEmpty else { throw Failure.noFixtures(folder) }
    files = found.map { path, bytes in
      let isHDF5 = format == .keras && !path.hasSuffix(".keras")
      return File(
        path: path, bytes: bytes,
        zip: [.torch, .numpy, .state, .config, .keras].contains(format) ? ZipParts(bytes) : nil,
        protobuf: format == .onnx ? ProtobufPart.parse(bytes[...]) ?? [] : [],
        marks: isHDF5
          ? ["TREE", "SNOD", "HEAP", "GCOL", "OHDR", "OCHK", "FRHP", "BTHD", "\u{89}HDF"]
            .flatMap { bytes.places(of: $0) } : [])
    }
    mutations = ByteMutations(pieces: format.pieces, others: files.map(\.bytes))
  }

  /// Number `index` of the damaged files that `seed` gives; the same always.
  func damaged(seed: UInt64, index: Int) -> (path: String, bytes: [UInt8]) {
    let salt = format.rawValue.utf8.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) }
    var random = SplitMix(seed &* 0x2545_F491_4F6C_DD1D &+ salt &+ UInt64(index) << 20)
    let file = files[random.below(files.count)]
    // A fourth knows nothing of the format.
    var bytes = file.bytes
    if random.below(4) == 0 {
      mutations.apply(to: &bytes, &random)
    } else {
      bytes = structured(file, &random)
    }
    return (file.path, bytes)
  }

  // MARK: - By structure

  private func structured(_ file: File, _ random: inout SplitMix) -> [UInt8] {
    if var zip = file.zip { return archive(&zip, &random) }
    var bytes = file.bytes
    switch format {
    case .safetensors: bytes = safetensors(bytes, &random)
    case .onnx:
      var parts = file.protobuf
      for _ in 0...random.below(4) { ProtobufPart.shuffle(&parts, mutations, &random) }
      bytes = ProtobufPart.write(parts)
    case .keras:
      // Headers: the first bytes of what a signature begins, and what lies before the data.
      let mark = file.marks.isEmpty ? 0 : random.element(of: file.marks)
      mutations.apply(to: &bytes, focus: mark..<min(bytes.count, mark + 64), &random)
    case .torch, .legacy, .numpy, .state, .vocabulary, .table, .config: change(&bytes, &random)
    }
    return bytes
  }

  /// A header that is shuffled as JSON, and a length that fits it.
  private func safetensors(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    guard let count = bytes.number(0, 8), count <= bytes.count - 8 else { return bytes }
    var header = Array(bytes[8..<8 + count])
    change(&header, &random)
    return little(header.count, 8) + header + bytes[(8 + count)...]
  }

  private func archive(_ zip: inout ZipParts, _ random: inout SplitMix) -> [UInt8] {
    let wanted: (ZipParts.Entry) -> Bool =
      switch format {
      case .config: { $0.name.starts(with: latin("config")) }
      case .keras: { $0.name.starts(with: latin("model.weights")) }
      case .safetensors, .torch, .legacy, .onnx, .numpy, .state, .vocabulary, .table:
        { !$0.name.contains(latin("/data/")) }
      }
    let places = zip.entries.indices.filter { wanted(zip.entries[$0]) }
    if !places.isEmpty, random.below(6) > 0 {
      let place = random.element(of: places)
      zip.change(place) { bytes in change(&bytes, &random) }
    }
    if format != .config, random.below(4) == 0 { shuffle(&zip, &random) }
    guard format != .config, random.below(4) == 0 else { return zip.bytes() }
    return zip.bytes { directory in mutations.apply(to: &directory, &random) }
  }

  private func shuffle(_ zip: inout ZipParts, _ random: inout SplitMix) {
    let place = random.below(zip.entries.count)
    switch random.below(4) {
    case 0: zip.entries.remove(at: place)
    case 1: zip.entries.append(zip.entries[place])
    case 2: zip.entries.swapAt(place, random.below(zip.entries.count))
    default: zip.entries[place].name += latin("x")
    }
  }

  /// One file, or one entry.
  private func change(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    guard !bytes.isEmpty else { return mutations.apply(to: &bytes, &random) }
    switch bytes[0] {
    case 0x80 where random.below(3) > 0:
      var parts = PartMutations.pickle(bytes)
      PartMutations.shuffle(&parts, pieces: format.pieces, &random)
      bytes = Array(parts.joined())
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard random.below(3) > 0 else { return mutations.apply(to: &bytes, &random) }
      var parts = PartMutations.json(bytes)
      PartMutations.shuffle(&parts, pieces: format.pieces, &random)
      bytes = Array(parts.joined())
    // NumPy's header, with a length that fits it.
    case 0x93:
      let count = bytes.number(8, 2) ?? 0
      guard 10 + count <= bytes.count else { return }
      var header = Array(bytes[10..<10 + count])
      mutations.apply(to: &header, &random)
      bytes = Array(bytes[..<8]) + little(header.count, 2) + header + bytes[(10 + count)...]
    default: mutations.apply(to: &bytes, &random)
    }
  }

  // MARK: - Files

  private static func belongs(_ bytes: [UInt8], to format: FuzzFormat) -> Bool {
    switch format {
    case .torch: bytes.starts(with: latin("PK"))
    case .legacy: bytes.first == 0x80
    case .safetensors, .onnx, .numpy, .state, .vocabulary, .table, .config, .keras: true
    }
  }

  private static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { place in
          place.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
        })
    }
    return names.sorted()
  }

  private static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&block, 1, block.count, file)
      if count == 0 { return bytes }
      bytes += block[..<count]
    }
  }
}
