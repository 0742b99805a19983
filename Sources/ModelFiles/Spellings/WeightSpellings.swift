import Recurrent

/// The cells of frameworks that write each gate, or input and state together, in a way of their own; found
/// by names and shapes among all of a file's tensors.
///
/// - Flax (flax.linen LSTMCell, OptimizedLSTMCell, GRUCell): `P.ii.kernel` … `P.ho.bias`.
/// - TensorFlow 1 (tf.nn.rnn_cell BasicLSTMCell, LSTMCell, GRUCell; GRUBlockCell): `P.kernel` of input and
///   state together, columns i j f o, to whose f the cell adds its forget bias; `P.gates.kernel`.
/// - Haiku (hk.LSTM, hk.GRU): `P.linear.w` of both together, columns i g f o, 1 added to f; `P.w_i`, `P.w_h`.
/// - MLX (mlx.nn LSTM, GRU, RNN): `P.Wx`, `P.Wh`, `P.bias`, `P.bhn`.
struct WeightSpellings {
  /// By the name that PyTorch would give.
  private(set) var recipes: [String: WeightRecipe] = [:]
  /// In which order a module's gates stand in the file, in its framework's letters and in ours.
  private(set) var gates: [String: (signals: [Signal], letters: [String])] = [:]
  /// Modules whose r is applied before the product.
  private(set) var resetBefore: Set<String> = []
  /// The frameworks, "Flax".
  private(set) var frameworks: Set<String> = []
  /// What a file does not say and was taken for granted.
  private(set) var guesses: [ReadingGuess] = []

  private let shapes: [String: [Int]]

  init(_ shapes: [String: [Int]]) {
    self.shapes = shapes
    for name in shapes.keys.sorted() {
      let split = Self.split(name)
      switch split.leaf {
      case "kernel":
        flax(split.prefix)
        tensorFlowLSTM(split.prefix)
        tensorFlowGRU(split.prefix)
      case "w_ru": tensorFlowBlockGRU(split.prefix)
      case "w": haikuLSTM(split.prefix)
      case "w_i": haikuGRU(split.prefix)
      case "Wx", "Wxh": mlx(split.prefix, name)
      default: break
      }
    }
    guard !recipes.isEmpty else { return }
    let used = Set(recipes.values.flatMap(\.sources))
    for name in shapes.keys.sorted() where !used.contains(name) { addHead(name) }
  }

  // MARK: - Names

  /// "params.lstm.hf" and "kernel".
  private static func split(_ name: String) -> (prefix: String, leaf: String) {
    guard let dot = name.lastIndex(of: ".") else { return ("", name) }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }

  private func join(_ prefix: String, _ leaf: String) -> String {
    prefix.isEmpty ? leaf : "\(prefix).\(leaf)"
  }

  private mutating func name(_ module: String, _ signals: [Signal], _ letters: [String]) {
    gates[module] = (signals, letters)
  }

  /// Rows and columns of a matrix that has both.
  private func matrix(_ name: String) -> (rows: Int, columns: Int)? {
    guard let shape = shapes[name], shape.count == 2, shape[0] > 0, shape[1] > 0 else { return nil }
    return (shape[0], shape[1])
  }

  private func isVector(_ name: String, _ count: Int) -> Bool { shapes[name] == [count] }

  private mutating func add(
    _ module: String, _ parameter: RecurrentParameter.Kind, _ recipe: WeightRecipe
  ) {
    let name = RecurrentParameter(module: module, kind: parameter, layer: 0, direction: .forward)
    recipes[name.name] = recipe
  }

  /// A block a gate, of kernels that have the inputs down.
  private func kernels(_ parts: [(name: String, rows: Range<Int>, columns: Range<Int>)])
    -> [WeightRecipe.Block]
  {
    parts.map { part in
      WeightRecipe.Block(
        content: .part(of: part.name, rows: part.rows, columns: part.columns), isTransposed: true)
    }
  }

  // MARK: - Flax

  private mutating func flax(_ path: String) {
    // "P/hf" of an LSTM, "P/hz" of a GRU: once a cell.
    let gate = Self.split(path)
    guard gate.leaf == "hf" || gate.leaf == "hz" else { return }
    let prefix = gate.prefix
    func name(_ leaf: String, _ part: String) -> String {
      join(join(prefix, leaf), part)
    }
    let letters = gate.leaf == "hf" ? ["i", "f", "g", "o"] : ["r", "z", "n"]
    guard let state = matrix(name("h" + letters[0], "kernel")), state.rows == state.columns,
      let input = matrix(name("i" + letters[0], "kernel")), input.columns == state.columns
    else { return }
    let units = state.columns
    for letter in letters {
      guard shapes[name("h" + letter, "kernel")] == [units, units],
        shapes[name("i" + letter, "kernel")] == [input.rows, units]
      else { return }
    }
    func stack(_ side: String, _ rows: Int) -> WeightRecipe {
      WeightRecipe(
        shape: [letters.count * units, rows],
        blocks: kernels(letters.map { (name(side + $0, "kernel"), 0..<rows, 0..<units) }))
    }
    add(prefix, .inputWeights, stack("i", input.rows))
    add(prefix, .recurrentWeights, stack("h", units))
    for (side, kind) in [("i", RecurrentParameter.Kind.inputBias), ("h", .recurrentBias)] {
      let names = letters.map { name(side + $0, "bias") }
      guard names.contains(where: { isVector($0, units) }) else { continue }
      add(
        prefix, kind,
        WeightRecipe(
          shape: [letters.count * units],
          blocks: names.map { isVector($0, units) ? .vector($0, 0..<units) : .zeros() }))
    }
    self.name(prefix, letters.count == 4 ? [.i, .f, .z, .o] : [.r, .u, .n], letters)
    frameworks.insert("Flax")
  }

  // MARK: - TensorFlow 1

  private static let lstmCells = ["basic_lstm_cell", "lstm_cell", "lstm_fused_cell"]

  private mutating func tensorFlowLSTM(_ prefix: String) {
    let kernel = join(prefix, "kernel")
    let bias = join(prefix, "bias")
    let cell = Self.split(prefix).leaf
    guard Self.lstmCells.contains(where: cell.hasPrefix),
      let size = matrix(kernel), size.columns % 4 == 0, isVector(bias, size.columns)
    else { return }
    let cells = size.columns / 4
    let projection = join(join(prefix, "projection"), "kernel")
    let projected = matrix(projection).flatMap { $0.rows == cells ? $0.columns : nil }
    let states = projected ?? cells
    guard size.rows > states else { return }
    let inputs = size.rows - states
    // j is z.
    let gates = ["i": 0, "j": 1, "f": 2, "o": 3]
    let order = ["i", "f", "j", "o"].map { gates[$0]! }
    func columns(_ gate: Int) -> Range<Int> { gate * cells..<(gate + 1) * cells }
    add(
      prefix, .inputWeights,
      WeightRecipe(
        shape: [4 * cells, inputs], blocks: kernels(order.map { (kernel, 0..<inputs, columns($0)) })
      ))
    add(
      prefix, .recurrentWeights,
      WeightRecipe(
        shape: [4 * cells, states],
        blocks: kernels(order.map { (kernel, inputs..<size.rows, columns($0)) })))
    add(
      prefix, .inputBias,
      WeightRecipe(
        shape: [4 * cells],
        blocks: order.map { .vector(bias, columns($0), plus: $0 == 2 ? 1 : 0) },
        note: "with the forget bias of 1 that TensorFlow's cells add"))
    if let projected {
      add(
        prefix, .projection,
        WeightRecipe(
          shape: [projected, cells], blocks: kernels([(projection, 0..<cells, 0..<projected)])))
    }
    let peepholes = ["w_f_diag", "w_i_diag", "w_o_diag"].map { join(prefix, $0) }
    if peepholes.allSatisfy({ isVector($0, cells) }) {
      add(
        prefix, .peepholes,
        WeightRecipe(
          shape: [3 * cells], blocks: peepholes.map { .vector($0, 0..<cells) }))
    }
    name(prefix, [.i, .z, .f, .o], ["i", "j", "f", "o"])
    frameworks.insert("TensorFlow 1")
    guess("a forget bias of 1, as TensorFlow's cells add it unless they are told otherwise")
  }

  private mutating func guess(_ what: String) {
    guard !guesses.contains(where: { $0.what == what }) else { return }
    guesses.append(ReadingGuess(what, mark: "forget bias?"))
  }

  /// `P/gates/kernel` with columns r u, and `P/candidate/kernel`.
  private mutating func tensorFlowGRU(_ path: String) {
    let gates = Self.split(path)
    guard gates.leaf == "gates" else { return }
    func name(_ part: String, _ leaf: String) -> String {
      join(join(gates.prefix, part), leaf)
    }
    resetBefore(
      gates.prefix, gates: name("gates", "kernel"), gateBias: name("gates", "bias"),
      candidate: name("candidate", "kernel"), candidateBias: name("candidate", "bias"))
  }

  private mutating func tensorFlowBlockGRU(_ prefix: String) {
    func name(_ leaf: String) -> String { join(prefix, leaf) }
    resetBefore(
      prefix, gates: name("w_ru"), gateBias: name("b_ru"), candidate: name("w_c"),
      candidateBias: name("b_c"))
  }

  private mutating func resetBefore(
    _ prefix: String, gates: String, gateBias: String, candidate: String, candidateBias: String
  ) {
    guard let size = matrix(gates), size.columns % 2 == 0, isVector(gateBias, size.columns) else {
      return
    }
    let units = size.columns / 2
    guard size.rows > units, shapes[candidate] == [size.rows, units],
      isVector(candidateBias, units)
    else { return }
    let inputs = size.rows - units
    func stack(_ rows: Range<Int>) -> WeightRecipe {
      WeightRecipe(
        shape: [3 * units, rows.count],
        blocks: kernels([
          (gates, rows, 0..<units), (gates, rows, units..<2 * units), (candidate, rows, 0..<units),
        ]))
    }
    add(prefix, .inputWeights, stack(0..<inputs))
    add(prefix, .recurrentWeights, stack(inputs..<size.rows))
    add(
      prefix, .inputBias,
      WeightRecipe(
        shape: [3 * units],
        blocks: [
          .vector(gateBias, 0..<units), .vector(gateBias, units..<2 * units),
          .vector(candidateBias, 0..<units),
        ]))
    resetBefore.insert(prefix)
    name(prefix, [.r, .u, .n], ["r", "u", "c"])
    frameworks.insert("TensorFlow 1")
  }

  // MARK: - Haiku

  /// `P/linear/w` and `/b`: columns i g f o of input and state together; hk.LSTM adds 1 to f's sum.
  private mutating func haikuLSTM(_ path: String) {
    let (weights, bias) = (join(path, "w"), join(path, "b"))
    let linear = Self.split(path)
    guard linear.leaf == "linear", Self.split(linear.prefix).leaf.contains("lstm"),
      let size = matrix(weights), size.columns % 4 == 0, isVector(bias, size.columns)
    else { return }
    let units = size.columns / 4
    guard size.rows > units else { return }
    let inputs = size.rows - units
    // i, g, f, o there; i, f, g, o here.
    let order = [0, 2, 1, 3]
    func columns(_ gate: Int) -> Range<Int> { gate * units..<(gate + 1) * units }
    let prefix = linear.prefix
    add(
      prefix, .inputWeights,
      WeightRecipe(
        shape: [4 * units, inputs],
        blocks: kernels(order.map { (weights, 0..<inputs, columns($0)) })
      ))
    add(
      prefix, .recurrentWeights,
      WeightRecipe(
        shape: [4 * units, units],
        blocks: kernels(order.map { (weights, inputs..<size.rows, columns($0)) })))
    add(
      prefix, .inputBias,
      WeightRecipe(
        shape: [4 * units],
        blocks: order.map { .vector(bias, columns($0), plus: $0 == 2 ? 1 : 0) },
        note: "with the 1 that Haiku's LSTM adds to the forget gate's sum"))
    name(prefix, [.i, .z, .f, .o], ["i", "g", "f", "o"])
    frameworks.insert("Haiku")
  }

  /// `P/w_i`, `P/w_h`, `P/b`: columns z r a, where h = (1 - z) h' + z a, so that z is 1 - u.
  private mutating func haikuGRU(_ prefix: String) {
    func name(_ leaf: String) -> String { join(prefix, leaf) }
    let (input, state, bias) = (name("w_i"), name("w_h"), name("b"))
    guard let size = matrix(state), size.columns == 3 * size.rows,
      let inputs = matrix(input), inputs.columns == size.columns, isVector(bias, size.columns)
    else { return }
    let units = size.rows
    func columns(_ gate: Int) -> Range<Int> { gate * units..<(gate + 1) * units }
    func stack(_ name: String, _ rows: Int) -> WeightRecipe {
      let blocks = kernels([1, 0, 2].map { (name, 0..<rows, columns($0)) })
      return WeightRecipe(
        shape: [3 * units, rows], blocks: [blocks[0], blocks[1].negated, blocks[2]])
    }
    add(prefix, .inputWeights, stack(input, inputs.rows))
    add(prefix, .recurrentWeights, stack(state, units))
    add(
      prefix, .inputBias,
      WeightRecipe(
        shape: [3 * units],
        blocks: [
          .vector(bias, columns(1)), WeightRecipe.Block.vector(bias, columns(0)).negated,
          .vector(bias, columns(2)),
        ], note: "u is 1 less Haiku's z"))
    resetBefore.insert(prefix)
    self.name(prefix, [.u, .r, .n], ["z", "r", "a"])
    frameworks.insert("Haiku")
  }

  // MARK: - MLX

  /// Units down, as PyTorch has them; a GRU's b_hn is apart.
  private mutating func mlx(_ prefix: String, _ input: String) {
    let isPlain = input.hasSuffix("Wxh")
    func name(_ leaf: String) -> String { join(prefix, leaf) }
    let state = name(isPlain ? "Whh" : "Wh")
    guard let size = matrix(state), let inputs = matrix(input), inputs.rows == size.rows,
      size.rows % size.columns == 0
    else { return }
    let (rows, units) = (size.rows, size.columns)
    let gates = rows / units
    guard isPlain ? gates == 1 : gates == 3 || gates == 4 else { return }
    func whole(_ name: String, _ columns: Int) -> WeightRecipe {
      WeightRecipe(
        shape: [rows, columns],
        blocks: [.init(content: .part(of: name, rows: 0..<rows, columns: 0..<columns))])
    }
    add(prefix, .inputWeights, whole(input, inputs.columns))
    add(prefix, .recurrentWeights, whole(state, units))
    let bias = name(shapes[name("bias")] != nil || gates != 3 ? "bias" : "b")
    if isVector(bias, rows) {
      add(
        prefix, .inputBias, WeightRecipe(shape: [rows], blocks: [.vector(bias, 0..<rows)]))
    }
    if gates == 3, isVector(name("bhn"), units) {
      add(
        prefix, .recurrentBias,
        WeightRecipe(
          shape: [rows], blocks: [.zeros(), .zeros(), .vector(name("bhn"), 0..<units)]))
    }
    frameworks.insert("MLX")
  }

  // MARK: - Heads

  /// `P/kernel` or Haiku's `P/w`, inputs down, is the weight of a linear layer; `P/embedding` that of a
  /// table.
  private mutating func addHead(_ name: String) {
    let split = Self.split(name)
    guard let size = matrix(name) else { return }
    let weight = split.prefix + ".weight"
    guard !split.prefix.isEmpty, shapes[weight] == nil, recipes[weight] == nil else { return }
    switch split.leaf {
    case "kernel", "w":
      recipes[weight] = WeightRecipe(
        shape: [size.columns, size.rows], blocks: kernels([(name, 0..<size.rows, 0..<size.columns)])
      )
      let bias = join(split.prefix, split.leaf == "w" ? "b" : "bias")
      guard isVector(bias, size.columns) else { return }
      recipes[split.prefix + ".bias"] = WeightRecipe(
        shape: [size.columns], blocks: [.vector(bias, 0..<size.columns)])
    case "embedding", "embeddings":
      recipes[weight] = WeightRecipe(
        shape: [size.rows, size.columns],
        blocks: [.init(content: .part(of: name, rows: 0..<size.rows, columns: 0..<size.columns))])
    default: break
    }
  }
}
