/// The name and shape of a tensor that a file offers.
public protocol NamedTensor {
  var name: String { get }
  /// Row-major; empty for a single number. Every size is 0 or more.
  var shape: [Int] { get }
  /// Its elements' type as the format calls it; nil where it does not say.
  var typeName: String? { get }
  /// Where its numbers lie: tensors of one place are one and the same. Nil where every tensor has
  /// numbers of its own.
  var place: String? { get }
}

extension NamedTensor {
  public var typeName: String? { nil }
  public var place: String? { nil }
}

/// A tensor of a store that renames, joins or makes what another has.
struct DerivedTensor: NamedTensor {
  let name: String
  let shape: [Int]
  let typeName: String?
  let place: String?

  init(name: String, shape: [Int], typeName: String?, place: String?) {
    self.name = name
    self.shape = shape
    self.typeName = typeName
    self.place = place
  }

  /// Another store's, by this name.
  init(_ tensor: some NamedTensor, name: String) {
    self.init(name: name, shape: tensor.shape, typeName: tensor.typeName, place: tensor.place)
  }
}

/// Named tensors, whatever the format that they came in.
public protocol TensorStore {
  associatedtype Tensor: NamedTensor
  /// For messages.
  var path: String { get }
  /// No two of one name.
  var tensors: [Tensor] { get }
  /// The tensor's numbers, row-major: as many as its shape's product.
  func floats(_ name: String) throws(ModelFileError) -> [Float]
  /// From what, and how, a tensor was made, where the file holds it in another form; nil where it is
  /// as in the file.
  func note(on name: String) -> String?
  /// The tensor of the file that has a tensor's shape: itself, unless it is made from others.
  func origin(of name: String) -> String
  /// How many numbers may be read before they are more than the file justifies: tensors that share
  /// or repeat their storage can ask for far more than it holds.
  var numberLimit: Int { get }
}

extension TensorStore {
  /// Where every tensor has bytes of its own, the file itself is the limit.
  public var numberLimit: Int { .max }

  public func note(on name: String) -> String? { nil }

  public func origin(of name: String) -> String { name }
}
