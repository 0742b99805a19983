import ModelFiles
import Recurrent
import Screen
import Testing

@testable import Workbench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The list of a file's recurrent modules.
@Suite struct PickerGoldenTests {
  private static func layer(
    _ inputs: Int, _ units: Int, both: Bool = false, cell: CellKind = .lstm
  ) throws -> Layer {
    let shape = LayerShape(cell: cell, inputSize: inputs, hiddenSize: units, isBidirectional: both)
    func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }
    let weights = LayerWeights(
      inputWeights: zeros(shape.gateRows * inputs), recurrentWeights: zeros(shape.gateRows * units))
    return try Layer(shape: shape, weights: shape.directions.map { _ in weights })
  }

  private static func module(_ name: String, _ network: Network) -> ModelReport.Module {
    ModelReport.Module(
      TrainedModel(network: network, module: name), gates: { ($0.gates, []) }, path: "m")
  }

  /// An encoder of two layers, a decoder with a readout, a cell without a name, and one that is broken.
  private static func report() throws -> ModelReport {
    let zeros = { (count: Int) in [Float](repeating: 0, count: count) }
    return ModelReport(
      path: "runs/7/seq2seq.pt", format: "PyTorch",
      modules: [
        .init(
          name: "broken.rnn",
          problem:
            "tensor 'broken.rnn.weight_hh_l0': expected (4H, H) of an LSTM, (3H, H) of a GRU "
            + "or (H, H) of an RNN, found (32, 9)"),
        module("", try Network(layers: [layer(5, 1, cell: .gru)])),
        module(
          "model.decoder.blocks.0.recurrent_layer.with_a_long_name",
          try Network(
            layers: [layer(6, 4)],
            readout: Readout(
              inputSize: 4, outputSize: 30, weights: zeros(120), bias: nil, activation: .softmax))),
        module(
          "model.encoder",
          try Network(
            embedding: Embedding(count: 30, size: 5, weights: zeros(150)),
            layers: [layer(5, 4, both: true), layer(8, 3, both: true)])),
      ])
  }

  private static func list(
    _ width: Int, _ height: Int, _ colors: Capabilities.ColorDepth, keys: [Key]
  ) throws -> PickerState {
    var list = PickerState(
      modules: try report(), message: nil, selected: 0, width: width, height: height,
      theme: Theme(.dark, Capabilities(colors: colors, unicode: true)))
    for key in keys { update(&list, .key(key)) }
    return list
  }

  static let screens: [GoldenScreen] = [
    ("80x24", 80, 24, .none, [.down]), ("120x40", 120, 40, .indexed, [.down, .down]),
    ("problem", 80, 24, .indexed, [.enter]), ("small", 40, 8, .none, [.end]),
  ].map { (name, width, height, colors: Capabilities.ColorDepth, keys: [Key]) in
    GoldenScreen(name: "modules/\(name)") {
      render(try list(width, height, colors, keys: keys))
    }
  }

  @Test(arguments: screens)
  func aScreenIsAsItWas(_ screen: GoldenScreen) throws {
    let dump = GridDump(try screen.draw()).description
    if getenv("GATESCOPE_RECORD") != nil {
      try screen.store(dump)
      return
    }
    let stored = try #require(
      screen.stored, "Golden/\(screen.name).txt is missing; record it with GATESCOPE_RECORD=1")
    if dump != stored { Issue.record("\(GoldenScreen.differences(stored, dump))") }
  }

  @Test func whatCannotBeOpenedSaysWhyAndStays() throws {
    var list = try Self.list(80, 24, .none, keys: [.enter])
    #expect(list.outcome == nil)
    #expect(list.message?.hasPrefix("tensor 'broken.rnn.weight_hh_l0': expected") == true)
    update(&list, .key(.down))
    #expect(list.message == nil)
    update(&list, .key(.enter))
    #expect(list.outcome == .chosen(1))
  }
}
