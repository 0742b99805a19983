import Inspector
import Recurrent
import Screen

/// How the unit's view shares a body: a line of words, a strip for the states, one for every gate and
/// one for the candidate, what is known of the steps, the equations.
struct UnitLayout {
  struct Strip {
    /// What is drawn on one scale.
    let signals: [Signal]
    let rows: Range<Int>
    let kind: Kind
  }

  enum Kind {
    case states
    case gate
    case candidate
  }

  let strips: [Strip]
  /// Rows with a line between strips.
  let rules: [Int]
  let known: [StripRow]
  /// The first row of what is known.
  let knownTop: Int
  /// Where the strips and what is known stand.
  let charts: Rect
  let panel: Rect

  init(_ state: State, body: Rect) {
    let isAiry = FrameLayout.isAiry(state)
    let equations = state.currentTrack.cell.about.sum == nil ? 1 : 2
    panel = Rect(
      x: body.x, y: body.maxY - equations - (isAiry ? 1 : 0), width: body.width,
      height: equations)
    known = StripRow.kept(of: StripRow.known(state), limit: Self.knownLimit(state, body))
    // The headline, and a blank after it.
    let top = body.y + (isAiry ? 2 : 1)
    let gap = isAiry ? 1 : 0
    let bottom = panel.y - gap
    knownTop = bottom - known.count
    charts = Rect(x: body.x, y: top, width: body.width, height: bottom - top)
    let room = knownTop - (known.isEmpty ? 0 : gap) - top
    (strips, rules) = Self.place(Self.groups(state), top: top, room: max(1, room))
  }

  private static func knownLimit(_ state: State, _ body: Rect) -> Int {
    if body.height >= 30 { return 5 }
    if body.height >= 18 { return 2 }
    let isAskedFor = state.tourStop != nil || state.orderLane != nil || state.saidInHand != nil
    return body.height >= 15 || isAskedFor ? 1 : 0
  }

  /// The signals that the unit has, strip by strip, the groups set apart.
  static func groups(_ state: State) -> [[(Kind, [Signal])]] {
    let all = state.currentTrack.signals.filter {
      state.unit < state.currentTrack.units(of: $0)
    }
    func having(_ roles: SignalRole...) -> [Signal] {
      all.filter { roles.contains(state.currentTrack.role(of: $0)) }
    }
    let states = having(.slow, .fast, .state)
    let gates = having(.gate)
    let candidates = having(.candidate)
    return [
      states.isEmpty ? [] : [(.states, states)], gates.map { (.gate, [$0]) },
      candidates.isEmpty ? [] : [(.candidate, candidates)],
    ].filter { !$0.isEmpty }
  }

  private static func weight(of kind: Kind) -> Int {
    switch kind {
    case .states: 12
    case .gate: 4
    case .candidate: 6
    }
  }

  /// Rows with which a strip can be read well.
  private static func comfort(of kind: Kind) -> Int {
    switch kind {
    case .states: 6
    case .gate: 2
    case .candidate: 3
    }
  }

  /// Rows beyond which more say nothing more.
  private static func most(of kind: Kind) -> Int {
    switch kind {
    case .states: .max
    case .gate: 3
    case .candidate: 7
    }
  }

  private static func place(
    _ groups: [[(Kind, [Signal])]], top: Int, room: Int
  ) -> ([Strip], [Int]) {
    let all = groups.flatMap { $0 }
    guard !all.isEmpty else { return ([], []) }
    let rules = groups.count - 1
    let blanks = all.count - groups.count
    let comfort = all.reduce(0) { $0 + Self.comfort(of: $1.0) }
    // Lines between groups leave last, blanks between gates first.
    let hasRules = room - rules >= all.count * 2 + 2
    let hasBlanks = room - rules - blanks >= comfort
    let free = room - (hasRules ? rules : 0) - (hasBlanks ? blanks : 0)
    let heights = heights(all.map(\.0), free: free)
    var strips: [Strip] = []
    var ruled: [Int] = []
    var y = top
    for (place, group) in groups.enumerated() {
      for (index, strip) in group.enumerated() {
        let height = heights[strips.count]
        strips.append(Strip(signals: strip.1, rows: y..<y + height, kind: strip.0))
        y += height + (hasBlanks && index < group.count - 1 ? 1 : 0)
      }
      if hasRules && place < groups.count - 1 {
        ruled.append(y)
        y += 1
      }
    }
    return (strips, ruled)
  }

  /// By their weights; all gates the same, and what is left to the states, else to the last.
  private static func heights(_ kinds: [Kind], free: Int) -> [Int] {
    let total = kinds.reduce(0) { $0 + weight(of: $1) }
    var heights = kinds.map { kind in
      min(max(1, (2 * free * weight(of: kind) + total) / (2 * total)), most(of: kind))
    }
    let isState = { (kind: Kind) in if case .states = kind { true } else { false } }
    let rest = kinds.firstIndex(where: isState) ?? kinds.count - 1
    heights[rest] = max(1, heights[rest] + free - heights.reduce(0, +))
    return heights
  }
}
