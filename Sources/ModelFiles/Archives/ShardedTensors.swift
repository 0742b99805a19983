import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The tensors of a model that stands in several files, of which an index says where each one is:
/// `model.safetensors.index.json`, `pytorch_model.bin.index.json`, as Hugging Face's libraries write them,
/// `{"weight_map": {TENSOR: FILE}}`.
struct ShardedTensors: TensorStore {
  /// The index.
  let path: String
  /// "safetensors in 2 files".
  let format: String
  let tensors: [DerivedTensor]
  /// That of the first file that has any.
  let metadata: [String: String]
  private let shards: [String: any TensorStore]
  /// The file of each tensor.
  private let places: [String: String]

  /// An index may be no longer, and no model is in more files.
  static let sizeLimit = 64 << 20
  static let fileLimit = 2_000

  /// The name by which an index is known.
  static func isIndex(_ path: String) -> Bool { path.hasSuffix(".index.json") }

  /// The index in a folder; of several that for safetensors, which holds what another does.
  static func index(inFolder path: String) -> String? {
    let names =
      folderNames(in: path, upTo: fileLimit) { isIndex($0) && !$0.hasPrefix(".") } ?? []
    let preferred = names.filter { $0.hasSuffix(".safetensors.index.json") }
    let found = preferred.isEmpty ? names : preferred
    return found.count == 1 ? "\(path)/\(found[0])" : nil
  }

  init(index path: String) throws(ModelFileError) {
    self.path = path
    let places = try Self.places(path)
    self.places = places
    let files = Set(places.values).sorted()
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    var shards: [String: any TensorStore] = [:]
    var metadata: [String: String] = [:]
    var formats: Set<String> = []
    for file in files {
      let contents: OpenedModel.Contents
      do throws(ModelFileError) {
        contents = try OpenedModel.open(path: folder + file).contents
      } catch {
        guard case .cannotOpen(let code) = error.problem, code == ENOENT else { throw error }
        throw ModelFileError(path, .shards(.missingFile(file, of: files.count)))
      }
      guard case .named(let named) = contents else {
        throw ModelFileError(path, .shards(.notTensors(file)))
      }
      shards[file] = named.store
      formats.insert(named.format)
      if metadata.isEmpty { metadata = named.metadata }
    }
    self.shards = shards
    self.metadata = metadata
    format =
      formats.sorted().joined(separator: ", ")
      + (files.count == 1 ? " in 1 file" : " in \(files.count) files")
    var tensors: [DerivedTensor] = []
    for file in files {
      let there = Dictionary(
        (shards[file]?.tensors ?? []).map { ($0.name, Self.tensor($0, file)) },
        uniquingKeysWith: { first, _ in first })
      for name in places.filter({ $0.value == file }).keys.sorted() {
        guard let tensor = there[name] else {
          throw ModelFileError(path, .shards(.missingTensor(name, file: file)))
        }
        tensors.append(tensor)
      }
    }
    self.tensors = tensors
  }

  private static func tensor(_ tensor: some NamedTensor, _ file: String) -> DerivedTensor {
    DerivedTensor(
      name: tensor.name, shape: tensor.shape, typeName: tensor.typeName,
      place: tensor.place.map { "\(file) \($0)" })
  }

  private static func places(_ path: String) throws(ModelFileError) -> [String: String] {
    let file = try FileBytes(path: path)
    guard file.bytes.count <= sizeLimit else {
      throw ModelFileError(path, .shards(.indexTooLong(limit: sizeLimit)))
    }
    let index: JSONValue
    do throws(KerasProblem) {
      index = try JSONValue(json: String(decoding: file.bytes, as: UTF8.self))
    } catch {
      guard case .badConfig(let offset, let expected) = error else {
        throw ModelFileError(path, .shards(.noWeightMap))
      }
      throw ModelFileError(path, .shards(.badIndex(offset: offset, expected: expected)))
    }
    guard case .object(let object) = index, case .object(let map)? = object["weight_map"],
      !map.isEmpty
    else { throw ModelFileError(path, .shards(.noWeightMap)) }
    var places: [String: String] = [:]
    for (tensor, file) in map {
      // A stranger's index opens nothing but what lies beside it.
      guard case .text(let name) = file, !name.isEmpty, !name.contains("/"),
        !name.hasPrefix("."), !isIndex(name)
      else { throw ModelFileError(path, .shards(.badFileName(tensor: tensor))) }
      places[tensor] = name
    }
    guard Set(places.values).count <= fileLimit else {
      throw ModelFileError(path, .shards(.tooManyFiles(limit: fileLimit)))
    }
    return places
  }

  var numberLimit: Int {
    shards.values.reduce(0) {
      let (sum, overflow) = $0.addingReportingOverflow($1.numberLimit)
      return overflow ? .max : sum
    }
  }

  private func shard(of name: String) -> (any TensorStore)? { places[name].flatMap { shards[$0] } }

  func note(on name: String) -> String? { shard(of: name)?.note(on: name) }

  func origin(of name: String) -> String { shard(of: name)?.origin(of: name) ?? name }

  func floats(_ name: String) throws(ModelFileError) -> [Float] {
    guard let shard = shard(of: name) else { throw ModelFileError(path, .noSuchTensor(name)) }
    return try shard.floats(name)
  }
}

/// Why a model in several files is not read, and the words for it.
public enum ShardProblem: Error, Equatable, Sendable {
  case badIndex(offset: Int, expected: String)
  case indexTooLong(limit: Int)
  case noWeightMap
  case badFileName(tensor: String)
  case tooManyFiles(limit: Int)
  case missingFile(String, of: Int)
  case notTensors(String)
  case missingTensor(String, file: String)

  var words: String {
    switch self {
    case .badIndex(let offset, let expected):
      "index of a model in several files, byte \(offset): expected \(expected)"
    case .indexTooLong(let limit): "is longer than \(limit >> 20) MB; no index needs that"
    case .noWeightMap:
      "has no 'weight_map' that names a file for each tensor, so it is no index of a model"
    case .badFileName(let tensor):
      "the index names no file beside it for tensor \(quoted(tensor))"
    case .tooManyFiles(let limit): "the index names more than \(limit) files"
    case .missingFile(let file, let count):
      "\(quoted(file)), one of the model's \(count) files, is not beside the index"
    case .notTensors(let file): "\(quoted(file)) holds no tensors by name"
    case .missingTensor(let tensor, let file):
      "tensor \(quoted(tensor)) is not in \(quoted(file)), where the index has it"
    }
  }
}
