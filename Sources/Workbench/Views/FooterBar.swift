import Screen

/// The last line: the keys that work here, or the line that is being typed, or what just happened.
struct FooterBar {
  let state: State
  let progress: Double

  func draw(into grid: inout Grid) {
    let theme = state.theme
    let y = state.height - 1
    grid.fill(Rect(x: 0, y: y, width: state.width, height: 1), with: Cell(" ", theme.bar))
    if let prompt = state.prompt {
      PromptLine(state: state, prompt: prompt).draw(into: &grid)
    } else if let pending = state.pending {
      drawWork(pending, y: y, into: &grid)
    } else if let message = state.message {
      let style = message.isError ? theme.bad.on(theme.bar.background) : theme.bar
      grid.put(message.text.fitted(to: state.width - 2), x: 1, y: y, style)
    } else if state.exportForm != nil || state.typing != nil {
      var x = 1
      if let typing = state.typing {
        x = grid.put(Words.typing(typing.unfinished), x: x, y: y, theme.bar) + 3
      }
      for (key, words) in state.typing == nil ? Words.exportKeys : Words.typingKeys {
        x = grid.put(key, x: x, y: y, theme.barAccent) + 1
        x = grid.put(words, x: x, y: y, theme.barMuted) + 3
      }
    } else {
      drawKeys(y: y, into: &grid)
    }
  }

  private func drawWork(_ pending: State.PendingWork, y: Int, into grid: inout Grid) {
    var share: Double? = state.workDone ?? progress
    var words = Words.exporting(share ?? 0)
    switch pending {
    case .explain:
      words = Words.explaining
    case .run(let target, _, let place):
      share = abs(Double(place - state.step) / Double(target - state.step))
      words = Words.running(to: state.trace.stepNumber(at: target))
    case .reach:
      words = Words.reaching(share ?? 0)
    case .scan(let scan):
      if case .hit = scan.wanted, let findings = state.findings {
        let part = Double(findings.lookedAt) / Double(state.session.length)
        share = part
        words = Words.finding(part, count: findings.hits.count)
      }
    case .flow:
      words = Words.flowShare(share ?? 0)
    case .write:
      words = Words.writingMore(state.runs.texts.unfinished?.input.count ?? 0)
    case .export, .order, .filter, .match, .reachAll, .measure, .overlook, .reachOther:
      break
    }
    grid.put(words, x: 1, y: y, state.theme.bar, limit: state.width - 2)
    if let share { drawProgress(share, y: y, into: &grid) }
  }

  private func drawProgress(_ progress: Double, y: Int, into grid: inout Grid) {
    let width = state.width / 3
    let filled = Int(progress * Double(width))
    for x in 0..<width {
      grid[state.width - 1 - width + x, y] = Cell(
        x < filled ? "█" : "░", state.theme.barMuted)
    }
  }

  private func drawKeys(y: Int, into grid: inout Grid) {
    let theme = state.theme
    for item in keys.items {
      let x = grid.put(item.label, x: item.x, y: y, theme.barAccent) + 1
      grid.put(item.words, x: x, y: y, theme.barMuted)
    }
    let status = statusText
    grid.put(status, x: state.width - 1 - status.displayWidth, y: y, theme.bar)
  }

  private var keys: FooterKeys {
    let status = statusText
    return FooterKeys(
      state, room: state.width - 2 - (status.isEmpty ? 0 : status.displayWidth + 2))
  }

  /// What the key at a place does, where the line names keys.
  func hit(at place: Point) -> Hit? {
    guard state.prompt == nil, state.pending == nil, state.message == nil else { return nil }
    let row = Rect(x: 0, y: state.height - 1, width: state.width, height: 1)
    return keys.instruction(atColumn: place.x).map { Hit(.instruction($0), in: row) }
  }

  private var statusText: String {
    if let command = state.letterFor { return Words.letterAwaited(command) }
    let trigger = state.trigger.map {
      [Words.trigger($0.expression.source).fitted(to: max(16, state.width / 3))]
    }
    let playing = state.isPlaying ? ["▶ \(State.speeds[state.speed])/s"] : []
    return (arrangementStatus + (trigger ?? []) + playing).joined(separator: "  ")
      .fitted(to: state.width / 2)
  }

  /// What is not as it is at first: the order of the units, and how many a filter shows.
  private var arrangementStatus: [String] {
    let arrangement = state.arrangement[track: state.track]
    let span = state.span.map { [Words.span($0, state.trace)] } ?? []
    let order =
      arrangement.key == .index ? span : span + [Words.orderStatus(arrangement.key.name(state))]
    guard let filter = arrangement.filter else { return order }
    return order + [
      Words.filterStatus(filter.text, filter.units.count, of: state.currentTrack.units)
    ]
  }
}
