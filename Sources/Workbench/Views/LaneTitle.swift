import Inspector
import Recurrent
import Screen

/// What a lane is called, in full and where there is little room.
struct LaneTitle {
  /// "f": never left out.
  let letters: String
  let long: String
  let short: String
  private let mayCut: Bool

  init(_ signal: Signal, _ state: State) {
    // A file's own name has no short form; it is cut.
    let long = state.name(of: signal)
    self.init(
      signal.rawValue, long,
      signal == .v ? long : Words.shortName(of: signal, in: state.currentCell),
      mayCut: signal == .v)
  }

  init(_ letters: String, _ long: String, _ short: String, mayCut: Bool = false) {
    self.mayCut = mayCut
    self.letters = letters
    self.long = long
    self.short = short
  }

  /// As much as has room: what a cell shows is shortened first, then the name goes, which the letter
  /// stands for.
  func words(_ reduction: ReductionWords, room: Int) -> (name: String, reduction: String) {
    let choices: [(String, String)] =
      reduction.isEmpty
      ? [(long, ""), (short, ""), (mayCut ? long.fitted(to: max(0, room)) : "", "")]
      : [(long, reduction.long), (short, reduction.long), (short, reduction.short)]
        + [(short, reduction.shortest), ("", reduction.long), ("", reduction.short)]
        + [("", reduction.shortest)]
    return choices.first { name, words in
      let gap = name.isEmpty || words.isEmpty ? 0 : 2
      return name.displayWidth + gap + words.displayWidth <= room
    } ?? ("", "")
  }
}

/// What a cell stands for where it is more than one value.
struct ReductionWords {
  /// "mean of 4 steps × 2 units"
  let long: String
  /// "mean 4×2"
  let short: String
  /// "4×2"
  let shortest: String

  var isEmpty: Bool { long.isEmpty }

  init(_ reduction: Representative, frame: LaneFrame) {
    self.init(reduction, steps: frame.time.perCell, units: frame.units.perCell)
  }

  init(_ reduction: Representative, steps: Int, units: Int) {
    guard steps > 1 || units > 1 else {
      (long, short, shortest) = ("", "", "")
      return
    }
    long = Words.reduced(reduction, steps: steps, units: units)
    shortest = "\(steps)×\(units)"
    short = "\(Words.name(of: reduction)) \(shortest)"
  }
}

/// The numbers of the steps under a heatmap, the present marked.
struct StepRuler {
  let state: State
  let frame: LaneFrame

  func draw(into grid: inout Grid) {
    let theme = state.theme
    let y = frame.heat.maxY
    // Units that are not seen.
    let units = frame.units.things
    let more =
      (units.lowerBound > 0 ? "↑" : "") + (units.upperBound < frame.units.count ? "↓" : "")
    grid.put(more, x: frame.heat.x - 1 - more.displayWidth, y: y, theme.accent)
    let steps = frame.time.things
    let now = frame.heat.x + frame.time.offset(of: state.step) + (frame.time.cellSize - 1) / 2
    let present = String(state.stepNumber)
    // Where the number has no room after its mark it stands before it.
    let isBefore = now + 1 + present.count > frame.area.maxX
    let taken = isBefore ? now - present.count..<now + 1 : now..<now + 1 + present.count
    let interval = self.interval
    let first = (steps.lowerBound + interval - 1) / interval * interval
    for step in stride(from: first, to: steps.upperBound, by: interval) {
      let x = frame.heat.x + frame.time.offset(of: step)
      let text = String(state.trace.stepNumber(at: step))
      guard x + text.count <= frame.area.maxX,
        x > taken.upperBound || x + text.count < taken.lowerBound
      else { continue }
      grid.put(text, x: x, y: y, theme.muted)
    }
    grid.put("▲", x: now, y: y, theme.accent)
    grid.put(present, x: isBefore ? now - present.count : now + 1, y: y, theme.accent)
  }

  /// 1, 2 or 5 × 10ⁿ steps, so that numbers keep clear of each other.
  private var interval: Int {
    let columns = String(state.trace.stepNumber(at: frame.time.count - 1)).count + 4
    func width(_ steps: Int) -> Int { steps * frame.time.cellSize / frame.time.perLine }
    var power = 1
    while true {
      for step in [1, 2, 5] where width(step * power) >= columns { return step * power }
      power *= 10
    }
  }
}
