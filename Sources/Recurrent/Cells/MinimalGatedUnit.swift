/// The minimal gated unit: one gate that both forgets and lets h′ into the candidate (Zhou et al. 2016,
/// https://arxiv.org/abs/1603.09420).
enum MinimalGatedUnit: CellDefinition {
  static let about = CellDescription(
    name: "mgu", title: "MGU", withArticle: "an MGU", gates: [.f, .n],
    signals: [
      .init(.f, .gate, "forget gate"),
      .init(.n, .candidate, "candidate"),
      .init(.h, .slow, "hidden state, slow", short: "hidden, slow"),
    ], sum: SlowSum(memory: .h, keep: .rest(of: .f), gate: .signal(.f), candidate: .n),
    equations: ["n = tanh(W x + R (f·h′) + b)", "h = (1-f)·h′ + f·n"], elementwise: 3)

  static func step<Real: CellNumber>(_ step: CellStep<Real>) {
    let before = step.previous(.h)
    step.addRecurrent(before, to: [.f])
    let (f, n) = (step.now(.f), step.now(.n))
    let (fSum, nSum) = (step.sum(.f), step.sum(.n))
    step.fill(.f) { step.gate(fSum[$0]) }
    for unit in 0..<step.units { step.scratch[unit] = f[unit] * before[unit] }
    step.addRecurrent(step.scratch, to: [.n])
    step.fill(.n) { step.candidate(nSum[$0]) }
    step.fill(.h) { f[$0] * n[$0] + (1 - f[$0]) * before[$0] }
  }
}
