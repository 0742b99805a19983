import Foundation
import ModelFiles
import Recurrent
import Testing

/// A case of `Fixtures/spellings/cases.json`, which `make_spelling_fixtures.py` writes.
struct SpellingCase: Decodable, Sendable, CustomTestStringConvertible {
  var file: String
  /// Nil where the names are PyTorch's.
  var framework: String?
  /// (T, P): of every step.
  var h: [Double]
  /// Their marks.
  var guesses: [String]
  var tokens: [Int]?
  /// The readout's sums after the last step.
  var sums: [Double]?

  var testDescription: String { file }

  struct File: Decodable {
    var x: [Float]
    var width: Int
    var cases: [SpellingCase]
  }

  static let file: File? = {
    guard let data = try? Data(contentsOf: fixture("spellings/cases.json")) else { return nil }
    return try? JSONDecoder().decode(File.self, from: data)
  }()

  static let all = file?.cases ?? []
}

/// Cells as other frameworks write them, models in several files, models in archives: read, and stepped to
/// what the frameworks themselves compute.
@Suite struct SpellingTests {
  @Test func theCasesAreThere() {
    #expect(SpellingCase.all.count == 19)
    #expect(Set(SpellingCase.all.compactMap(\.framework)).count == 4)
  }

  @Test(arguments: SpellingCase.all)
  func stepsAsItsFrameworkDoes(_ testCase: SpellingCase) throws {
    let file = try #require(SpellingCase.file)
    let model = try ModelReader.read(path: fixture("spellings/\(testCase.file)").path)
    let stepper = try Stepper(model.network)
    let units = model.network.layers[0].shape.outputSize
    var computed: [Float] = []
    for step in 0..<testCase.h.count / units {
      if let tokens = testCase.tokens {
        stepper.step(token: tokens[step])
      } else {
        file.x.withUnsafeBufferPointer { x in
          stepper.step(features: x.baseAddress! + step * file.width)
        }
      }
      computed += stepper.state[0].hidden.prefix(units)
    }
    expectClose(computed, testCase.h)
    #expect(model.warnings.allSatisfy { !$0.contains("shapes alone") })
    #expect(model.guesses.map(\.mark).filter { $0 != "tanh?" } == testCase.guesses)
    if let sums = testCase.sums {
      let readout = try #require(model.network.readout)
      let last = Array(computed.suffix(units))
      let weights = (0..<readout.outputSize).map { output in
        zip(last, readout.weights[output * units..<(output + 1) * units])
          .reduce(readout.bias?[output] ?? 0) { $0 + $1.0 * $1.1 }
      }
      expectClose(weights, sums)
    }
  }

  @Test(arguments: SpellingCase.all)
  func reportsWhoseNamesTheyAre(_ testCase: SpellingCase) throws {
    let report = try ModelReader.report(path: fixture("spellings/\(testCase.file)").path)
    let module = try #require(report.modules.first)
    #expect(report.modules.count == 1 && module.problem == nil)
    guard let framework = testCase.framework else { return }
    #expect(report.producer == framework)
    let letters: [String: [String]] = [
      "flax-gru.npz": ["r", "z", "n"], "haiku-lstm.npz": ["i", "g", "f", "o"],
      "haiku-gru.npz": ["z", "r", "a"], "tf-basic.npz": ["i", "j", "f", "o"],
      "tf-gru.npz": ["r", "u", "c"],
    ]
    if let expected = letters[testCase.file] { #expect(module.layers[0].gatesStored == expected) }
  }

  // MARK: - What is refused

  @Test func anArchiveOfTwoListsThem() throws {
    let path = try fixture("spellings/two.zip").path
    #expect(
      message { _ = try ModelReader.read(path: path) }
        == "\(path): holds several model files ('a.safetensors', 'b.safetensors'); take out the one "
        + "that you mean and open it")
  }

  /// A tensor of the cell's that is not used: normalisation, for one.
  @Test func whatStandsBesideAGateIsNamed() throws {
    let bytes = try Data(contentsOf: fixture("spellings/mlx-lstm.safetensors"))
    let text = String(decoding: bytes.prefix(400), as: UTF8.self)
    #expect(text.contains("rnn.bias"))
    var changed = Array(bytes)
    let place = try #require(changed.firstRange(of: Array("rnn.bias".utf8)))
    changed.replaceSubrange(place, with: Array("rnn.norm".utf8))
    let words = message { _ = try ModelReader.read(bytes: changed, path: "x.safetensors") }
    #expect(words.contains("'rnn.norm' stands beside the recurrent weights"), "\(words)")
  }

  @Test(arguments: [
    ("{}", "has no 'weight_map'"), ("{\"weight_map\": {}}", "has no 'weight_map'"),
    ("{\"weight_map\": {\"a\": \"../x.safetensors\"}}", "names no file beside it for tensor 'a'"),
    ("{\"weight_map\": {\"a\": 3}}", "names no file beside it for tensor 'a'"),
    ("{\"weight_map\": {\"a\": \"x.index.json\"}}", "names no file beside it"),
    (
      "{\"weight_map\": {\"a\": \"gone.safetensors\"}}",
      "'gone.safetensors', one of the model's 1 files"
    ),
    ("{\"weight_map\": ", "byte 15: expected"),
    ("{\"weight_map\": {\"b\": \"whole.safetensors\"}}", "'b' is not in 'whole.safetensors'"),
  ])
  func aBrokenIndexIsNamed(_ json: String, _ words: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(
      at: fixture("spellings/mlx-lstm.safetensors"),
      to: folder.appendingPathComponent("whole.safetensors"))
    let index = folder.appendingPathComponent("model.safetensors.index.json")
    try Data(json.utf8).write(to: index)
    for path in [folder.path, index.path] {
      let told = message { _ = try ModelReader.read(path: path) }
      #expect(told.contains(words), "\(told)")
      #expect(!told.contains("\n"))
    }
  }

  /// Any byte of a header may be broken; no length is believed.
  @Test func aBrokenTarIsRefused() throws {
    let bytes = Array(try Data(contentsOf: fixture("spellings/wrapped.tar")))
    for place in [124, 130, 257, 512 + 512 + 124, 512 + 512 + 130] {
      var broken = bytes
      broken[place] = UInt8(ascii: "7")
      let told = message { _ = try ModelReader.read(bytes: broken, path: "x.tar") }
      #expect(told.hasPrefix("x.tar: "), "\(place): \(told)")
    }
    for length in stride(from: 0, to: bytes.count, by: 100) where length > 0 {
      let told = message {
        _ = try ModelReader.read(bytes: Array(bytes.prefix(length)), path: "x.tar")
      }
      #expect(told == "no error" || told.hasPrefix("x.tar"), "\(length): \(told)")
    }
  }
}
