import Recurrent
import Screen

/// Where the parts of a cell's diagram stand. Eight places stand side by side; the slow state flows
/// along the upper row, through the unit in hand, and what feeds it stands in the lower row over the bus
/// that brings x and h'. What has no room leaves in this order: blanks, the stages' own row; units are
/// then shown by pages.
struct DiagramLayout {
  /// What a cell asks for.
  struct Form {
    /// Rows between the lower strips and the bus that must be there.
    var rowsOverBus = 0
    /// Whether there are strips in a lower row.
    var hasLower = true
    /// Whether what each operator does may stand beside it.
    var explainsOperators = true
    /// Columns of what stands at the left end of the bus.
    var inputWidth: Int
  }

  let body: Rect
  /// The places of the units that are seen.
  let places: Range<Int>
  let cellHeight: Int
  let labelWidth: Int
  let stripWidth: Int
  private let pitch: Int
  private let firstSlot: Int

  // Rows, from the top.
  let stageRow: Int
  let upperStrips: Int
  /// Where the slow state flows: the number of the unit in hand.
  let flowRow: Int
  let upperEnd: Int
  /// Where i meets z, and o meets tanh c.
  let bracketRow: Int
  let lowerLabels: Int
  let lowerStrips: Int
  /// The row after the last of the lower strips.
  let lowerEnd: Int
  let activationRow: Int
  let busRow: Int
  /// Nil where what it says stands beside the operators.
  let equationRow: Int?

  /// Columns from which on there is room beside the operators.
  static let roomForEquations = 180

  init(_ state: State, body: Rect, form: Form) {
    let body = FrameLayout.aboveFooter(body, state)
    self.body = body
    let count = state.shownCount
    let isWide = body.width >= Self.roomForEquations && body.height >= 24
    let explains = form.explainsOperators && isWide

    // Rows always: the upper names with the stages, two down to the operators, the lower names, the
    // bus, the equation. Operators that are explained need one above them, and one under.
    // The boxes of the activations stand over the bus, never on it.
    let leastOverBus = form.hasLower ? max(1, form.rowsOverBus) : form.rowsOverBus
    let fixed = 5 + leastOverBus + (explains ? 3 : 1)
    let stacked = form.hasLower ? 2 : 1
    let visible = min(count, max(1, (body.height - fixed) / stacked))
    let scale = min(max((body.height - fixed - 8) / (stacked * visible), 1), 4)
    let strip = visible * scale
    var spare = max(0, body.height - fixed - stacked * strip)
    func spend(_ rows: Int) -> Int {
      guard spare >= rows else { return 0 }
      spare -= rows
      return rows
    }
    let beforeEquation = explains ? 0 : spend(1)
    let overBus =
      form.rowsOverBus > 0 || !form.hasLower ? form.rowsOverBus : leastOverBus + spend(1)
    let ownStageRow = explains ? 1 : spend(1)
    var over = 2 + spend(1)
    var under = (explains ? 2 : 0) + spend(1)
    let gap = overBus > 0 ? spend(1) : 0
    over += spend(1)
    let bottom = spend(1) + spend(1)
    under += spend(1)
    over += min(spare / 2, 6)

    cellHeight = scale
    let first = Paging.first(showing: state.placeOfUnit, visible: visible, count: count)
    places = first..<first + visible
    labelWidth = String(state.currentTrack.number(of: state.currentTrack.units - 1)).count
    let room = body.width - labelWidth - 2
    stripWidth = room >= 8 * 7 + 7 * 2 ? min(6 + max(0, (room - 110) / 16), 9) : 3
    // The way from x to the bus has to begin before h' comes down to it.
    firstSlot = body.x + max(labelWidth + 2, form.inputWidth + 2 - stripWidth / 2)
    pitch = (body.maxX - firstSlot - stripWidth - 1) / 7

    stageRow = body.y
    upperStrips = body.y + ownStageRow + 1
    flowRow = upperStrips + (state.placeOfUnit - first) * scale + (scale - 1) / 2
    upperEnd = upperStrips + strip
    bracketRow = upperEnd + over - 1
    lowerLabels = bracketRow + 1 + under
    lowerStrips = lowerLabels + 1
    lowerEnd = form.hasLower ? lowerStrips + strip : lowerLabels
    activationRow = lowerEnd + gap
    busRow = lowerEnd + overBus + gap
    equationRow = explains ? nil : min(busRow + 1 + beforeEquation + bottom, body.maxY - 1)
  }

  /// The row after the last that a readout may take.
  var readoutEnd: Int { equationRow ?? body.maxY }

  func left(_ slot: Int) -> Int { firstSlot + slot * pitch }
  func right(_ slot: Int) -> Int { left(slot) + stripWidth }
  func center(_ slot: Int) -> Int { left(slot) + stripWidth / 2 }

  /// Where the units' numbers stand.
  var numberColumn: Int { firstSlot - 2 - labelWidth }
  /// The row of a unit's number, from the top of a strip.
  func offset(of place: Int) -> Int {
    (place - places.lowerBound) * cellHeight + (cellHeight - 1) / 2
  }
  /// The row of the unit in hand in the lower strips.
  var lowerFlowRow: Int { lowerStrips + flowRow - upperStrips }
}
