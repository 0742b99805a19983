/// Formats of other tools that hold a network in a form that is not read: each told by its first bytes or,
/// where it has no mark, by its name, and what to make of the model instead.
enum ForeignFormat: String, CaseIterable, Sendable {
  case tensorFlowLite, ort, gguf, tensorRT, mxnet, coreML, graphDef, savedModel, checkpoint

  /// - Parameter path: whose ending tells where the bytes have no mark.
  static func of(_ bytes: UnsafeRawBufferPointer, path: String) -> ForeignFormat? {
    func isAt(_ place: Int, _ text: StaticString) -> Bool {
      bytes.count >= place + text.utf8CodeUnitCount
        && bytes[place..<place + text.utf8CodeUnitCount].elementsEqual(
          UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
    // FlatBuffers have their mark after the place of the root.
    if isAt(4, "TFL3") { return .tensorFlowLite }
    if isAt(4, "ORTM") { return .ort }
    if isAt(0, "GGUF") { return .gguf }
    if isAt(0, "ptrt") || isAt(0, "ftrt") { return .tensorRT }
    // NDARRAY_MAGIC's list, 0x112, of mxnet/src/ndarray/ndarray.cc.
    if bytes.count >= 16, bytes[..<16].elementsEqual([0x12, 1] + [UInt8](repeating: 0, count: 14)) {
      return .mxnet
    }
    // The last 8 bytes of a table of LevelDB's, little-endian.
    if TensorTable.isTable(bytes) { return .checkpoint }
    return named(path)
  }

  /// By the name alone.
  static func named(_ path: String) -> ForeignFormat? {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    if name == "saved_model.pb" { return .savedModel }
    if name.contains(".ckpt.data-") || name.contains(".data-00000-of-") { return .checkpoint }
    switch name.split(separator: ".").last {
    case "tflite": return .tensorFlowLite
    case "ort": return .ort
    case "engine", "plan", "trt": return .tensorRT
    case "mlmodel", "mlpackage": return .coreML
    case "pb": return .graphDef
    default: return nil
    }
  }

  /// What it is, and what to do.
  var words: String {
    switch self {
    case .tensorFlowLite:
      "is a TensorFlow Lite model; save the Keras model that it was converted from with "
        + "model.save('model.keras')"
    case .ort:
      "is in ONNX Runtime's own format (.ort); open the .onnx file that it was made from"
    case .gguf:
      "is a GGUF file; open the safetensors or PyTorch files that it was converted from"
    case .tensorRT:
      "is a TensorRT engine, built for one GPU; open the ONNX model that it was built from"
    case .mxnet:
      "is a parameter file of MXNet; write it as NumPy: numpy.savez('model.npz', **{name: array.asnumpy() "
        + "for name, array in mxnet.nd.load(FILE).items()})"
    case .coreML:
      "is a Core ML model; open the PyTorch or Keras model that it was converted from"
    case .graphDef:
      "is a TensorFlow graph (.pb); convert it: python -m tf2onnx.convert --graphdef FILE --inputs … "
        + "--outputs … --output model.onnx"
    case .savedModel:
      "is a TensorFlow SavedModel's graph; open its folder, whose 'variables' hold the weights"
    case .checkpoint:
      "is part of a TensorFlow checkpoint; open its .index, with the .data files beside it"
    }
  }
}
