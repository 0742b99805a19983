/// A store that notes which tensors were read, and which of those hold numbers that are not finite.
final class ReadingLog<Store: TensorStore>: TensorStore {
  private let store: Store
  private var read: Set<String> = []
  private(set) var nonFinite: [String] = []

  init(_ store: Store) { self.store = store }

  var path: String { store.path }
  var tensors: [Store.Tensor] { store.tensors }

  /// Sorted.
  var unread: [String] { store.tensors.map(\.name).filter { !read.contains($0) }.sorted() }

  func floats(_ name: String) throws(ModelFileError) -> [Float] {
    let values = try store.floats(name)
    if read.insert(name).inserted && !values.allSatisfy(\.isFinite) { nonFinite.append(name) }
    return values
  }
}
