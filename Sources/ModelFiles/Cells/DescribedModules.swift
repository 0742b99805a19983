import Recurrent

/// The modules of a file whose cells are lines of the table.
struct DescribedModules {
  struct Module {
    let name: String
    let spelling: any CellSpelling.Type
    /// What stands before the tensors' names, a cell an entry: "rnn.cells.0.".
    let prefixes: [String]
    /// Whether the file says it in so many words: a class of the package.
    let isStated: Bool
    /// Whether a person says so.
    let isAsked: Bool
  }

  private(set) var modules: [String: Module] = [:]
  private let shapes: [String: [Int]]

  /// - Parameters:
  ///   - tensors: all of the file, by name.
  ///   - facts: what the file tells of its modules' classes.
  ///   - asked: what a person says that the cell is.
  init(_ tensors: [String: [Int]], facts: [String: ModuleFacts], asked: CellKind?) {
    shapes = tensors
    // A kind with kernels of its own that a person asks for is read by PyTorch's names.
    guard asked?.isClassic != true else { return }
    var found: [String: (spelling: any CellSpelling.Type, isStated: Bool, isAsked: Bool)] = [:]
    for name in tensors.keys.sorted() {
      for spelling in CellSpellings.all {
        let sign = spelling.sign ?? "weight_ih"
        guard name == sign || name.hasSuffix("." + sign) else { continue }
        let prefix = String(name.dropLast(sign.count))
        let known = facts[String(prefix.dropLast())]?.className
        let isStated =
          known.map {
            $0.hasPrefix(spelling.package + ".") && spelling.classes.contains(Self.base($0))
          } ?? false
        let isAsked = asked.map(spelling.kinds.contains) ?? false
        let isPlain = spelling.sign != nil && asked == nil && (known == nil || isStated)
        guard isStated && (asked == nil || isAsked) || isAsked || isPlain else { continue }
        if found[prefix] == nil { found[prefix] = (spelling, isStated, isAsked && !isStated) }
      }
    }
    // An sLSTM's cell is a part of its layer.
    let all = found.keys
    let parts = all.filter { name in
      all.contains {
        $0 != name && name.hasPrefix($0) && found[$0]?.spelling != found[name]?.spelling
      }
    }
    for part in parts { found[part] = nil }
    var stacks: [String: [String]] = [:]
    for (prefix, cell) in found {
      stacks[Self.moduleName(prefix, cell.spelling), default: []].append(prefix)
    }
    for (name, prefixes) in stacks {
      let ordered = prefixes.sorted { Self.number($0) < Self.number($1) }
      guard let first = found[ordered[0]],
        ordered.allSatisfy({ found[$0]?.spelling == first.spelling })
      else { continue }
      modules[name] = Module(
        name: name, spelling: first.spelling, prefixes: ordered,
        isStated: ordered.allSatisfy { found[$0]?.isStated ?? false }, isAsked: first.isAsked)
    }
  }

  private static func base(_ className: String) -> String {
    className.split(separator: ".").last.map(String.init) ?? className
  }

  /// "rnn.cells" of "rnn.cells.0.", where cells are stacked so; else what stands before the dot.
  private static func moduleName(_ prefix: String, _ spelling: any CellSpelling.Type) -> String {
    let path = prefix.split(separator: ".")
    if let stack = spelling.stack, path.count >= 2, path[path.count - 2] == stack[...],
      path[path.count - 1].allSatisfy(\.isNumber)
    {
      return path.dropLast().joined(separator: ".")
    }
    return String(prefix.dropLast())
  }

  private static func number(_ prefix: String) -> Int {
    prefix.split(separator: ".").last.flatMap { Int($0) } ?? 0
  }

  /// Whether a tensor belongs to one of them.
  func owns(_ tensor: String) -> Bool {
    modules.values.contains { module in
      module.prefixes.contains { !$0.isEmpty && tensor.hasPrefix($0) }
        || module.prefixes.contains("") && Self.known.contains(tensor)
    }
  }

  /// The names that bare cells have, which no head is looked for among.
  private static let known: Set<String> = [
    "weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_ph", "beta", "vector_u",
    "to_hidden_and_gate.weight", "to_hidden_and_f_i_gate.weight", "to_out.weight",
    "_recurrent_kernel_", "_bias_", "weight", "weight_c", "bias", "scale_x", "weight_proj",
  ]

  /// The cells of a module, ready to be read.
  func cells(
    of module: Module, _ store: some TensorStore, _ choices: ModelChoices
  ) -> [SpelledCell] {
    module.prefixes.map { prefix in
      var own: [String: [Int]] = [:]
      for (name, shape) in shapes where name.hasPrefix(prefix) {
        own[String(name.dropFirst(prefix.count))] = shape
      }
      return SpelledCell(
        prefix: prefix, path: store.path, shapes: own, choices: choices,
        floats: { (name) throws(ModelFileError) in try store.floats(name) })
    }
  }

  /// Every layer of a module.
  func layers(
    of module: Module, _ store: some TensorStore, _ choices: ModelChoices
  ) throws(ModelFileError) -> [Layer] {
    var layers: [Layer] = []
    for (place, cell) in cells(of: module, store, choices).enumerated() {
      guard module.prefixes.count == 1 || Self.number(cell.prefix) == place else {
        throw cell.fault(
          .missingTensor("\(module.name).\(place)", neededBy: String(cell.prefix.dropLast())))
      }
      layers.append(try module.spelling.layer(cell))
    }
    return layers
  }

  /// What the module's tensors leave open.
  func guesses(
    of module: Module, _ store: some TensorStore, _ choices: ModelChoices
  ) -> [ReadingGuess] {
    let cells = cells(of: module, store, choices)
    guard let first = cells.first else { return [] }
    var guesses = module.spelling.guesses(first)
    if module.isAsked {
      let kind = first.kind(of: module.spelling)
      guesses.insert(
        ReadingGuess(
          "\(kind.about.withArticle) as --cell says", mark: kind.about.title + "?"), at: 0)
    } else if !module.isStated, module.spelling.package == TorchMGU.package,
      let sign = module.spelling.sign
    {
      // Its tensors have names that any cell could have.
      let kind = first.kind(of: module.spelling)
      guesses.insert(
        ReadingGuess(
          "\(kind.about.withArticle) as \(module.spelling.package) has it, told by the name '\(sign)'",
          mark: kind.about.title + "?"), at: 0)
    }
    return guesses
  }
}
