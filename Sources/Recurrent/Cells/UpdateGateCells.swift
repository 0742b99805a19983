/// The update-gate recurrent network: a GRU without its reset (Collins, Sohl-Dickstein & Sussillo 2017,
/// https://arxiv.org/abs/1611.09913).
enum UGRNN: CellDefinition {
  static let about = updateGateCell(
    name: "ugrnn", title: "UGRNN", withArticle: "a UGRNN", candidate: "tanh")

  static func step<Real: CellNumber>(_ step: CellStep<Real>) { stepUpdateGate(step) }
}

/// The light GRU: no reset, and relu for the candidate, whose range is open above (Ravanelli et al. 2018,
/// https://arxiv.org/abs/1803.10225; without its batch normalisation).
enum LightGRU: CellDefinition {
  static let about = updateGateCell(
    name: "ligru", title: "LiGRU", withArticle: "a LiGRU", candidate: "relu")

  static func step<Real: CellNumber>(_ step: CellStep<Real>) { stepUpdateGate(step) }
}

private func updateGateCell(
  name: String, title: String, withArticle: String, candidate: String
) -> CellDescription {
  CellDescription(
    name: name, title: title, withArticle: withArticle, gates: [.u, .n],
    signals: [
      .init(.u, .gate, "update gate"),
      .init(.n, .candidate, "candidate"),
      .init(.h, .slow, "hidden state, slow", short: "hidden, slow"),
    ], sum: SlowSum(memory: .h, keep: .signal(.u), gate: .rest(of: .u), candidate: .n),
    equations: ["n = \(candidate)(W x + R h′ + b)", "h = (1-u)·n + u·h′"], elementwise: 2)
}

private func stepUpdateGate<Real: CellNumber>(_ step: CellStep<Real>) {
  let before = step.previous(.h)
  step.addRecurrent(before)
  let (u, n) = (step.now(.u), step.now(.n))
  let (uSum, nSum) = (step.sum(.u), step.sum(.n))
  step.fill(.u) { step.gate(uSum[$0]) }
  step.fill(.n) { step.candidate(nSum[$0]) }
  step.fill(.h) { (1 - u[$0]) * n[$0] + u[$0] * before[$0] }
}
