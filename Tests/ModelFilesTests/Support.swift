import Foundation
import ModelFiles
import Recurrent
import Testing

/// A safetensors file made of a header as it stands and so many bytes of data.
func container(_ header: String, dataCount: Int = 0, length: UInt64? = nil) -> [UInt8] {
  container(Array(header.utf8), dataCount: dataCount, length: length)
}

func container(_ header: [UInt8], dataCount: Int = 0, length: UInt64? = nil) -> [UInt8] {
  let claimed = length ?? UInt64(header.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: claimed >> (8 * $0)) } + header
    + [UInt8](repeating: 0, count: dataCount)
}

/// A file of F32 tensors of these names and shapes.
func file(
  _ shapes: KeyValuePairs<String, [Int]>, metadata: [String: String] = [:], value: Float = 0.5
) -> [UInt8] {
  SafetensorsWriter(
    shapes.map { name, shape in
      .init(
        name: name, shape: shape,
        values: [Float](repeating: value, count: shape.reduce(1, *)))
    }, metadata: metadata
  ).bytes
}

/// What messages about unknown formats end in.
let readableFormats =
  "Gatescope reads safetensors, PyTorch (.pt, .pth, .bin, TorchScript), ONNX, "
  + "Keras (.keras, .h5, .weights.h5) and NumPy (.npz, a folder of .npy)"

/// The message of the error that the body throws, or a word that there was none.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

func fixture(_ name: String) throws -> URL {
  guard let folder = Bundle.module.resourceURL else { throw CocoaError(.fileNoSuchFile) }
  return folder.appendingPathComponent("Fixtures").appendingPathComponent(name)
}

/// A fixture's Float64 numbers.
func float64(in name: String, _ range: Range<Int>) throws -> [Double] {
  let data = try Data(contentsOf: fixture(name), options: .alwaysMapped)
  return data.withUnsafeBytes { bytes in
    range.map { place in
      Double(
        bitPattern: UInt64(
          littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)))
    }
  }
}

/// What the project promises: within 2e-5 + 2e-6·|reference|. The worst value is named.
func expectClose(
  _ computed: [Float], _ reference: [Double], sourceLocation: SourceLocation = #_sourceLocation
) {
  guard computed.count == reference.count else {
    Issue.record(
      "\(computed.count) values, not \(reference.count)", sourceLocation: sourceLocation)
    return
  }
  var worst = (share: 0.0, place: 0)
  for (place, (ours, exact)) in zip(computed, reference).enumerated() {
    let share = abs(Double(ours) - exact) / (2e-5 + 2e-6 * abs(exact))
    if !(share <= worst.share) { worst = (share, place) }
  }
  if !(worst.share <= 1) {
    Issue.record(
      """
      value \(worst.place) is \(computed[worst.place]), not \(reference[worst.place]): \
      \(worst.share) times what is allowed
      """, sourceLocation: sourceLocation)
  }
}

/// Numbers that differ from each other, for a network of any shape.
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// splitmix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }

  mutating func floats(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(Int32(truncatingIfNeeded: next() >> 40)) * 0x1p-24 }
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// A network with everything that files can hold of a cell.
func network(_ cell: CellKind, seed: UInt64 = 1, peepholes: Bool = false) throws -> Network {
  var numbers = Numbers(seed: seed)
  let shapes = [
    LayerShape(cell: cell, inputSize: 3, hiddenSize: 2, isBidirectional: true),
    LayerShape(cell: cell, inputSize: 4, hiddenSize: 5, isBidirectional: false),
  ]
  let layers = try shapes.map { shape in
    try Layer(
      shape: shape,
      weights: shape.directions.map { _ in
        LayerWeights(
          inputWeights: numbers.floats(shape.gateRows * shape.inputSize),
          recurrentWeights: numbers.floats(shape.gateRows * shape.hiddenSize),
          inputBias: numbers.floats(shape.gateRows),
          recurrentBias: numbers.floats(shape.gateRows),
          peepholes: peepholes ? numbers.floats(3 * shape.hiddenSize) : nil)
      })
  }
  return try Network(
    embedding: Embedding(count: 4, size: 3, weights: numbers.floats(12)),
    layers: layers,
    readout: Readout(
      inputSize: 5, outputSize: 4, weights: numbers.floats(20), bias: numbers.floats(4),
      activation: .sigmoid))
}
