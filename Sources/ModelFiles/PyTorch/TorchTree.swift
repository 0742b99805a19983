/// From the objects that a pickle built to named tensors.
///
/// A state_dict is one already; in a checkpoint it stands under a key that everybody names alike; a
/// whole module holds `_parameters`, `_buffers` and `_modules`, and a TorchScript module its
/// parameters as attributes. What stands under several names is found once, which also ends cycles.
struct TorchTree {
  /// In the order of the file. No two of one name: as in Python, the later replaces the earlier.
  private(set) var tensors: [(name: String, tensor: Int)] = []
  /// The keys that lead from the file's object to the weights: "state_dict".
  private(set) var keys: [String] = []
  /// The class of the object whose weights they are, where it is one: "__main__.Net".
  private(set) var className: String?
  /// Keys beside the weights, which are not looked at: "optimizer_state".
  private(set) var leftOut: [String] = []
  /// The `nonlinearity` of RNNs, which only whole modules tell, by the module's name.
  private(set) var rnnActivations: [String: ModelChoices.RNNActivation] = [:]
  /// What else only whole modules tell, by the module's name.
  private(set) var modules: [String: ModuleFacts] = [:]
  /// Every module of a state_dict by name, which PyTorch notes beside it; nil where it does not.
  private(set) var moduleNames: [String]?
  /// What a person should know of the file.
  private(set) var warnings: [String] = []
  /// Whether weights may be in objects that cannot be looked into.
  private(set) var isPacked = false

  private var packedCells: TorchPackedCells
  /// `bidirectional` of recurrent modules, which only whole modules tell, by the module's name.
  private var bidirectional: [String: Bool] = [:]
  private let heap: PickleHeap
  /// The places of names in `tensors`.
  private var indices: [String: Int] = [:]
  private var visited: Set<Int> = []
  private var work = 0

  /// Steps, and characters of names, that a model of any size stays far below.
  static let workLimit = 32_000_000
  private static let depthLimit = 100

  /// Where checkpoints keep the weights, the likeliest first.
  private static let weightKeys = [
    "state_dict", "model_state_dict", "model_state", "model_dict", "model", "module", "net",
    "network", "weights", "params", "parameters", "ema_state_dict",
  ]

  init(_ heap: PickleHeap, root: PickleValue) throws(TorchProblem) {
    self.heap = heap
    packedCells = TorchPackedCells(heap)
    var base = root
    while keys.count < 4, let (key, value) = try wrapped(in: base) {
      if keys.isEmpty { leftOut = Self.names(heap.attributes(base) ?? []).filter { $0 != key } }
      keys.append(key)
      base = value
    }
    if let node = heap.node(base), node.kind == .record { className = node.name }
    if let pair = try averaged(in: base) {
      if keys.isEmpty { leftOut = Self.names(heap.attributes(base) ?? []) }
      leftOut.removeAll { pair.map(\.key).contains($0) }
      keys.append(pair[0].key)
      for (key, value) in pair { try collect(value, prefix: key + ".") }
    } else {
      try collect(base)
      moduleNames = try listedModules(base)
    }
    for (name, tensor) in try packedCells.tensors(bidirectional) { add(name, tensor) }
    simplifyNames()
  }

  /// The weights under one of the usual keys, unless the tensors stand there themselves.
  private mutating func wrapped(
    in base: PickleValue
  ) throws(TorchProblem) -> (String, PickleValue)? {
    guard let pairs = heap.attributes(base) else { return nil }
    try spend(pairs.count)
    let names = Set(Self.names(pairs))
    guard !names.contains("_modules"), !names.contains(where: { $0.hasPrefix("weight_ih") }) else {
      return nil
    }
    if try averaged(in: base) != nil { return nil }
    for key in Self.weightKeys where names.contains(key) {
      guard let value = pairs.last(where: { $0.key == .string(key) })?.value else { continue }
      var probe = self
      try probe.collect(value)
      work = probe.work
      // Of a module in Python's __main__ "model" is a part; of a checkpoint all of it.
      let hasWeights = !probe.tensors.isEmpty || !probe.packedCells.isEmpty || probe.isPacked
      if hasWeights, heap.node(base)?.kind == .dictionary {
        return (key, value)
      }
    }
    return nil
  }

  /// A checkpoint's average of the weights, which inference uses, and the weights in training.
  private mutating func averaged(
    in base: PickleValue
  ) throws(TorchProblem) -> [(key: String, value: PickleValue)]? {
    guard let pairs = heap.attributes(base), heap.node(base)?.kind == .dictionary else {
      return nil
    }
    try spend(pairs.count)
    var names: [String] = []
    for case (.string(let key), .node) in pairs where key.utf8.count < 100 { names.append(key) }
    guard let average = names.first(where: ModuleChoice.isAverage),
      let trained = Self.weightKeys.first(where: {
        names.contains($0) && !ModuleChoice.isAverage($0)
      }),
      let first = heap.value(average, of: base), let second = heap.value(trained, of: base)
    else { return nil }
    guard try isNamed(first) else {
      let words =
        "the file has an average of the weights under \(quoted(average)), which has no names that are "
        + "read; here are the weights in training, under \(quoted(trained))"
      if try hasTensors(first), !warnings.contains(words) { warnings.append(words) }
      return nil
    }
    guard try isNamed(second) else { return nil }
    return [(average, first), (trained, second)]
  }

  /// Whether there are recurrent weights in it, by their names.
  private mutating func isNamed(_ value: PickleValue) throws(TorchProblem) -> Bool {
    var probe = self
    try probe.collect(value)
    work = probe.work
    return probe.tensors.contains { RecurrentParameter(name: $0.name) != nil }
  }

  private mutating func hasTensors(_ value: PickleValue) throws(TorchProblem) -> Bool {
    for (_, value) in heap.attributes(value) ?? [] {
      try spend(1)
      if case .tensor = value { return true }
      let items = heap.sequence(value) ?? []
      try spend(items.count)
      if items.contains(where: { if case .tensor = $0 { true } else { false } }) { return true }
    }
    return false
  }

  /// `_metadata` of a state_dict: a key a module.
  private mutating func listedModules(_ base: PickleValue) throws(TorchProblem) -> [String]? {
    guard let node = heap.node(base), node.kind == .dictionary,
      let listed = heap.value("_metadata", of: node.state).flatMap({ heap.attributes($0) })
    else { return nil }
    var names: [String] = []
    for case (.string(let name), _) in listed {
      try spend(1 + name.utf8.count)
      names.append(name)
    }
    return names
  }

  private struct Place {
    var value: PickleValue
    var prefix: String
    var depth: Int
  }

  private mutating func collect(
    _ root: PickleValue, prefix: String = ""
  ) throws(TorchProblem) {
    var pending = [Place(value: root, prefix: prefix, depth: prefix.isEmpty ? 0 : 1)]
    while let place = pending.popLast() {
      guard case .node(let number) = place.value, place.depth < Self.depthLimit,
        visited.insert(number).inserted, let pairs = heap.attributes(place.value)
      else { continue }
      let node = heap.nodes[number]
      let isModule = node.kind == .record && pairs.contains { $0.key == .string("_modules") }
      if isModule || node.kind == .record && node.name.hasPrefix("__torch__") {
        modules[String(place.prefix.dropLast()), default: .init()].className = node.name
      }
      var children: [Place] = []
      for (key, value) in pairs {
        try spend(8)
        guard let key = Self.name(key) else { continue }
        if let activation = Self.rnnActivation(key, value) {
          rnnActivations[String(place.prefix.dropLast())] = activation
        }
        if key == "mode", case .string(let mode) = value {
          modules[String(place.prefix.dropLast()), default: .init()].mode = mode
        }
        switch value {
        case .tensor(let tensor):
          guard !isModule else { continue }
          let name = place.prefix + key
          try spend(name.utf8.count)
          add(name, tensor)
        case .node where unpack(value, name: place.prefix + key): continue
        case .node:
          let isPart = ["_parameters", "_buffers", "_modules"].contains(key)
          if isModule && !isPart || place.depth == 0 && Self.isTrainingState(key) { continue }
          let prefix = isModule ? place.prefix : place.prefix + key + "."
          try spend(prefix.utf8.count)
          children.append(Place(value: value, prefix: prefix, depth: place.depth + 1))
        case .bool(let flag) where key == "bidirectional":
          bidirectional[String(place.prefix.dropLast())] = flag
        case .none, .bool, .int, .float, .string, .bytes, .global, .storage: continue
        }
      }
      // The first child comes off the stack first.
      pending += children.reversed()
    }
  }

  private mutating func add(_ name: String, _ tensor: Int) {
    if let known = indices[name] {
      tensors[known] = (name, tensor)
    } else {
      indices[name] = tensors.count
      tensors.append((name, tensor))
    }
  }

  /// Looks into what quantize_dynamic has packed.
  ///
  /// - Returns: whether the value is such an object.
  private mutating func unpack(_ value: PickleValue, name: String) -> Bool {
    let packed = TorchPacked(heap: heap)
    if let cell = packed.cell(value), packedCells.add(cell, name: name) { return true }
    if let target = Self.linearName(name), let linear = packed.linear(value) {
      add(target.weight, linear.weight)
      if let bias = linear.bias { add(target.bias, bias) }
      return true
    }
    if heap.node(value)?.name == "torch.ScriptObject" { isPacked = true }
    return false
  }

  /// What is packed under a name: "fc._packed_params._packed_params", "cell._packed_weight_ih".
  private static func linearName(_ name: String) -> (weight: String, bias: String)? {
    for kind in ["ih", "hh"] where name.hasSuffix("_packed_weight_\(kind)") {
      let prefix = name.dropLast("_packed_weight_ih".count)
      return ("\(prefix)weight_\(kind)", "\(prefix)bias_\(kind)")
    }
    guard name.hasSuffix("_packed_params") else { return nil }
    var prefix = name.dropLast("_packed_params".count)
    if prefix.hasSuffix("_packed_params.") { prefix = prefix.dropLast("_packed_params.".count) }
    return ("\(prefix)weight", "\(prefix)bias")
  }

  /// Of torch.nn.RNN its `mode`, of RNNCell its `nonlinearity`.
  private static func rnnActivation(
    _ key: String, _ value: PickleValue
  ) -> ModelChoices.RNNActivation? {
    guard case .string(let text) = value else { return nil }
    switch (key, text) {
    case ("mode", "RNN_TANH"), ("nonlinearity", "tanh"): return .tanh
    case ("mode", "RNN_RELU"), ("nonlinearity", "relu"): return .relu
    case (_, _): return nil
    }
  }

  private mutating func spend(_ steps: Int) throws(TorchProblem) {
    work += steps
    guard work <= Self.workLimit else { throw .treeTooLarge(limit: Self.workLimit) }
  }

  private static func isTrainingState(_ key: String) -> Bool {
    let key = key.lowercased()
    return key.contains("optim") || key.contains("scheduler") || key.contains("scaler")
      || ["callbacks", "loops", "rng_state"].contains(key)
  }

  private static func name(_ key: PickleValue) -> String? {
    switch key {
    case .string(let text): text
    case .int(let number): String(number)
    case .none, .bool, .float, .bytes, .global, .node, .storage, .tensor: nil
    }
  }

  private static func names(_ pairs: [(key: PickleValue, value: PickleValue)]) -> [String] {
    pairs.prefix(1000).compactMap { name($0.key) }
  }

  /// Without what torch.compile and DataParallel put into names.
  private mutating func simplifyNames() {
    let isParallel = !tensors.isEmpty && tensors.allSatisfy { $0.name.hasPrefix("module.") }
    func simple(_ name: String) -> String {
      var name = Substring(name)
      if isParallel { name = name.dropFirst("module.".count) }
      guard name.contains("_orig_mod.") else { return String(name) }
      return name.split(separator: ".", omittingEmptySubsequences: false)
        .filter { $0 != "_orig_mod" }.joined(separator: ".")
    }
    let names = tensors.map { simple($0.name) }
    // Two that would become one stay as they are.
    guard Set(names).count == names.count else { return }
    tensors = zip(names, tensors).map { ($0, $1.tensor) }
    func path(_ name: String) -> String { String(simple(name + ".").dropLast()) }
    rnnActivations = Dictionary(
      rnnActivations.map { (path($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    modules = Dictionary(
      modules.map { (path($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    moduleNames = moduleNames?.map(path)
  }
}
