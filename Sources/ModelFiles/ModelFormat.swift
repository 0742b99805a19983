/// The model file formats that are read, and those that are recognised so far.
enum ModelFormat: CaseIterable {
  case safetensors

  /// For messages: "safetensors".
  static var readable: String { allCases.map(\.name).joined(separator: ", ") }

  var name: String {
    switch self {
    case .safetensors: "safetensors"
    }
  }

  /// By the file's first bytes; its name decides only where they say nothing.
  static func of(_ bytes: UnsafeRawBufferPointer, path: String) throws(ModelFileError) -> Self {
    // A header that begins where one must; no other format has '{' at that place.
    if bytes.count > 8 && bytes[8] == UInt8(ascii: "{") { return .safetensors }
    for (magic, name) in magics where bytes.starts(with: magic) {
      throw ModelFileError(path, .unknownFormat(looksLike: name))
    }
    if path.lowercased().hasSuffix(".safetensors") { return .safetensors }
    throw ModelFileError(path, .unknownFormat(looksLike: nil))
  }

  private static let magics: [([UInt8], String)] = [
    (Array("PK\u{3}\u{4}".utf8), "a zip archive (PyTorch or Keras)"),
    ([0x89] + Array("HDF\r\n".utf8), "HDF5 (Keras)"),
    ([0x80, 2], "a Python pickle (old PyTorch)"),
    ([0x93] + Array("NUMPY".utf8), "a NumPy array"),
  ]
}
