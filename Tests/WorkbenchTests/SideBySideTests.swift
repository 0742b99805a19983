import Screen
import Testing

@testable import Workbench

/// Two steps in a column of the screen, where all steps are asked for and no row holds two units.
@Suite struct SideBySideTests {
  private static let axes:
    [(steps: Int, columns: Int, scale: TimeScale, perCell: Int, perLine: Int)] = [
      (66, 33, .everything, 1, 2), (66, 66, .everything, 1, 1), (67, 33, .everything, 2, 4),
      (66, 40, .steps(2), 1, 2), (660, 40, .steps(8), 4, 8), (66, 40, .columns(1), 1, 1),
      (65, 33, .everything, 1, 2),
    ]

  @Test(arguments: axes)
  func anAxisHoldsEveryStep(
    _ testCase: (steps: Int, columns: Int, scale: TimeScale, perCell: Int, perLine: Int)
  ) {
    let axis = HeatAxis.time(
      testCase.scale, count: testCase.steps, columns: testCase.columns, showing: 0, canHalve: true)
    #expect(axis.perCell == testCase.perCell)
    #expect(axis.perLine == testCase.perLine)
    if testCase.scale == .everything { #expect(axis.things == 0..<testCase.steps) }
  }
}

extension LaneFrame {
  /// The colour of a cell of time in a row of the screen, whether it has its column alone or shares it.
  func color(ofTime cell: Int, y: Int, in grid: Grid) -> Color? {
    let x = heat.x + (cell / time.cellsPerLine - time.firstLine) * time.cellSize
    let found = grid[x + time.cellSize / 2, y]
    let isLeft = found.scalar == "▌" && cell % 2 == 0
    return isLeft ? found.style.foreground : found.style.background
  }

  /// Whether the cursor's line stands where a cell of time is drawn.
  func isUnderCursor(_ cell: Int, of step: Int) -> Bool {
    time.isOnOneLine(cell * time.perCell, step)
  }
}
