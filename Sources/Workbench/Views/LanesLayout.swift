import Recurrent
import Screen

/// How the lanes share a body: where each stands, how large a cell of its heatmap is, which steps and
/// units can be seen, and whether the unit's words have room.
struct LanesLayout {
  /// A lane an entry, by its index among the signals; nil where another has the whole screen.
  private(set) var frames: [LaneFrame?]
  /// Where the words of the unit stand, and what is left under them.
  private(set) var panel: Rect
  private(set) var hasLargePanel: Bool
  private let hand: Int

  init(_ state: State) {
    self.init(state, body: FrameLayout(state).body)
  }

  init(_ state: State, body: Rect) {
    let lanes = state.currentTrack.signals.count
    frames = Array(repeating: nil, count: lanes)
    panel = body
    hasLargePanel = false
    hand = state.lane
    let body = FrameLayout.aboveFooter(body, state)
    switch state.zoom.size {
    case .place: placeAll(state, body)
    case .half: placeHalf(state, body)
    case .whole: placeWhole(state, body)
    }
  }

  /// Where the lane in hand stands.
  var frame: LaneFrame? { frames[hand] }
  /// Steps that are seen of the lane in hand.
  var visibleSteps: Int { frame?.time.visible ?? 1 }

  /// Whether the row under a lane has nothing in it.
  func isFree(under lane: LaneFrame) -> Bool { isFree(lane.area.maxY) }

  /// The row under a lane in which a line around it closes; nil where there is none.
  func edge(under lane: LaneFrame) -> Int? {
    // Under the steps' numbers if there are two blank rows, else through them.
    let rows = [lane.area.maxY, lane.area.maxY + 1].prefix { isFree($0) }
    return rows.last
  }

  /// Whether nothing stands in a row, of lanes or words.
  private func isFree(_ row: Int) -> Bool {
    let words = panel.y + (hasLargePanel ? 1 : 0)
    return row < words && !frames.contains { $0.map { $0.area.y == row } ?? false }
  }

  /// Whether the numbers of the steps stand under any lane.
  var hasRulers: Bool {
    frames.contains { $0.map { $0.hasRuler || isFree(under: $0) } ?? false }
  }

  /// Where the unit's chart has room, under its words and a blank.
  var chart: Rect {
    let words = (hasLargePanel ? UnitPanel.largeHeight : UnitPanel.smallHeight) + 1
    return Rect(
      x: panel.x, y: panel.y + words, width: panel.width, height: panel.height - words)
  }

  // MARK: - Every lane in its place

  private mutating func placeAll(_ state: State, _ body: Rect) {
    let lanes = frames.count
    let units = min(state.shownCount, 8)
    // Seven lanes, of a projected LSTM, stand in two rows where legends have room in four columns.
    let most = lanes > 6 && body.width >= 112 ? 4 : lanes > 4 ? 3 : lanes > 1 ? 2 : 1
    let columns = self.columns(atMost: most, state, body)
    let rows = (lanes + columns - 1) / columns
    // The large panel, if every unit still has its row with it; else the small one.
    let withLarge = body.height - UnitPanel.largeHeight - rows - (rows - 1)
    hasLargePanel = withLarge >= rows * units
    let panelHeight = hasLargePanel ? UnitPanel.largeHeight : UnitPanel.smallHeight
    // Blanks between the lanes and before the words, where no unit has to give up its row for them: one
    // for the steps' numbers and one that parts. The large panel brings one of its own.
    var spare = body.height - panelHeight - rows * (1 + units)
    let whole = 2 * (rows - 1) + (hasLargePanel ? 1 : 2)
    let rowGap = spare >= whole ? 2 : spare >= rows - 1 ? 1 : 0
    spare -= rowGap * (rows - 1)
    let panelGap =
      spare > 0 && (rowGap == 2 || !hasLargePanel) ? hasLargePanel ? 1 : min(spare, rowGap) : 0
    let bottom = place(
      Array(0..<lanes), state,
      in: Rect(
        x: body.x, y: body.y, width: body.width, height: body.height - panelHeight - panelGap),
      columns: columns, rowGap: rowGap)
    placePanel(body, from: bottom + panelGap)
  }

  /// How many lanes stand side by side. Where all steps are wanted, so many that every step has a column
  /// and every unit a row, or half of one; if that cannot be, as many as can be.
  private func columns(atMost most: Int, _ state: State, _ body: Rect) -> Int {
    guard state.zoom.time == .everything else { return most }
    let track = state.currentTrack
    let labels = String(track.number(of: track.units - 1)).count + 1
    let capabilities = state.theme.capabilities
    let unitsPerRow = capabilities.heatByColor && capabilities.unicode ? 2 : 1
    let fitting = (1...most).last { columns in
      let rows = (frames.count + columns - 1) / columns
      let width = (body.width - Self.gap(state) * (columns - 1)) / columns - labels
      let height = (body.height - UnitPanel.smallHeight) / rows - 1
      return width >= state.session.length && height * unitsPerRow >= state.shownCount
    }
    return fitting ?? most
  }

  /// Puts lanes side by side and above each other, as large as they need and the area allows.
  ///
  /// - Returns: the row under them.
  private mutating func place(
    _ lanes: [Int], _ state: State, in area: Rect, columns: Int, rowGap: Int
  ) -> Int {
    let rows = (lanes.count + columns - 1) / columns
    let gap = Self.gap(state)
    let width = (area.width - gap * (columns - 1)) / columns
    let height = max(2, (area.height - rowGap * (rows - 1)) / rows)
    let frame = LaneFrame(
      state, in: Rect(x: area.x, y: area.y, width: width, height: height),
      of: state.currentTrack, unitCount: state.shownCount)
    for (index, lane) in lanes.enumerated() {
      let (row, column) = index.quotientAndRemainder(dividingBy: columns)
      frames[lane] = frame.moved(
        by: Point(x: column * (width + gap), y: row * (frame.area.height + rowGap)))
    }
    return area.y + rows * frame.area.height + (rows - 1) * rowGap
  }

  /// Columns between lanes side by side.
  private static func gap(_ state: State) -> Int { state.width >= 100 ? 3 : 2 }

  private mutating func placePanel(_ body: Rect, from top: Int) {
    panel = Rect(x: body.x, y: top, width: body.width, height: body.maxY - top)
  }

  // MARK: - A lane that has grown

  /// Whether there is a row for the steps' numbers that no unit has to give up its own for.
  static func hasRuler(_ area: Rect, units: Int) -> Bool {
    area.height >= 8 && area.height - 1 != units
  }

  private mutating func placeWhole(_ state: State, _ body: Rect) {
    let gap = FrameLayout.isAiry(state) ? 1 : 0
    let area = Rect(
      x: body.x, y: body.y, width: body.width, height: body.height - UnitPanel.smallHeight - gap)
    let units = state.shownCount
    let frame = LaneFrame(
      state, in: area, of: state.currentTrack, unitCount: units,
      hasRuler: Self.hasRuler(area, units: units))
    frames[hand] = frame
    placePanel(body, from: frame.area.maxY + gap)
  }

  private mutating func placeHalf(_ state: State, _ body: Rect) {
    let others = frames.indices.filter { $0 != hand }
    guard !others.isEmpty else { return placeWhole(state, body) }
    let gap = FrameLayout.isAiry(state) ? 1 : 0
    let room = body.height - UnitPanel.smallHeight - gap
    let upper = Rect(x: body.x, y: body.y, width: body.width, height: max(2, (room - gap) / 2))
    let units = state.shownCount
    let frame = LaneFrame(
      state, in: upper, of: state.currentTrack, unitCount: units,
      hasRuler: Self.hasRuler(upper, units: units))
    frames[hand] = frame
    let top = frame.area.maxY + gap
    let lower = Rect(
      x: body.x, y: top, width: body.width, height: body.y + room - top)
    // Two rows of lanes where every unit has a row of the screen in them, else one.
    let columns = others.count > 3 ? 3 : others.count
    let rows = (others.count + columns - 1) / columns
    let hasRoom = lower.height >= rows * (1 + min(units, 12)) + (rows - 1) * gap
    let bottom = place(
      others, state, in: lower, columns: hasRoom ? columns : others.count, rowGap: gap)
    placePanel(body, from: bottom + gap)
  }
}
