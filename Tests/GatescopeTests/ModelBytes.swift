/// Safetensors files, made byte by byte, so that they can be wrong in every way.
enum ModelBytes {
  /// The length, the header as it stands, and the data.
  static func container(_ header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
    let claimed = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: claimed >> (8 * $0)) } + header.utf8 + data
  }

  /// A file of F32 tensors, every number the same.
  static func file(_ shapes: [(String, [Int])], value: Float = 0.5) -> [UInt8] {
    var entries: [String] = []
    var offset = 0
    for (name, shape) in shapes {
      let end = offset + 4 * shape.reduce(1, *)
      entries.append(
        "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    let number = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    let data = (0..<offset / 4).flatMap { _ in number }
    return container("{" + entries.joined(separator: ",") + "}", data: data)
  }

  /// An LSTM of 3 inputs and 2 units, without a vocabulary.
  ///
  /// - Parameter embedding: the shape of one, where it is to have it.
  static func lstm(
    recurrent: [Int] = [8, 2], embedding: [Int]? = nil, value: Float = 0.5
  ) -> [UInt8] {
    let layer = [("lstm.weight_ih_l0", [8, 3]), ("lstm.weight_hh_l0", recurrent)]
    return file(layer + (embedding.map { [("embedding.weight", $0)] } ?? []), value: value)
  }

  /// A .npy file of numbers, row-major.
  static func npy<Number>(_ type: String, _ shape: String, _ numbers: [Number]) -> [UInt8] {
    npy(type, shape, data: 0) + numbers.withUnsafeBytes { Array($0) }
  }

  /// A .npy file of so many bytes of data, all the same.
  static func npy(
    _ type: String, _ shape: String, data: Int, value: UInt8 = 0, isFortran: Bool = false
  ) -> [UInt8] {
    let order = isFortran ? "True" : "False"
    let header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + header.utf8
      + Array(repeating: value, count: data)
  }
}
