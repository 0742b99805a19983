import Recurrent

/// Sequences out of arrays that NumPy saved. An archive of several has `x` (numbers) or `tokens`,
/// as Gatescope's own traces do.
public enum InputArray {
  /// Numbers: (T, I), (T) where I is 1, or (B, T, I).
  ///
  /// - Parameters:
  ///   - width: I, what the network takes.
  ///   - batch: which of B sequences; may be nil where there is one.
  /// - Throws: `InputFileError`; `ModelFileError` where the numbers cannot be read.
  public static func features(
    _ file: NumPyFile, width: Int, batch: Int? = nil
  ) throws -> InputSequence {
    let name = try array("x", in: file)
    let shape = file.shape(of: name) ?? []
    // Where a step is one number, its axis may be left out.
    let isBare = width == 1 && (shape.count == 1 || (batch != nil && shape.count == 2))
    let axes = try sequences(
      isBare ? shape + [1] : shape, of: 2, wanted: "(T, \(width)) or (B, T, \(width))", batch,
      found: shape, file.path)
    return .features(
      Array(try file.floats(name)[axes.range]), width: axes.shape[1])
  }

  /// Token numbers: (T) or (B, T), of any integer type.
  ///
  /// - Throws: `InputFileError`; `ModelFileError` where they are no whole numbers.
  public static func tokens(_ file: NumPyFile, batch: Int? = nil) throws -> InputSequence {
    let name = try array("tokens", in: file)
    let shape = file.shape(of: name) ?? []
    let axes = try sequences(
      shape, of: 1, wanted: "(T) or (B, T)", batch, found: shape, file.path)
    return .tokens(Array(try file.integers(name)[axes.range]))
  }

  private static func array(_ wanted: String, in file: NumPyFile) throws(InputFileError) -> String {
    if file.names.contains(wanted) { return wanted }
    guard file.names.count == 1 else {
      throw .severalArrays(path: file.path, wanted: wanted, names: file.names)
    }
    return file.names[0]
  }

  /// Where one sequence lies in an array of them, and its shape.
  ///
  /// - Parameters:
  ///   - rank: how many axes a sequence has.
  ///   - found: the array's shape, for messages.
  private static func sequences(
    _ shape: [Int], of rank: Int, wanted: String, _ batch: Int?, found: [Int], _ path: String
  ) throws(InputFileError) -> (range: Range<Int>, shape: [Int]) {
    // The file has proved that no product overflows.
    let own = Array(shape.suffix(rank))
    let length = own.reduce(1, *)
    switch shape.count {
    case rank:
      guard batch == nil else { throw .noBatchAxis(path: path, shape: found) }
      return (0..<length, own)
    case rank + 1:
      let count = shape[0]
      guard let chosen = batch ?? (count == 1 ? 0 : nil) else {
        throw .needsBatch(path: path, shape: found, count: count)
      }
      guard chosen < count else { throw .batchOutOfRange(path: path, chosen, count: count) }
      return (chosen * length..<(chosen + 1) * length, own)
    default:
      throw .wrongShape(path: path, name: nil, wanted: wanted, found: found)
    }
  }
}
