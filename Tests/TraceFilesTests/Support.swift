import Foundation
import Inspector
import Recurrent
import TraceFiles

func fixture(_ name: String) throws -> String {
  guard let folder = Bundle.module.resourceURL else { throw CocoaError(.fileNoSuchFile) }
  return folder.appendingPathComponent("Fixtures").appendingPathComponent(name).path
}

func fixtureBytes(_ name: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: try fixture(name))))
}

/// The message of the error that the body throws, or a word that there was none.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

/// Collects what an export writes.
final class MemorySink: ByteSink {
  private(set) var bytes: [UInt8] = []
  func write(_ bytes: UnsafeRawBufferPointer) { self.bytes.append(contentsOf: bytes) }
}

func exported(
  _ trace: Trace, _ selection: TraceSelection, _ format: TraceFormat, network: Network? = nil,
  input: LayerInput? = nil
) throws -> [UInt8] {
  let sink = MemorySink()
  try TraceExporter(network: network, input: input).write(trace, selection, format, to: sink)
  return sink.bytes
}

/// Numbers that differ from each other, the same on every machine (a linear congruential generator).
struct Numbers {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func bits() -> UInt32 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt32(truncatingIfNeeded: state >> 32)
  }

  /// In -1…1.
  mutating func values(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(bits()) / Float(UInt32.max) * 2 - 1 }
  }
}

/// A network with the numbers that come, recorded over an input.
struct Recording: Sendable, CustomStringConvertible {
  let description: String
  var shapes: [LayerShape]
  var input = InputSequence.tokens([0, 1, 2, 3, 1, 0, 3, 2, 2])
  var symbols: [String]? = ["a", ",", "\r\n", " \""]

  var hasTokens: Bool {
    if case .tokens = input { true } else { false }
  }

  func network() throws -> Network {
    var numbers = Numbers(seed: 7)
    return try Network(
      layers: shapes.map { shape in
        try Layer(
          shape: shape,
          weights: shape.directions.map { _ in
            LayerWeights(
              inputWeights: numbers.values(shape.gateRows * shape.inputSize),
              recurrentWeights: numbers.values(shape.gateRows * shape.recurrentSize),
              inputBias: numbers.values(shape.gateRows),
              projection: shape.projectionSize.map { numbers.values($0 * shape.hiddenSize) })
          })
      })
  }

  func trace() throws -> (trace: Trace, network: Network) {
    let network = try network()
    let recorder = try TraceRecorder(network: network, input: input, symbols: symbols)
    recorder.recordAll()
    return (recorder.trace, network)
  }

  static let all: [Recording] = [
    Recording(
      description: "LSTM", shapes: [LayerShape(cell: .lstm, inputSize: 4, hiddenSize: 5)]),
    Recording(
      description: "GRU without a vocabulary",
      shapes: [LayerShape(cell: .gru, inputSize: 4, hiddenSize: 3)], symbols: nil),
    Recording(
      description: "RNN over numbers",
      shapes: [LayerShape(cell: .rnn, inputSize: 2, hiddenSize: 3)],
      input: .features([0.5, 1, -1, 2, 0.25, 0, 1, 1], width: 2), symbols: nil),
    Recording(
      description: "two layers both ways",
      shapes: [
        LayerShape(cell: .lstm, inputSize: 4, hiddenSize: 3, isBidirectional: true),
        LayerShape(cell: .gru, inputSize: 6, hiddenSize: 2, isBidirectional: true),
      ]),
    Recording(
      description: "projected",
      shapes: [
        LayerShape(cell: .lstm, inputSize: 4, hiddenSize: 5, projectionSize: 2),
        LayerShape(cell: .rnn, inputSize: 2, hiddenSize: 1),
      ]),
  ]
}
