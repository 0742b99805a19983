import Inspector
import Recurrent
import Screen

/// Which values of a heatmap somebody has changed: a line under each.
struct ChangeMarks {
  private let changes: [(steps: Range<Int>, units: Set<Int>)]

  /// Those of a signal of the run that is shown; of another run, or of a difference, there are none.
  init(_ state: State, of source: SignalSource) {
    guard case .signal(let signal) = source, signal.trace === state.trace else {
      changes = []
      return
    }
    changes = (state.runs.shown.changed?.interventions ?? [])
      .filter { $0.track == signal.track && $0.signal == signal.signal }
      .map { ($0.steps, Set($0.units)) }
  }

  var isEmpty: Bool { changes.isEmpty }

  /// Whether any of some units is changed at any of some steps.
  func touch(_ steps: Range<Int>, _ units: some Sequence<Int>) -> Bool {
    changes.contains { change in
      change.steps.overlaps(steps) && units.contains { change.units.contains($0) }
    }
  }
}

extension HeatLane {
  /// After all else, so that the cursor does not hide what was changed under it. Two units in a row leave
  /// no room.
  func drawChanges(into grid: inout Grid) {
    let marks = ChangeMarks(state, of: source)
    guard !marks.isEmpty, !frame.isHalved else { return }
    for line in frame.units.lines {
      let first = line * frame.units.perLine
      let places = first..<min(first + frame.units.perLine, frame.units.count)
      let y =
        frame.heat.y + (line - frame.units.firstLine) * frame.units.cellSize
        + frame.units.cellSize - 1
      for column in frame.time.lines {
        let start = column * frame.time.perLine
        guard marks.touch(start..<start + frame.time.perLine, places.lazy.map(state.unit(at:)))
        else { continue }
        let x = frame.heat.x + (column - frame.time.firstLine) * frame.time.cellSize
        for x in x..<x + frame.time.cellSize { underline(&grid, x, y) }
      }
    }
  }

  private func underline(_ grid: inout Grid, _ x: Int, _ y: Int) {
    if state.theme.capabilities.heatByColor, grid[x, y].scalar == " " {
      grid[x, y] = Cell("▁", state.theme.accent.on(grid[x, y].style.background))
    } else {
      grid[x, y].style.attributes.formUnion(.underline)
    }
  }
}
