/// What interventions at a step mean to the way back through it: a signal's final value is a constant,
/// or goes with the one that the cell computed.
public struct StepChanges: Sendable {
  /// ∂ final / ∂ computed, of signals that are changed, a unit an entry.
  public var factors: [Signal: [Float]] = [:]
  /// The values that the cell computed, of the same signals; anything where the factor is 0.
  public var computed: [Signal: [Float]] = [:]
  /// What is added to the gradient of the final value: from steps that hold it frozen.
  public var arriving: [Signal: [Float]] = [:]

  public init() {}

  /// A signal's factors and values for the loop over the units.
  func slopes(_ signal: Signal) -> Slopes? {
    let (factors, arriving) = (factors[signal], arriving[signal])
    guard factors != nil || arriving != nil else { return nil }
    return Slopes(factors: factors, computed: computed[signal], arriving: arriving)
  }

  struct Slopes {
    let factors: [Float]?
    let computed: [Float]?
    let arriving: [Float]?
  }
}

extension StepChanges.Slopes? {
  /// The gradient of the final value, with what else reaches it.
  func reached(_ unit: Int, _ gradient: Float) -> Float {
    guard let arriving = self?.arriving else { return gradient }
    return gradient + arriving[unit]
  }

  /// What of the gradient of the final value is that of the computed one.
  func passed(_ unit: Int, _ gradient: Float) -> Float {
    guard let factors = self?.factors else { return gradient }
    return gradient * factors[unit]
  }

  /// The value that the cell computed where the final one is this.
  func before(_ unit: Int, _ value: Float) -> Float { self?.computed?[unit] ?? value }
}
