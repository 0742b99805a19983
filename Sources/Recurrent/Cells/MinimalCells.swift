/// The minimal GRU: gates and candidate see x alone, so that all steps can be computed at once (Feng et
/// al. 2024, https://arxiv.org/abs/2410.01201). Its u is the share that is written, and h stays positive
/// (appendix B): n = x + ½ above 0, σ(x) below.
enum MinGRU: CellDefinition {
  static let about = CellDescription(
    name: "mingru", title: "minGRU", withArticle: "a minGRU", gates: [.n, .u],
    signals: [
      .init(.u, .gate, "update gate, what it writes", short: "update gate", range: .unit),
      .init(.n, .candidate, "candidate", range: .unbounded),
      .init(.h, .slow, "hidden state, slow", short: "hidden, slow", range: .unbounded),
    ], sum: SlowSum(memory: .h, keep: .rest(of: .u), gate: .signal(.u), candidate: .n),
    equations: ["u = σ(W x)   n = g(W x), x+½ above 0 and σ(x) below", "h = (1-u)·h′ + u·n"],
    elementwise: 2)

  static func recurrentSize(_ shape: LayerShape) -> (rows: Int, columns: Int) { (0, 0) }

  static func step<Real: CellNumber>(_ step: CellStep<Real>) {
    let (u, n) = (step.now(.u), step.now(.n))
    let (uSum, nSum) = (step.sum(.u), step.sum(.n))
    let before = step.previous(.h)
    step.fill(.u) { Real.sigmoid(uSum[$0]) }
    step.fill(.n) { positive(nSum[$0]) }
    step.fill(.h) { (1 - u[$0]) * before[$0] + u[$0] * n[$0] }
  }
}

/// The minimal LSTM: its two gates are shares of one, f + i = 1 (the same paper).
enum MinLSTM: CellDefinition {
  static let about = CellDescription(
    name: "minlstm", title: "minLSTM", withArticle: "a minLSTM", gates: [.n, .f, .i],
    signals: [
      .init(.f, .gate, "forget gate, its share", short: "forget gate", range: .unit),
      .init(.i, .gate, "input gate, its share", short: "input gate", range: .unit),
      .init(.n, .candidate, "candidate", range: .unbounded),
      .init(.h, .slow, "hidden state, slow", short: "hidden, slow", range: .unbounded),
    ], sum: SlowSum(memory: .h, keep: .signal(.f), gate: .signal(.i), candidate: .n),
    equations: [
      "f = σ(a)/(σ(a)+σ(b))   i = σ(b)/(σ(a)+σ(b))   n = g(W x)", "h = f·h′ + i·n",
    ], elementwise: 4)

  static func recurrentSize(_ shape: LayerShape) -> (rows: Int, columns: Int) { (0, 0) }

  static func step<Real: CellNumber>(_ step: CellStep<Real>) {
    let (f, i, n) = (step.now(.f), step.now(.i), step.now(.n))
    let (fSum, iSum, nSum) = (step.sum(.f), step.sum(.i), step.sum(.n))
    let before = step.previous(.h)
    // σ(a) / (σ(a) + σ(b)) = σ(ln σ(a) - ln σ(b)), which no small σ makes 0 / 0.
    func odds(_ unit: Int) -> Real {
      Real.logSigmoid(fSum[unit]) - Real.logSigmoid(iSum[unit])
    }
    step.fill(.f) { Real.sigmoid(odds($0)) }
    step.fill(.i) { Real.sigmoid(-odds($0)) }
    step.fill(.n) { positive(nSum[$0]) }
    step.fill(.h) { f[$0] * before[$0] + i[$0] * n[$0] }
  }
}

/// What keeps a minimal cell's h positive.
private func positive<Real: CellNumber>(_ x: Real) -> Real {
  x >= 0 ? x + 0.5 : Real.sigmoid(x)
}
