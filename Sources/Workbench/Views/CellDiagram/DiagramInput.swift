import Inspector
import Screen

/// x at the left end of a diagram: the token, the numbers, or which layer's h it is.
struct DiagramInput {
  private let state: State
  private let layer: Int

  init(_ state: State) {
    self.state = state
    layer = state.currentTrack.track.layer
  }

  /// Columns that it takes at any step, with a blank after it.
  var width: Int {
    let content: Int
    if let words = layerWords {
      content = words.displayWidth
    } else if case .features(_, let width) = state.trace.input {
      content = max(1, min(width, most)) * (Self.number + 1) - 1 + (width > most ? 2 : 0)
    } else {
      content = min(state.session.widestToken, Self.widestToken)
    }
    return 2 + content + 1
  }

  private static let number = 5
  private static let widestToken = 8

  /// Numbers that have room beside the diagram.
  private var most: Int { state.width < 80 ? 1 : state.width < 120 ? 2 : 3 }

  /// Above the first layer; nil in it, and where a file does not hold the layer below.
  private var layerWords: String? {
    let layers = Set(state.trace.layout.map(\.track.layer))
    guard layer > 0, layers.contains(layer - 1) else { return nil }
    return Words.hidden(ofLayer: layer - 1, isShort: state.width < 120)
  }

  /// - Returns: the column after it.
  func draw(into grid: inout Grid, x: Int, y: Int, room: Int) -> Int {
    let theme = state.theme
    let end = x + room
    var x = grid.put("x ", x: x, y: y, theme.text.with(.bold))
    if let words = layerWords {
      return grid.put(words, x: x, y: y, theme.accent, limit: max(0, end - x))
    }
    if case .features(let values, let width) = state.trace.input {
      let start = state.step * width
      let shown = values[start..<start + min(width, most)]
      let text = shown.map { Numbers.fitted($0, width: Self.number) }.joined(separator: " ")
      x = grid.put(text, x: x, y: y, theme.accent, limit: max(0, end - x))
      return width > most && x + 2 <= end ? grid.put(" …", x: x, y: y, theme.muted) : x
    }
    guard let token = state.trace.tokenText(at: state.step) else { return x }
    return grid.put(Glyphs.visible(token).fitted(to: max(1, end - x)), x: x, y: y, theme.marked)
  }
}
