import Foundation
import ModelFiles
import Recurrent
import Testing

/// A case of `Fixtures/onnx/cases.json`; `make_onnx_fixtures.py` says what its fields mean.
struct ONNXCase: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var file: String
  var module: String?
  var tokens: [Int]?
  var width: Int
  var steps: Int
  /// (signals, units) of each track.
  var tracks: [[Int]]
  var outputs: Int
  var start: Int
  var count: Int
  var warnings: [String]
  var states: Bool

  var testDescription: String { name }

  static let all: [ONNXCase] = {
    guard let data = try? Data(contentsOf: fixture("onnx/cases.json")) else { return [] }
    return (try? JSONDecoder().decode([ONNXCase].self, from: data)) ?? []
  }()

  var path: String { get throws { try fixture("onnx/\(file).onnx").path } }

  /// The input, where it is numbers, then every track, then the readout.
  func numbers() throws -> [Double] {
    try float64(in: "onnx/reference.bin", start..<start + count)
  }
}

/// Runs a network over a whole sequence: (steps, signals) of each track, then (steps, outputs).
func record(
  _ network: Network, _ input: InputSequence, _ state: NetworkState
) throws -> [[Float]] {
  try network.validate(input)
  let steps = input.count
  var results: [[Float]] = []
  var below: [Float] = []
  for (number, layer) in network.layers.enumerated() {
    var given = [[Float]](repeating: [], count: steps)
    for direction in layer.shape.directions {
      let pass = LayerPass(
        network: network, track: Track(layer: number, direction: direction),
        state: state.tracks[results.count])
      let length = layer.shape.signalsLength
      var rows = [Float](repeating: 0, count: steps * length)
      rows.withUnsafeMutableBufferPointer { rows in
        // The sequences are shorter than a block.
        switch (number, input) {
        case (0, .tokens(let tokens)): pass.run(tokens: tokens[...], signals: rows.baseAddress!)
        case (0, .features(let values, let width)):
          pass.run(values, stride: width, count: steps, signals: rows.baseAddress!)
        default:
          pass.run(
            below, stride: layer.shape.inputSize, count: steps, signals: rows.baseAddress!)
        }
      }
      for step in 0..<steps {
        given[step] += rows[((step + 1) * length - layer.shape.recurrentSize)..<(step + 1) * length]
      }
      results.append(rows)
    }
    below = given.flatMap { $0 }
  }
  if let readout = network.readout {
    let width = readout.inputSize
    results.append(
      (0..<steps).flatMap { readout(Array(below[$0 * width..<($0 + 1) * width])) })
  }
  return results
}

/// The same, step by step, of a network that only reads forwards.
func step(
  _ network: Network, _ input: InputSequence, _ state: NetworkState
) throws -> [[Float]] {
  let stepper = try Stepper(network, state: state)
  defer { withExtendedLifetime(stepper) {} }
  var tracks = [[Float]](repeating: [], count: network.layers.count)
  for step in 0..<input.count {
    switch input {
    case .tokens(let tokens): stepper.step(token: tokens[step])
    case .features(let values, let width):
      values.withUnsafeBufferPointer { stepper.step(features: $0.baseAddress! + step * width) }
    }
    for layer in tracks.indices { tracks[layer] += stepper.signals(layer: layer) }
  }
  return tracks
}
