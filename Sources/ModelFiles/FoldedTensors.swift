#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file's tensors with every weight in the form in which it is used at inference.
struct FoldedTensors<Base: TensorStore>: TensorStore {
  let tensors: [DerivedTensor]
  private let base: Base
  private let forms: WeightForms

  /// - Returns: nil where every weight is in that form already.
  init?(_ base: Base) {
    forms = WeightForms(
      Dictionary(base.tensors.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first }))
    guard !forms.forms.isEmpty else { return nil }
    self.base = base
    let hidden = forms.hidden
    var tensors = base.tensors.filter { !hidden.contains($0.name) }.map {
      DerivedTensor($0, name: $0.name)
    }
    let types = Dictionary(
      base.tensors.map { ($0.name, $0.typeName) }, uniquingKeysWith: { first, _ in first })
    for (name, form) in forms.forms.sorted(by: { $0.key < $1.key }) {
      guard let shape = forms.shape(of: name) else { continue }
      let source =
        switch form {
        case .renamed(let source), .pruned(let source, _), .weightNorm(_, let source),
          .refused(let source, _):
          source
        }
      tensors.append(
        DerivedTensor(name: name, shape: shape, typeName: types[source] ?? nil, place: nil))
    }
    self.tensors = tensors
  }

  var path: String { base.path }

  /// What a form is made of takes less than the form itself, or as much again.
  var numberLimit: Int { base.numberLimit }

  func note(on name: String) -> String? { forms.notes[name] ?? base.note(on: name) }

  func origin(of name: String) -> String {
    switch forms.forms[name] {
    case nil: base.origin(of: name)
    case .renamed(let source)?, .pruned(let source, _)?, .weightNorm(_, let source)?,
      .refused(let source, _)?:
      source
    }
  }

  func floats(_ name: String) throws(ModelFileError) -> [Float] {
    switch forms.forms[name] {
    case nil: return try base.floats(name)
    case .renamed(let source)?: return try base.floats(source)
    case .pruned(let weights, let mask)?:
      let values = try base.floats(weights)
      return zip(values, try base.floats(mask)).map { $0 * $1 }
    case .weightNorm(let magnitude, let direction)?:
      return Self.normed(
        try base.floats(direction), shape: forms.shape(of: name) ?? [],
        by: try base.floats(magnitude), shape: shape(of: magnitude))
    case .refused(_, let problem)?: throw ModelFileError(path, problem)
    }
  }

  private func shape(of name: String) -> [Int] {
    base.tensors.first { $0.name == name }?.shape ?? []
  }

  /// g·v/|v|, the norm over every dimension in which g has 1 and over all of v where g is one number.
  ///
  /// - Parameters:
  ///   - v: of one or two dimensions.
  ///   - g: as many numbers as its shape says, each size that of v or 1.
  static func normed(
    _ v: [Float], shape: [Int], by g: [Float], shape gShape: [Int]
  ) -> [Float] {
    let rows = shape.count == 2 ? shape[0] : 1
    let columns = shape.last ?? 1
    let hasRows = gShape.count == 2 && gShape[0] == rows
    let hasColumns = gShape.last == columns && !gShape.isEmpty
    var result = v
    func place(_ row: Int, _ column: Int) -> Int {
      (hasRows ? row : 0) * (hasColumns ? columns : 1) + (hasColumns ? column : 0)
    }
    var squares = [Double](repeating: 0, count: max(1, g.count))
    for row in 0..<rows {
      for column in 0..<columns {
        let value = Double(v[row * columns + column])
        squares[place(row, column)] += value * value
      }
    }
    for row in 0..<rows {
      for column in 0..<columns {
        let norm = place(row, column)
        result[row * columns + column] = Float(
          Double(v[row * columns + column]) * Double(g[norm]) / squares[norm].squareRoot())
      }
    }
    return result
  }
}
