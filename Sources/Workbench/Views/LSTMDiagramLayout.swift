import Screen

/// Where the parts of an LSTM's diagram stand. What has no room leaves in this order: blanks, the rows
/// of the activations, the stages' own row; units are then shown by pages.
struct LSTMDiagramLayout {
  /// The vectors, by their place from left to right.
  enum Place {
    case previousCell, previousHidden, forget, keptCell, input, candidate, cell, output, hidden

    var slot: Int {
      switch self {
      case .previousCell, .previousHidden: 0
      case .forget: 1
      case .keptCell: 2
      case .input: 3
      case .candidate: 4
      case .cell: 5
      case .output: 6
      case .hidden: 7
      }
    }
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
  /// Where the slow state flows: the middle of the upper strips.
  let flowRow: Int
  /// Where i meets z, and o meets tanh c.
  let bracketRow: Int
  let lowerLabels: Int
  let lowerStrips: Int
  /// The row after the last of the lower strips.
  let lowerEnd: Int
  let activationRow: Int?
  let busRow: Int
  let equationRow: Int

  init(_ state: State, body: Rect) {
    self.body = body
    let count = state.shownCount

    // Four rows always: the stages with the upper names, the lower names, the bus, the equation.
    let shown = min(count, max(1, (body.height - 4) / 2))
    let visible =
      shown >= Self.smallestUpper
      ? shown
      : min(count, max(1, body.height - 4 - Self.smallestUpper))
    let scale = min(max((body.height - 12) / (2 * visible), 1), 2)
    let strip = visible * scale
    let upper = max(strip, Self.smallestUpper)
    var spare = max(0, body.height - 4 - upper - strip)
    func spend(_ rows: Int) -> Int {
      guard spare >= rows else { return 0 }
      spare -= rows
      return rows
    }
    let beforeEquation = spend(1)
    let activations = spend(2)
    let ownStageRow = spend(1)
    let middle = spend(1) + spend(1)
    let activationGap = activations > 0 ? spend(1) : 0
    let bottom = spend(1) + spend(1)

    cellHeight = scale
    let first = Paging.first(showing: state.placeOfUnit, visible: visible, count: count)
    places = first..<first + visible
    labelWidth = String(state.currentTrack.number(of: state.currentTrack.units - 1)).count
    firstSlot = body.x + labelWidth + 2
    let room = body.maxX - firstSlot
    stripWidth = room >= 8 * 7 + 7 * 2 ? min(6 + max(0, (room - 110) / 16), 9) : 3
    pitch = (room - stripWidth - 1) / 7

    stageRow = body.y
    upperStrips = body.y + ownStageRow + 1
    flowRow = upperStrips + (strip - 1) / 2
    let upperEnd = upperStrips + upper
    bracketRow = upperEnd + middle - 2
    lowerLabels = upperEnd + middle
    lowerStrips = lowerLabels + 1
    lowerEnd = lowerStrips + strip
    activationRow = activations > 0 ? lowerEnd + activationGap : nil
    busRow = lowerEnd + activations + activationGap
    equationRow = min(busRow + 1 + beforeEquation + bottom, body.maxY - 1)
  }

  /// Rows that the way from the slow state down to the gates takes at the least.
  private static let smallestUpper = 7

  func left(_ place: Place) -> Int { firstSlot + place.slot * pitch }
  func right(_ place: Place) -> Int { left(place) + stripWidth }
  func center(_ place: Place) -> Int { left(place) + stripWidth / 2 }

  /// Between i and z.
  var plusColumn: Int { (center(.input) + center(.candidate)) / 2 }
  /// Between o and h.
  var outputColumn: Int { (center(.output) + center(.hidden)) / 2 }
}
