import Inspector

/// Which parts of the view have room, and how many rows each.
struct FlowRows {
  /// The title, the chart and its axis.
  var chart = 0
  var table = 0
  var hasMeans = false
  /// Of how much the curves are.
  var hasSample = false
  var hasKept = false
  var hasHere = false
  var hasPace = false
  var hasCost = false
  var bars = 0
  var costTable = 0
  var hasGaps = false

  /// What has no room leaves: the table of costs first, then the bars, the line of costs, that of the
  /// step in hand, the numbers; the curves and the line of words stay.
  init(
    height: Int, networks: Int, hasModel: Bool, pace: PaceReport?, costs: Int, isWide: Bool,
    isSampled: Bool
  ) {
    var room = height - (hasModel ? 6 : 2)
    if isSampled, room > networks + 3 {
      hasSample = true
      room -= 1
    }
    hasPace = room > 0
    room -= hasPace ? 1 : 0
    let barsHeight = pace.map { PaceBars.height($0) } ?? 6
    guard hasModel else {
      bars = isWide && room >= barsHeight + 1 ? barsHeight : 0
      hasGaps = true
      return
    }
    if room >= networks + 1 {
      table = networks + 1
      room -= table
    }
    hasHere = room > 0
    room -= hasHere ? 1 : 0
    if table > 0, room > 2 {
      hasKept = true
      table += 1
      room -= 1
    }
    hasCost = room > 0
    room -= hasCost ? 1 : 0
    hasGaps = room >= barsHeight + 3
    if hasGaps {
      if isWide {
        bars = barsHeight
        room -= barsHeight + 1
      }
      if room >= costs + 2 {
        costTable = costs + 1
        room -= costs + 1
      }
      if room >= networks + 4 {
        hasMeans = true
        table += networks
        room -= networks
      }
    }
    chart = 6 + min(max(room, 0), 14)
  }
}
