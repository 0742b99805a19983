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
  case searchNext = "search-next"
  case searchBack = "search-back"
  case mark
  case jump
  case back
  case forward
  case play
  case faster
  case slower
  case nextUnit = "next-unit"
  case previousUnit = "previous-unit"
  case unit
  case nextLane = "next-lane"
  case previousLane = "previous-lane"
  case lane
  case nextTrack = "next-layer"
  case previousTrack = "previous-layer"
  case layer
  case nextView = "next-view"
  case view
  case order
  case grow
  case timeIn = "time-in"
  case timeOut = "time-out"
  case unitsIn = "units-in"
  case unitsOut = "units-out"
  case fit
  case reduction
  case tour
  case tourNext = "tour-next"
  case tourBack = "tour-back"
  case export
  case exportUnit = "export-unit"
  case record
  case screen
  case undo
  case redo
  case commandLine = "command"
  case help
  case cancel
  case redraw
  case size
  case quit
}

/// What a command takes after its name.
public enum CommandArgument: Sendable, Equatable {
  case none
  /// A number from 1 on that may be left out; the count before a key.
  case count
  /// A number that must be there, named as the usage names it.
  case number(String)
  /// One of a few words, which `Completion` knows.
  case choice(String)
  /// Anything; asked for in the footer where it is left out.
  case text(String)
  /// A letter; the next key where it is left out.
  case letter(String)

  var isChoice: Bool { if case .choice = self { true } else { false } }
}

extension Command {
  /// What it takes after its name.
  public var argument: CommandArgument {
    switch self {
    case .stepForward, .stepBack, .pageForward, .pageBack, .nextUnit, .previousUnit, .nextLane,
      .previousLane, .nextTrack, .previousTrack, .timeIn, .timeOut, .unitsIn, .unitsOut:
      .count
    case .go: .number("STEP")
    case .unit: .number("UNIT")
    case .lane: .choice("SIGNAL")
    case .layer: .choice("LAYER")
    case .view: .choice("VIEW")
    case .search: .text("TOKENS")
    case .export: .text("FILE")
    case .record: .text("FILE")
    case .screen: .text("FILE")
    case .mark, .jump: .letter("LETTER")
    case .size: .choice("WIDTHxHEIGHT")
    case .firstStep, .lastStep, .nextChange, .previousChange, .searchNext, .searchBack, .back,
      .forward, .play, .faster, .slower, .nextView, .order, .grow, .fit, .reduction, .tour,
      .tourNext, .tourBack,
      .exportUnit, .undo, .redo, .commandLine, .help, .cancel, .redraw, .quit:
      .none
    }
  }

  /// Whether a replay must repeat it. The others only ask, or show what a replay has no eyes for.
  var isJournalled: Bool {
    switch self {
    case .commandLine, .help, .redraw, .record, .exportUnit, .quit, .play, .faster, .slower,
      .cancel:
      false
    case .stepForward, .stepBack, .firstStep, .lastStep, .go, .pageForward, .pageBack, .nextChange,
      .previousChange, .search, .searchNext, .searchBack, .mark, .jump, .back, .forward,
      .nextUnit, .previousUnit, .unit, .nextLane, .previousLane, .lane, .nextTrack, .previousTrack,
      .layer, .nextView, .view, .order, .grow, .timeIn, .timeOut, .unitsIn, .unitsOut, .fit,
      .reduction, .tour, .tourNext, .tourBack, .export, .screen, .undo, .redo, .size:
      true
    }
  }

  /// Whether it leads far away, so that `back` should lead here again.
  var isJump: Bool {
    switch self {
    case .firstStep, .lastStep, .go, .search, .searchNext, .searchBack, .jump, .unit, .layer: true
    case .stepForward, .stepBack, .pageForward, .pageBack, .nextChange, .previousChange, .mark,
      .back, .forward, .play, .faster, .slower, .nextUnit, .previousUnit, .nextLane, .previousLane,
      .lane, .nextTrack, .previousTrack, .nextView, .view, .order, .grow, .timeIn, .timeOut,
      .unitsIn, .unitsOut, .fit, .reduction, .tour, .tourNext, .tourBack, .export, .exportUnit,
      .record, .screen, .undo, .redo, .commandLine, .help, .cancel, .redraw,
      .size, .quit:
      false
    }
  }
}
