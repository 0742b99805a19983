import CLSTMKernel

/// A second thread for the products of large layers, which one core cannot feed from memory fast
/// enough. It sleeps unless steps are being taken, and changes no bit of what they give.
final class StepTeam {
  /// Nil is a team of one.
  private let team: OpaquePointer?

  /// Weights of R from which a step gains by being shared: 128 units of an LSTM have 65536.
  private static let smallestShared = 50_000

  /// Whether a layer's products are shared.
  static func helps(_ shape: LayerShape) -> Bool {
    shape.gateRows.multipliedReportingOverflow(by: shape.recurrentSize).partialValue
      >= smallestShared
  }

  /// A helper where one of the layers is large.
  ///
  /// - Parameter alone: none in any case.
  init(for layers: some Sequence<LayerShape>, alone: Bool = false) {
    team = !alone && layers.contains(where: Self.helps) ? gs_team_create() : nil
  }

  deinit { gs_team_destroy(team) }

  /// The team for a layer's products; nil for small ones, which are done sooner than shared.
  func pointer(for shape: LayerShape) -> OpaquePointer? { Self.helps(shape) ? team : nil }

  /// Keeps the helper awake while steps are taken.
  func work(_ steps: () -> Void) {
    gs_team_wake(team)
    steps()
    gs_team_rest(team)
  }
}
