/// Just another network: an LSTM with its forget gate alone (van der Westhuizen & Lasenby 2018,
/// https://arxiv.org/abs/1804.04849). What it writes hangs on the same sum s, less β: i = 1 - σ(s - β).
enum JANET: CellDefinition {
  static let about = CellDescription(
    name: "janet", title: "JANET", withArticle: "a JANET", gates: [.f, .z],
    signals: [
      .init(.z, .candidate, "candidate"),
      .init(.f, .gate, "forget gate"),
      .init(.i, .gate, "write gate, 1 - σ(s-β)", short: "write gate"),
      .init(.c, .slow, "cell state, slow", short: "cell, slow", range: .unbounded),
      .init(.h, .slow, "hidden state, c itself", short: "hidden = c", range: .unbounded),
    ], carried: [.c],
    sum: SlowSum(memory: .c, keep: .signal(.f), gate: .signal(.i), candidate: .z),
    equations: ["c = f·c′ + i·z", "h = c"], elementwise: 2)

  static func parameters(_ shape: LayerShape) -> [String: Int] { ["beta": 1] }

  static func step<Real: CellNumber>(_ step: CellStep<Real>) {
    step.addRecurrent(step.previous(.h))
    let (z, f, i, c) = (step.now(.z), step.now(.f), step.now(.i), step.now(.c))
    let (zSum, fSum) = (step.sum(.z), step.sum(.f))
    let before = step.previous(.c)
    let beta = step.weights.parameters["beta"]?.first ?? 0
    step.fill(.z) { step.candidate(zSum[$0]) }
    step.fill(.f) { step.gate(fSum[$0]) }
    step.fill(.i) { 1 - step.gate(fSum[$0] - beta) }
    step.fill(.c) { f[$0] * before[$0] + i[$0] * z[$0] }
    step.fill(.h) { c[$0] }
  }
}
