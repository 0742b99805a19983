/// What pickle.dump wrote, not torch.save: dictionaries of NumPy's arrays, and state_dicts whose tensors
/// carry their numbers in the pickle, each storage as a file of torch.save's in it.
enum PlainPickle {
  /// - Parameters:
  ///   - heap: what the pickle built.
  ///   - root: its object.
  static func open(
    _ heap: PickleHeap, _ root: PickleValue, _ file: FileBytes, path: String
  ) throws(ModelFileError) -> TorchFile {
    var (heap, root) = (heap, root)
    PickleArrays.resolve(&heap, &root)
    guard !heap.inlineData.isEmpty else { throw ModelFileError(path, .torch(.notTorchPickle)) }
    return try TorchFile(
      heap, root: root, storages: .legacy(heap.inlineData.mapValues { FileSlice(file, $0) }),
      isBigEndian: false, producer: "Python's pickle", path: path)
  }
}

/// NumPy's arrays in a pickle: `numpy.core.multiarray._reconstruct` with the numbers in its state, or
/// since pickle's protocol 5 `numpy.core.numeric._frombuffer`; numpy/core/src/multiarray/methods.c.
enum PickleArrays {
  /// Puts a tensor wherever an array stands.
  static func resolve(_ heap: inout PickleHeap, _ root: inout PickleValue) {
    var tensors: [Int: Int] = [:]
    for (place, node) in heap.nodes.enumerated() where node.kind == .record {
      guard heap.tensors.count < PickleMachine.tensorLimit, let array = array(node, heap) else {
        continue
      }
      let key = "pickle \(array.bytes.lowerBound) \(array.bytes.count)"
      heap.inlineData[key] = array.bytes
      heap.storages.append(
        TorchStorage(key: key, type: array.type, count: array.bytes.count / array.type.width))
      heap.tensors.append(
        TorchTensor(
          storage: heap.storages.count - 1, type: array.type, offset: 0, shape: array.shape,
          strides: array.strides))
      tensors[place] = heap.tensors.count - 1
    }
    guard !tensors.isEmpty else { return }
    func resolved(_ value: PickleValue) -> PickleValue {
      if case .node(let place) = value, let tensor = tensors[place] {
        .tensor(tensor)
      } else {
        value
      }
    }
    for place in heap.nodes.indices {
      for item in heap.nodes[place].items.indices {
        heap.nodes[place].items[item] = resolved(heap.nodes[place].items[item])
      }
      for pair in heap.nodes[place].pairs.indices {
        heap.nodes[place].pairs[pair].value = resolved(heap.nodes[place].pairs[pair].value)
      }
    }
    root = resolved(root)
  }

  private struct Found {
    var bytes: Range<Int>
    var type: TorchType
    var shape: [Int]
    var strides: [Int]
  }

  /// Nil for any other record, and for arrays that are not read: texts, objects, big-endian numbers.
  private static func array(_ node: PickleNode, _ heap: PickleHeap) -> Found? {
    let fields: (data: PickleValue, type: PickleValue, shape: PickleValue, isFortran: Bool)
    if node.name.hasSuffix("multiarray._reconstruct") {
      // (version, shape, dtype, whether columns come first, the numbers)
      guard let state = heap.sequence(node.state), state.count == 5 else { return nil }
      fields = (state[4], state[2], state[1], state[3] == .bool(true))
    } else if node.name.hasSuffix("numeric._frombuffer"), node.items.count == 4 {
      fields = (node.items[0], node.items[1], node.items[2], node.items[3] == .string("F"))
    } else {
      return nil
    }
    guard case .bytes(let bytes) = fields.data, let type = type(fields.type, heap),
      let sizes = heap.sequence(fields.shape), sizes.count <= PickleMachine.dimensionLimit
    else { return nil }
    var shape: [Int] = []
    for size in sizes {
      guard case .int(let size) = size, size >= 0 else { return nil }
      shape.append(size)
    }
    var strides = [Int](repeating: 1, count: shape.count)
    var step = 1
    for axis in fields.isFortran ? Array(shape.indices) : shape.indices.reversed() {
      strides[axis] = step
      let (next, overflow) = step.multipliedReportingOverflow(by: max(1, shape[axis]))
      guard !overflow else { return nil }
      step = next
    }
    return Found(bytes: bytes, type: type, shape: shape, strides: strides)
  }

  /// numpy.dtype('f4', …) with (3, '<', …) for its state.
  private static func type(_ value: PickleValue, _ heap: PickleHeap) -> TorchType? {
    guard let node = heap.node(value), node.name == "numpy.dtype",
      case .string(let code) = node.items.first, let name = names[code]
    else { return nil }
    if let state = heap.sequence(node.state), state.count > 1, state[1] == .string(">") {
      return nil
    }
    return TorchType(name)
  }

  private static let names = [
    "f2": "float16", "f4": "float32", "f8": "float64", "i1": "int8", "i2": "int16", "i4": "int32",
    "i8": "int64", "u1": "uint8", "b1": "bool",
  ]
}

extension PickleMachine {
  /// `torch.storage._load_from_bytes(bytes)`: a storage that torch.save wrote, in the older format, into
  /// another pickle.
  mutating func storage(in arguments: [PickleValue]) throws(PickleProblem) -> PickleValue {
    guard case .bytes(let range) = arguments.first, !isNested else {
      throw .expected("a storage's bytes", at: place)
    }
    var inner = PickleMachine(UnsafeRawBufferPointer(rebasing: bytes[range]))
    inner.isNested = true
    var values: [PickleValue] = []
    for _ in 0..<5 { values.append(try inner.run()) }
    // The same bytes may be read as often as the pickle says.
    operations += inner.operations
    guard TorchLegacyFile.isMagic(values[0], inner.bytes), TorchLegacyFile.isVersion(values[1]),
      case .storage(let number) = values[3]
    else { throw .expected("a storage's bytes as torch.save writes them", at: place) }
    var storage = inner.heap.storages[number]
    // Its count stands before its numbers.
    let begin = inner.offset + 8
    let (size, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.width)
    guard !overflow, storage.viewOffset == 0, begin <= range.count, size <= range.count - begin
    else {
      throw .truncated(at: place)
    }
    let data = range.lowerBound + begin..<range.lowerBound + begin + size
    storage.key = "pickle \(data.lowerBound) \(data.count)"
    guard heap.storages.count < Self.tensorLimit else {
      throw .tooMuch("storages", limit: Self.tensorLimit)
    }
    heap.inlineData[storage.key] = data
    heap.storages.append(storage)
    return .storage(heap.storages.count - 1)
  }
}
