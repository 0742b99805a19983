/// The independently recurrent network: each unit sees its own h′ alone (Li et al. 2018,
/// https://arxiv.org/abs/1803.04831).
enum IndRNN: CellDefinition {
  static let about = CellDescription(
    name: "indrnn", title: "IndRNN", withArticle: "an IndRNN", gates: [.h],
    signals: [.init(.h, .state, "hidden state, only memory", short: "hidden state")],
    equations: ["h = act(W x + v·h′ + b)"], elementwise: 0)

  static func recurrentSize(_ shape: LayerShape) -> (rows: Int, columns: Int) { (0, 0) }
  static func parameters(_ shape: LayerShape) -> [String: Int] { ["v": shape.hiddenSize] }

  static func step<Real: CellNumber>(_ step: CellStep<Real>) {
    let (sum, before) = (step.sum(.h), step.previous(.h))
    let own = step.weights.parameters["v"] ?? []
    step.fill(.h) { step.candidate(sum[$0] + own[$0] * before[$0]) }
  }
}
