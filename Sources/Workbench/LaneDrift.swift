import Inspector

extension GroundTruthLane {
  /// Whether it goes one way over the whole sequence, such as a count of the steps that were waited: any
  /// unit that drifts goes along with it, so that following it says nothing of the unit.
  var onlyDrifts: Bool {
    var (rises, falls) = (false, false)
    var last = Float.nan
    for value in values where !value.isNaN {
      if value > last { rises = true }
      if value < last { falls = true }
      if rises && falls { return false }
      last = value
    }
    return rises || falls
  }
}
