import Screen

/// The first line: what is open, which view, which step. What has no room leaves, the shape first,
/// then the title and the program's name; then the views draw closer, the step loses its word, and at
/// last the views that are not shown lose their names. The step itself never leaves, nor what is
/// doubtful about the model, for which the views make room and the name is cut.
struct TitleBar {
  let state: State

  func draw(into grid: inout Grid) {
    let theme = state.theme
    grid.fill(Rect(x: 0, y: 0, width: state.width, height: 1), with: Cell(" ", theme.bar))
    let layout = Layout(self)
    grid.put(layout.step, x: layout.stepStart, y: 0, theme.bar.with(.bold))
    var x = 1
    for (index, part) in layout.left.enumerated() {
      if index > 0 { x += part.gap }
      x = grid.put(part.text, x: x, y: 0, part.style, limit: max(0, layout.leftEnd - x))
    }
    for view in layout.views { grid.put(view.text, x: view.x, y: 0, view.style) }
  }

  /// The view whose number or name stands at a place.
  func hit(at place: Point) -> Hit? {
    let row = Rect(x: 0, y: 0, width: state.width, height: 1)
    return Layout(self).views.first {
      ($0.x..<$0.x + $0.text.displayWidth).contains(place.x)
    }.map { Hit(.view($0.view), in: row) }
  }

  /// A view's number or name.
  private struct ViewName {
    let view: ViewKind
    let text: String
    let style: Style
    var x = 0
  }

  /// What has room, and where.
  private struct Layout {
    let step: String
    let stepStart: Int
    let left: [Part]
    let leftEnd: Int
    let views: [ViewName]

    init(_ bar: TitleBar) {
      let state = bar.state
      let name = bar.width(of: bar.leftParts.filter { $0.rank == 0 })
      let title = bar.width(of: bar.leftParts.filter { $0.rank <= 1 })
      func width(_ views: [ViewName]) -> Int { views.map(\.text.displayWidth).reduce(0, +) }
      // From the most spacious on, the first that leaves room for the name; one that has more room for
      // the title alone is worth it too.
      let choices: [(spacing: Spacing, step: String)] = [
        (.wide, bar.position), (.close, bar.position), (.close, bar.shortPosition),
        (.tight, bar.position), (.tight, bar.shortPosition), (.numbers, bar.position),
      ]
      func room(_ choice: (spacing: Spacing, step: String)) -> Int {
        state.width - choice.step.displayWidth - 1 - 4 - width(bar.viewNames(choice.spacing))
      }
      var chosen = choices.first { name <= room($0) } ?? choices[choices.count - 1]
      if chosen.spacing == .wide, title > room(chosen), title <= room(choices[1]) {
        chosen = choices[1]
      }
      step = chosen.step
      stepStart = state.width - step.displayWidth - 1
      var views = bar.viewNames(chosen.spacing)
      func viewsWidth() -> Int { width(views) }
      var leftEnd = stepStart - 2 - viewsWidth() - 2
      if let doubts = bar.doubts, name > leftEnd {
        views = []
        leftEnd = stepStart - 2
        self.leftEnd = leftEnd
        self.views = []
        let room = max(0, leftEnd - 1 - doubts.gap - doubts.text.displayWidth)
        left = [
          Part(
            text: state.session.name.fitted(to: room), style: state.theme.bar.with(.bold), rank: 0),
          doubts,
        ]
        return
      }
      self.leftEnd = leftEnd
      var kept = bar.leftParts
      for rank in (0...3).reversed() where bar.width(of: kept) > leftEnd {
        kept.removeAll { $0.rank == rank }
      }
      left = kept
      var x = 1
      for (index, part) in kept.enumerated() {
        if index > 0 { x += part.gap }
        x += min(part.text.displayWidth, max(0, leftEnd - x))
      }
      x += 2
      guard x + viewsWidth() < stepStart else {
        self.views = []
        return
      }
      x = max(
        x, min(stepStart - 2 - viewsWidth(), (state.width - viewsWidth()) / 2 + state.width / 12))
      for index in views.indices {
        views[index].x = x
        x += views[index].text.displayWidth
      }
      self.views = views
    }
  }

  /// "step 3 / 65"; of a part of the steps, "step 7 in 5..9".
  fileprivate var position: String {
    let trace = state.trace
    guard let first = trace.stepNumbers?.first, let last = trace.stepNumbers?.last else {
      return Words.position(step: state.step, last: state.lastStep)
    }
    return Words.position(step: state.stepNumber, from: first, to: last)
  }

  /// The same without its word where there is little room.
  fileprivate var shortPosition: String {
    state.trace.stepNumbers == nil
      ? Words.shortPosition(step: state.step, last: state.lastStep) : position
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
    if let doubts { parts.append(doubts) }
    if !session.title.isEmpty {
      parts.append(Part(text: "· " + session.title, style: theme.bar, rank: 1, gap: 1))
    }
    parts.append(Part(text: session.shapeText, style: theme.barMuted, rank: 3))
    return parts
  }

  /// What a person should bear in mind for as long as the model is open; nil where there is nothing.
  private var doubts: Part? {
    let branches = state.arrangement.branches
    let count = branches.whatIf.changes.count
    let changed = count > 0 ? [Words.whatIf(branches.current, count)] : []
    let doubts = changed + state.session.doubts
    guard !doubts.isEmpty else { return nil }
    let style = state.theme.bad.on(state.theme.bar.background)
    return Part(text: "· " + doubts.joined(separator: ", "), style: style, rank: 0, gap: 1)
  }

  private func width(of parts: [Part]) -> Int {
    parts.map { $0.text.displayWidth + 2 }.reduce(1, +)
  }

  /// How far the views stand apart.
  private enum Spacing {
    /// "1 lanes  2 cell"
    case wide
    /// "1 lanes 2 cell"
    case close
    /// "1lanes 2cell"
    case tight
    /// "1 lanes 2 3": only the view that is shown has its name.
    case numbers
  }

  /// The blanks after a name belong to it.
  private func viewNames(_ spacing: Spacing) -> [ViewName] {
    let theme = state.theme
    return ViewKind.allCases.enumerated().flatMap { index, view -> [ViewName] in
      let isShown = view == state.view
      let number = ViewName(
        view: view, text: "\(index + 1)" + (spacing == .tight ? "" : " "),
        style: isShown ? theme.barAccent : theme.barMuted)
      if spacing == .numbers && !isShown { return [number] }
      let style = isShown ? theme.bar.with(.bold) : theme.barMuted
      return [
        number, ViewName(view: view, text: Words.name(of: view), style: style),
        ViewName(view: view, text: spacing == .wide ? "  " : " ", style: theme.bar),
      ]
    }
  }
}
