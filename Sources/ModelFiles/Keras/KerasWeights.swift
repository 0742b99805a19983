/// The datasets of a Keras file, by the layers that they belong to.
///
/// Three layouts: `layers/lstm/cell/vars/0` of .keras and .weights.h5, with numbers for names;
/// `lstm/…/lstm_cell/kernel:0` of older .h5 files, there below `model_weights` in whole models; and
/// arrays under the variables' own names, `sequential/lstm/lstm_cell/kernel`, as a person saves them
/// with numpy.
final class KerasWeights {
  /// The weights of one cell.
  struct Cell {
    let path: String
    let kernel: HDF5File.Dataset
    let recurrent: HDF5File.Dataset
    let bias: HDF5File.Dataset?
  }

  let datasets: [HDF5File.Dataset]
  let isNumbered: Bool
  /// Whether a cell's weights are an array a gate, as Keras 0 and 1 write them.
  private(set) var isKeras1 = false
  /// The datasets of which one is made, side by side, by its path.
  private let joined: [String: [HDF5File.Dataset]]
  /// Whether they are arrays under the variables' names.
  let isPlain: Bool
  /// The groups that hold datasets, with these by their names.
  let groups: [(path: String, parts: [String: HDF5File.Dataset])]
  private let byPath: [String: [String: HDF5File.Dataset]]
  /// The groups' paths by their first part.
  private let byTop: [Substring: [String]]
  private var left: Int
  private let limit: Int
  private(set) var used: Set<String> = []
  private let read: (HDF5File.Dataset) throws(ModelFileError.Problem) -> [Float]

  convenience init(_ file: HDF5File, fileSize: Int) {
    self.init(file.datasets, isPlain: false, limit: (64 << 20) / 4 + fileSize) {
      dataset throws(ModelFileError.Problem) in
      do throws(HDF5Problem) {
        return try file.floats(dataset)
      } catch {
        throw .hdf5(error)
      }
    }
  }

  /// Arrays under the variables' names; in a folder, where names have no slashes, with dots.
  convenience init(_ arrays: NpyArrays) {
    let datasets = arrays.tensors.map { tensor in
      HDF5File.Dataset(
        path: tensor.name, shape: tensor.shape, type: tensor.type.rawValue, problem: nil,
        count: tensor.shape.reduce(1, *), stored: nil)
    }
    // Every array has numbers of its own.
    self.init(datasets, isPlain: true, limit: .max) { dataset throws(ModelFileError.Problem) in
      do throws(ModelFileError) {
        return try arrays.floats(dataset.path)
      } catch {
        throw error.problem
      }
    }
  }

  /// Whether arrays have the names of Keras's variables.
  static func names(_ arrays: NpyArrays) -> Bool {
    arrays.tensors.contains { parts($0.name).last.map(variable) == "recurrent_kernel" }
      && !arrays.tensors.contains { RecurrentParameter(name: $0.name) != nil }
  }

  private static func parts(_ path: String) -> [Substring] {
    path.split(separator: path.contains("/") ? "/" : ".")
  }

  /// TensorFlow's names end in the number of the output.
  private static func variable(_ name: Substring) -> Substring {
    name.hasSuffix(":0") ? name.dropLast(2) : name
  }

  private init(
    _ datasets: [HDF5File.Dataset], isPlain: Bool, limit: Int,
    read: @escaping (HDF5File.Dataset) throws(ModelFileError.Problem) -> [Float]
  ) {
    self.datasets = datasets
    self.isPlain = isPlain
    self.read = read
    self.limit = limit
    left = limit
    isNumbered =
      !isPlain && datasets.contains { $0.path.split(separator: "/").dropLast().last == "vars" }
    var byPath: [String: [String: HDF5File.Dataset]] = [:]
    for dataset in datasets {
      var parts = isPlain ? Self.parts(dataset.path) : dataset.path.split(separator: "/")
      guard var name = parts.popLast() else { continue }
      if parts.last == "vars" { parts.removeLast() }
      if parts.first == "model_weights" { parts.removeFirst() }
      if parts.first == "_layer_checkpoint_dependencies" { parts[0] = "layers" }
      name = Self.variable(name)
      byPath[parts.joined(separator: "/"), default: [:]][String(name)] = dataset
    }
    var joined: [String: [HDF5File.Dataset]] = [:]
    for (path, parts) in byPath where !isNumbered {
      guard let names = Keras1Names(parts) else { continue }
      isKeras1 = isKeras1 || names.isCell
      byPath[path] = parts.merging(names.datasets) { own, _ in own }
      for (name, parts) in names.joined { joined[name] = parts }
    }
    self.joined = joined
    self.byPath = byPath
    groups = byPath.map { ($0.key, $0.value) }.sorted { $0.path < $1.path }
    byTop = Dictionary(grouping: byPath.keys.sorted()) { $0.prefix { $0 != "/" } }
  }

  /// A new reading: what was used, and how much may be read.
  func begin() {
    used = []
    left = limit
  }

  func floats(_ dataset: HDF5File.Dataset) throws(ModelFileError.Problem) -> [Float] {
    if let problem = dataset.problem { throw .hdf5(problem) }
    left -= dataset.count
    guard left >= 0 else {
      throw .keras(.tooManyNumbers(dataset: dataset.path, limit: limit))
    }
    used.insert(dataset.path)
    guard let parts = joined[dataset.path] else { return try read(dataset) }
    var columns: [[Float]] = []
    for part in parts {
      used.insert(part.path)
      columns.append(try read(part))
    }
    let rows = dataset.shape.count == 2 ? dataset.shape[0] : 1
    return (0..<rows).flatMap { row in
      columns.flatMap { $0[row * ($0.count / rows)..<(row + 1) * ($0.count / rows)] }
    }
  }

  /// The cell of a group, or nil where it is none.
  func cell(_ path: String) -> Cell? {
    guard let parts = byPath[path] else { return nil }
    if isNumbered {
      guard path.split(separator: "/").last?.contains("cell") ?? false, let kernel = parts["0"],
        let recurrent = parts["1"]
      else {
        return nil
      }
      return Cell(path: path, kernel: kernel, recurrent: recurrent, bias: parts["2"])
    }
    guard let kernel = parts["kernel"], let recurrent = parts["recurrent_kernel"] else {
      return nil
    }
    return Cell(path: path, kernel: kernel, recurrent: recurrent, bias: parts["bias"])
  }

  /// A layer's cell in one direction; nil for a layer that has only one.
  func cell(
    of node: KerasGraph.Node, _ direction: String?
  ) throws(KerasProblem) -> Cell {
    if isNumbered {
      let path = node.group + (direction.map { "/\($0)_layer" } ?? "") + "/\(node.cellPath)"
      guard let cell = cell(path) else {
        throw .noWeightsOfLayer(layer: node.name, expected: path + "/vars")
      }
      return cell
    }
    let found = groups(of: node).filter { path in
      guard let direction else { return true }
      return path.split(separator: "/").dropFirst().contains { $0.hasPrefix("\(direction)_") }
    }.compactMap { cell($0) }
    guard let only = found.first, found.count == 1 else {
      throw .noWeightsOfLayer(
        layer: node.name,
        expected: node.top + (direction.map { "/\($0)_…" } ?? "")
          + "/…/recurrent_kernel")
    }
    return only
  }

  /// What stands beside the weights of a cell and was not read, by the datasets' paths.
  func unused(beside cell: Cell) -> [String] {
    // In the numbered layout a layer of a class of its own has its weights beside the cell's group.
    var place = cell.path.split(separator: "/")
    if isNumbered && place.count > 1 { place.removeLast() }
    let path = place.joined(separator: "/")
    return byPath.filter { $0.key == path || $0.key.hasPrefix(path + "/") }
      .flatMap { $0.value.values.map(\.path) }.filter { !used.contains($0) }.sorted()
  }

  /// The matrix of an embedding or dense layer, and its bias.
  func table(
    of node: KerasGraph.Node
  ) -> (matrix: HDF5File.Dataset, bias: HDF5File.Dataset?)? {
    if isNumbered {
      let path = node.group + (node.className == "TimeDistributed" ? "/layer" : "")
      return byPath[path].flatMap(table)
    }
    return groups(of: node).compactMap { byPath[$0].flatMap(table) }.first
  }

  func table(
    _ parts: [String: HDF5File.Dataset]
  ) -> (matrix: HDF5File.Dataset, bias: HDF5File.Dataset?)? {
    guard let matrix = parts["embeddings"] ?? parts["kernel"] ?? parts["0"],
      matrix.shape.count == 2, parts["recurrent_kernel"] == nil, parts["2"] == nil
    else { return nil }
    return (matrix, parts["bias"] ?? parts["1"])
  }

  private func groups(of node: KerasGraph.Node) -> [String] {
    // A variable's own path begins with the model's name: `sequential/lstm/lstm_cell/kernel`.
    if isPlain {
      return groups.map(\.path).filter { $0.split(separator: "/").contains { $0 == node.name } }
    }
    return (byTop[node.top[...]] ?? []).filter { path in
      let parts = path.split(separator: "/")
      return node.top == node.name || parts.dropFirst().contains { $0 == node.name }
    }
  }
}
