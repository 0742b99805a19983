/// The model file formats that are read, and those that are recognised so far.
enum ModelFormat {
  case safetensors
  /// PyTorch's, NumPy's or Keras's: the names inside tell which.
  case zip
  case legacyPyTorch
  /// Around one of the others.
  case tar
  case onnx
  /// Keras's.
  case hdf5

  /// For messages.
  static let readable =
    "safetensors, PyTorch (.pt, .pth, .bin, TorchScript), ONNX, "
    + "Keras (.keras, .h5, .weights.h5) and NumPy (.npz, a folder of .npy)"

  /// By the file's first bytes; its name decides only where they say nothing.
  static func of(_ bytes: UnsafeRawBufferPointer, path: String) throws(ModelFileError) -> Self {
    // A header that begins where one must; no other format has '{' at that place.
    if bytes.count > 8 && bytes[8] == UInt8(ascii: "{") { return .safetensors }
    // An archive without entries begins with its end.
    if bytes.starts(with: Array("PK\u{3}\u{4}".utf8))
      || bytes.starts(with: Array("PK\u{5}\u{6}".utf8))
    {
      return .zip
    }
    if bytes.count > 2 && bytes[0] == 0x80 && bytes[1] <= 5 { return .legacyPyTorch }
    if TarArchive.isTar(bytes) { return .tar }
    if bytes.starts(with: [0x89] + Array("HDF\r\n".utf8)) { return .hdf5 }
    if let foreign = ForeignFormat.of(bytes, path: path) {
      throw ModelFileError(path, .foreignFormat(foreign.words))
    }
    for (magic, name) in magics where bytes.starts(with: magic) {
      throw ModelFileError(path, .unknownFormat(looksLike: name))
    }
    if path.lowercased().hasSuffix(".safetensors") { return .safetensors }
    if path.lowercased().hasSuffix(".onnx") || looksLikeONNX(bytes) { return .onnx }
    throw ModelFileError(path, .unknownFormat(looksLike: nil))
  }

  /// ONNX has no magic number; every known writer begins with the version, a small number, and goes
  /// on with the producer's name, the graph or the operators' versions.
  private static func looksLikeONNX(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count > 2 && bytes[0] == 0x08 && (1...20).contains(bytes[1])
      && [0x12, 0x3a, 0x42].contains(bytes[2])
  }

  private static let magics: [([UInt8], String)] = [
    (NpyHeader.magic, "a single NumPy array"),
    ([0x1f, 0x8b], "something packed by gzip (gunzip it first)"),
  ]
}
