import Screen

/// Where the parts of the view stand. What has no room leaves: the curve, the heatmap, then the bars;
/// the causes never.
struct WhyLayout {
  let tabs: Int
  let question: Int
  /// Bars under the sequence; empty where the answer has none, or no room.
  let bars: Rect
  /// The tokens under them.
  let tokens: Int?
  /// The header of the causes, then their rows.
  let causes: Rect
  /// What the causes that are not seen come to, and what all of them do.
  let foot: Int
  /// A line of words over a curve or a heatmap.
  let chart: Rect?
  let keys: Int

  static let footRows = 2
  private static let leastCauses = 8
  private static let airyCauses = 8

  init(_ state: State, body: Rect, hasSteps: Bool, count: Int) {
    let footRows = Self.footRows
    let body = FrameLayout.aboveFooter(body, state)
    let isAiry = FrameLayout.isAiry(state)
    tabs = body.y
    question = body.y + 1
    var y = body.y + 2 + (isAiry ? 1 : 0)
    keys = body.maxY - 1
    let least = isAiry ? Self.airyCauses : Self.leastCauses
    var room = keys - y - footRows - 1 - least - (isAiry ? 2 : 0)
    var barRows = 0
    if hasSteps, room >= 3 {
      barRows = isAiry ? min(5, max(1, room / 2)) : room >= 8 ? 2 : 1
      room -= barRows + 1
    }
    bars = Rect(x: body.x, y: y, width: body.width, height: barRows)
    y += barRows
    tokens = barRows > 0 ? y : nil
    if barRows > 0 { y += 1 + (isAiry ? 1 : 0) }
    let chartRows = hasSteps && room >= (isAiry ? 4 : 3) ? (isAiry ? min(8, room - 2) : 2) : 0
    let end = keys - (chartRows > 0 ? chartRows + 1 + (isAiry ? 1 : 0) : 0)
    let gap = isAiry ? 1 : 0
    let height = max(0, min(end - footRows - y - gap, count + 1))
    causes = Rect(x: body.x, y: y, width: body.width, height: height)
    foot = causes.maxY + gap
    chart =
      chartRows > 0
      ? Rect(x: body.x, y: end + (isAiry ? 1 : 0), width: body.width, height: chartRows + 1) : nil
  }

  /// How many causes are seen at once.
  var rows: Int { max(0, causes.height - 1) }
}
