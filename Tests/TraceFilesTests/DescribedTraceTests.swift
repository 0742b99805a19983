import Foundation
import Inspector
import Recurrent
import Testing
import TraceFiles

/// Traces of cells beyond LSTM, GRU and RNN, and of any other that a header describes.
@Suite struct DescribedTraceTests {
  private static func trace(_ cell: CellKind) throws -> Trace {
    var numbers = Numbers(seed: 3)
    var shape = LayerShape(cell: cell, inputSize: 2, hiddenSize: 3)
    if cell.rawValue.hasPrefix("cfc") { shape.options = ["layers": 1, "backbone": 4] }
    guard case .described(let described) = cell, let definition = described.definition else {
      throw CocoaError(.featureUnsupported)
    }
    let matrix = shape.recurrentMatrix
    let network = try Network(layers: [
      Layer(
        shape: shape,
        weights: [
          LayerWeights(
            inputWeights: numbers.values(shape.gateRows * 2),
            recurrentWeights: numbers.values(matrix.rows * matrix.columns),
            inputBias: numbers.values(shape.gateRows),
            parameters: definition.parameters(shape).mapValues { numbers.values($0) })
        ])
    ])
    let input = InputSequence.features(numbers.values(12), width: 2)
    let recorder = try TraceRecorder(network: network, input: input)
    recorder.recordAll()
    return recorder.trace
  }

  @Test(arguments: DescribedCell.all.map(CellKind.described))
  func anNPZSaysWhichCellItWas(_ cell: CellKind) throws {
    let trace = try Self.trace(cell)
    let bytes = try exported(trace, .all(of: trace), .npz)
    let read = try TraceReader.read(bytes: bytes, path: "t")
    #expect(read.warnings == [])
    let layout = try #require(read.trace.layout.first)
    #expect(layout.cell == cell && layout.signals == cell.signals)
    for signal in cell.signals {
      #expect(layout.range(of: signal) == trace.layout[0].range(of: signal))
      for step in 0..<6 {
        for unit in 0..<3 {
          #expect(
            read.trace.value(track: 0, signal: signal, step: step, unit: unit)
              == trace.value(track: 0, signal: signal, step: step, unit: unit))
        }
      }
    }
    #expect(try exported(read.trace, .all(of: read.trace), .npz, input: read.input) == bytes)
    let writes = try? StateWrites(read.trace, track: 0, unit: 1, step: 5)
    #expect((writes == nil) == (cell.about.sum == nil))
  }

  // MARK: - Headers

  /// A stored archive of float arrays (2, 3) under some names, with a header.
  private func archive(_ header: String, _ names: [String]) throws -> [UInt8] {
    var arrays = names.enumerated().map { place, name in
      (name, "<f4", [2, 3], (0..<6).flatMap { bytes(of: Float($0 + place).bitPattern) })
    }
    arrays.append(("header", "|u1", [header.utf8.count], Array(header.utf8)))
    return try storedNPZ(arrays)
  }

  private func storedNPZ(_ arrays: [(String, String, [Int], [UInt8])]) throws -> [UInt8] {
    try StoredArchive.bytes(
      arrays.map { name, type, shape, data in
        let sizes = shape.map { "\($0)," }.joined(separator: " ")
        return (name + ".npy", StoredArchive.npy(type, "(\(sizes))", data))
      })
  }

  private func bytes(of word: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }

  @Test func namedSignalsHaveRolesRangesAndColours() throws {
    let header =
      #"{"cell": "Mamba", "equations": ["s = a·s′ + b"], "signals": ["#
      + #"{"name": "h", "role": "fast"}, "#
      + #"{"name": "dt", "role": "gate", "color": 2, "words": "step size"}, "#
      + #"{"name": "s_1", "role": "slow", "range": null}]}"#
    let read = try TraceReader.read(
      bytes: archive(header, ["l0_fwd_dt", "l0_fwd_s_1", "l0_fwd_h"]), path: "t")
    let layout = try #require(read.trace.layout.first)
    #expect(layout.signals.map(\.rawValue) == ["dt", "s_1", "h"])
    #expect(layout.cell.about.title == "Mamba" && layout.cell.about.equations.count == 1)
    #expect(layout.range(of: layout.signals[0]) == .unit)
    #expect(layout.role(of: layout.signals[0]) == .gate)
    #expect(layout.memory.rawValue == "s_1")
    #expect(layout.cell.about[layout.signals[0]]?.name == "step size")
    if case .named(let signal) = layout.signals[0] { #expect(signal.line == 2) }
    let slow = (0..<3).map {
      read.trace.value(track: 0, signal: layout.signals[1], step: 1, unit: $0)
    }
    #expect(slow == [4, 5, 6])
  }

  @Test(arguments: [
    (#"{"cell": "Mamba"}"#, "as Mamba is no cell"),
    (#"{"signals": []}"#, "1 to 32 signals"),
    (#"{"signals": [{"name": "2x"}]}"#, "a letter, then letters"),
    (#"{"signals": [{"name": "a"}, {"name": "a"}]}"#, "no signal twice"),
    (#"{"signals": [{"name": "a", "role": "door"}]}"#, "gate, candidate, slow, fast, state"),
    (#"{"signals": [{"name": "a", "range": [0, 2]}]}"#, "[0, 1], [-1, 1] or null"),
    (#"{"signals": [{"name": "a", "color": 9}]}"#, "0 to 5"),
    (#"{"signals": [{"name""#, "JSON such as"),
  ])
  func aHeaderThatSaysNothingIsRefused(_ header: String, _ words: String) throws {
    let bytes = try archive(header, ["l0_fwd_h"])
    let said = message { _ = try TraceReader.read(bytes: bytes, path: "t") }
    #expect(said.hasPrefix("t: metadata 'header'") && said.contains(words), "\(said)")
  }

  /// Names that some cell has mean nothing in a file that does not say so.
  @Test func withoutAHeaderOnlyLettersAreSignals() throws {
    let values = (0..<6).flatMap { bytes(of: Float($0).bitPattern) }
    let read = try TraceReader.read(
      bytes: storedNPZ([("h", "<f4", [2, 3], values), ("t", "<f4", [2, 3], values)]), path: "t")
    #expect(read.trace.layout.map(\.signals) == [[.h], [.v]])
  }
}
