import Screen

/// The first line: what is open, which view, which step. What has no room leaves, the shape first,
/// then the title, the program's name and the other views; the step never.
struct TitleBar {
  let state: State

  func draw(into grid: inout Grid) {
    let theme = state.theme
    grid.fill(Rect(x: 0, y: 0, width: state.width, height: 1), with: Cell(" ", theme.bar))
    let step = position
    let stepStart = state.width - step.displayWidth - 1
    grid.put(step, x: stepStart, y: 0, theme.bar.with(.bold))

    // Where not even the name has room beside the views, those that are not shown keep their number.
    let name = width(of: leftParts.filter { $0.rank == 0 })
    var views = viewNames(isShort: false)
    func viewsWidth() -> Int { views.map(\.0.displayWidth).reduce(0, +) }
    if name > stepStart - 4 - viewsWidth() { views = viewNames(isShort: true) }
    let room = stepStart - 2 - viewsWidth() - 2
    var kept = leftParts
    for rank in (0...3).reversed() where width(of: kept) > room {
      kept.removeAll { $0.rank == rank }
    }
    var x = 1
    for (index, part) in kept.enumerated() {
      if index > 0 { x += part.gap }
      x = grid.put(part.text, x: x, y: 0, part.style, limit: max(0, room - x))
    }
    x += 2
    guard x + viewsWidth() < stepStart else { return }
    x = max(
      x, min(stepStart - 2 - viewsWidth(), (state.width - viewsWidth()) / 2 + state.width / 12))
    for (text, style) in views { x = grid.put(text, x: x, y: 0, style) }
  }

  /// "step 3 of 66"; of a part of the steps, "step 7 in 5..9".
  private var position: String {
    let trace = state.trace
    guard let first = trace.stepNumbers?.first, let last = trace.stepNumbers?.last else {
      return Words.position(step: state.step, of: state.session.length)
    }
    return Words.position(step: state.stepNumber, from: first, to: last)
  }

  private struct Part {
    let text: String
    let style: Style
    let rank: Int
    /// Blanks before it, unless it is the first.
    var gap = 2
  }

  private var leftParts: [Part] {
    let theme = state.theme
    let session = state.session
    var parts = [
      Part(text: Words.program, style: theme.barAccent, rank: 2),
      Part(text: session.name, style: theme.bar.with(.bold), rank: 0),
    ]
    if !session.title.isEmpty {
      parts.append(Part(text: "· " + session.title, style: theme.bar, rank: 1, gap: 1))
    }
    parts.append(Part(text: session.shapeText, style: theme.barMuted, rank: 3))
    return parts
  }

  private func width(of parts: [Part]) -> Int {
    parts.map { $0.text.displayWidth + 2 }.reduce(1, +)
  }

  private func viewNames(isShort: Bool) -> [(String, Style)] {
    let theme = state.theme
    return ViewKind.allCases.enumerated().flatMap { index, view -> [(String, Style)] in
      let isShown = view == state.view
      let number = ("\(index + 1) ", isShown ? theme.barAccent : theme.barMuted)
      if isShort && !isShown { return [number] }
      return [
        number, (Words.name(of: view), isShown ? theme.bar.with(.bold) : theme.barMuted),
        (isShort ? " " : "  ", theme.bar),
      ]
    }
  }
}
