import Foundation
import ModelFiles
import Recurrent
import Testing

/// A case of `Fixtures/cells/cases.json`; `make_cell_fixtures.py` says what its fields mean.
struct DescribedCellCase: Decodable, Sendable, CustomTestStringConvertible {
  var file: String
  var module: String?
  var cell: String?
  var error: String?
  var kind: String?
  var width: Int?
  var tracks: [[Int]]?
  var start: Int?
  var count: Int?
  var notes: [String]?

  var testDescription: String { ([file] + [cell].compactMap { $0 }).joined(separator: " ") }

  static let all: [DescribedCellCase] = {
    guard let data = try? Data(contentsOf: fixture("cells/cases.json")) else { return [] }
    return (try? JSONDecoder().decode([DescribedCellCase].self, from: data)) ?? []
  }()
  static let refusals = all.filter { $0.error != nil }
  static let readings = all.filter { $0.error == nil }

  func read() throws -> TrainedModel {
    try ModelReader.read(
      path: fixture("cells/\(file)").path, module: module,
      choices: ModelChoices(cell: cell.flatMap(CellKind.init(rawValue:))))
  }

  /// x and the signals of all tracks, in Float64.
  func numbers() throws -> (x: [Double], signals: [Double]) {
    let start = try #require(start)
    let numbers = try float64(in: "cells/reference.bin", start..<start + #require(count))
    let entering = try DescribedCellTests.steps * #require(width)
    return (Array(numbers.prefix(entering)), Array(numbers.dropFirst(entering)))
  }
}

/// Cells that are lines of the table, as their own packages write them.
@Suite struct DescribedCellTests {
  static let steps = 6

  @Test func theCasesAreThere() {
    #expect(DescribedCellCase.refusals.count == 3 && DescribedCellCase.readings.count == 29)
    let read = Set(DescribedCellCase.readings.compactMap(\.kind))
    #expect(Set(DescribedCell.all.map(\.description.name)).subtracting(read).isEmpty)
  }

  @Test(arguments: DescribedCellCase.refusals)
  func refuses(_ testCase: DescribedCellCase) throws {
    let path = try fixture("cells/\(testCase.file)").path
    let words = try #require(testCase.error)
    let said = message { _ = try testCase.read() }
    #expect(said.hasPrefix("\(path): ") && said.contains(words))
  }

  /// Every signal of every step, from the file to the step, against the package's equations in Float64.
  @Test(arguments: DescribedCellCase.readings)
  func agreesWithTheReference(_ testCase: DescribedCellCase) throws {
    let model = try testCase.read()
    let network = try Network(layers: model.network.layers)
    #expect(network.layers[0].shape.cell.rawValue == testCase.kind)
    #expect(
      network.layers.map { [$0.shape.signals.count, $0.shape.hiddenSize] } == testCase.tracks)
    if let notes = testCase.notes { #expect(model.notes == notes) }
    let (x, signals) = try testCase.numbers()
    let input = InputSequence.features(x.map { Float($0) }, width: try #require(testCase.width))
    expectClose(try recordMerged(network, input).flatMap { $0 }, signals)
  }

  /// The same step with Float64 numbers is the reference itself.
  @Test(arguments: DescribedCellCase.readings)
  func theOracleIsTheReference(_ testCase: DescribedCellCase) throws {
    let layers = try testCase.read().network.layers
    guard !layers[0].shape.cell.isClassic else { return }
    let (x, signals) = try testCase.numbers()
    let width = try #require(testCase.width)
    var entering = (0..<Self.steps).map { Array(x[$0 * width..<($0 + 1) * width]) }
    var computed: [Double] = []
    for layer in layers {
      var oracle = try #require(CellOracle(layer))
      let rows = entering.map { oracle.step($0) }
      computed += rows.flatMap { $0 }
      entering = rows.map { Array($0.suffix(layer.shape.hiddenSize)) }
    }
    #expect(computed.count == signals.count)
    // The weights of the file are Float32, so a few digits of the package's own rounding differ.
    for (a, b) in zip(computed, signals) { #expect(abs(a - b) <= 1e-6 * max(1, abs(b))) }
  }

  /// A state_dict that a class name or a tensor of its own does not tell is not read as anything else.
  @Test(arguments: ["originallstm.pt", "mgu.pt", "ugrnn.pt", "ligru.pt", "janet.pt"])
  func isNotTakenForAnother(_ file: String) throws {
    let path = try fixture("cells/\(file)").path
    #expect(throws: ModelFileError.self) { try ModelReader.read(path: path) }
    let report = try ModelReader.report(path: path)
    #expect(report.modules.allSatisfy { $0.problem != nil })
  }

  /// What nobody can know is said.
  @Test func saysWhatItTookForGranted() throws {
    func marks(_ file: String) throws -> [String] {
      let testCase = try #require(DescribedCellCase.readings.first { $0.file == file })
      return try testCase.read().guesses.map(\.mark)
    }
    #expect(try marks("originallstm.pt") == ["LSTM of 1997?"])
    #expect(try marks("originallstm-whole.pt") == [])
    #expect(try marks("peepholelstm.pt") == ["LSTM?", "act?"])
    #expect(try marks("peepholelstm-whole.pt") == ["act?"])
    #expect(try marks("mgu-whole.pt") == ["act?"])
    #expect(try marks("cfc-1.pt") == ["mode?", "lecun_tanh?", "Δt 1?"])
    #expect(try marks("sru-4.pt") == ["one way?"])
    #expect(try marks("mingru.pt") == [])
  }

  /// A damaged tensor is named, and nothing is read past its end.
  @Test(arguments: DescribedCellCase.readings)
  func refusesWhatIsCutOff(_ testCase: DescribedCellCase) throws {
    let bytes = try Data(contentsOf: fixture("cells/\(testCase.file)"))
    for share in [3, 7, 9] {
      let folder = FileManager.default.temporaryDirectory
      let url = folder.appendingPathComponent("cut-\(share)-\(UUID()).pt")
      try bytes.prefix(bytes.count * share / 10).write(to: url)
      defer { try? FileManager.default.removeItem(at: url) }
      let said = message {
        _ = try ModelReader.read(
          path: url.path,
          choices: ModelChoices(cell: testCase.cell.flatMap(CellKind.init(rawValue:))))
      }
      #expect(said.hasPrefix(url.path + ": "))
    }
  }
}
