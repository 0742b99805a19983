/// The functions and classes that a pickle may name, and what becomes of them: records.
extension PickleMachine {
  /// A name. Python's own modules that act on the machine are refused at sight, though nothing of
  /// them would run: such a file is an attack, and its owner should know.
  func global(_ module: String, _ name: String) throws(PickleProblem) -> PickleValue {
    let full = "\(module).\(name)"
    let package = module.split(separator: ".").first.map(String.init) ?? module
    if Self.hostilePackages.contains(package), !Self.builtinClasses.contains(name) {
      throw .refused(global: full, at: place)
    }
    return .global(full)
  }

  /// `function(*arguments)`, for the functions that only build.
  mutating func reduce(
    _ function: PickleValue, _ arguments: [PickleValue]
  ) throws(PickleProblem) -> PickleValue {
    guard case .global(let name) = function else {
      throw .expected("the name of a function", at: place)
    }
    switch name {
    case "collections.OrderedDict", "collections.defaultdict", "collections.Counter",
      "builtins.dict", "__builtin__.dict":
      return try dictionary(arguments)
    case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
      return try tensor(arguments, type: nil)
    case "torch._utils._rebuild_tensor_v3":
      guard arguments.count > 6, case .global(let dtype) = arguments[6],
        let type = TorchType(String(dtype.dropFirst("torch.".count)))
      else { throw .expected("a tensor's dtype", at: place) }
      return try tensor(arguments, type: type)
    case "torch._utils._rebuild_qtensor":
      guard arguments.count >= 5, let scaling = scaling(arguments[4]) else {
        throw .expected(
          "how a quantised tensor's numbers are meant, by tensor or channel", at: place)
      }
      return try tensor(arguments, type: nil, scaling: scaling)
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
      guard let data = arguments.first else { throw .expected("a parameter's tensor", at: place) }
      return data
    case "torch._tensor._rebuild_from_type_v2", "torch.tensor._rebuild_from_type_v2":
      // (function, class, its arguments, attributes)
      guard arguments.count >= 3, let inner = heap.node(arguments[2]), inner.kind == .tuple,
        arguments[0] != function
      else { throw .expected("how to rebuild a tensor", at: place) }
      if case .global(let nested) = arguments[0], nested.hasSuffix("._rebuild_from_type_v2") {
        throw .expected("how to rebuild a tensor", at: place)
      }
      return try reduce(arguments[0], inner.items)
    case "torch.storage._load_from_bytes": return try storage(in: arguments)
    case "torch.jit._pickle.restore_type_tag", "torch.jit._pickle.build_intlist",
      "torch.jit._pickle.build_doublelist", "torch.jit._pickle.build_boollist",
      "torch.jit._pickle.build_tensorlist":
      guard let list = arguments.first else { throw .expected("a list", at: place) }
      return list
    case "torch.Size", "builtins.tuple", "__builtin__.tuple", "builtins.list", "__builtin__.list",
      "collections.deque":
      return try collection(
        name.hasSuffix("list") || name.hasSuffix("deque") ? .list : .tuple,
        arguments)
    case "builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset":
      return try collection(.set, arguments)
    case "copyreg._reconstructor", "copy_reg._reconstructor":
      guard let type = arguments.first else { throw .expected("a class", at: place) }
      return try instance(type, Array(arguments.dropFirst(2).prefix(1)))
    case _ where Self.records.contains(name):
      return try instance(function, arguments)
    default: throw .refused(global: name, at: place)
    }
  }

  /// An object of a class: never more than its name, its arguments and, later, its attributes. Any
  /// class will do here, since none of its code is looked at.
  mutating func instance(
    _ type: PickleValue, _ arguments: [PickleValue]
  ) throws(PickleProblem) -> PickleValue {
    guard case .global(let name) = type else { throw .expected("the name of a class", at: place) }
    try charge(arguments.count)
    if name == "torch.Size" { return try collection(.tuple, arguments) }
    return try add(PickleNode(kind: .record, name: name, items: arguments))
  }

  /// ('storage', class, key, location, count[, view]), or ('module', class, file, source).
  mutating func persistent(_ id: PickleValue) throws(PickleProblem) -> PickleValue {
    guard let fields = heap.sequence(id), case .string(let kind) = fields.first else {
      throw .expected("a persistent id of PyTorch's", at: place)
    }
    // Older modules travel with their source code, which is of no use here.
    if kind == "module", fields.count >= 2, case .global = fields[1] { return fields[1] }
    guard kind == "storage", fields.count == 5 || fields.count == 6,
      case .global(let className) = fields[1], case .string(let key) = fields[2],
      case .int(let count) = fields[4], count >= 0
    else { throw .expected("a persistent id of PyTorch's", at: place) }
    let shortName = className.split(separator: ".").last.map(String.init) ?? className
    let isUntyped = shortName == "UntypedStorage" || shortName == "_UntypedStorage"
    guard let type = isUntyped ? TorchType.byte : TorchType(shortName) else {
      throw .expected("a storage of numbers, found \(quoted(className))", at: place)
    }
    var storage = TorchStorage(key: key, type: type, count: count)
    if fields.count == 6, fields[5] != .none {
      // (key of the view, offset, count)
      guard let view = heap.sequence(fields[5]), view.count == 3, case .int(let offset) = view[1],
        case .int(let size) = view[2], offset >= 0, size >= 0, size <= count,
        offset <= count - size
      else { throw .expected("a view inside its storage", at: place) }
      storage.viewOffset = offset
      storage.count = size
    }
    guard heap.storages.count < Self.tensorLimit else {
      throw .tooMuch("storages", limit: Self.tensorLimit)
    }
    heap.storages.append(storage)
    return .storage(heap.storages.count - 1)
  }

  /// (storage, offset, shape, strides, …)
  private mutating func tensor(
    _ arguments: [PickleValue], type: TorchType?, scaling: TorchScaling? = nil
  ) throws(PickleProblem) -> PickleValue {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0],
      case .int(let offset) = arguments[1], let shape = whole(arguments[2]),
      let strides = whole(arguments[3])
    else { throw .expected("a tensor's storage, offset, shape and strides", at: place) }
    // A long shape that a million tensors share would be copied as often.
    try charge(shape.count + strides.count)
    guard heap.tensors.count < Self.tensorLimit else {
      throw .tooMuch("tensors", limit: Self.tensorLimit)
    }
    heap.tensors.append(
      TorchTensor(
        storage: storage, type: type ?? heap.storages[storage].type, offset: offset, shape: shape,
        strides: strides, scaling: scaling))
    return .tensor(heap.tensors.count - 1)
  }

  /// (per_tensor_affine, scale, zero point) or (per_channel_affine, scales, zero points, axis).
  private func scaling(_ value: PickleValue) -> TorchScaling? {
    guard let fields = heap.sequence(value) else { return nil }
    switch fields.first {
    case .global("torch.per_tensor_affine")?:
      guard fields.count == 3, case .float(let scale) = fields[1], case .int(let zero) = fields[2]
      else { return nil }
      return .whole(scale: Float(scale), zeroPoint: Float(zero))
    case .global("torch.per_channel_affine")?:
      guard fields.count == 4, case .tensor(let scales) = fields[1],
        case .tensor(let zeros) = fields[2], case .int(let axis) = fields[3]
      else { return nil }
      return .channels(scales: scales, zeroPoints: zeros, axis: axis)
    case nil, .none?, .bool?, .int?, .float?, .string?, .bytes?, .global?, .node?, .storage?,
      .tensor?:
      return nil
    }
  }

  private func whole(_ value: PickleValue) -> [Int]? {
    guard let items = heap.sequence(value), items.count <= Self.dimensionLimit else { return nil }
    var numbers: [Int] = []
    for item in items {
      guard case .int(let number) = item else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// As of PyTorch.
  static let dimensionLimit = 64
  /// The largest models have some thousands.
  static let tensorLimit = 100_000

  /// `dict(…)` of nothing, a dictionary or a list of pairs; what makes the defaults is left out.
  private mutating func dictionary(_ arguments: [PickleValue]) throws(PickleProblem) -> PickleValue
  {
    var node = PickleNode(kind: .dictionary)
    for argument in arguments {
      guard let source = heap.node(argument) else { continue }
      try charge(source.pairs.count + source.items.count)
      node.pairs += source.pairs
      for item in source.items {
        guard let pair = heap.sequence(item), pair.count == 2 else {
          throw .expected("pairs of a key and a value", at: place)
        }
        node.pairs.append((pair[0], pair[1]))
      }
    }
    return try add(node)
  }

  private mutating func collection(
    _ kind: PickleNode.Kind, _ arguments: [PickleValue]
  ) throws(PickleProblem) -> PickleValue {
    var items: [PickleValue] = []
    if let first = arguments.first {
      guard let source = heap.node(first) else { throw .expected("a list or tuple", at: place) }
      items = source.items
    }
    try charge(items.count)
    return try add(PickleNode(kind: kind, items: items))
  }

  /// What hyper-parameters and training state are made of.
  private static let records: Set<String> = [
    "torch.device", "torch.Generator", "torch.torch_version.TorchVersion", "torch.layout",
    "torch.serialization._get_layout", "torch.nn.parameter.Parameter",
    "torch._utils._rebuild_sparse_tensor", "torch._utils._rebuild_meta_tensor_no_storage",
    "torch._utils._rebuild_device_tensor_from_numpy",
    // What a module of PyTorch 1.1 and before computes with.
    "torch.nn.backends.thnn._get_thnn_function_backend",
    "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
    "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.dtype",
    "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer", "_codecs.encode",
    "argparse.Namespace", "types.SimpleNamespace",
    "pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePath",
    "pathlib.PurePosixPath", "pathlib.PureWindowsPath", "pathlib._local.PosixPath",
    "pathlib._local.WindowsPath",
    "datetime.datetime", "datetime.date", "datetime.time", "datetime.timedelta",
    "datetime.timezone", "decimal.Decimal", "fractions.Fraction", "uuid.UUID",
    "builtins.complex", "__builtin__.complex", "builtins.slice", "builtins.range",
    "builtins.bytearray", "__builtin__.bytearray", "builtins.object", "__builtin__.object",
    "builtins.int", "builtins.float", "builtins.str", "builtins.bool", "builtins.bytes",
  ]

  /// The classes of `builtins` that are data.
  private static let builtinClasses: Set<String> = [
    "dict", "list", "tuple", "set", "frozenset", "complex", "slice", "range", "bytearray",
    "object", "int", "float", "str", "bool", "bytes", "long", "unicode",
  ]

  private static let hostilePackages: Set<String> = [
    "builtins", "__builtin__", "os", "posix", "nt", "subprocess", "sys", "shutil", "socket",
    "importlib", "runpy", "pty", "ctypes", "_ctypes", "pickle", "_pickle", "cPickle", "marshal",
    "webbrowser", "multiprocessing", "asyncio", "tempfile", "urllib", "ftplib", "smtplib", "pdb",
    "atexit",
  ]
}
