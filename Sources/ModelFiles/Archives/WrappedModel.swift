/// A model file inside an archive that somebody put around it: a zip of one `.pt`, the zips of
/// Stable-Baselines3 with their `policy.pth`, a tar.
enum WrappedModel {
  /// Whether an entry may be a model, by its name.
  static func isModel(_ name: String) -> Bool {
    let name = name.lowercased()
    let file = name.split(separator: "/").last.map(String.init) ?? name
    guard !file.hasPrefix("."), !name.hasPrefix("__macosx/") else { return false }
    return suffixes.contains(where: file.hasSuffix)
  }

  private static let suffixes = [
    ".pt", ".pth", ".ckpt", ".bin", ".safetensors", ".onnx", ".keras", ".h5", ".hdf5", ".npz",
  ]

  /// What Stable-Baselines3 saves beside the network: optimisers, and variables that are none.
  private static let beside = ["policy.optimizer.pth", "pytorch_variables.pth"]

  /// The one entry that is a model.
  ///
  /// - Parameter entries: names and sizes.
  /// - Returns: nil where none is.
  static func only(
    of entries: [(name: String, size: Int)], path: String
  ) throws(ModelFileError) -> String? {
    let isAgent = entries.contains { $0.name == "_stable_baselines3_version" }
    let models = entries.filter {
      $0.size > 0 && isModel($0.name) && !(isAgent && beside.contains($0.name))
    }.map(\.name).sorted()
    guard models.count <= 1 else { throw ModelFileError(path, .severalInArchive(models)) }
    return models.first
  }
}
