import Recurrent

/// A store that notes which tensors were read, and which of those hold numbers that are not finite.
final class ReadingLog<Store: TensorStore>: TensorStore {
  private let store: Store
  private var read: Set<String> = []
  private(set) var nonFinite: [String] = []
  private let shapes: [String: [Int]]
  private var count = 0

  init(_ store: Store) {
    self.store = store
    shapes = Dictionary(
      store.tensors.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
  }

  var path: String { store.path }

  func origin(of name: String) -> String { store.origin(of: name) }
  var tensors: [Store.Tensor] { store.tensors }

  /// What was read in another form than the file holds: a line for each form, naming the weights.
  var notes: [String] {
    var names: [String: [String]] = [:]
    for name in read.sorted() {
      if let note = store.note(on: name) { names[note, default: []].append(name) }
    }
    return names.sorted { ($0.value[0], $0.key) < ($1.value[0], $1.key) }.map { note, names in
      let shown = names.prefix(4).map(quoted).joined(separator: ", ")
      return shown + (names.count > 4 ? " and \(names.count - 4) more" : "") + ": " + note
    }
  }

  /// Sorted. What lies where something was read is no other tensor.
  var unread: [String] {
    let places = Set(store.tensors.lazy.filter { self.read.contains($0.name) }.compactMap(\.place))
    return store.tensors.filter { tensor in
      !read.contains(tensor.name) && !(tensor.place.map(places.contains) ?? false)
    }.map(\.name).sorted()
  }

  func floats(_ name: String) throws(ModelFileError) -> [Float] {
    // The store has proved that the product is no overflow.
    count += (shapes[name] ?? []).reduce(1, *)
    guard count <= store.numberLimit else {
      throw ModelFileError(
        path, .torch(.tooManyNumbers(tensor: name, limit: store.numberLimit)))
    }
    let values = try store.floats(name)
    if read.insert(name).inserted && !LargeWork.areFinite(values) { nonFinite.append(name) }
    return values
  }
}
