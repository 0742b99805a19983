import Foundation
import Recurrent
import Testing

@testable import ModelFiles

/// TensorFlow's checkpoints and SavedModels, as TensorFlow 2.21 wrote them; read without it.
@Suite struct TensorBundleTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var file: String
    /// (T, H).
    var h: [Double]
    var testDescription: String { file }
  }

  struct File: Decodable {
    var x: [Float]
    var width: Int
    var cases: [Case]
  }

  static let file: File? = {
    guard let data = try? Data(contentsOf: fixture("tensorflow/cases.json")) else { return nil }
    return try? JSONDecoder().decode(File.self, from: data)
  }()

  @Test func theCasesAreThere() { #expect(Self.file?.cases.count == 6) }

  @Test(arguments: file?.cases ?? [])
  func stepsAsTensorFlowDoes(_ testCase: Case) throws {
    let file = try #require(Self.file)
    let path = try fixture("tensorflow").path + "/\(testCase.file)"
    let model = try ModelReader.read(path: path)
    let network = model.network
    let rows = try step(
      network, .features(file.x, width: file.width), NetworkState(zeroFor: network))
    let shape = network.layers[0].shape
    let length = shape.signalsLength
    var h: [Float] = []
    for step in 0..<rows[0].count / length {
      let end = (step + 1) * length
      h += rows[0][end - shape.recurrentSize..<end]
    }
    expectClose(h, testCase.h)
    #expect(!model.guesses.isEmpty)
    let report = try ModelReader.report(path: path)
    #expect(report.format == "TensorFlow checkpoint")
  }

  /// Every byte of an index changed, every length of it: a sentence or variables, never a trap.
  @Test(arguments: ["model.ckpt", "weights"])
  func damagedIndicesAreRefused(_ name: String) throws {
    let path = try fixture("tensorflow").path + "/\(name).index"
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    func read(_ bytes: [UInt8]) throws -> TensorBundle {
      try TensorBundle(index: FileBytes(bytes), path: path)
    }
    #expect(try read(bytes).variables.count >= 3)
    for length in 0..<bytes.count {
      #expect(throws: TensorBundleProblem.self) { _ = try read(Array(bytes[..<length])) }
    }
    for place in bytes.indices {
      for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] where bytes[place] != value {
        var changed = bytes
        changed[place] = value
        _ = try? read(changed)
      }
    }
  }

  @Test func whatIsMissingIsNamed() throws {
    let source = try fixture("tensorflow").path
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let index = folder.path + "/weights.index"
    let data = folder.path + "/weights.data-00000-of-00001"
    try FileManager.default.copyItem(atPath: source + "/weights.index", toPath: index)
    #expect(
      message { _ = try ModelReader.read(path: index) }
        == "\(index): its numbers are in '\(data.prefix(100))\(data.count > 100 ? "…" : "")': "
        + "cannot open: No such file or directory")
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: data))
    let words = message { _ = try ModelReader.read(path: index) }
    #expect(words.contains("which has 3; truncated?"), "\(words)")
  }
}
