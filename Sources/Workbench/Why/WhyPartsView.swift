import Inspector
import Recurrent
import Screen

/// The sums: who opened a gate, and what a unit does downstream.
extension WhyView {
  func drawGate(_ split: GateSplit, _ layout: WhyLayout, into grid: inout Grid) {
    let theme = state.theme
    let seen = seenRows(layout, count: ranked.count)
    let rows = seen.map { place in
      let part = split.parts[ranked[place]]
      return WhyTable.Row(
        cells: [
          Words.cause(part.cause, split, state), Numbers.value(part.weight),
          isFactor(part.cause) ? Numbers.value(part.factor) : "", Numbers.signed(Float(part.value)),
        ], value: part.value)
    }
    let table = WhyTable(
      columns: [
        .init(title: Words.causeColumn, width: 16, isLeft: true),
        .init(title: Words.weightColumn, width: 10), .init(title: Words.timesColumn, width: 10),
        .init(title: Words.partColumn, width: 10, isMain: true),
      ], rows: rows, chosen: state.whyRow - seen.lowerBound,
      largest: ranked.first.map { abs(split.parts[$0].value) } ?? 0)
    table.draw(into: &grid, at: layout.causes, theme)

    let rest = ranked[seen.upperBound...]
    let x = layout.causes.x + 2
    let right = x + 16 + 10 + 10 + 10 - 1
    if !rest.isEmpty {
      let sum = Numbers.signed(Float(rest.reduce(0.0) { $0 + split.parts[$1].value }))
      grid.put(Words.smaller(rest.count, .gate), x: x, y: layout.foot, theme.muted)
      grid.put(sum, x: right - sum.count, y: layout.foot, theme.muted)
    }
    if split.split != split.signal {
      grid.put(
        Words.oneMinus(split.split), x: right + 2, y: layout.foot, theme.muted,
        limit: max(0, layout.causes.maxX - right - 2))
    }
    let sum = Numbers.signed(Float(split.sum))
    grid.put(Words.sumRow, x: x, y: layout.foot + 1, theme.muted)
    grid.put(sum, x: right - sum.count, y: layout.foot + 1, theme.accent)
    let room = layout.causes.maxX - right - 2
    let makes = Words.opened(split.activation.description, Numbers.value(split.value))
    let recorded = makes + Words.asRecorded(Numbers.value(split.recorded))
    grid.put(
      recorded.displayWidth <= room ? recorded : makes.fitted(to: max(0, room)), x: right + 2,
      y: layout.foot + 1, theme.muted)
  }

  /// A bias and a token are their own parts.
  private func isFactor(_ cause: GateSplit.Cause) -> Bool {
    switch cause {
    case .bias, .resetBias, .token: false
    case .feature, .below, .hidden, .peephole: true
    }
  }

  func drawOut(_ out: Outgoing, _ layout: WhyLayout, into grid: inout Grid) {
    let theme = state.theme
    let seen = seenRows(layout, count: ranked.count)
    let rows = seen.map { place in
      let push = out.pushes[ranked[place]]
      return WhyTable.Row(
        cells: [Words.reader(push.reader, state), Numbers.signed(Float(push.value))],
        value: push.value)
    }
    let table = WhyTable(
      columns: [
        .init(title: Words.readerColumn, width: 24, isLeft: true),
        .init(title: Words.pushColumn, width: 10, isMain: true),
      ], rows: rows, chosen: state.whyRow - seen.lowerBound,
      largest: ranked.first.map { abs(out.pushes[$0].value) } ?? 0)
    table.draw(into: &grid, at: layout.causes, theme)
    let rest = ranked.count - seen.upperBound
    let x = layout.causes.x + 2
    if rest > 0 { grid.put(Words.smaller(rest, .out), x: x, y: layout.foot, theme.muted) }
    let remark = out.above?.description ?? (out.isBeforeReset ? Words.beforeReset : "")
    grid.put(remark.fitted(to: layout.causes.width - 2), x: x, y: layout.foot + 1, theme.muted)
  }
}
