import Inspector
import Recurrent
import Screen

/// How the text's view shares a body: a line of words, the text in lines of a readable length, under it
/// the signals of this step, and beside it, where there is room, the unit over time and its strongest
/// places.
struct TextPage {
  /// Where the text may stand.
  let text: Rect
  let layout: TextLayout
  /// Rows from one line of the text to the next; the second has marks where colours do not tell values.
  let leading: Int
  /// Where the signals of this step stand.
  let values: Rect
  /// Whether every one of them has a row of its own.
  let hasLongValues: Bool
  /// Beside the text; empty where there is no room.
  let aside: Rect

  /// Longer lines are hard to read.
  static let longestLine = 88
  private static let shortestLine = 60
  private static let gap = 4
  private static let smallestAside = 44

  init(_ state: State, body: Rect) {
    let isAiry = FrameLayout.isAiry(state)
    let top = body.y + 2
    let width = Self.textWidth(body.width)
    let signals = state.currentTrack.signals.count
    let valuesHeight = (isAiry ? 1 : 0) + SignalValues.height(signals, isLong: isAiry)
    let room = max(1, body.maxY - top - valuesHeight)
    let hasMarks = !state.theme.capabilities.heatByColor
    let setting = Self.setting(state, width: width, room: room, hasMarks: hasMarks)
    layout = setting.layout
    leading = setting.leading
    let isWhole = layout.steps == 0..<state.session.length
    // Under a text that is seen whole the signals follow it; on pages they stand still.
    let used = isWhole ? min(room, layout.rows * leading) : room
    text = Rect(x: body.x, y: top, width: width, height: room)
    let free = body.maxY - top - used
    hasLongValues = isAiry || free >= SignalValues.height(signals, isLong: true)
    let valuesTop = top + used + (isAiry ? 1 : 0)
    values = Rect(
      x: body.x, y: valuesTop, width: width, height: max(0, body.maxY - valuesTop))
    let left = body.x + width + Self.gap
    aside = Rect(
      x: left, y: top, width: width < body.width ? body.maxX - left : 0,
      height: body.maxY - top)
  }

  /// The row of the screen in which a token stands.
  func y(of token: TextLayout.Token) -> Int { text.y + token.row * leading }

  private static func textWidth(_ width: Int) -> Int {
    let line = min(longestLine, max(shortestLine, width * 45 / 100))
    return width - line - gap >= smallestAside ? line : width
  }

  /// A short text is set wide, with air between its lines, as far as all of it is seen.
  private static func setting(
    _ state: State, width: Int, room: Int, hasMarks: Bool
  ) -> (layout: TextLayout, leading: Int) {
    let least = hasMarks ? 2 : 1
    if state.session.length <= 200 && !StripLayout.isSpaced(state) && !hasBlanks(state) {
      for (padding, leading) in [(2, 2), (2, least), (1, 2), (1, least), (0, 2)]
      where leading >= least {
        let layout = TextLayout(
          state, width: width, rows: max(1, room / leading), padding: padding)
        if layout.steps.count == state.session.length { return (layout, leading) }
      }
    }
    return (TextLayout(state, width: width, rows: max(1, room / least)), least)
  }

  /// Words are read by their shapes, so they are not set apart.
  private static func hasBlanks(_ state: State) -> Bool {
    switch state.trace.input {
    case .features: true
    case .tokens: (0..<state.session.length).contains { state.trace.tokenText(at: $0) == " " }
    }
  }
}
