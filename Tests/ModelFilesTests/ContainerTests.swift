import Foundation
import ModelFiles
import Recurrent
import Testing

/// A case of `Fixtures/containers/cases.json`, which `make_container_fixtures.py` writes.
struct ContainerCase: Decodable, Sendable, CustomTestStringConvertible {
  var file: String
  /// Of every layer and direction, (T, H).
  var h: [[Double]]
  var tokens: [Int]?
  /// Their marks, beside those of weights alone.
  var guesses: [String]?
  /// Part of one.
  var warning: String?
  /// The readout's sums after the last step.
  var sums: [Double]?

  var testDescription: String { file }

  struct File: Decodable {
    var x: [Float]
    var width: Int
    var cases: [ContainerCase]
  }

  static let file: File? = {
    guard let data = try? Data(contentsOf: fixture("containers/cases.json")) else { return nil }
    return try? JSONDecoder().decode(File.self, from: data)
  }()

  static let all = file?.cases ?? []

  func input() throws -> InputSequence {
    let file = try #require(Self.file)
    return tokens.map(InputSequence.tokens) ?? .features(file.x, width: file.width)
  }
}

/// Layers as Keras 0, 1 and its wrappers write them, masks, ONNX's functions and quantised heads, pickles:
/// read, and stepped to what their frameworks compute.
@Suite struct ContainerTests {
  @Test func theCasesAreThere() { #expect(ContainerCase.all.count == 17) }

  @Test(arguments: ContainerCase.all)
  func stepsAsItsFrameworkDoes(_ testCase: ContainerCase) throws {
    let model = try ModelReader.read(path: fixture("containers/\(testCase.file)").path)
    let network = model.network
    let input = try testCase.input()
    let tracks = try Self.together(network, input)
    #expect(tracks.count == testCase.h.count)
    for (place, track) in network.tracks.enumerated() {
      expectClose(Self.hidden(tracks[place], of: network, track), testCase.h[place])
    }
    if network.isCausal {
      // Step by step, the same to the bit.
      let alone = try step(network, input, NetworkState(zeroFor: network))
      #expect(alone == tracks)
    }
    let own = ["LSTM?", "GRU?", "RNN?"]
    #expect(model.guesses.map(\.mark).filter(own.contains) == testCase.guesses ?? [])
    if let words = testCase.warning {
      #expect(model.warnings.contains { $0.contains(words) }, "\(model.warnings)")
    }
    if let sums = testCase.sums {
      let readout = try #require(network.readout)
      let width = readout.inputSize
      let last = Self.hidden(tracks[0], of: network, network.tracks[0]).suffix(width)
      let found = (0..<readout.outputSize).map { output in
        zip(last, readout.weights[output * width..<(output + 1) * width])
          .reduce(readout.bias?[output] ?? 0) { $0 + $1.0 * $1.1 }
      }
      expectClose(found, sums)
    }
  }

  /// Every track's rows, as many sequences are stepped.
  private static func together(_ network: Network, _ input: InputSequence) throws -> [[Float]] {
    try network.validate(input)
    var rows = network.tracks.map { track in
      [Float](
        repeating: 0, count: input.count * network.layers[track.layer].shape.signalsLength)
    }
    let places = rows.indices.map { place in
      UnsafeMutablePointer<Float>.allocate(capacity: rows[place].count)
    }
    defer { for place in places { place.deallocate() } }
    BatchStepper(BatchWeights(network)).run([input], rows: places.map { [$0] })
    for place in rows.indices {
      rows[place] = Array(UnsafeBufferPointer(start: places[place], count: rows[place].count))
    }
    return rows
  }

  private static func hidden(_ rows: [Float], of network: Network, _ track: Track) -> [Float] {
    let shape = network.layers[track.layer].shape
    let length = shape.signalsLength
    return (0..<rows.count / length).flatMap { step in
      rows[(step + 1) * length - shape.recurrentSize..<(step + 1) * length]
    }
  }

  /// Of weights alone the defaults are those of the version that wrote such names.
  @Test func theNamesOfKeras1TellItsDefaults() throws {
    let path = try fixture("containers/keras1-lstm.h5").path
    let model = try ModelReader.read(path: path)
    #expect(model.guesses.contains { $0.mark == "hard_sigmoid?" })
    let told = try ModelReader.read(
      path: path, choices: ModelChoices(activation: ModelChoices.Activations(names: ["sigmoid"])))
    #expect(told.network.layers[0].shape.activations.gates == .sigmoid)
  }

  @Test func aMaskIsToldAndNotWritten() throws {
    let path = try fixture("containers/mask-zero.keras").path
    let model = try ModelReader.read(path: path)
    #expect(model.network.mask == .token(0))
    #expect(model.notes == ["steps of token 0 change nothing, as Keras masks them"])
    let own = try ModelReader.read(path: fixture("containers/masking.keras").path)
    let words = message { _ = try ModelWriter.bytes(own) }
    #expect(words.contains("it passes over features that are all -1.0"), "\(words)")
    for name in ["mask-zeros.keras", "mask-both.keras"] {
      let zeros = try ModelReader.read(path: fixture("containers/\(name)").path)
      #expect(zeros.network.mask == nil)
      #expect(zeros.warnings.contains { $0.contains("and shows zeros there; here they are taken") })
    }
  }

  // MARK: - What is refused

  @Test(arguments: [
    ("a.tflite", "\u{1c}\0\0\0TFL3", "is a TensorFlow Lite model; save the Keras model"),
    ("a.bin", "\u{1c}\0\0\0TFL3", "is a TensorFlow Lite model"),
    ("a.bin", "\u{1c}\0\0\0ORTM", "is in ONNX Runtime's own format (.ort); open the .onnx file"),
    ("a.bin", "GGUF", "is a GGUF file; open the safetensors or PyTorch files"),
    ("a.bin", "ptrt", "is a TensorRT engine"), ("a.plan", "xxxx", "is a TensorRT engine"),
    (
      "a.params", "\u{12}\u{1}" + String(repeating: "\0", count: 20), "is a parameter file of MXNet"
    ),
    ("a.mlmodel", "\u{8}\u{1}\u{12}\u{2}", "is a Core ML model"),
    (
      "a.pb", "\u{a}\u{9}\u{a}",
      "is a TensorFlow graph (.pb); convert it: python -m tf2onnx.convert"
    ),
    ("saved_model.pb", "\u{8}\u{1}\u{12}\u{2}", "is a TensorFlow SavedModel's graph; open its"),
    ("m.ckpt.data-00000-of-00001", "abcdefgh", "is part of a TensorFlow checkpoint"),
  ])
  func anotherToolsFormatIsNamed(name: String, begin: String, words: String) {
    let bytes = begin.unicodeScalars.map { UInt8($0.value) } + [UInt8](repeating: 0, count: 60)
    let said = message { _ = try ModelReader.read(bytes: bytes, path: name) }
    #expect(said.hasPrefix("\(name): \(words)"), "\(said)")
    #expect(!said.contains("\n"))
  }

  /// Damage all over a pickle, and many lengths of it: a sentence or a network, never a trap.
  @Test(arguments: ["arrays-4.pkl", "arrays-5.pkl", "state.pkl", "module-1.1.pt"])
  func damagedPicklesAreRefused(_ name: String) throws {
    let bytes = Array(try Data(contentsOf: fixture("containers/\(name)")))
    for length in stride(from: 1, to: bytes.count, by: 101) {
      _ = try? ModelReader.read(bytes: Array(bytes[..<length]), path: name)
    }
    for place in stride(from: 0, to: bytes.count, by: 43) {
      for value in [0x2e, 0xff] as [UInt8] {
        var changed = bytes
        changed[place] = value
        _ = try? ModelReader.read(bytes: changed, path: name)
      }
    }
    let short = Array(bytes[..<(bytes.count - 40)])
    #expect(message { _ = try ModelReader.read(bytes: short, path: name) } != "no error")
  }

  /// Functions that call each other without end, or that come to more than a file can say.
  @Test func functionsAreCounted() throws {
    typealias Make = ONNXBytes
    func function(_ name: String, _ calls: [String]) -> [UInt8] {
      let nodes = calls.flatMap {
        Make.field(7, Make.node($0, ["a"], ["b"]) + Make.field(7, [0x6f]))
      }
      return Make.field(25, Make.field(1, Array(name.utf8)) + nodes + Make.field(10, [0x6f]))
    }
    let call = Make.node("f0", ["X"], ["Y"]) + Make.field(7, [0x6f])
    let endless = Make.model([call], []) + function("f0", ["f0"])
    #expect(
      message { _ = try ModelReader.read(bytes: endless, path: "m.onnx") }
        == "m.onnx: function 'f0': functions call each other more than 16 deep")
    let wide = (0..<15).flatMap { function("f\($0)", Array(repeating: "f\($0 + 1)", count: 4)) }
    #expect(
      message { _ = try ModelReader.read(bytes: Make.model([call], []) + wide, path: "m.onnx") }
        == "m.onnx: has more than 250000 nodes, tensors and attributes")
  }

  @Test func layersInARowAreChosenByAPerson() throws {
    let path = try fixture("readings/keras-220.h5").path
    let names = try ModelReader.report(path: path).modules.map(\.name)
    let one = try #require(names.first)
    let words = message { _ = try ModelReader.read(path: path, module: "\(one),nobody") }
    #expect(words.contains("no recurrent module is named 'nobody'"), "\(words)")
    let model = try ModelReader.read(path: path, module: "\(one),")
    #expect(model.network.layers.count == 1)
    #expect(try ModelReader.report(path: path, module: "\(one),").modules.count == 1)
  }
}
