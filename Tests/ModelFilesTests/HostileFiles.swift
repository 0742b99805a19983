/// Archives and pickles made by hand, right or wrong, for the tables of corruptions.

/// The text's characters as bytes: "\u{80}" is the byte 0x80.
func latin(_ text: String) -> [UInt8] {
  text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
}

func little(_ number: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
}

/// A zip archive as PyTorch writes it (the sizes stand in the directory alone), whose every field
/// can lie.
struct Archive {
  struct Entry {
    var name: String
    var bytes: [UInt8]
    var method = 0
    var flags = 0x808
    var packed: Int?
    var plain: Int?
    var offset: Int?
    var extra: [UInt8] = []

    init(_ name: String, _ bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  var entries: [Entry]
  var count: Int?
  var directorySize: Int?
  var directoryOffset: Int?
  /// The ZIP64 end record and its locator, where given.
  var zip64: (count: Int, size: Int, offset: Int)?

  init(_ entries: [Entry]) { self.entries = entries }

  var bytes: [UInt8] {
    var data: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let place = data.count
      let name = Array(entry.name.utf8)
      data += latin("PK\u{3}\u{4}") + little(20, 2) + little(entry.flags, 2)
      data += little(entry.method, 2) + little(0, 16) + little(name.count, 2) + little(0, 2) + name
      data += entry.bytes
      directory += latin("PK\u{1}\u{2}") + little(20, 2) + little(20, 2) + little(entry.flags, 2)
      directory += little(entry.method, 2) + little(0, 8)
      directory += little(entry.packed ?? entry.bytes.count, 4)
      directory += little(entry.plain ?? entry.packed ?? entry.bytes.count, 4)
      directory += little(name.count, 2) + little(entry.extra.count, 2) + little(0, 10)
      directory += little(entry.offset ?? place, 4) + name + entry.extra
    }
    let start = data.count
    data += directory
    if let zip64 {
      let place = data.count
      data += latin("PK\u{6}\u{6}") + little(44, 8) + little(0, 12) + little(zip64.count, 8)
      data += little(zip64.count, 8) + little(zip64.size, 8) + little(zip64.offset, 8)
      data += latin("PK\u{6}\u{7}") + little(0, 4) + little(place, 8) + little(1, 4)
    }
    data += latin("PK\u{5}\u{6}") + little(0, 4) + little(count ?? entries.count, 2)
    data += little(count ?? entries.count, 2) + little(directorySize ?? directory.count, 4)
    return data + little(directoryOffset ?? start, 4) + little(0, 2)
  }
}

/// Pieces of pickles, in protocol 2.
enum Pickle {
  static func text(_ text: String) -> [UInt8] {
    latin("X") + little(text.utf8.count, 4) + Array(text.utf8)
  }

  static func number(_ number: Int) -> [UInt8] {
    Int32(exactly: number) == nil
      ? latin("\u{8a}\u{8}") + little(number, 8) : latin("J") + little(number, 4)
  }

  static func tuple(_ items: [[UInt8]]) -> [UInt8] { latin("(") + items.joined() + latin("t") }

  static func whole(_ numbers: [Int]) -> [UInt8] { tuple(numbers.map(number)) }

  static func storage(
    _ count: Int, key: String = "0", type: String = "torch\nFloatStorage"
  ) -> [UInt8] {
    tuple([text("storage"), latin("c\(type)\n"), text(key), text("cpu"), number(count)])
      + latin("Q")
  }

  static func tensor(
    _ shape: [Int], _ strides: [Int]? = nil, offset: Int = 0, storage: [UInt8]
  ) -> [UInt8] {
    let counted = shape.indices.map { shape[($0 + 1)...].reduce(1, &*) }
    return latin("ctorch._utils\n_rebuild_tensor_v2\n")
      + tuple([storage, number(offset), whole(shape), whole(strides ?? counted), latin("\u{89}N")])
      + latin("R")
  }

  /// A tensor of the archive's storage of 32 floats.
  static func floats(_ shape: [Int]) -> [UInt8] { tensor(shape, storage: storage(32)) }

  /// A quantised tensor over the same bytes; `scaling` is what follows the scheme.
  static func quantised(_ shape: [Int], _ scheme: String, _ scaling: [[UInt8]]) -> [UInt8] {
    let strides = shape.indices.map { shape[($0 + 1)...].reduce(1, &*) }
    return latin("ctorch._utils\n_rebuild_qtensor\n")
      + tuple([
        storage(32, key: "0", type: "torch\nQInt8Storage"), number(0), whole(shape),
        whole(strides), tuple([latin("ctorch\n\(scheme)\n")] + scaling), latin("\u{89}"),
        latin("N"),
      ]) + latin("R")
  }

  /// Weights and no bias, as quantize_dynamic packs them.
  static func packed() -> [UInt8] {
    object(
      "quantized.LinearPackedParamsBase",
      tuple([quantised([4, 1], "per_tensor_affine", [real(0.5), number(0)]), latin("N")]))
  }

  static func cell(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
    object(
      "rnn.CellParamsBase",
      tuple([
        text("quantized_dynamic"), latin("]"), latin("]"), latin("]"), tuple([first, second]),
      ]))
  }

  private static func object(_ name: String, _ contents: [UInt8]) -> [UInt8] {
    latin("ctorch\nScriptObject\n)\u{81}")
      + tuple([contents, text("__torch__.torch.classes.\(name)")]) + latin("b")
  }

  static func real(_ number: Double) -> [UInt8] {
    latin("G") + little(Int(bitPattern: UInt(number.bitPattern)), 8).reversed()
  }

  static func dictionary(_ pairs: KeyValuePairs<String, [UInt8]>) -> [UInt8] {
    latin("}(") + pairs.flatMap { text($0.key) + $0.value } + latin("u")
  }

  static func whole(_ body: [UInt8]) -> [UInt8] { latin("\u{80}\u{2}") + body + latin(".") }
}

/// An archive of PyTorch's with this pickle and one storage of 32 floats.
func torchArchive(
  _ body: [UInt8], storage: Int = 128, byteOrder: String = "little"
) -> [UInt8] {
  Archive([
    .init("a/data.pkl", Pickle.whole(body)), .init("a/byteorder", Array(byteOrder.utf8)),
    .init("a/data/0", [UInt8](repeating: 0, count: storage)),
  ]).bytes
}
