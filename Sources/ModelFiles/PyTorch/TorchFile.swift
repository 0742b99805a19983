/// What torch.save and torch.jit.save write: a pickle of the objects, and the storages beside it.
///
/// The archive is described in PyTorch's docs/source/notes/serialization.md; the older format, five
/// pickles and the storages one behind the other, only by torch/serialization.py. Storages stay in
/// the mapped file until a tensor is asked for.
final class TorchFile: TensorStore {
  struct Tensor: NamedTensor {
    let name: String
    let type: TorchType
    fileprivate let view: TensorView
    fileprivate let key: String
    fileprivate let scaling: Scaling?

    var shape: [Int] { view.shape }
    var typeName: String? { type.name }
    /// Tensors that lie alike in one storage are one and the same.
    var place: String? { "\(key) \(view.offset) \(view.shape) \(view.strides)" }
  }

  /// What a quantised tensor's numbers mean.
  fileprivate indirect enum Scaling {
    case whole(scale: Float, zeroPoint: Float)
    case channels(scales: Tensor, zeroPoints: Tensor, axis: Int)
  }

  let path: String
  let tensors: [Tensor]
  let numberLimit: Int
  /// "torch.save".
  let producer: String
  let tree: TorchTree
  let vocabularies: [CheckpointVocabulary]
  /// `pytorch-lightning_version` and the like, as they stand in the file.
  let facts: [String: String]
  private let storages: TorchStorages
  private let isBigEndian: Bool
  private let indices: [String: Int]

  /// - Parameters:
  ///   - heap: what the pickle built.
  ///   - root: the object that was saved.
  init(
    _ heap: PickleHeap, root: PickleValue, storages: TorchStorages, isBigEndian: Bool,
    producer: String, path: String
  ) throws(ModelFileError) {
    self.path = path
    self.storages = storages
    self.isBigEndian = isBigEndian
    self.producer = producer
    do throws(TorchProblem) {
      let tree = try TorchTree(heap, root: root)
      self.tree = tree
      var counts: [String: Int] = [:]
      tensors = try tree.tensors.map { name, number throws(TorchProblem) in
        try Self.tensor(number, name, heap, storages, &counts)
      }
      // Four million are 16 MB; twice what is there covers weights that are tied.
      numberLimit = 4_000_000 + 2 * counts.values.reduce(0, +)
      if tensors.isEmpty && !tree.isPacked { throw .noTensors }
    } catch {
      throw ModelFileError(path, .torch(error))
    }
    indices = Dictionary(
      uniqueKeysWithValues: tensors.enumerated().map { ($0.element.name, $0.offset) })
    vocabularies = CheckpointVocabulary.find(in: heap, root: root)
    var facts: [String: String] = [:]
    for key in ["pytorch-lightning_version", "epoch", "global_step"] {
      switch heap.value(key, of: root) {
      case .string(let text): facts[key] = text
      case .int(let number): facts[key] = String(number)
      case nil, .none?, .bool, .float, .bytes, .global, .node, .storage, .tensor: break
      }
    }
    self.facts = facts
  }

  func floats(_ name: String) throws(ModelFileError) -> [Float] {
    guard let index = indices[name] else { throw ModelFileError(path, .noSuchTensor(name)) }
    return try floats(tensors[index])
  }

  private func floats(_ tensor: Tensor) throws(ModelFileError) -> [Float] {
    guard !tensor.type.isQuantised || tensor.scaling != nil else {
      throw ModelFileError(
        path, .torch(.noScale(tensor: tensor.name, type: tensor.type.name)))
    }
    guard let type = tensor.type.element else { throw notFloats(tensor) }
    let slice = try storages.bytes(of: tensor.key)
    let values = slice.withBytes { bytes in
      tensor.view.floats(bytes, type, isBigEndian: isBigEndian)
    }
    guard var values else { throw notFloats(tensor) }
    switch tensor.scaling {
    case nil: break
    case .whole(let scale, let zeroPoint)?:
      for place in values.indices { values[place] = (values[place] - zeroPoint) * scale }
    case .channels(let scales, let zeroPoints, let axis)?:
      let scales = try floats(scales)
      let zeroPoints = try floats(zeroPoints)
      // How many numbers lie between two of one channel.
      let stride = tensor.shape[(axis + 1)...].reduce(1, *)
      for place in values.indices {
        let channel = place / stride % tensor.shape[axis]
        values[place] = (values[place] - zeroPoints[channel]) * scales[channel]
      }
    }
    return values
  }

  private func notFloats(_ tensor: Tensor) -> ModelFileError {
    ModelFileError(path, .torch(.type(tensor: tensor.name, name: tensor.type.name)))
  }

  /// How many elements a storage has in the file: as many as the pickle says, or the file is broken.
  private static func elements(
    _ storage: TorchStorage, neededBy tensor: String, _ storages: TorchStorages
  ) throws(TorchProblem) -> Int {
    guard let found = storages.size(of: storage.key) else {
      throw .storageMissing(tensor: tensor, key: storage.key)
    }
    let (end, overflow) = storage.viewOffset.addingReportingOverflow(storage.count)
    let (bytes, tooMany) = end.multipliedReportingOverflow(by: storage.type.width)
    guard !overflow, !tooMany, bytes <= found else {
      throw .storageShort(
        tensor: tensor, key: storage.key, needed: tooMany || overflow ? .max : bytes, found: found)
    }
    return found / storage.type.width
  }

  /// A tensor of the heap, proved to lie in its storage, and that in the file.
  ///
  /// - Parameter counts: the storages' elements by their keys; those that are needed are added.
  private static func tensor(
    _ number: Int, _ name: String, _ heap: PickleHeap, _ storages: TorchStorages,
    _ counts: inout [String: Int]
  ) throws(TorchProblem) -> Tensor {
    let tensor = heap.tensors[number]
    let storage = heap.storages[tensor.storage]
    counts[storage.key] = try elements(storage, neededBy: name, storages)
    var scaling: Scaling?
    switch tensor.scaling {
    case nil: break
    case .whole(let scale, let zeroPoint)?:
      scaling = .whole(scale: scale, zeroPoint: zeroPoint)
    case .channels(let scales, let zeroPoints, let axis)?:
      guard tensor.shape.indices.contains(axis) else { throw .badChannels(tensor: name) }
      let parts = [scales, zeroPoints]
      // A scale that is quantised itself could go round in a circle.
      guard
        parts.allSatisfy({ heap.tensors[$0].scaling == nil && !heap.tensors[$0].type.isQuantised }),
        parts.allSatisfy({ heap.tensors[$0].shape == [tensor.shape[axis]] })
      else { throw .badChannels(tensor: name) }
      scaling = .channels(
        scales: try Self.tensor(scales, name, heap, storages, &counts),
        zeroPoints: try Self.tensor(zeroPoints, name, heap, storages, &counts), axis: axis)
    }
    return try prove(tensor, storage, name, scaling)
  }

  private static func prove(
    _ tensor: TorchTensor, _ storage: TorchStorage, _ name: String, _ scaling: Scaling?
  ) throws(TorchProblem) -> Tensor {
    // An untyped storage counts bytes, its tensors elements of their own type.
    let scale = storage.type.width
    let available = (storage.viewOffset + storage.count) * scale / tensor.type.width
    let begin = storage.viewOffset * scale / tensor.type.width
    let (offset, overflow) = begin.addingReportingOverflow(tensor.offset)
    guard !overflow, tensor.offset >= 0,
      let view = TensorView(
        offset: offset, shape: tensor.shape, strides: tensor.strides, available: available)
    else {
      throw .badView(
        tensor: name, shape: tensor.shape, strides: tensor.strides, offset: tensor.offset,
        count: storage.count)
    }
    return Tensor(name: name, type: tensor.type, view: view, key: storage.key, scaling: scaling)
  }
}

/// The storages' bytes by their keys.
enum TorchStorages {
  /// `root` is the archive's folder with its slash.
  case archive(ZipArchive, root: String)
  case legacy([String: FileSlice])

  func size(of key: String) -> Int? {
    switch self {
    case .archive(let archive, let root): archive.size(of: "\(root)data/\(key)")
    case .legacy(let slices): slices[key]?.count
    }
  }

  func bytes(of key: String) throws(ModelFileError) -> FileSlice {
    switch self {
    case .archive(let archive, let root): return try archive.bytes(of: "\(root)data/\(key)")
    case .legacy(let slices):
      // The store proved that it is there.
      guard let slice = slices[key] else { preconditionFailure() }
      return slice
    }
  }
}
