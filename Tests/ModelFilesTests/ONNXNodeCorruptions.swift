/// What is wrong with a recurrent node, or on the way of its constants.
extension ONNXCorruption {
  private typealias Make = ONNXBytes

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
}
