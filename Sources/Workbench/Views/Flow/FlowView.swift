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

  /// The rows of the view's parts.
  func rows(in area: Rect) -> FlowRows {
    FlowRows(
      height: area.height, networks: max(1, parts.count), hasModel: state.session.hasFlow,
      pace: pace, costs: costs.count, isWide: area.width >= 90, isSampled: sampleWords != nil)
  }

  func draw(into grid: inout Grid, at body: Rect) {
    let area = FrameLayout.aboveFooter(body, state)
    let rows = rows(in: area)
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
      let (left, right) = Self.halves(take(rows.chart + rows.table))
      let chart = rows.chart
      gradient(rows, isNarrow: left.width < 50).draw(into: &grid, at: left, chart: chart, theme)
      memory(isNarrow: right.width < 50).draw(into: &grid, at: right, chart: chart, theme)
      if rows.hasSample, let words = sampleWords {
        grid.put(words.fitted(to: area.width), x: area.x, y: take(1).y, theme.muted)
      }
      if rows.hasHere { drawHere(into: &grid, at: take(1)) }
    }
    if rows.bars > 0, let pace {
      y += rows.hasGaps ? 1 : 0
      let (left, right) = Self.halves(take(rows.bars))
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

  /// The gradient's half and the memory's.
  static func halves(_ area: Rect) -> (Rect, Rect) {
    let width = (area.width - 2) / 2
    return (
      Rect(x: area.x, y: area.y, width: width, height: area.height),
      Rect(
        x: area.x + width + 2, y: area.y, width: area.width - width - 2, height: area.height)
    )
  }

  // MARK: - The curves

  private func look(_ index: Int) -> (style: Style, texture: LineChart.Texture) {
    let style = theme.line(ofRun: index)
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

  /// Of how much the curves of large networks are found, in words; nil where it is all.
  private var sampleWords: String? {
    parts.lazy.compactMap { part in
      part.flow?.sample.map { Words.flowSample($0, of: parts.count > 1 ? part.network.name : nil) }
    }.first
  }

  /// The gradient's half.
  func gradient(_ rows: FlowRows, isNarrow: Bool) -> FlowPanel {
    let states = [Signal.c, .h].filter { signal in
      parts.contains { ($0.flow?.cell != nil) == (signal == .c) }
    }
    let isForward = state.currentTrack.track.direction == .forward
    let lag = isForward ? question.end - state.step : state.step - question.end
    var panel = FlowPanel(
      titles: Words.flowGradient(states, end: state.trace.stepNumber(at: question.end)),
      words: isNarrow ? Words.stepsBackShort : Words.stepsBack, longest: longest,
      marked: lag > 0 && lag <= longest ? lag : nil, isWorking: isWorking,
      start: question.end, direction: isForward ? -1 : 1)
    for (index, part) in parts.enumerated() {
      guard let flow = part.flow else { continue }
      let (style, texture) = look(index)
      let curve = FlowCurve(part.network.name, style, texture, naturals: flow.memory.norms)
      panel.curves.append(curve)
      panel.table.append(.init(curve: curve, isMuted: false))
      if rows.hasMeans {
        let mean = FlowCurve("", theme.muted, naturals: flow.memory.means)
        panel.table.append(.init(curve: mean, name: Words.meanShort, isMuted: true))
      }
    }
    if let kept = parts.first?.flow?.kept {
      let curve = FlowCurve("", theme.muted, .dotted, naturals: kept.largest)
      panel.curves.append(curve)
      if rows.hasKept {
        panel.table.append(.init(curve: curve, name: Words.keptShort, isMuted: true))
      }
    }
    return panel
  }

  /// The memory's half.
  func memory(isNarrow: Bool) -> FlowPanel {
    let isForward = state.currentTrack.track.direction == .forward
    var curves: [FlowCurve] = []
    for (index, part) in parts.enumerated() {
      guard let reach = part.reach else { continue }
      let (style, texture) = look(index)
      curves.append(FlowCurve(part.network.name, style, texture, values: reach.hidden))
    }
    var panel = FlowPanel(
      titles: Words.flowMemory(swapWords, step: state.trace.stepNumber(at: question.swapped)),
      words: isNarrow ? Words.stepsAfterShort : Words.stepsAfter,
      longest: max(1, curves.map { $0.logs.count - 1 }.max() ?? 1), marked: nil,
      isWorking: isWorking, start: question.swapped, direction: isForward ? 1 : -1)
    panel.floor = Self.rounding
    panel.curves = curves
    panel.table = curves.map { .init(curve: $0, isMuted: false) }
    panel.problem = curves.isEmpty ? parts.compactMap(\.problem).first : nil
    return panel
  }

  /// Differences of values about 1 are no smaller than their rounding in Float32.
  private static let rounding = -7.0

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
      words = [
        Words.flowHere(state.stepNumber, end: state.trace.stepNumber(at: question.end))
          + words.joined(separator: " · ")
      ]
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
      + CellKind.classic.filter { $0 != own }.map {
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
