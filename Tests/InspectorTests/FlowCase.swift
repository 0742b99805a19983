import Foundation
import Inspector
import Recurrent
import Testing

/// A case of `Fixtures/flow.json`; `flow.py` says what its fields mean.
struct FlowCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Part: Decodable {
    var cell: String
    var units: Int
    var projection: Int?
    var isCoupled: Bool?
    var resetsBefore: Bool?
    var clip: Float?
    var candidate: String?
    var both: Bool?
    var reverse: Bool?
    var tracks: [Weights]
  }
  struct Weights: Decodable {
    var input: [Float]
    var recurrent: [Float]
    var inputBias: [Float]
    var recurrentBias: [Float]
    var peepholes: [Float]?
    var projection: [Float]?

    enum CodingKeys: String, CodingKey {
      case input = "W"
      case recurrent = "R"
      case inputBias = "bW"
      case recurrentBias = "bR"
      case peepholes = "P"
      case projection
    }
  }
  struct Cost: Decodable {
    var cell: String
    var inputs: Int
    var units: Int
    var layers: Int
    var both: Bool
    var outputs: Int
    var parameters: Int
  }

  var name: String
  var layers: [Part]
  var layer: Int
  var direction: Int
  var inputs: Int
  var x: [Float]
  var last: Int
  var hidden: [Double]
  var hiddenMeans: [Double]
  var cell: [Double]?
  var cellMeans: [Double]?
  var kept: [Double]?

  var testDescription: String { name }

  static let all: [FlowCase] = file?.cases ?? []
  static let costs: [Cost] = file?.costs ?? []

  private struct File: Decodable {
    var cases: [FlowCase]
    var costs: [Cost]
  }

  private static let file: File? = {
    let place = Bundle.module.bundleURL.appendingPathComponent("Fixtures/flow.json")
    return (try? Data(contentsOf: place)).flatMap { try? JSONDecoder().decode(File.self, from: $0) }
  }()

  func network() throws -> Network {
    var width = inputs
    var stack: [Layer] = []
    for part in layers {
      let both: [Direction] = part.both == true ? [.forward, .backward] : [.forward]
      let shape = LayerShape(
        cell: try #require(CellKind(rawValue: part.cell)), inputSize: width,
        hiddenSize: part.units, directions: part.reverse == true ? [.backward] : both,
        projectionSize: part.projection, isCoupled: part.isCoupled ?? false, clip: part.clip,
        activations: CellActivations(candidate: part.candidate == "relu" ? .relu : .tanh),
        resetsBefore: part.resetsBefore ?? false)
      stack.append(
        try Layer(
          shape: shape,
          weights: part.tracks.map { track in
            LayerWeights(
              inputWeights: track.input, recurrentWeights: track.recurrent,
              inputBias: track.inputBias,
              recurrentBias: track.recurrentBias, peepholes: track.peepholes,
              projection: track.projection)
          }))
      width = shape.outputSize
    }
    return try Network(layers: stack)
  }

  func trace(of network: Network) throws -> Trace {
    let recorder = try TraceRecorder(network: network, input: .features(x, width: inputs))
    recorder.recordAll()
    return recorder.trace
  }

  /// The track that is looked at, and the step at which everything ends.
  func place(in trace: Trace) throws -> (track: Int, step: Int) {
    let tracks = trace.layout.indices.filter { trace.layout[$0].track.layer == layer }
    let track = tracks[direction]
    let isForward = trace.layout[track].track.direction == .forward
    return (track, isForward ? last : trace.length - 1 - last)
  }
}
