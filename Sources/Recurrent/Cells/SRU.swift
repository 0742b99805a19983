/// The simple recurrent unit: no product with h′, gates that look at c′ of their own unit, and a way past
/// it for x (Lei et al. 2018, https://arxiv.org/abs/1709.02755).
enum SRU: CellDefinition {
  static let about = CellDescription(
    name: "sru", title: "SRU", withArticle: "an SRU", gates: [.z, .f, .r],
    signals: [
      .init(.z, .candidate, "candidate, W x", short: "candidate", range: .unbounded),
      .init(.f, .gate, "forget gate", range: .unit),
      .init(.r, .gate, "reset gate, what of c is shown", short: "reset gate", range: .unit),
      .init(.c, .slow, "cell state, slow", short: "cell, slow", range: .unbounded),
      .init(.h, .fast, "hidden state, fast", short: "hidden, fast", range: .unbounded),
    ], carried: [.c],
    sum: SlowSum(memory: .c, keep: .signal(.f), gate: .rest(of: .f), candidate: .z),
    equations: [
      "f = σ(W x + v·c′ + b)   r = σ(W x + v·c′ + b)", "c = f·c′ + (1-f)·z",
      "h = r·c + (1-r)·x",
    ], elementwise: 4)

  /// The fourth block is x as it goes past, where it does (`skip`).
  static func inputRows(_ shape: LayerShape) -> Int {
    (shape.options["skip"] == 0 ? 3 : 4) * shape.hiddenSize
  }
  static func recurrentSize(_ shape: LayerShape) -> (rows: Int, columns: Int) { (0, 0) }
  static func parameters(_ shape: LayerShape) -> [String: Int] { ["v": 2 * shape.hiddenSize] }

  static func step<Real: CellNumber>(_ step: CellStep<Real>) {
    let units = step.units
    let (z, f, r, c) = (step.now(.z), step.now(.f), step.now(.r), step.now(.c))
    let (zSum, fSum, rSum) = (step.sum(.z), step.sum(.f), step.sum(.r))
    let before = step.previous(.c)
    let looks = step.weights.parameters["v"] ?? []
    let past = step.sums + 3 * units
    let skips = step.shape.options["skip"] != 0
    step.fill(.z) { zSum[$0] }
    step.fill(.f) { Real.sigmoid(fSum[$0] + before[$0] * looks[$0]) }
    step.fill(.r) { Real.sigmoid(rSum[$0] + before[$0] * looks[units + $0]) }
    step.fill(.c) { f[$0] * before[$0] + (1 - f[$0]) * z[$0] }
    step.fill(.h) { r[$0] * c[$0] + (skips ? (1 - r[$0]) * past[$0] : 0) }
  }
}
