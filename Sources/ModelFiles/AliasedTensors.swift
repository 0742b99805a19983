/// A file's tensors with those that share another's numbers, of which the file has only the names:
/// safetensors.torch.save_model keeps one of each group, and notes the others in `__metadata__`.
struct AliasedTensors: TensorStore {
  let tensors: [DerivedTensor]
  private let file: SafetensorsFile
  /// The tensor that has the numbers, by the name of one that has none.
  private let aliases: [String: String]

  /// - Returns: nil where there are no such names.
  init?(_ file: SafetensorsFile) {
    let named = Dictionary(
      file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    aliases = file.metadata.filter { named[$0.key] == nil && named[$0.value] != nil }
    guard !aliases.isEmpty else { return nil }
    self.file = file
    let others = aliases.sorted { $0.key < $1.key }.compactMap { name, target in
      named[target].map { ($0, name) }
    }
    tensors = (file.tensors.map { ($0, $0.name) } + others).map { tensor, name in
      DerivedTensor(
        name: name, shape: tensor.shape, typeName: tensor.typeName, place: tensor.name)
    }
  }

  var path: String { file.path }

  func floats(_ name: String) throws(ModelFileError) -> [Float] {
    try file.floats(aliases[name] ?? name)
  }
}
