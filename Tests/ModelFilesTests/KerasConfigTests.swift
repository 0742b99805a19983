import Foundation
import ModelFiles
import Recurrent
import Testing

/// Keras 2 and 3 call two functions hard_sigmoid: which one is meant is the config's word, whoever
/// wrote the weights.
@Suite struct KerasConfigTests {
  private static let hardSigmoids: [(beside: String, gates: String, guess: String?)] = [
    (#""keras_version": "2.2.0", "#, "hard_sigmoid(0.2, 0.5)", nil),
    (#""keras_version": "3.1.0", "#, "hard_sigmoid(0.16666667, 0.5)", nil),
    // What `to_json()` of Keras 3 gives has no version.
    (#""module": "keras", "registered_name": null, "#, "hard_sigmoid(0.16666667, 0.5)", nil),
    (#""build_config": {"input_shape": [null, null, 3]}, "#, "hard_sigmoid(0.16666667, 0.5)", nil),
    ("", "hard_sigmoid(0.2, 0.5)", "hard_sigmoid?"),
  ]

  @Test(arguments: hardSigmoids)
  func aHardSigmoidIsItsVersions(_ testCase: (beside: String, gates: String, guess: String?)) throws
  {
    let config = FileManager.default.temporaryDirectory
      .appendingPathComponent("config-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: config) }
    try Data(
      """
      {\(testCase.beside)"class_name": "Sequential", "config": {"layers": [\
      {"class_name": "LSTM", "config": {"name": "lstm", "units": 2, "use_bias": true, \
      "recurrent_activation": "hard_sigmoid", "return_sequences": true}}]}}
      """.utf8
    ).write(to: config)
    // Variables' own paths, which tell no version.
    let cell = "sequential/lstm/lstm_cell"
    let weights = InputFileTests.archive([
      "\(cell)/kernel": InputFileTests.npy("(3, 8)", .init(repeating: 0.5, count: 24)),
      "\(cell)/recurrent_kernel": InputFileTests.npy("(2, 8)", .init(repeating: 0.5, count: 16)),
      "\(cell)/bias": InputFileTests.npy("(8,)", .init(repeating: 0.5, count: 8)),
    ])
    let model = try ModelReader.read(
      bytes: weights, path: "m.npz", choices: .init(configPath: config.path))
    #expect(model.network.layers[0].shape.activations.gates.description == testCase.gates)
    #expect(model.guesses.map(\.mark) == [testCase.guess].compactMap { $0 })
    #expect(model.isStated)
  }
}
