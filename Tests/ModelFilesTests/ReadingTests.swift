import Foundation
import ModelFiles
import Recurrent
import Testing

/// A case of `Fixtures/readings/cases.json`; `make_reading_fixtures.py` says what its fields mean.
struct ReadingCase: Decodable, Sendable, CustomTestStringConvertible {
  var file: String
  // What a person says.
  var module: String?
  var ignore: [String]?
  var cell: String?
  var activation: [String]?
  var direction: String?
  var output: String?
  var config: String?
  // What comes of it: a refusal, or numbers.
  var error: String?
  var tokens: [Int]?
  var width: Int?
  var tracks: [[Int]]?
  var start: Int?
  var count: Int?
  // What is said.
  var embedding: String?
  var readout: String?
  var ignored: [String]?
  var warnings: [String]?
  var notes: [String]?
  /// Their marks.
  var guesses: [String]?
  var basis: String?

  var testDescription: String {
    let said = [module, cell, direction, output, config].compactMap { $0 }
    return ([file] + said + (ignore ?? []) + (activation ?? [])).joined(separator: " ")
  }

  func choices() throws -> ModelChoices {
    ModelChoices(
      activation: activation.flatMap { ModelChoices.Activations(names: $0) },
      direction: direction.flatMap(ModelChoices.ReadingDirection.init),
      output: output.flatMap(Readout.Activation.init), cell: cell.flatMap(CellKind.init(rawValue:)),
      ignored: ignore ?? [],
      configPath: try config.map { try fixture("readings/\($0)").path })
  }

  static let all: [ReadingCase] = {
    guard let data = try? Data(contentsOf: fixture("readings/cases.json")) else { return [] }
    return (try? JSONDecoder().decode([ReadingCase].self, from: data)) ?? []
  }()

  static let refusals = all.filter { $0.error != nil }
  static let readings = all.filter { $0.error == nil }

  func read() throws -> TrainedModel {
    try ModelReader.read(
      path: fixture("readings/\(file)").path, module: module, choices: choices())
  }

  func report() throws -> ModelReport {
    try ModelReader.report(
      path: fixture("readings/\(file)").path, module: module, choices: choices())
  }
}

/// Files that leave something open, or mean more than their recurrent weights say: read as they are
/// used and said so, or refused by name.
@Suite struct ReadingTests {
  @Test func theCasesAreThere() {
    #expect(ReadingCase.refusals.count == 18 && ReadingCase.readings.count == 40)
  }

  @Test(arguments: ReadingCase.refusals)
  func refuses(_ testCase: ReadingCase) throws {
    let path = try fixture("readings/\(testCase.config ?? testCase.file)").path
    let words = try #require(testCase.error)
    #expect(message { _ = try testCase.read() } == "\(path): \(words)")
    guard testCase.config == nil else { return }
    #expect(try testCase.report().modules.contains { $0.problem == words })
  }

  /// Every signal of every step, from the file to the kernels, against Float64.
  @Test(arguments: ReadingCase.readings)
  func agreesWithTheReference(_ testCase: ReadingCase) throws {
    let network = try testCase.read().network
    #expect(
      network.tracks.map { track in
        let shape = network.layers[track.layer].shape
        return [shape.signals.count, shape.hiddenSize]
      } == testCase.tracks)
    let start = try #require(testCase.start)
    let numbers = try float64(
      in: "readings/reference.bin", start..<start + #require(testCase.count))
    let width = testCase.width ?? 0
    let entering = 5 * width
    let input: InputSequence =
      testCase.tokens.map(InputSequence.tokens)
      ?? .features(numbers.prefix(entering).map { Float($0) }, width: width)
    let withoutReadout = try Network(embedding: network.embedding, layers: network.layers)
    let computed = try recordMerged(withoutReadout, input).flatMap { $0 }
    expectClose(computed, Array(numbers.dropFirst(entering)))
  }

  @Test(arguments: ReadingCase.readings)
  func saysWhatItTook(_ testCase: ReadingCase) throws {
    let model = try testCase.read()
    #expect(model.ignored == testCase.ignored ?? [])
    #expect(model.warnings == testCase.warnings ?? [])
    #expect(model.notes == testCase.notes ?? [])
    #expect(model.guesses.map(\.mark) == testCase.guesses)
    #expect(model.headNames.embedding == testCase.embedding)
    #expect(model.headNames.readout == testCase.readout)
    let report = try testCase.report()
    let module = try #require(report.modules.first { $0.name == model.module })
    let basis = testCase.basis ?? (model.guesses.isEmpty ? "named" : "guessed")
    let certainty = try #require(module.certainty)
    #expect(certainty.basis.rawValue == basis)
    #expect(certainty.guesses == model.guesses)
    #expect(certainty.verification.hasPrefix("gatescope trace "))
    #expect(certainty.verification.hasSuffix(" ref.npz --verify ref.npz"))
    #expect(module.embedding?.name == testCase.embedding)
    #expect(module.readout?.name == testCase.readout)
    // Every guess is said before the first number.
    for guess in model.guesses { #expect(model.caveats.contains { $0.contains(guess.what) }) }
  }

  /// Weight norm with 0 in it is no number in PyTorch either, which is said.
  @Test func aNormOfZeroIsToldAsNaN() throws {
    let bytes = file(
      [
        "lstm.weight_ih_l0": [8, 3], "lstm.weight_hh_l0_g": [8, 1], "lstm.weight_hh_l0_v": [8, 2],
      ], value: 0)
    #expect(
      try ModelReader.read(bytes: bytes, path: "m").warnings == [
        "tensor 'lstm.weight_hh_l0' holds NaN or infinite numbers"
      ])
  }

  /// What looks like a form but does not fit is a tensor beside the weights.
  @Test(
    arguments: [
      (["lstm.weight_hh_l0_g": [7, 1], "lstm.weight_hh_l0_v": [8, 2]], "lstm.weight_hh_l0_g"),
      (["lstm.weight_hh_l0_mask": [8, 2]], "lstm.weight_hh_l0_mask"),
      (["lstm.weight_zz_raw": [8, 2]], "lstm.weight_zz_raw"),
    ] as [(KeyValuePairs<String, [Int]>, String)])
  func halfAFormIsBesideTheWeights(_ others: KeyValuePairs<String, [Int]>, first: String) throws {
    var naming = Naming(
      "", ["lstm.weight_ih_l0": [8, 3], "lstm.weight_hh_l0": [8, 2]], module: nil, "")
    naming.shapes += others.map { ($0, $1) }
    #expect(message { _ = try naming.read() }.hasPrefix("m: tensor '\(first)'"))
  }

  /// Layers that differ are each described.
  @Test func everyLayerHasItsOwnCellAndActivations() throws {
    let report = try ModelReader.report(path: fixture("keras/both-concat.keras").path)
    let layers = try #require(report.modules.first).layers
    #expect(report.modules[0].cell == "lstm, gru")
    #expect(layers.map(\.cell) == ["lstm", "gru"])
    #expect(layers.map(\.gatesStored) == [["i", "f", "c", "o"], ["z", "r", "h"]])
    let mixed = try ModelReader.report(
      path: fixture("readings/keras-220.h5").path,
      choices: .init(configPath: fixture("readings/keras-220.json").path))
    #expect(mixed.modules[0].layers.map { $0.activations["z"] } == ["relu", "tanh"])
  }
}
