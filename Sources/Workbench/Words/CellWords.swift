/// What the pictures of the cells say.
extension Words {
  // A GRU's h: what stays of it, and what is new.
  static let keep = "keep"
  static let renew = "renew"
  static let reset = "reset"
  /// Beside the product with r.
  static let resetReaches = "h′, not x"
  static let peepholes = "f and i see c′ too, o sees c"
  /// What enters a layer that has another below.
  static func hidden(ofLayer layer: Int, isShort: Bool) -> String {
    isShort ? "h of l\(layer)" : "h of layer \(layer)"
  }
  static func plainEquation(_ activation: String) -> String {
    "h = \(activation)(W x + R h′ + b) = "
  }
}
