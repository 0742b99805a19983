/// What a person can ask for. Its raw value is its name on the `:` line, in replay files and in the
/// settings; a key is bound to an `Instruction`, which is one of these with its argument.
public enum Command: String, Sendable, CaseIterable {
  case stepForward = "step-forward"
  case stepBack = "step-back"
  case firstStep = "first-step"
  case lastStep = "last-step"
  case go
  case pageForward = "page-forward"
  case pageBack = "page-back"
  case nextChange = "next-change"
  case previousChange = "previous-change"
  case search
  case find
  case searchNext = "search-next"
  case searchBack = "search-back"
  case span
  case match
  case place
  case mark
  case jump
  case back
  case forward
  case play
  case breakpoint = "break"
  case faster
  case slower
  case nextUnit = "next-unit"
  case previousUnit = "previous-unit"
  case unit
  case nextLane = "next-lane"
  case previousLane = "previous-lane"
  case lane
  case output
  case nextTrack = "next-layer"
  case previousTrack = "previous-layer"
  case layer
  case nextView = "next-view"
  case view
  case sort
  case order
  case nextOrder = "next-order"
  case previousOrder = "previous-order"
  case pin
  case unpin
  case filter
  case grow
  case timeIn = "time-in"
  case timeOut = "time-out"
  case unitsIn = "units-in"
  case unitsOut = "units-out"
  case fit
  case reduction
  case compare
  case compareNext = "next-comparison"
  case difference
  case why
  case clamp
  case scale
  case add
  case freeze
  case edit
  case patch
  case token
  case initial
  case generate
  case type
  case turn
  case without
  case whatIf = "what-if"
  case branch
  case switchBranch = "switch"
  case dropBranch = "drop"
  case flow
  case whatReaches = "what-reaches"
  case tour
  case tourNext = "tour-next"
  case tourBack = "tour-back"
  case export
  case exportUnit = "export-unit"
  case record
  case screen
  case figure
  case undo
  case redo
  case commandLine = "command"
  case help
  case palette
  case cancel
  case redraw
  case set
  case nextLimits = "next-limits"
  case size
  case quit
}

/// What a command takes after its name.
public enum CommandArgument: Sendable, Equatable {
  case none
  /// A number from 1 on that may be left out.
  case count
  /// A number that must be there, named as the usage names it.
  case number(String)
  /// One of a few words, which `Completion` knows.
  case choice(String)
  /// Anything; asked for in the footer where it is left out.
  case text(String)
  /// Anything; it may be left out.
  case optional(String)
  /// A letter; the next key where it is left out.
  case letter(String)

  var isChoice: Bool { if case .choice = self { true } else { false } }
}

extension Command {
  /// Whether it may show another run.
  var changesRun: Bool {
    let all: Set<Command> = [
      .clamp, .scale, .add, .freeze, .edit, .patch, .token, .initial, .generate, .type, .turn,
      .without, .whatIf, .branch, .switchBranch, .dropBranch, .undo, .redo,
    ]
    return all.contains(self)
  }

  /// What it takes after its name.
  public var argument: CommandArgument { Self.arguments[self] ?? .none }

  private static let arguments: [Command: CommandArgument] = [
    .stepForward: .count, .stepBack: .count, .pageForward: .count, .pageBack: .count,
    .nextUnit: .count, .previousUnit: .count, .nextLane: .count, .previousLane: .count,
    .nextTrack: .count, .previousTrack: .count,
    .timeIn: .count, .timeOut: .count, .unitsIn: .count, .unitsOut: .count,
    .go: .number("STEP"), .unit: .number("UNIT"),
    .order: .choice("ORDER"), .pin: .optional("UNITS"), .unpin: .optional("UNITS"),
    .filter: .text("FILTER"), .span: .optional("STEPS"), .match: .optional("THRESHOLD"),
    .place: .number("RANK"),
    .lane: .choice("SIGNAL"), .output: .choice("OUTPUT"), .layer: .choice("LAYER"),
    .view: .choice("VIEW"),
    .size: .choice("WIDTHxHEIGHT"),
    .search: .text("TOKENS"), .find: .text("EXPRESSION"), .breakpoint: .optional("EXPRESSION"),
    .export: .text("FILE"), .record: .text("FILE"), .screen: .text("FILE"),
    .figure: .text("FILE"),
    .set: .text("NAME VALUE"),
    .clamp: .text("CHANGE"), .scale: .text("CHANGE"), .add: .text("CHANGE"),
    .freeze: .text("SIGNAL"), .edit: .text("CHANGE"), .patch: .text("SIGNAL"),
    .token: .text("STEP TOKEN"), .initial: .text("CHANGE"),
    .generate: .optional("COUNT"), .type: .optional("TEXT"), .turn: .number("NOTCHES"),
    .without: .choice("GATE"),
    .whatIf: .optional("WHAT"), .branch: .text("NAME"), .switchBranch: .choice("BRANCH"),
    .dropBranch: .choice("BRANCH"),
    .compare: .text("WHAT"), .why: .optional("VALUE"), .flow: .optional("STEP"),
    .whatReaches: .optional("STEP TOKEN"), .help: .optional("COMMAND"),
    .mark: .letter("LETTER"), .jump: .letter("LETTER"),
  ]

  /// Whether a replay must repeat it. The others only ask, or show what a replay has no eyes for.
  var isJournalled: Bool { !Self.passing.contains(self) }

  private static let passing: Set<Command> = [
    .commandLine, .help, .palette, .redraw, .record, .exportUnit, .quit, .play, .faster, .slower,
    .cancel,
  ]

  /// Whether it writes a file, or may, and asks before it replaces one.
  var writesFile: Bool {
    [.export, .record, .screen, .figure, .whatIf, .compare].contains(self)
  }

  /// Whether it asks for another order of the units.
  var orders: Bool { [.sort, .order, .nextOrder, .previousOrder].contains(self) }

  /// Whether it leads far away, so that `back` should lead here again.
  var isJump: Bool { Self.jumps.contains(self) }

  private static let jumps: Set<Command> = [
    .firstStep, .lastStep, .go, .search, .find, .searchNext, .searchBack, .jump, .unit, .layer,
    .match, .place, .why,
  ]
}
