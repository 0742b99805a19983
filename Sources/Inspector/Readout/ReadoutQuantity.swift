/// What a readout says at a step, and what follows from it. The names are those of every file.
public enum ReadoutQuantity: String, Sendable, CaseIterable, Hashable {
  /// y = softmax(V h + b), σ(V h + b) or V h + b: a value an output.
  case y
  /// What y gives to the token that comes next.
  case next = "y_next"
  /// -ln of that, in nats: the cross-entropy at the step.
  case loss
  /// -Σ y ln y, in nats: how undecided a softmax is.
  case entropy
}
