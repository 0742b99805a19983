/// The tensors of another framework under PyTorch's names, made of its own (`WeightSpellings`); what
/// belongs to no cell keeps its name. Names are taken apart by dots, whatever the file has.
struct SpelledTensors<Base: TensorStore>: TensorStore {
  let tensors: [DerivedTensor]
  let spellings: WeightSpellings
  private let base: Base
  /// Of the file's tensors, by the names that they have here.
  private let shapes: [String: [Int]]
  /// The file's names by those here.
  private let originals: [String: String]

  /// - Returns: nil where no cell is spelled in another way, or PyTorch's names are there, too.
  init?(_ base: Base) {
    guard !base.tensors.contains(where: { RecurrentParameter(name: $0.name) != nil }) else {
      return nil
    }
    let named = base.tensors.map { (name: Self.dotted($0.name), tensor: $0) }
    originals = Dictionary(
      named.map { ($0.name, $0.tensor.name) }, uniquingKeysWith: { first, _ in first })
    // Two names that become one cannot be told apart.
    guard originals.count == named.count else { return nil }
    shapes = Dictionary(uniqueKeysWithValues: named.map { ($0.name, $0.tensor.shape) })
    spellings = WeightSpellings(shapes)
    guard !spellings.recipes.isEmpty else { return nil }
    self.base = base
    let types = Dictionary(uniqueKeysWithValues: named.map { ($0.name, $0.tensor.typeName) })
    let used = Set(spellings.recipes.values.flatMap(\.sources))
    tensors =
      named.filter { !used.contains($0.name) }.map { name, tensor in
        DerivedTensor(tensor, name: name)
      }
      + spellings.recipes.sorted { $0.key < $1.key }.map { name, recipe in
        DerivedTensor(
          name: name, shape: recipe.shape,
          typeName: recipe.sources.first.flatMap { types[$0] ?? nil }, place: nil)
      }
  }

  /// "params/lstm/hf/kernel:0" is "params.lstm.hf.kernel".
  private static func dotted(_ name: String) -> String {
    let name = name.hasSuffix(":0") ? name.dropLast(2) : name[...]
    return String(name.map { $0 == "/" ? "." : $0 })
  }

  var path: String { base.path }
  var numberLimit: Int { base.numberLimit }

  func note(on name: String) -> String? {
    spellings.recipes[name]?.note ?? base.note(on: originals[name] ?? name)
  }

  func origin(of name: String) -> String {
    let source = spellings.recipes[name]?.sources.first ?? name
    return base.origin(of: originals[source] ?? source)
  }

  func floats(_ name: String) throws(ModelFileError) -> [Float] {
    guard let recipe = spellings.recipes[name] else {
      return try base.floats(originals[name] ?? name)
    }
    return try recipe.floats(shapes: shapes) { source throws(ModelFileError) in
      try base.floats(originals[source] ?? source)
    }
  }
}
