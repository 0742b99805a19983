/// The LSTM as it was first: no forget gate, so that c only ever grows by what is written (Hochreiter &
/// Schmidhuber 1997, https://doi.org/10.1162/neco.1997.9.8.1735).
enum LSTM1997: CellDefinition {
  static let about = CellDescription(
    name: "lstm1997", title: "LSTM of 1997", withArticle: "an LSTM of 1997, without a forget gate",
    gates: [.z, .i, .o],
    signals: [
      .init(.z, .candidate, "candidate"),
      .init(.i, .gate, "input gate"),
      .init(.o, .gate, "output gate"),
      .init(.c, .slow, "cell state, slow", short: "cell, slow", range: .unbounded),
      .init(.h, .fast, "hidden state, fast", short: "hidden, fast"),
    ], carried: [.c],
    sum: SlowSum(memory: .c, keep: .one, gate: .signal(.i), candidate: .z),
    equations: ["c = c′ + i·z", "h = o·tanh c"], elementwise: 2)

  static func step<Real: CellNumber>(_ step: CellStep<Real>) {
    step.addRecurrent(step.previous(.h))
    let (z, i, o, c) = (step.now(.z), step.now(.i), step.now(.o), step.now(.c))
    let (zSum, iSum, oSum) = (step.sum(.z), step.sum(.i), step.sum(.o))
    let before = step.previous(.c)
    step.fill(.z) { step.candidate(zSum[$0]) }
    step.fill(.i) { step.gate(iSum[$0]) }
    step.fill(.c) { before[$0] + i[$0] * z[$0] }
    step.fill(.o) { step.gate(oSum[$0]) }
    step.fill(.h) { o[$0] * Real.apply(step.shape.activations.output, c[$0]) }
  }
}
