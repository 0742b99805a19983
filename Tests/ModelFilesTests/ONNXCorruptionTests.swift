import Foundation
import Testing

@testable import ModelFiles

/// A damaged or hostile file, and the one line that is said of it.
struct ONNXCorruption: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var bytes: [UInt8]
  var words: String

  init(_ description: String, _ bytes: [UInt8], _ words: String) {
    testDescription = description
    self.bytes = bytes
    self.words = words
  }

  private typealias Make = ONNXBytes

  /// The bytes themselves.
  static let containers: [ONNXCorruption] = [
    .init("no graph", Make.number(1, 8), "has no graph in it; damaged, or not ONNX"),
    .init(
      "graph cut off", Make.number(1, 8) + Make.field(7, [1, 2, 3], claimed: 500),
      "byte 2: GraphProto claims 500 bytes, but only 3 follow; truncated, or not ONNX"),
    .init(
      "node cut off", Make.model(Make.field(1, [], claimed: 9)),
      "byte 4: NodeProto claims 9 bytes, but only 0 follow; truncated, or not ONNX"),
    .init(
      "attribute cut off", Make.model([Make.field(5, [8], claimed: 2)], []),
      "byte 6: AttributeProto claims 2 bytes, but only 1 follow; truncated, or not ONNX"),
    .init(
      "tensor cut off", Make.model(Make.field(5, [8, 1], claimed: 1 << 63)),
      "byte 4: TensorProto claims 9223372036854775808 bytes, but only 2 follow; "
        + "truncated, or not ONNX"),
    .init(
      "data cut off", Make.model([], [Make.field(9, [], claimed: 4)]),
      "byte 6: a field of TensorProto claims 4 bytes, but only 0 follow; truncated, or not ONNX"),
    .init(
      "number cut off", Make.model([], [[4 << 3 | 5, 0]]),
      "byte 6: a number claims 4 bytes, but only 1 follow; truncated, or not ONNX"),
    .init(
      "number without end", [UInt8](repeating: 0xff, count: 20),
      "byte 0: expected a field of ModelProto; damaged, or not ONNX"),
    .init(
      "a group", [7 << 3 | 3], "byte 0: expected a field of ModelProto; damaged, or not ONNX"),
    .init(
      "field 0", Make.model([[0x02, 0]], []),
      "byte 6: expected a field of NodeProto; damaged, or not ONNX"),
    .init(
      "text", Array("hello, world".utf8),
      "byte 2: expected a field of ModelProto; damaged, or not ONNX"),
    .init(
      "a name that is not UTF-8",
      Make.model([Make.node("LSTM", ["X"]) + Make.field(3, [0xff])], []),
      "is not ONNX: a name in it is not UTF-8"),
    .init(
      "bodies in bodies",
      Make.model(
        (0..<20).reduce(Make.graph([Make.cell], Make.weights)) { inner, _ in
          Make.graph([Make.node("If", ["x"], ["y"], Make.attribute("then_branch", graph: inner))])
        }), "byte 648: graphs stand in each other deeper than 16 levels"),
    .init(
      "a flood of nodes",
      Make.model((0..<250_000).flatMap { _ in Make.field(1, []) }),
      "has more than 250000 nodes, tensors and attributes"),
    .init(
      "a flood of numbers",
      Make.model([], [Make.field(7, [UInt8](repeating: 1, count: 5_000_000))]),
      "has more than 250000 nodes, tensors and attributes"),
    .init(
      "another network", Make.model([Make.node("Conv", ["X"]), Make.node("Conv", ["X"])], []),
      "no LSTM, GRU, RNN or DynamicQuantizeLSTM node in it; its nodes are of Conv"),
  ]

  private static func cell(_ tensors: [UInt8]..., words: String, _ description: String)
    -> ONNXCorruption
  {
    .init(description, Make.model([Make.cell], tensors), words)
  }

  /// Stored tensors.
  static let tensors: [ONNXCorruption] = [
    cell(
      Make.weights[1],
      words: "node 'cell': W is not constant: it comes from 'W', which nothing "
        + "gives", "W nowhere"),
    cell(
      Make.tensor("W", [1, 4, 2], data: [1, 2, 3]), Make.weights[1],
      words: "tensor 'W': (1, 4, 2) of FLOAT takes 32 bytes, but it has 3", "too little data"),
    cell(
      Make.tensor("W", [1, 4, 2], data: []), Make.weights[1],
      words: "tensor 'W': (1, 4, 2) of FLOAT takes 32 bytes, but it has 0", "no data"),
    cell(
      Make.tensor("W", [1, 4, 1 << 38], data: []), Make.weights[1],
      words: "tensor 'W': (1, 4, 274877906944) of FLOAT takes 4398046511104 bytes, but it has 0",
      "a huge shape without data"),
    cell(
      Make.tensor("W", [Int.max, Int.max], data: []), Make.weights[1],
      words: "tensor 'W': a shape of (9223372036854775807, 9223372036854775807) is more than "
        + "memory can hold", "a shape whose product overflows"),
    cell(
      Make.tensor("W", [0, 1 << 40, 1 << 40], data: []), Make.weights[1],
      words:
        "tensor 'W': a shape of (0, 1099511627776, 1099511627776) is more than memory can hold",
      "a product that overflows behind a 0"),
    cell(
      Make.tensor("W", [1, -4, 2], data: []), Make.weights[1],
      words: "tensor 'W': a dimension of -4 is impossible", "a negative size"),
    cell(
      Make.tensor("W", [Int](repeating: 1, count: 33)), Make.weights[1],
      words: "tensor 'W': has 33 dimensions, more than 32", "many dimensions"),
    cell(
      Make.tensor("W", [1, 4, 2], type: 8), Make.weights[1],
      words: "tensor 'W': is of type STRING; constants are read from floats, whole numbers and "
        + "booleans", "text for weights"),
    cell(
      Make.tensor("W", [1, 4, 2], type: 99), Make.weights[1],
      words: "tensor 'W': is of type number 99; constants are read from floats, whole numbers and "
        + "booleans", "an unknown type"),
    cell(
      Make.tensor("W", [1, 4, 2], type: 7), Make.weights[1],
      words: "node 'cell': W is of type INT64, which holds no such numbers", "whole numbers for W"),
    cell(
      Make.external("W", [1, 4, 2], ["offset": "0"]), Make.weights[1],
      words: "tensor 'W': its data is in another file, but its 'location' is missing",
      "no location"),
    cell(
      Make.external("W", [1, 4, 2], ["location": "../../etc/passwd"]), Make.weights[1],
      words: "tensor 'W': its data is in '../../etc/passwd'; only files beside or below the model "
        + "are read", "data above"),
    cell(
      Make.external("W", [1, 4, 2], ["location": "/etc/passwd"]), Make.weights[1],
      words: "tensor 'W': its data is in '/etc/passwd'; only files beside or below the model are "
        + "read", "data elsewhere"),
    cell(
      Make.external("W", [1, 4, 2], ["location": "a", "offset": "-1"]), Make.weights[1],
      words: "tensor 'W': its offset is '-1'; expected a whole number from 0 to "
        + "9223372036854775807", "a negative offset"),
    cell(
      Make.external("W", [1, 4, 2], ["location": "a", "length": "31"]), Make.weights[1],
      words: "tensor 'W': (1, 4, 2) of FLOAT takes 32 bytes, but it has 31", "a length that lies"),
    cell(
      Make.external("W", [1, 4, 2], ["location": "a"]), Make.weights[1],
      words: "tensor 'W': its data is in 'a', but the model was not read from a file",
      "no folder"),
  ]

  static let all = containers + tensors + nodes + chains
}

@Suite struct ONNXCorruptionTests {
  @Test(arguments: ONNXCorruption.all)
  func saysWhatIsWrong(_ corruption: ONNXCorruption) {
    #expect(
      message { _ = try ModelReader.read(bytes: corruption.bytes, path: "m.onnx") }
        == "m.onnx: " + corruption.words)
  }

  @Test func theUndamagedFileIsRead() throws {
    let whole = ONNXBytes.model([ONNXBytes.cell], ONNXBytes.weights)
    let model = try ModelReader.read(bytes: whole, path: "m")
    #expect(model.network.layers[0].shape.hiddenSize == 1)
    #expect(model.module == "cell")
  }

  /// The graph comes last, so no file that is cut off is whole.
  @Test func everyShorterFileIsRefused() throws {
    let whole = ONNXBytes.model([ONNXBytes.cell], ONNXBytes.weights)
    for count in 1..<whole.count {
      let words = message {
        _ = try ModelReader.read(bytes: Array(whole[..<count]), path: "m.onnx")
      }
      #expect(words.hasPrefix("m.onnx: ") && !words.contains("\n"), "\(count) bytes: \(words)")
    }
  }

  /// What is decoded grows with the graph, not with the weights, and each knows its place.
  @Test func rawDataStayInTheFile() throws {
    let numbers = (0..<40_000).map { UInt8(truncatingIfNeeded: $0) }
    let tensor = ONNXBytes.number(1, 10_000) + ONNXBytes.number(2, 1) + ONNXBytes.field(9, numbers)
    let bytes = ONNXBytes.model([ONNXBytes.cell], ONNXBytes.weights + [tensor])
    let skeleton = try bytes.withUnsafeBytes { try ONNXWire.skeleton($0) }
    #expect(skeleton.count < 1000)
    let model = try bytes.withUnsafeBytes { try ONNXModel.decode($0) }
    let last = try #require(model.graph.initializer.last)
    let range = try #require(ONNXWire.DataReference(last.rawData)?.range)
    #expect(Array(bytes[range]) == numbers)
    #expect(last.dims == [10_000])
  }

  /// Bytes in a file that look like a place in it are numbers like others.
  @Test func aFileCannotNameAPlace() throws {
    let forged = ONNXWire.DataReference(0..<(1 << 40)).bytes
    let tensor = ONNXBytes.number(1, 4) + ONNXBytes.number(2, 1) + ONNXBytes.field(9, forged)
    let bytes = ONNXBytes.model([], [tensor])
    let model = try bytes.withUnsafeBytes { try ONNXModel.decode($0) }
    let found = try #require(model.graph.initializer.first)
    let range = try #require(ONNXWire.DataReference(found.rawData)?.range)
    #expect(Array(bytes[range]) == forged)
  }

  @Test func dataFilesAreProvedToo() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("m.onnx").path
    func words(_ entries: KeyValuePairs<String, String>) throws -> String {
      let tensor = ONNXBytes.external("W", [1, 4, 2], entries)
      let bytes = ONNXBytes.model([ONNXBytes.cell], [tensor, ONNXBytes.weights[1]])
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      return message { _ = try ModelReader.read(path: path) }
        .replacingOccurrences(of: folder.path + "/", with: "")
    }
    try Data(count: 40).write(to: folder.appendingPathComponent("w.bin"))
    #expect(try words(["location": "w.bin", "offset": "8"]) == "no error")
    #expect(
      try words(["location": "w.bin", "offset": "9"])
        == "m.onnx: tensor 'W': its data is 32 bytes from byte 9 on in 'w.bin', which has 40")
    #expect(
      try words(["location": "w.bin", "offset": "\(Int.max)", "length": "32"])
        == "m.onnx: tensor 'W': its data is 32 bytes from byte \(Int.max) on in 'w.bin', "
        + "which has 40")
    #expect(
      try words(["location": "gone.bin"])
        == "m.onnx: tensor 'W': its data is in another file: "
        + "gone.bin: cannot open: No such file or directory")
  }

  /// Whatever becomes of a file's bytes: a model or an error of one line.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func noMutationCrashes(seed: UInt64) throws {
    let files = Set(ONNXCase.all.map(\.file)).sorted()
    let originals = try files.map { [UInt8](try Data(contentsOf: fixture("onnx/\($0).onnx"))) }
    var numbers = Numbers(seed: seed)
    var opened = 0
    var refused = 0
    for round in 0..<700 {
      let bytes = Self.mutated(originals[round % originals.count], &numbers)
      do {
        let model = try ModelReader.read(bytes: bytes, path: "m.onnx")
        #expect(model.network.tokenCount > 0)
        opened += 1
      } catch {
        if error.description.contains("\n") { Issue.record("two lines: \(error)") }
        refused += 1
      }
    }
    #expect(opened > 50)
    #expect(refused > 200)
  }

  private static func mutated(_ original: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
    var bytes = original
    for _ in 0...numbers.below(3) where !bytes.isEmpty {
      let place = numbers.below(bytes.count)
      switch numbers.below(8) {
      // Most leave the lengths as they are, and so come past the walk.
      case 0, 1: bytes[place] = UInt8(truncatingIfNeeded: numbers.next())
      case 2: bytes[place] ^= 1 << UInt8(numbers.below(8))
      case 3: bytes[place] = UInt8(numbers.below(8))
      case 4: bytes[place] = numbers.below(2) == 0 ? 0xff : 0x7f
      case 5:
        let other = numbers.below(bytes.count)
        let count = min(numbers.below(12), bytes.count - max(place, other))
        for index in 0..<count { bytes[place + index] = original[(other + index) % original.count] }
      case 6: bytes.removeSubrange(place..<min(bytes.count, place + 1 + numbers.below(8)))
      default: bytes.insert(UInt8(truncatingIfNeeded: numbers.next()), at: place)
      }
    }
    return bytes
  }
}
