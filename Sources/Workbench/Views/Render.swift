import Screen

/// Draws the state. Pure: the same state gives the same cells.
///
/// - Parameter recordingProgress: how far a long recording has come, 0…1, for its progress bar.
public func render(_ state: State, recordingProgress: Double = 1) -> Grid {
  var grid = Grid(width: state.width, height: state.height, fill: state.theme.blank)
  guard hasRoom(state) else {
    drawTooSmall(state, needed: minimumSize(state), into: &grid)
    return grid
  }
  let frame = FrameLayout(state)
  TitleBar(state: state).draw(into: &grid)
  if state.help != nil {
    HelpView(state: state).draw(into: &grid, at: frame.helpArea)
  } else {
    SequenceStrip(state: state).draw(into: &grid, at: frame.sequence)
    if let numbers = NumericReadout(state) {
      numbers.draw(into: &grid, at: frame.prediction)
    } else {
      PredictionRow(state: state).draw(into: &grid, at: frame.prediction)
      if frame.prediction.height > 1 {
        let area = frame.prediction
        TermsRow(state)?.draw(
          into: &grid, at: Rect(x: area.x, y: area.y + 1, width: area.width, height: 1))
      }
    }
    if let form = ExportView(state) {
      form.draw(into: &grid, at: frame.body)
    } else {
      drawView(state, into: &grid, at: frame.body)
    }
    MatchBox(state)?.draw(into: &grid, at: frame.matches)
    TourBox(state)?.draw(into: &grid, at: frame.tour)
  }
  FooterBar(state: state, progress: recordingProgress).draw(into: &grid)
  return grid
}

private func drawView(_ state: State, into grid: inout Grid, at body: Rect) {
  switch state.view {
  case .lanes: LanesView(state: state).draw(into: &grid, at: body)
  case .cell: CellView(state: state).draw(into: &grid, at: body)
  case .unit: UnitView(state: state).draw(into: &grid, at: body)
  case .text: TextView(state: state).draw(into: &grid, at: body)
  case .table: TableView(state: state).draw(into: &grid, at: body)
  case .compare: CompareView(state: state).draw(into: &grid, at: body)
  case .why: WhyView(state: state).draw(into: &grid, at: body)
  case .flow: FlowView(state: state).draw(into: &grid, at: body)
  }
}

/// Where the parts that every view has stand, and what is left for the view.
struct FrameLayout {
  let sequence: Rect
  let prediction: Rect
  let body: Rect
  /// Where the matches of a span are listed; empty where there are none, or no room.
  let matches: Rect
  /// Empty where no tour is on.
  let tour: Rect
  let helpArea: Rect

  /// Whether there are rows for blanks, and for more than must be there.
  static func isAiry(_ state: State) -> Bool { state.height >= 34 }

  /// Rows that every view has room in.
  static let leastBody = 11

  /// A body without its last row where that stands on the footer and there are rows to spare.
  static func aboveFooter(_ body: Rect, _ state: State) -> Rect {
    guard isAiry(state), body.maxY == state.height - 1 else { return body }
    return Rect(x: body.x, y: body.y, width: body.width, height: body.height - 1)
  }

  init(_ state: State) {
    let inset = state.width >= 100 ? 2 : 1
    let width = state.width - 2 * inset
    let isAiry = Self.isAiry(state)
    let top = isAiry ? 2 : 1
    sequence = Rect(x: inset, y: top, width: width, height: SequenceStrip.height(state))
    let predictionHeight =
      NumericReadout(state)?.height
      ?? (PredictionRow.isShown(state) ? TermsRow.isShown(state) ? 2 : 1 : 0)
    prediction = Rect(x: inset, y: sequence.maxY, width: width, height: predictionHeight)
    let bodyTop = prediction.maxY + (isAiry ? 1 : 0)
    let tourHeight = TourBox(state)?.height ?? 0
    // A blank parts it from the footer, unless that costs the view what it needs.
    let hasGap = tourHeight > 0 && state.height - 2 - tourHeight - bodyTop >= Self.leastBody
    let tourTop = state.height - 1 - tourHeight - (hasGap ? 1 : 0)
    let listHeight =
      MatchBox(state)?.height(room: tourTop - bodyTop - Self.leastBody) ?? 0
    let listTop = tourTop - listHeight
    body = Rect(x: inset, y: bodyTop, width: width, height: listTop - bodyTop)
    matches = Rect(x: inset, y: listTop, width: width, height: listHeight)
    tour = Rect(x: inset, y: tourTop, width: width, height: tourHeight)
    helpArea = Rect(x: inset, y: 1, width: width, height: state.height - 2)
  }
}

/// Whether the window is large enough for the views.
func hasRoom(_ state: State) -> Bool {
  let needed = minimumSize(state)
  return state.width >= needed.width && state.height >= needed.height
}

/// What the views need at the least: the way of the cell's slow state down to its gates, and whatever
/// stands above and below it here.
private func minimumSize(_ state: State) -> (width: Int, height: Int) {
  let smallest = (width: 60, height: 16)
  guard state.height >= smallest.height, state.help == nil else { return smallest }
  let frame = FrameLayout(state)
  let missing = max(0, FrameLayout.leastBody - (frame.tour.y - frame.body.y))
  return (smallest.width, missing > 0 ? state.height + missing : smallest.height)
}

private func drawTooSmall(_ state: State, needed: (width: Int, height: Int), into grid: inout Grid)
{
  let lines = Words.tooSmall(width: needed.width, height: needed.height)
  let top = max(0, (state.height - lines.count) / 2)
  for (row, line) in lines.enumerated() {
    let text = line.fitted(to: state.width)
    grid.put(text, x: max(0, (state.width - text.displayWidth) / 2), y: top + row, state.theme.text)
  }
}
