import Screen

/// The first line: what is open, which view, which step. What has no room leaves, the shape first,
/// then the title, the program's name and the other views; the step never, nor what is doubtful about
/// the model, for which the views make room and the name is cut.
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
      step = bar.position
      stepStart = state.width - step.displayWidth - 1
      let name = bar.width(of: bar.leftParts.filter { $0.rank == 0 })
      let title = bar.width(of: bar.leftParts.filter { $0.rank <= 1 })
      var views = bar.viewNames(gap: 2)
      func viewsWidth() -> Int { views.map(\.text.displayWidth).reduce(0, +) }
      // The views draw closer where that makes room for the title or the name; where not even the
      // name has room beside them, those not shown keep their number.
      let room = stepStart - 4 - viewsWidth()
      let narrow = room + ViewKind.allCases.count
      if title > room && title <= narrow || name > room { views = bar.viewNames(gap: 1) }
      if name > narrow { views = bar.viewNames(gap: nil) }
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
    let doubts = state.session.doubts
    guard !doubts.isEmpty else { return nil }
    let style = state.theme.bad.on(state.theme.bar.background)
    return Part(text: "· " + doubts.joined(separator: ", "), style: style, rank: 0, gap: 1)
  }

  private func width(of parts: [Part]) -> Int {
    parts.map { $0.text.displayWidth + 2 }.reduce(1, +)
  }

  /// The blanks after a name belong to it.
  ///
  /// - Parameter gap: how many; nil where only the view that is shown has its name.
  private func viewNames(gap: Int?) -> [ViewName] {
    let theme = state.theme
    return ViewKind.allCases.enumerated().flatMap { index, view -> [ViewName] in
      let isShown = view == state.view
      let number = ViewName(
        view: view, text: "\(index + 1) ", style: isShown ? theme.barAccent : theme.barMuted)
      if gap == nil && !isShown { return [number] }
      let style = isShown ? theme.bar.with(.bold) : theme.barMuted
      return [
        number, ViewName(view: view, text: Words.name(of: view), style: style),
        ViewName(view: view, text: gap == 2 ? "  " : " ", style: theme.bar),
      ]
    }
  }
}
