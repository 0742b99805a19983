import Foundation
import ModelFiles
import Testing

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

  private static func cell(
    _ description: String, tensors: [[UInt8]]? = nil, inputs: [String] = ["X", "W", "R"],
    operation: String = "LSTM", attribute: [UInt8]? = nil, domain: String? = nil, _ words: String
  ) -> ONNXCorruption {
    let node = Make.node(operation, inputs, domain: domain, attribute ?? Make.attribute("x", 1))
    return .init(description, Make.model([node], tensors ?? Make.weights), "node 'cell': " + words)
  }

  /// The recurrent node itself.
  static let nodes: [ONNXCorruption] = [
    cell("no W", inputs: ["X"], "W is missing"),
    cell("no R", inputs: ["X", "W"], "R is missing"),
    cell("an empty name for R", inputs: ["X", "W", ""], "R is missing"),
    cell(
      "W from outside", inputs: ["X", "X", "R"],
      "W is not constant: it comes from the graph's input 'X', which is given when the model runs"),
    cell(
      "a flat W", tensors: [Make.tensor("W", [4, 2]), Make.weights[1]],
      "W: expected (1, any, any), found (4, 2)"),
    cell(
      "a flat R", tensors: [Make.weights[0], Make.tensor("R", [4])],
      "R: expected (1, 4, any), found (4)"),
    cell(
      "directions differ", tensors: [Make.tensor("W", [2, 8, 2]), Make.tensor("R", [1, 8, 2])],
      "W is 3-D (2, 8, 2) but R is (1, 8, 2): directions differ"),
    cell(
      "two directions of a node with one",
      tensors: [Make.tensor("W", [2, 4, 2]), Make.tensor("R", [2, 4, 1])],
      "W: expected (1, 4, 2), found (2, 4, 2)"),
    cell(
      "one direction of a node with two", attribute: Make.attribute("direction", "bidirectional"),
      "W: expected (2, 4, 2), found (1, 4, 2)"),
    cell(
      "an R that is not square", tensors: [Make.weights[0], Make.tensor("R", [1, 4, 3])],
      "R: expected (1, 4, 1), found (1, 4, 3)"),
    cell(
      "no units", tensors: [Make.tensor("W", [1, 0, 2]), Make.tensor("R", [1, 0, 0])],
      "R: expected (1, 0, any), found (1, 0, 0)"),
    cell(
      "no inputs", tensors: [Make.tensor("W", [1, 4, 0]), Make.weights[1]],
      "W: expected (1, 4, any), found (1, 4, 0)"),
    cell(
      "a W of other units", tensors: [Make.tensor("W", [1, 8, 2]), Make.weights[1]],
      "W: expected (1, 4, 2), found (1, 8, 2)"),
    cell(
      "a hidden size that lies", attribute: Make.attribute("hidden_size", 7),
      "attribute 'hidden_size': expected 1, as in R, found 7"),
    cell(
      "a hidden size in words", attribute: Make.attribute("hidden_size", "one"),
      "attribute 'hidden_size': expected a whole number, found another kind"),
    cell(
      "sideways", attribute: Make.attribute("direction", "sideways"),
      "attribute 'direction': expected forward, reverse or bidirectional, found 'sideways'"),
    cell(
      "another layout", attribute: Make.attribute("layout", 2),
      "attribute 'layout': expected 0 or 1, found 2"),
    cell(
      "a clip of nothing", attribute: Make.attribute("clip", Float(0)),
      "attribute 'clip': expected a number above 0, found 0.0"),
    cell(
      "a clip that is none", attribute: Make.attribute("clip", Float.nan),
      "attribute 'clip': expected a number above 0, found nan"),
    cell(
      "too few activations", attribute: Make.attribute("activations", texts: ["Tanh"]),
      "attribute 'activations': expected 3 names, found 1"),
    cell(
      "activations that are a number", attribute: Make.attribute("activations", 3),
      "attribute 'activations': expected a list of texts, found another kind or nothing"),
    cell(
      "an activation of its own",
      attribute: Make.attribute("activations", texts: ["Sigmoid", "Tanh", "Gelu"]),
      "activation 'Gelu' is not one of ONNX's"),
    .init(
      "activations that differ",
      Make.model(
        [
          Make.node(
            "RNN", ["X", "W", "R"], ["Y"], Make.attribute("direction", "bidirectional"),
            Make.attribute("activations", texts: ["Tanh", "Relu"]))
        ], [Make.tensor("W", [2, 1, 1]), Make.tensor("R", [2, 1, 1])]),
      "node 'cell': its two directions have different activations, which Gatescope does not step"),
    cell(
      "a bias of one half", tensors: Make.weights + [Make.tensor("B", [1, 4])],
      inputs: ["X", "W", "R", "B"], "B: expected (1, 8), found (1, 4)"),
    cell(
      "peepholes of another size", tensors: Make.weights + [Make.tensor("P", [1, 4])],
      inputs: ["X", "W", "R", "", "", "", "", "P"], "P: expected (1, 3), found (1, 4)"),
    cell(
      "a flat state", tensors: Make.weights + [Make.tensor("H", [1], data: [0, 0, 128, 63])],
      inputs: ["X", "W", "R", "", "", "H"], "initial_h: expected (1, any, 1), found (1)"),
    cell(
      "quantised without scales",
      tensors: [
        Make.tensor("W", [1, 2, 4], type: 3), Make.tensor("R", [1, 1, 4], type: 3),
      ], operation: "DynamicQuantizeLSTM", domain: "com.microsoft", "W_scale is missing"),
    cell(
      "quantised with floats", operation: "DynamicQuantizeLSTM", domain: "com.microsoft",
      "W is of type FLOAT, which holds no such numbers"),
    cell(
      "scales of another size",
      tensors: [
        Make.tensor("W", [1, 2, 4], type: 3), Make.tensor("R", [1, 1, 4], type: 3),
        Make.tensor("s", [3]), Make.tensor("z", [3], type: 3),
      ], inputs: ["X", "W", "R", "", "", "", "", "", "s", "z", "s", "z"],
      operation: "DynamicQuantizeLSTM", domain: "com.microsoft",
      "W_scale: expected (1, 4), found (3)"),
  ]

  /// W comes from `chain`, whose last node gives 'v'.
  private static func chain(
    _ description: String, _ chain: [[UInt8]], tensors: [[UInt8]] = [], _ words: String
  ) -> ONNXCorruption {
    let node = Make.node("LSTM", ["X", "v", "R"])
    return .init(
      description, Make.model(chain + [node], Make.weights + tensors), "node 'cell': W " + words)
  }

  /// The constants on their way to it.
  static let chains: [ONNXCorruption] = [
    chain(
      "a cycle",
      [
        Make.node("Identity", ["v"], ["u"], name: "a"),
        Make.node("Identity", ["u"], ["v"], name: "b"),
      ], "depends on itself: the graph has a cycle"),
    chain(
      "a long way",
      (0..<150).map {
        Make.node(
          "Identity", [$0 == 0 ? "W" : "v\($0)"], [$0 == 149 ? "v" : "v\($0 + 1)"], name: "")
      }, "comes through more than 100 nodes"),
    chain(
      "computed at run time", [Make.node("Mul", ["W", "W"], ["v"], name: "scale")],
      "is not constant: it comes from node 'scale' (Mul)"),
    chain(
      "a bomb of ConstantOfShape", [Make.node("ConstantOfShape", ["n"], ["v"])],
      tensors: [Make.integers("n", [1, 4, 1 << 36])],
      "would take another 1099511627776 bytes to compute, more than the file justifies"),
    chain(
      "a bomb of Expand", [Make.node("Expand", ["W", "n"], ["v"])],
      tensors: [Make.integers("n", [1 << 30, 1, 4, 2])],
      "would take another 34359738368 bytes to compute, more than the file justifies"),
    chain(
      "a bomb of Concat",
      (0..<40).map {
        Make.node(
          "Concat", [$0 == 0 ? "W" : "v\($0)", $0 == 0 ? "W" : "v\($0)"],
          [$0 == 39 ? "v" : "v\($0 + 1)"], name: "", Make.attribute("axis", 2))
      }, "would take another 8388608 bytes to compute, more than the file justifies"),
    chain(
      "an index beyond", [Make.node("Gather", ["W", "n"], ["v"], name: "g")],
      tensors: [Make.integers("n", [1])],
      "comes from node 'g' (Gather), which cannot be computed: an index is beyond the 1 elements"),
    chain(
      "a step of 0", [Make.node("Slice", ["W", "n", "n", "n", "n"], ["v"], name: "s")],
      tensors: [Make.integers("n", [0])],
      "comes from node 's' (Slice), which cannot be computed: its step is 0"),
    chain(
      "another size", [Make.node("Reshape", ["W", "n"], ["v"], name: "r")],
      tensors: [Make.integers("n", [3, -1])],
      "comes from node 'r' (Reshape), which cannot be computed: "
        + "its shape does not hold as many elements"),
    chain(
      "an axis that is not there",
      [Make.node("Squeeze", ["W"], ["v"], name: "q", Make.attribute("axes", ints: [Int.min]))],
      "comes from node 'q' (Squeeze), which cannot be computed: it has no axis "
        + "-9223372036854775808"),
    chain(
      "an order that is none",
      [Make.node("Transpose", ["W"], ["v"], name: "t", Make.attribute("perm", ints: [0, 0, 1]))],
      "comes from node 't' (Transpose), which cannot be computed: "
        + "its perm is no order of 3 dimensions"),
    chain(
      "parts that overflow",
      [
        Make.node(
          "Split", ["W"], ["u", "v"], name: "p", Make.attribute("split", ints: [Int.max, Int.max]))
      ],
      "comes from node 'p' (Split), which cannot be computed: its parts do not make up 1"),
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
