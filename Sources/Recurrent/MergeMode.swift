/// What becomes of the h of both directions on the way to the next layer or the readout; Keras's
/// `merge_mode`. With one direction all are the same.
public enum MergeMode: String, Sendable, CaseIterable, Hashable {
  /// Side by side, forward first: what PyTorch and ONNX do.
  case concatenate
  case sum
  /// The product, unit by unit.
  case multiply
  case average
}

extension MergeMode {
  /// One vector of the h of each direction, forward first; each of the same length.
  public func merged(_ parts: [[Float]]) -> [Float] {
    let size = parts.first?.count ?? 0
    var merged = [Float](repeating: 0, count: self == .concatenate ? size * parts.count : size)
    merged.withUnsafeMutableBufferPointer { merged in
      guard let base = merged.baseAddress else { return }
      for (place, part) in parts.enumerated() {
        take(part, size: size, place: place, of: parts.count, into: base)
      }
    }
    return merged
  }

  /// The same without allocating: takes in one direction more.
  ///
  /// - Parameters:
  ///   - place: how many directions `merged` has taken in already, of `count`.
  ///   - merged: the layer's output; written from its beginning, or from where `hidden` belongs.
  public func take(
    _ hidden: UnsafePointer<Float>, size: Int, place: Int, of count: Int,
    into merged: UnsafeMutablePointer<Float>
  ) {
    guard place > 0, self != .concatenate else {
      (merged + place * size).update(from: hidden, count: size)
      return
    }
    for unit in 0..<size {
      switch self {
      case .concatenate: break
      case .sum: merged[unit] += hidden[unit]
      case .multiply: merged[unit] *= hidden[unit]
      case .average: merged[unit] = (merged[unit] + hidden[unit]) / Float(count)
      }
    }
  }
}
