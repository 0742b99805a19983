/// How a tensor with PyTorch's name is put together from tensors of another framework: blocks of rows,
/// one under the other.
struct WeightRecipe {
  struct Block {
    enum Content {
      /// Rows and columns of a matrix as it lies in the file; of a vector, which is one row, its columns.
      case part(of: String, rows: Range<Int>, columns: Range<Int>)
      case zeros
    }

    let content: Content
    /// Whether the file has the inputs down and the units across.
    var isTransposed = false
    var isNegated = false
    /// What is added to every number.
    var plus: Float = 0

    /// All of a vector, or a part of it.
    static func vector(_ name: String, _ places: Range<Int>, plus: Float = 0) -> Block {
      Block(content: .part(of: name, rows: 0..<1, columns: places), plus: plus)
    }

    static func zeros() -> Block { Block(content: .zeros) }

    var negated: Block {
      var block = self
      block.isNegated = true
      return block
    }
  }

  let shape: [Int]
  /// As many numbers each as the others.
  let blocks: [Block]
  /// What was done, in words.
  var note: String?

  var sources: [String] {
    blocks.compactMap { block in
      guard case .part(let name, _, _) = block.content else { return nil }
      return name
    }
  }

  /// - Parameter floats: a source's numbers, row-major, as many as its shape's product.
  func floats(
    shapes: [String: [Int]], _ floats: (String) throws(ModelFileError) -> [Float]
  ) throws(ModelFileError) -> [Float] {
    let count = shape.reduce(1, *) / max(1, blocks.count)
    var result: [Float] = []
    result.reserveCapacity(count * blocks.count)
    var known: (name: String, values: [Float])?
    for block in blocks {
      guard case .part(let name, let rows, let columns) = block.content else {
        result += repeatElement(0, count: count)
        continue
      }
      if known?.name != name { known = (name, try floats(name)) }
      let values = known?.values ?? []
      let width = shapes[name]?.last ?? 1
      let sign: Float = block.isNegated ? -1 : 1
      if block.isTransposed {
        for column in columns {
          for row in rows { result.append(sign * values[row * width + column] + block.plus) }
        }
      } else {
        for row in rows {
          for column in columns { result.append(sign * values[row * width + column] + block.plus) }
        }
      }
    }
    return result
  }
}
