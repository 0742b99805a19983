import Inspector
import Recurrent
import Screen

/// How far back a step reaches: the gradient's norm over the lag, the memory itself, both for this
/// network and a demo's others; under them how fast c and h are, and what a step costs.
struct FlowView {
  let state: State
  private let question: FlowQuestion
  private let answer: FlowAnswer?
  private let pace: PaceReport?

  init(state: State) {
    self.state = state
    question = state.flowQuestion
    answer = state.flows.answer(to: question)
    pace = state.flows.pace(of: state.track)
  }

  private var theme: Theme { state.theme }
  private var parts: [FlowAnswer.Part] { answer?.parts ?? [] }
  private var isWorking: Bool { !state.flows.isLeft(question) && answer?.isComplete != true }

  func draw(into grid: inout Grid, at body: Rect) {
    let area = FrameLayout.aboveFooter(body, state)
    let rows = FlowRows(
      height: area.height, networks: max(1, parts.count), hasModel: state.session.hasFlow,
      pace: pace, costs: costs.count, isWide: area.width >= 90)
    var y = area.y
    func take(_ height: Int) -> Rect {
      defer { y += height }
      return Rect(x: area.x, y: y, width: area.width, height: height)
    }
    if !state.session.hasFlow {
      let words =
        state.session.model == nil ? Words.flowNeedsModel : Words.flowNeedsUnchanged
      grid.put(words.fitted(to: area.width), x: area.x, y: y, theme.muted)
      y += 2
    } else {
      let (left, right) = halves(take(rows.chart + rows.table))
      drawGradient(rows, into: &grid, at: left)
      drawMemory(rows, into: &grid, at: right)
      if rows.hasHere { drawHere(into: &grid, at: take(1)) }
    }
    if rows.bars > 0, let pace {
      y += rows.hasGaps ? 1 : 0
      let (left, right) = halves(take(rows.bars))
      PaceBars(report: pace, theme: theme, isTime: true).draw(into: &grid, at: left)
      PaceBars(report: pace, theme: theme, isTime: false).draw(into: &grid, at: right)
    }
    if rows.hasPace { drawPace(into: &grid, at: take(1)) }
    if rows.costTable > 0 {
      y += rows.hasGaps ? 1 : 0
      drawCosts(into: &grid, at: take(rows.costTable))
    } else if rows.hasCost {
      let line = Words.costLine(costs.map { ($0.name, $0.cost) })
      grid.put(line.fitted(to: area.width), x: area.x, y: take(1).y, theme.muted)
    }
  }

  private func halves(_ area: Rect) -> (Rect, Rect) {
    let width = (area.width - 2) / 2
    return (
      Rect(x: area.x, y: area.y, width: width, height: area.height),
      Rect(
        x: area.x + width + 2, y: area.y, width: area.width - width - 2, height: area.height)
    )
  }

  // MARK: - The curves

  private func look(_ index: Int) -> (style: Style, texture: LineChart.Texture) {
    let style = theme.lines[[0, 1, 3, 4, 5][index % 5]]
    guard theme.capabilities.colors == .none else { return (style, .solid) }
    return (style, [.solid, .dotted, .sparse][min(index, 2)])
  }

  private var longest: Int {
    let isForward = state.currentTrack.track.direction == .forward
    return max(
      parts.compactMap { $0.flow?.longest }.max() ?? 0,
      min(
        GradientStudy.mostLags, isForward ? question.end : state.lastStep - question.end))
  }

  private func drawGradient(_ rows: FlowRows, into grid: inout Grid, at area: Rect) {
    let states = [Signal.c, .h].filter { signal in
      parts.contains { ($0.flow?.cell != nil) == (signal == .c) }
    }
    title(
      Words.flowGradient(states, end: state.trace.stepNumber(at: question.end)), into: &grid,
      at: area)
    var curves: [FlowCurve] = []
    var table: [FlowTable.Row] = []
    for (index, part) in parts.enumerated() {
      guard let flow = part.flow else { continue }
      let (style, texture) = look(index)
      let curve = FlowCurve(part.network.name, style, texture, naturals: flow.memory.norms)
      curves.append(curve)
      table.append(.init(curve: curve, isMuted: false))
      if rows.hasMeans {
        let mean = FlowCurve("", theme.muted, naturals: flow.memory.means)
        table.append(.init(curve: mean, name: Words.meanShort, isMuted: true))
      }
    }
    if let kept = parts.first?.flow?.kept {
      let curve = FlowCurve("", theme.muted, .dotted, naturals: kept.largest)
      curves.append(curve)
      if rows.hasKept {
        table.append(.init(curve: curve, name: Words.keptShort, isMuted: true))
      }
    }
    let lag = abs(question.end - state.step)
    chart(
      curves, table, area.width < 50 ? Words.stepsBackShort : Words.stepsBack, longest,
      marked: lag > 0 && lag <= longest ? lag : nil, rows, into: &grid, at: area)
  }

  private func drawMemory(_ rows: FlowRows, into grid: inout Grid, at area: Rect) {
    title(
      Words.flowMemory(swapWords, step: state.trace.stepNumber(at: question.swapped)), into: &grid,
      at: area)
    var curves: [FlowCurve] = []
    for (index, part) in parts.enumerated() {
      guard let reach = part.reach else { continue }
      let (style, texture) = look(index)
      curves.append(FlowCurve(part.network.name, style, texture, values: reach.hidden))
    }
    if curves.isEmpty, let problem = parts.compactMap(\.problem).first {
      grid.put(problem.fitted(to: area.width), x: area.x, y: area.y + 1, theme.muted)
      return
    }
    let last = max(1, curves.map { $0.logs.count - 1 }.max() ?? 1)
    chart(
      curves, curves.map { .init(curve: $0, isMuted: false) },
      area.width < 50 ? Words.stepsAfterShort : Words.stepsAfter, last, marked: nil,
      floor: Self.rounding, rows, into: &grid, at: area)
  }

  private func chart(
    _ curves: [FlowCurve], _ table: [FlowTable.Row], _ words: String, _ longest: Int, marked: Int?,
    floor: Double? = nil, _ rows: FlowRows, into grid: inout Grid, at area: Rect
  ) {
    FlowChart(
      curves: curves, longest: longest, floor: floor ?? -8, marked: marked, theme: theme
    ).draw(
      into: &grid,
      at: Rect(x: area.x, y: area.y + 1, width: area.width, height: rows.chart - 1))
    guard rows.table > 0 else { return }
    FlowTable(
      title: words, rows: table, longest: longest, theme: theme, isWorking: isWorking,
      floor: floor
    ).draw(
      into: &grid,
      at: Rect(x: area.x, y: area.y + rows.chart, width: area.width, height: rows.table))
  }

  /// Differences of values about 1 are no smaller than their rounding in Float32.
  private static let rounding = -7.0

  private func title(_ words: [String], into grid: inout Grid, at area: Rect) {
    let text = words.first { $0.displayWidth <= area.width } ?? words[words.count - 1]
    grid.put(text.fitted(to: area.width), x: area.x, y: area.y, theme.text.with(.bold))
  }

  /// "C for D"; the step's number where numbers enter.
  private var swapWords: String {
    guard let old = state.trace.tokenText(at: question.swapped) else { return Words.flowZeros }
    guard let token = answer?.token else { return "… for " + Glyphs.alone(old) }
    let symbols = state.trace.symbols ?? []
    let new = symbols.indices.contains(token) ? symbols[token] : String(token)
    return Words.flowSwap(Glyphs.alone(new), for: Glyphs.alone(old))
  }

  // MARK: - The lines

  /// The curves at the step in hand; between two lags that were computed with a sign that says so.
  private func drawHere(into grid: inout Grid, at area: Rect) {
    let lag = abs(question.end - state.step)
    var words: [String] = []
    if let problem = (parts.compactMap(\.problem) + state.flows.problems).first {
      words = [problem]
    } else if state.trace.layout.contains(where: { $0.track.direction == .backward }) {
      words = [Words.flowDirection(state.currentTrack.track.direction)]
    } else {
      words = parts.compactMap { part in
        guard let flow = part.flow, lag <= flow.longest else { return nil }
        let curve = FlowCurve("", theme.text, naturals: flow.memory.norms)
        let isThere = !curve.logs[lag].isNaN
        let log = isThere ? curve.logs[lag] : curve.filled[lag]
        guard !log.isNaN else { return nil }
        return "\(part.network.name) \(isThere ? "" : "≈ ")\(FlowNumber.text(log, width: 8))"
      }
      guard !words.isEmpty else { return }
      words = [Words.flowHere(state.stepNumber, back: lag) + words.joined(separator: " · ")]
    }
    grid.put(words[0].fitted(to: area.width), x: area.x, y: area.y, theme.text)
    let width = words[0].displayWidth + 2
    guard parts.first?.flow?.kept != nil,
      width + Words.keptLegend.displayWidth + 3 <= area.width
    else { return }
    let x = area.maxX - Words.keptLegend.displayWidth
    grid.put("⠄⠄", x: x - 3, y: area.y, theme.muted)
    grid.put(Words.keptLegend, x: x, y: area.y, theme.muted)
  }

  private func drawPace(into grid: inout Grid, at area: Rect) {
    let text = pace.map { Words.pace($0) } ?? Words.flowWorking
    grid.put(
      text.fitted(to: area.width), x: area.x, y: area.y,
      pace == nil ? theme.muted : theme.text.with(.bold))
  }

  // MARK: - What it costs

  private struct CostRow {
    let name: String
    let cost: NetworkCost
    let cell: CellKind
    let isOwn: Bool
  }

  /// The session's network, then the other cells with as many units.
  private var costs: [CostRow] {
    guard let network = state.session.model?.network else { return [] }
    let own = network.layers[0].shape.cell
    return [CostRow(name: own.rawValue, cost: network.cost, cell: own, isOwn: true)]
      + CellKind.allCases.filter { $0 != own }.map {
        CostRow(name: $0.rawValue, cost: network.cost(asCell: $0), cell: $0, isOwn: false)
      }
  }

  private func drawCosts(into grid: inout Grid, at area: Rect) {
    let seconds = state.flows.recallSeconds
    var columns: [(title: String, text: (CostRow) -> String)] = [
      (Words.costParameters, { String($0.cost.parameters) }),
      (Words.costProducts, { String($0.cost.multiplications) }),
    ]
    if !seconds.isEmpty {
      columns.append((Words.costTime, { seconds[$0.cell].map(Words.seconds) ?? "" }))
    }
    grid.put(Words.costTitle, x: area.x, y: area.y, theme.muted)
    let first = max(Words.costTitle.displayWidth, 16) + 2
    for (row, cost) in costs.enumerated() {
      let y = area.y + 1 + row
      let end = grid.put(cost.name, x: area.x, y: y, cost.isOwn ? theme.accent : theme.text)
      if cost.isOwn { grid.put(Words.costOwn, x: end + 1, y: y, theme.muted) }
    }
    var x = area.x + first
    for column in columns {
      let width = max(column.title.displayWidth, 12)
      guard x + width <= area.maxX else { return }
      grid.put(column.title.padded(left: width), x: x, y: area.y, theme.muted)
      for (row, cost) in costs.enumerated() {
        grid.put(column.text(cost).padded(left: width), x: x, y: area.y + 1 + row, theme.text)
      }
      x += width + 2
    }
  }
}

/// Which parts of the view have room, and how many rows each.
private struct FlowRows {
  /// The title, the chart and its axis.
  var chart = 0
  var table = 0
  var hasMeans = false
  var hasKept = false
  var hasHere = false
  var hasPace = false
  var hasCost = false
  var bars = 0
  var costTable = 0
  var hasGaps = false

  /// What has no room leaves: the table of costs first, then the bars, the line of costs, that of the
  /// step in hand, the numbers; the curves and the line of words stay.
  init(height: Int, networks: Int, hasModel: Bool, pace: PaceReport?, costs: Int, isWide: Bool) {
    var room = height - (hasModel ? 6 : 2)
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
