import ModelFiles
import Recurrent
import Testing

/// What is read out of the nodes around the recurrent ones.
@Suite struct ONNXGraphTests {
  private typealias Make = ONNXBytes

  /// A node between two others, reading 'a' of the one and giving 'b' to the other.
  struct Way: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var nodes: [[UInt8]]
    var isJoined: Bool

    init(_ description: String, _ isJoined: Bool, _ nodes: [UInt8]...) {
      testDescription = description
      self.nodes = nodes
      self.isJoined = isJoined
    }
  }

  private static func move(
    _ operation: String, _ from: String, _ to: String, _ attribute: [UInt8]? = nil
  ) -> [UInt8] {
    Make.node(operation, [from], [to], name: "", attribute ?? Make.attribute("x", 0))
  }

  private static func axes(_ axes: Int...) -> [UInt8] { Make.attribute("axes", ints: axes) }
  private static func order(_ order: Int...) -> [UInt8] { Make.attribute("perm", ints: order) }
  private static func shape(_ shape: Int...) -> [UInt8] { Make.attribute("shape", ints: shape) }

  /// From Y of one direction, (T, 1, B, 2), to X, (T, B, 2).
  static let ways: [Way] = [
    Way("squeezed", true, move("Squeeze", "a", "b", axes(1))),
    Way("squeezed from the end", true, move("Squeeze", "a", "b", axes(-3))),
    Way("squeezed at the batch", false, move("Squeeze", "a", "b", axes(2))),
    Way("squeezed at time", false, move("Squeeze", "a", "b", axes(0))),
    Way("reshaped", true, move("Reshape", "a", "b", shape(0, -1, 2))),
    Way("reshaped to other vectors", false, move("Reshape", "a", "b", shape(0, -1, 1))),
    Way(
      "through what changes nothing", true, move("Identity", "a", "c"), move("Dropout", "c", "d"),
      move("Squeeze", "d", "e", axes(1)), move("Cast", "e", "b", Make.attribute("to", 1))),
    Way(
      "turned and turned back", true, move("Squeeze", "a", "c", axes(1)),
      move("Transpose", "c", "d", order(1, 0, 2)), move("Transpose", "d", "b", order(1, 0, 2))),
    Way(
      "turned", false, move("Squeeze", "a", "c", axes(1)),
      move("Transpose", "c", "b", order(1, 0, 2))),
    Way(
      "turned into each other", false, move("Squeeze", "a", "c", axes(1)),
      move("Transpose", "c", "b", order(0, 2, 1))),
    Way(
      "without the batch and with one again", true, move("Squeeze", "a", "c", axes(1, 2)),
      move("Unsqueeze", "c", "b", axes(1))),
    Way(
      "with time for the batch", false, move("Squeeze", "a", "c", axes(1, 2)),
      move("Unsqueeze", "c", "b", axes(0))),
    Way("changed", false, move("Squeeze", "a", "c", axes(1)), move("Relu", "c", "b")),
  ]

  private static func rnn(
    _ input: String, _ number: Int, _ output: String, directions: Int = 1, layout: Int = 0
  ) -> [UInt8] {
    Make.node(
      "RNN", [input, "W\(number)", "R\(number)"], [output, "\(output)h"], name: "rnn\(number)",
      Make.attribute("layout", layout),
      Make.attribute("direction", directions == 2 ? "bidirectional" : "forward"))
  }

  private static func weights(_ number: Int, inputs: Int, directions: Int = 1) -> [[UInt8]] {
    [
      Make.tensor("W\(number)", [directions, 2, inputs]),
      Make.tensor("R\(number)", [directions, 2, 2]),
    ]
  }

  private func read(
    _ nodes: [[UInt8]], _ tensors: [[UInt8]], _ choices: ModelChoices = ModelChoices()
  ) throws -> TrainedModel {
    try ModelReader.read(bytes: Make.model(nodes, tensors), path: "m.onnx", choices: choices)
  }

  @Test(arguments: ways)
  func joinsOnlyWhatArrivesWhole(_ way: Way) throws {
    let nodes = [Self.rnn("X", 0, "a")] + way.nodes + [Self.rnn("b", 1, "Y")]
    let words = message {
      let model = try read(nodes, Self.weights(0, inputs: 3) + Self.weights(1, inputs: 2))
      #expect(model.network.layers.count == 2)
      #expect(model.module == "rnn0")
    }
    #expect(
      words
        == (way.isJoined
          ? "no error"
          : "m.onnx: several recurrent modules: 'rnn0', 'rnn1'; choose one with --module NAME"))
  }

  @Test func bothDirectionsComeSideBySideOrNotAtAll() throws {
    let tensors = Self.weights(0, inputs: 3, directions: 2) + Self.weights(1, inputs: 4)
    let first = Self.rnn("X", 0, "a", directions: 2)
    let last = Self.rnn("b", 1, "Y")
    let turned = [
      first, Self.move("Transpose", "a", "c", Self.order(0, 2, 1, 3)),
      Self.move("Reshape", "c", "b", Self.shape(0, 0, -1)), last,
    ]
    #expect(try read(turned, tensors).network.layers.map(\.shape.outputSize) == [4, 2])
    // Without the Transpose the vectors would mix sequences and directions.
    let mixed = [first, Self.move("Reshape", "a", "b", Self.shape(0, -1, 4)), last]
    #expect(message { _ = try read(mixed, tensors) }.contains("several recurrent modules"))
  }

  @Test func theBatchMayComeFirst() throws {
    let nodes = [
      Self.rnn("X", 0, "a", layout: 1), Self.move("Squeeze", "a", "b", Self.axes(2)),
      Self.rnn("b", 1, "Y", layout: 1),
    ]
    let model = try read(nodes, Self.weights(0, inputs: 3) + Self.weights(1, inputs: 2))
    #expect(model.network.layers.count == 2)
  }

  @Test func oneLayerMayFeedTwo() throws {
    let nodes = [
      Self.rnn("X", 0, "a"), Self.move("Squeeze", "a", "b", Self.axes(1)),
      Self.rnn("b", 1, "Y"), Self.rnn("b", 2, "Z"),
    ]
    let tensors = (0..<3).flatMap { Self.weights($0, inputs: $0 == 0 ? 3 : 2) }
    let bytes = Make.model(nodes, tensors)
    #expect(
      message { _ = try ModelReader.read(bytes: bytes, path: "m.onnx") }
        == "m.onnx: several recurrent modules: 'rnn1', 'rnn2'; choose one with --module NAME")
    let model = try ModelReader.read(bytes: bytes, path: "m.onnx", module: "rnn2")
    #expect(model.network.layers.count == 2)
    #expect(model.unused == ["R1", "W1"])
  }

  /// A damaged node stops only who asks for it.
  @Test func anotherModuleMayBeDamaged() throws {
    let bytes = Make.model(
      [Self.rnn("X", 0, "a"), Self.rnn("X", 1, "b")], Self.weights(0, inputs: 3))
    let words = "m.onnx: node 'rnn1': W is not constant: it comes from 'W1', which nothing gives"
    #expect(
      message { _ = try ModelReader.read(bytes: bytes, path: "m.onnx") }
        == "m.onnx: several recurrent modules: 'rnn0', 'rnn1'; choose one with --module NAME")
    #expect(
      message { _ = try ModelReader.read(bytes: bytes, path: "m.onnx", module: "rnn1") } == words)
    #expect(try ModelReader.read(bytes: bytes, path: "m.onnx", module: "rnn0").module == "rnn0")
  }

  /// What follows Y, squeezed to 's' of (T, B, 2).
  struct Head: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var nodes: [[UInt8]]
    var activation: Readout.Activation?
    var hasBias: Bool
    var warnings: [String]

    init(
      _ description: String, _ nodes: [[UInt8]], _ activation: Readout.Activation? = nil,
      hasBias: Bool = false, warnings: [String] = []
    ) {
      testDescription = description
      self.nodes = nodes
      self.activation = activation
      self.hasBias = hasBias
      self.warnings = warnings
    }
  }

  private static func product(_ from: String, _ matrix: String, _ to: String) -> [UInt8] {
    Make.node("MatMul", [from, matrix], [to], name: to)
  }

  static let heads: [Head] = [
    Head("nothing", []),
    Head("a product", [product("s", "V", "y")], .linear),
    Head("a product and a softmax", [product("s", "V", "y"), move("Softmax", "y", "p")], .softmax),
    Head(
      "a sum and a sigmoid",
      [
        product("s", "V", "y"), Make.node("Add", ["y", "b"], ["z"], name: "add"),
        move("Sigmoid", "z", "p"),
      ], .sigmoid, hasBias: true),
    Head(
      "all of it flat",
      [
        move("Reshape", "s", "flat", shape(-1, 2)),
        Make.node("Gemm", ["flat", "V", "b"], ["y"], name: "gemm"), move("LogSoftmax", "y", "p"),
      ], .softmax, hasBias: true),
    Head(
      "a Gemm that scales",
      [
        move("Reshape", "s", "flat", shape(-1, 2)),
        Make.node("Gemm", ["flat", "V"], ["y"], name: "gemm", Make.attribute("alpha", Float(2))),
      ]),
    Head("a matrix of another size", [product("s", "V3", "y")]),
    Head("a matrix from outside", [product("s", "X", "y")]),
    Head(
      "two", [product("s", "V", "y"), product("s", "V", "z")],
      warnings: [
        "several nodes could be the readout: 'y', 'z'; none is taken; "
          + "choose one with --readout NAME"
      ]),
    Head(
      "two layers",
      [product("s", "V", "y"), move("Relu", "y", "r"), product("r", "V3", "p")],
      warnings: [
        "what follows is more than one linear readout ('y'); predictions are not shown"
      ]),
    Head(
      "half of h",
      [
        Make.node(
          "Slice", ["s"], ["half"], name: "", axes(2), Make.attribute("starts", ints: [0]),
          Make.attribute("ends", ints: [1])),
        product("half", "V1", "y"),
      ]),
    Head(
      "the last step",
      [
        Make.node(
          "Slice", ["s"], ["last"], name: "", axes(0), Make.attribute("starts", ints: [-1]),
          Make.attribute("ends", ints: [Int.max])),
        product("last", "V", "y"),
      ], .linear),
    Head("time for units", [move("Transpose", "s", "t", order(2, 1, 0)), product("t", "V", "y")]),
  ]

  @Test(arguments: heads)
  func takesAReadoutThatHasOneReading(_ head: Head) throws {
    let nodes = [Self.rnn("X", 0, "a"), Self.move("Squeeze", "a", "s", Self.axes(1))] + head.nodes
    let others = [
      Make.tensor("V", [2, 3]), Make.tensor("V1", [1, 3]), Make.tensor("V3", [3, 3]),
      Make.tensor("b", [3]),
    ]
    let model = try read(nodes, Self.weights(0, inputs: 3) + others)
    #expect(model.network.readout?.activation == head.activation)
    #expect((model.network.readout?.bias != nil) == head.hasBias)
    #expect(model.warnings == head.warnings)
    #expect(model.unused.contains("V") == (head.activation == nil))
  }

  /// Two products, one of which another follows.
  @Test(
    arguments: [
      ("y", 3, true, 0), ("W2", 4, false, 0), ("p", nil, nil, 0), (nil, nil, nil, 1),
    ] as [(String?, Int?, Bool?, Int)])
  func takesTheReadoutThatAPersonChooses(
    _ name: String?, outputs: Int?, hasBias: Bool?, warnings: Int
  ) throws {
    let nodes = [
      Self.rnn("X", 0, "a"), Self.move("Squeeze", "a", "s", Self.axes(1)),
      Self.product("s", "V", "y"), Make.node("Add", ["y", "b"], ["w"], name: "add"),
      Self.move("Relu", "w", "r"), Self.product("r", "V3", "p"), Self.product("s", "W2", "z"),
    ]
    let others = [
      Make.tensor("V", [2, 3]), Make.tensor("V3", [3, 3]), Make.tensor("W2", [2, 4]),
      Make.tensor("b", [3]),
    ]
    let choice = name.map { ModelChoices.Head.tensor($0) }
    func model() throws -> TrainedModel {
      try read(nodes, Self.weights(0, inputs: 3) + others, ModelChoices(readout: choice))
    }
    guard name != "p" else {
      #expect(
        message { _ = try model() }
          == "m.onnx: no tensor that could be the readout is named 'p'; there are: 'y', 'z'")
      return
    }
    let network = try model().network
    #expect(network.readout?.outputSize == outputs)
    #expect(network.readout.map { $0.bias != nil } == hasBias)
    #expect(try model().warnings.count == warnings)
  }

  /// What gives X.
  @Test(arguments: [
    ("tokens", ["table"], 5, []),
    ("a table of other vectors", ["table4"], 0, ["Gather"]),
    ("a table from outside", ["X"], 0, ["Gather"]),
  ])
  func takesAnEmbeddingThatFits(
    _ name: String, table: [String], count: Int, computed: [String]
  ) throws {
    let nodes = [
      Make.node("Gather", table + ["X"], ["e"], name: "look-up"), Self.rnn("e", 0, "a"),
    ]
    let others = [Make.tensor("table", [5, 3]), Make.tensor("table4", [5, 4])]
    let model = try read(nodes, Self.weights(0, inputs: 3) + others)
    #expect(model.network.embedding?.count ?? 0 == count)
    #expect(
      model.warnings
        == computed.map {
          "node 'rnn0' reads what node 'look-up' (\($0)) computes; give that as its input"
        })
  }
}
