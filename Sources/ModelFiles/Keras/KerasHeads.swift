/// The embedding and the readout of a stack whose file holds weights only, by the rules of `HeadSearch`:
/// by name and shape, nearer to this stack than to any other that it would fit, and none of two.
struct KerasHeads {
  private var embedding: KerasStack.Table?
  private var readout: KerasStack.Table?
  private var readouts: [KerasStack.Table] = []
  private var warnings: [String] = []

  /// - Parameters:
  ///   - tables: every matrix of the file that is none of a cell's.
  ///   - path: of the stack's first layer.
  ///   - others: the file's other stacks.
  init(
    _ tables: [KerasStack.Table], _ stack: KerasStack, path: String,
    others: [(path: String, stack: KerasStack)]
  ) {
    let inputSize = stack.layers[0].inputSize
    let outputSize = stack.layers[stack.layers.count - 1].outputSize
    var forEmbedding = HeadNearness.Paths()
    var forReadout = HeadNearness.Paths()
    for other in others {
      if other.stack.layers[0].inputSize == inputSize {
        forEmbedding.insert(Self.dotted(other.path))
      }
      if other.stack.layers.last?.outputSize == outputSize {
        forReadout.insert(Self.dotted(other.path))
      }
    }
    func isNear(_ table: KerasStack.Table, _ rivals: HeadNearness.Paths) -> Bool {
      let name = Self.dotted(table.name)
      return HeadNearness(name, Self.dotted(path)) > rivals.nearest(to: name)
    }
    let embeddings = tables.filter { table in
      Self.isEmbedding(table) && table.bias == nil && table.matrix.shape[1] == inputSize
    }
    readouts = tables.filter { table in
      !Self.isEmbedding(table) && table.matrix.shape[0] == outputSize
        && table.bias.map { $0.shape == [table.matrix.shape[1]] } ?? true
    }
    let hasEmbeddingRivals = others.contains { $0.stack.layers[0].inputSize == inputSize }
    let hasReadoutRivals = others.contains { $0.stack.layers.last?.outputSize == outputSize }
    embedding = choose(
      .embedding, embeddings, embeddings.filter { !hasEmbeddingRivals || isNear($0, forEmbedding) })
    readout = choose(
      .readout, readouts, readouts.filter { !hasReadoutRivals || isNear($0, forReadout) })
    if let taken = readout {
      let next = tables.filter { table in
        !Self.isEmbedding(table) && table.name != taken.name
          && table.matrix.shape[0] == taken.matrix.shape[1]
      }
      if !next.isEmpty {
        let names = ([taken] + next).map { quoted($0.name) }.joined(separator: ", ")
        warnings.append("the readout has several layers (\(names)); predictions are not shown")
        readout = nil
      }
    }
  }

  func apply(to stack: inout KerasStack) {
    stack.embedding = embedding
    stack.readout = readout
    stack.readouts = readouts
    stack.warnings += warnings
  }

  private mutating func choose(
    _ role: ModelFileError.Role, _ all: [KerasStack.Table], _ near: [KerasStack.Table]
  ) -> KerasStack.Table? {
    if near.count == 1 { return near[0] }
    if near.count > 1 {
      warnings.append(HeadWords.several(role, near.map { quoted($0.name) }, things: "layers"))
    } else if let name = all.first?.name {
      warnings.append(HeadWords.shared(role, all.map { quoted($0.name) }, choose: name))
    }
    return nil
  }

  private static func isEmbedding(_ table: KerasStack.Table) -> Bool {
    HeadWords.role(of: dotted(table.name)) == .embedding
  }

  private static func dotted(_ path: String) -> String {
    path.split(separator: "/").joined(separator: ".")
  }
}
