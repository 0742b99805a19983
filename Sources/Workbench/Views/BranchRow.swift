import Inspector
import Screen

/// The tree of the branches under the sequence, where the screen has a row for it.
struct BranchRow {
  let state: State

  static func height(_ state: State) -> Int {
    state.arrangement.branches.isEmpty || state.height < smallestHeight ? 0 : 1
  }

  /// On a small screen a row is a unit's.
  private static let smallestHeight = 28

  func draw(into grid: inout Grid, at area: Rect) {
    let label = Words.branchesLabel + "  "
    let x = grid.put(label, x: area.x, y: area.y, state.theme.muted, limit: area.width)
    grid.put(
      state.arrangement.branches.treeText, x: x, y: area.y, state.theme.text,
      limit: area.maxX - x)
  }
}

extension State {
  /// Steps of the shown run on which something is changed.
  var changedSteps: StepSet {
    StepSet(
      (runs.shown.changed?.interventions.map(\.steps) ?? [])
        + (runs.shown.changed?.editedSteps ?? []))
  }

  /// Some ranges of steps.
  struct StepSet {
    private let ranges: [Range<Int>]
    init(_ ranges: [Range<Int>]) { self.ranges = ranges }
    func contains(_ step: Int) -> Bool { ranges.contains { $0.contains(step) } }
  }
}
