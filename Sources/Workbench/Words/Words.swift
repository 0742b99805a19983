import Inspector
import Recurrent
import Screen

/// Every word that the screen says of its own, apart from the drawing, so that another language
/// needs no other views.
enum Words {
  static let program = "gatescope"
  static let input = "input"
  static let measuring = "measuring every unit over every step"
  static func sorted(by column: String) -> String { "units by \(column); s again turns them round" }
  static let rolesExplained =
    "counter: c runs evenly; latch: it jumps and stays; resetter: f shuts at times; dead: h stands still at 0"
  static let halfLifeExplained =
    "steps after which half of c is left, by the steps where f keeps it; ∞: longer than the sequence"
  static let slowerExplained = "c moves so many times less than h between steps"
  static let followsExplained =
    "what is known and the unit tells best; 1.00 always, 0.00 not at all"
  /// Of the chart at the right.
  static func course(of signal: Signal) -> String { "\(signal.rawValue), all steps" }
  static let next = "next"
  static let pushes = "pushes"
  /// "bias +0.12  sum 4.31".
  static func sum(bias: Double, sum: Double) -> String {
    "bias \(Numbers.signed(Float(bias)))  sum \(Numbers.signed(Float(sum)))"
  }
  static let noReadout = "there is no readout here, so no output"
  static func noSuchOutput(_ text: String, of count: Int) -> String {
    "no output is \(Glyphs.visible(text)); there are 0 to \(count - 1), or their symbols"
  }
  static let nats = "nats"
  static func said(_ quantity: ReadoutQuantity) -> String {
    switch quantity {
    case .loss: "how much of a surprise each token was when it came"
    case .entropy: "how undecided the network is after each token"
    case .y, .next: ""
    }
  }
  static let lastStep = "end of the sequence"
  static let keyHint = "? help"

  /// - Parameter cell: what computed it; nil where a file does not say. Of an LSTM's states c is the slow
  ///   one, a GRU has h alone for that, and a plain network remembers nothing else.
  static func name(of signal: Signal, in cell: CellKind?) -> String {
    described(signal, in: cell)?.name ?? unknown(signal)
  }

  /// The same where there is little room: of the states how they move says more than what they are.
  static func shortName(of signal: Signal, in cell: CellKind?) -> String {
    described(signal, in: cell)?.shortName ?? unknown(signal)
  }

  /// What the cell says of it. The letters mean the same to an LSTM and a GRU, where a file does not
  /// say which it was.
  private static func described(_ signal: Signal, in cell: CellKind?) -> SignalDescription? {
    if let found = cell?.about[signal] { return found }
    return signal == .h
      ? nil : CellKind.classic.lazy.compactMap { $0.about[signal] }.first
  }

  private static func unknown(_ signal: Signal) -> String {
    switch signal {
    case .h: "hidden state"
    case .named(let signal): signal.name
    case .z, .f, .i, .o, .c, .r, .u, .n, .m, .v: "values"
    }
  }

  /// How c and h move.
  static func pace(of signal: Signal, in cell: CellKind?) -> String {
    switch cell?.about[signal]?.role ?? (signal == .c ? .slow : signal == .h ? .state : .fast) {
    case .slow: "slow"
    case .state: ""
    case .fast, .gate, .candidate: "fast"
    }
  }

  static func name(of view: ViewKind) -> String {
    switch view {
    case .lanes: "lanes"
    case .cell: "cell"
    case .unit: "unit"
    case .text: "text"
    case .table: "table"
    case .compare: "compare"
    case .why: "why"
    case .flow: "flow"
    }
  }

  static func name(of cell: CellKind) -> String { cell.about.title }

  /// "LSTM", "coupled LSTM", "relu RNN".
  static func name(of shape: LayerShape) -> String {
    let title = shape.cell.about.title
    if shape.isCoupled { return "coupled " + title }
    return shape.cell == .rnn ? "\(symbol(of: shape.activations.candidate)) \(title)" : title
  }

  /// In a diagram: five letters at most.
  static func symbol(of activation: Activation) -> String {
    switch activation {
    case .sigmoid: "σ"
    case .tanh: "tanh"
    case .relu: "relu"
    case .hardSigmoid: "hardσ"
    case .leakyRelu: "leaky"
    case .elu: "elu"
    case .softsign: "ssign"
    case .softplus: "splus"
    case .affine: "lin"
    case .scaledTanh: "stanh"
    case .thresholdedRelu: "trelu"
    case .linear: "id"
    }
  }

  /// "tanh c"; what is not changed is only named.
  static func applied(_ activation: Activation, to name: String) -> String {
    activation == .linear ? name : "\(symbol(of: activation)) \(name)"
  }

  /// The same where nobody knows by which.
  static func applied(to name: String) -> String { "act \(name)" }

  static func name(of direction: Direction) -> String {
    switch direction {
    case .forward: "forwards"
    case .backward: "backwards"
    }
  }

  // Steps and units count from 0: of 66 steps 65 is the last.
  static func position(step: Int, last: Int) -> String { "step \(step) / \(last)" }
  static func shortPosition(step: Int, last: Int) -> String { "\(step) / \(last)" }
  static func unit(_ unit: Int, last: Int) -> String {
    last == 0 ? "unit \(unit), the only one" : "unit \(unit) / \(last)"
  }
  /// Which steps the lanes show, where no row has their numbers.
  static func steps(_ first: Int, _ last: Int) -> String { "steps \(first)..\(last)" }
  /// "↑3 ↓12 more": units before and behind those that are seen.
  static func moreUnits(above: Int, below: Int) -> String {
    ([above > 0 ? "↑\(above)" : nil, below > 0 ? "↓\(below)" : nil].compactMap { $0 }
      + [above + below > 0 ? "more" : nil].compactMap { $0 }).joined(separator: " ")
  }
  static func lastStepIs(_ last: Int) -> String { "\(last) is the last step" }

  // A recorded trace, which may hold a part of the steps, units and signals.
  static func unit(_ unit: Int, ofSome count: Int) -> String {
    "unit \(unit) · \(count) units here"
  }
  static func position(step: Int, from first: Int, to last: Int) -> String {
    "step \(step) in \(first)..\(last)"
  }
  static let recorded = "recorded trace"
  static func arrays(_ count: Int) -> String { count == 1 ? "1 array" : "\(count) arrays" }
  static let unknown = "?"
  static func missing(_ signals: [Signal]) -> String {
    "not in this trace: \(signals.map(\.rawValue).joined(separator: ", ")), nor what comes from them"
  }
  static let onlyHidden = "h alone does not say which cell it was"
  static let unknownInput = "this trace does not say what entered; the steps' numbers stand for it"

  static func tooSmall(width: Int, height: Int) -> [String] {
    ["too small:", "\(width) × \(height) needed"]
  }

  static func name(of reduction: Representative) -> String {
    switch reduction {
    case .mean: "mean"
    case .extreme: "extreme"
    }
  }

  /// "mean of 4 steps × 2 units": what a cell of a heatmap shows.
  static func reduced(_ reduction: Representative, steps: Int, units: Int) -> String {
    let parts =
      (steps > 1 ? ["\(steps) steps"] : []) + (units > 1 ? ["\(units) units"] : [])
    return "\(name(of: reduction)) of " + parts.joined(separator: " × ")
  }

  static func cellIs(_ reduced: String) -> String { "a cell is the \(reduced)" }
  static func willReduce(_ reduction: Representative) -> String {
    "cells of several values will show their \(name(of: reduction))"
  }
  /// "4 steps a column, 2 units a row", "6 columns a step, 1 unit a row".
  static func scale(steps: Int, columns: Int, units: Int, rows: Int) -> String {
    let time =
      columns > 1
      ? "\(columns) columns a step" : steps > 1 ? "\(steps) steps a column" : "1 step a column"
    let height =
      rows > 1 ? "\(rows) rows a unit" : units > 1 ? "\(units) units a row" : "1 unit a row"
    return "\(time), \(height)"
  }
  static let widestSteps = "steps cannot be wider"
  static let highestUnits = "units cannot be higher"
  static let everyStepIsSeen = "every step is on the screen"
  static let everyUnitIsSeen = "every unit is on the screen"

  // The three stages.
  static let forget = "forget"
  static let reinforce = "reinforce"
  static let output = "output"

  static func keeps(_ share: String, isShort: Bool = false) -> String {
    "keeps \(share)" + (isShort ? "" : " of what it held")
  }

  static func writes(_ amount: Float, gate: Float, isShort: Bool = false) -> String {
    let opening =
      gate > 0.9 ? "i is open" : gate < 0.1 ? "i is shut" : "i is \(Numbers.percent(gate)) open"
    let direction = amount < 0 ? "down" : "up"
    let written = "writes \(Numbers.value(abs(amount))) \(direction)"
    return isShort ? written : "\(written): \(opening)"
  }

  static func shows(
    _ share: String, of what: String, as signal: Signal, isShort: Bool = false
  ) -> String {
    "shows \(share)" + (isShort ? "" : " of \(what) as \(signal.rawValue)")
  }

  static let cellMoved = "c moved"
  static let hiddenMoved = "h moved"

  // Messages.
  static let nothingToSearch = "there are no tokens to search"
  static let searchWrapped = "the search went on from the other end"
  static func notFound(_ query: String) -> String { "\(query) is nowhere in the sequence" }
  static func noChange(forwards: Bool) -> String {
    "it does not change \(forwards ? "after" : "before") this step"
  }
  static func exportExists(_ path: String) -> String { "\(path) exists. Replace it? (y/n) " }
  static func exported(_ path: String, steps: Int, of count: Int) -> String {
    "\(path): \(steps)" + (steps < count ? " of \(count)" : "")
      + (count == 1 ? " step written" : " steps written")
  }
  static func written(_ path: String) -> String { "\(path) written" }
  static let exportKept = "nothing written"
  static let exportEmptyName = "a name is needed, such as trace.csv; nothing written"
  static func exporting(_ share: Double) -> String {
    "computing \(Numbers.fixed(share * 100, decimals: 0)) %, Esc stops"
  }
  static func reaching(_ share: Double) -> String {
    "computing \(Numbers.fixed(share * 100, decimals: 0)) %, any key stops"
  }
  static let stopped = "stopped"
  static let atStart = "this is the first step"
  static let atEnd = "this is the last step"
  static let oneTrack = "there is one layer only"
  static func unknownKey(_ label: String) -> String {
    "\(label) does nothing here; ? shows the keys"
  }
  static func speed(_ stepsASecond: Int) -> String {
    stepsASecond == 1 ? "1 step a second" : "\(stepsASecond) steps a second"
  }
  static let tagline = "watch recurrent networks think, one step at a time"
  static let pickerKeys: [(String, String, Key?)] = [
    ("↑↓", "choose", nil), ("Enter", "open", .enter), ("q", "quit", "q"),
  ]
  static let startHere = "◂ start here"
  static let answer = "answer"
  static func due(at step: Int) -> String { "due at step \(step)" }
  static func teaches(_ what: String) -> String { "teaches: \(what)" }
  static let noTour = "there is no tour here"
  static let tourEnd = "the tour ends here; look around as you like, q leaves"
  /// - Parameter part: what the model of a later tour is called.
  static func tourTitle(_ stop: Int, of count: Int, part: String?) -> String {
    "\(part ?? "tour") \(stop) of \(count)"
  }
  static let tourOn = "next"
  static func tourGoesOn(to part: String) -> String { "on to \(part)" }
  static let tourEnds = "ends the tour"
  static let tourBack = "back"
  static let tourLeave = "leave"
  static let noLanes = "nothing is known about this sequence that units could be compared with"
  static let orderedByNumber = "units by their numbers"
  static func follows(
    _ unit: Int, _ lane: GroundTruthLane, _ score: Float, _ signal: Signal
  ) -> String {
    guard !score.isNaN else { return "no unit follows \(lane.name)" }
    switch lane.kind {
    case .number:
      return "unit \(unit) follows \(lane.name) best: |r| of its \(signal.rawValue) is "
        + Numbers.fixed(score)
    case .flag, .symbol:
      return "unit \(unit) follows \(lane.name) best: its \(signal.rawValue) tells it "
        + "\(Numbers.percent(score)) of the time"
    }
  }
  /// After that, of a lane that goes one way.
  static let asDriftDoes = ", as all does that drifts: it goes one way"
  static let target = "target"
  static let offBy = "off by"
  static let helpKeys = "Enter does it · ↑↓ choose · type to filter · Esc back"
  static func helpFound(_ count: Int) -> String {
    count == 0 ? "nothing here has that; Backspace" : count == 1 ? "1 line" : "\(count) lines"
  }
  /// "▲ 3 above  ▼ 12 below"; empty where all is seen.
  static func helpMore(above: Int, below: Int) -> String {
    [above > 0 ? "▲ \(above) above" : nil, below > 0 ? "▼ \(below) below" : nil]
      .compactMap { $0 }.joined(separator: "  ")
  }
  static func noHelp(_ text: String) -> String {
    "no command has to do with '\(text)'; ? lists all"
  }
}
