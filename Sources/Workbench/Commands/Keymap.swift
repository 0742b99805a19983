import Screen

/// A table of keys: dispatch, the help screen and the footer are made from it, and from the standard
/// one the README.
public struct Keymap: Sendable, Equatable {
  public var groups: [Group]

  public struct Binding: Sendable, Equatable {
    /// None where it has to be typed.
    public var keys: [Key]
    public let instruction: Instruction
    /// What it does, for the help and the README.
    public let words: String
    /// A word for the footer, where the key deserves a place there.
    public let footer: Footer?
  }

  /// A key's place in the footer; the first that do not fit are those of high rank.
  public struct Footer: Sendable, Equatable {
    /// What does the opposite, whose key stands before.
    public let opposite: Command?
    public let words: String
    public let rank: Int
  }

  public struct Group: Sendable, Equatable {
    public let title: String
    public var bindings: [Binding]
  }

  public var bindings: [Binding] { groups.flatMap(\.bindings) }

  /// What a key stands for, if anything.
  public func instruction(for key: Key) -> Instruction? {
    bindings.first { $0.keys.contains(key) }?.instruction
  }

  /// The keys that an instruction has.
  public func keys(of instruction: Instruction) -> [Key] {
    bindings.first { $0.instruction == instruction }?.keys ?? []
  }

  /// The keys as they are where nobody has bound others.
  public static let standard = Keymap(groups: [
    Group(
      title: "moving in time",
      bindings: [
        bind(
          [.right, "l"], .stepForward, "a step on; :+12 goes twelve", footer: "step", 0,
          opposite: .stepBack),
        bind([.left, "h"], .stepBack, "a step back; :-12 goes twelve"),
        bind([.shiftRight, "L"], ten(.stepForward), "ten steps on"),
        bind([.shiftLeft, "H"], ten(.stepBack), "ten steps back"),
        bind([.pageDown], .pageForward, "a screenful on"),
        bind([.pageUp], .pageBack, "a screenful back"),
        bind([.home, "g"], .firstStep, "the first step"),
        bind([.end, "G"], .lastStep, "the last step"),
        bind([], .go, "that step; its number alone will do (:500)"),
        bind([" "], .play, "play and pause", footer: "play", 4),
        bind([], .breakpoint, "stop playing and running where it holds"),
        bind(["+", "="], .faster, "play faster"),
        bind(["-"], .slower, "play slower"),
      ]),
    Group(
      title: "finding",
      bindings: [
        bind(["/"], .search, "search the tokens", footer: "search", 8),
        bind([], .find, "or z/: where it holds (find f[2] < 0.1)"),
        bind(["n"], .searchNext, "the next place found"),
        bind(["N"], .searchBack, "the place found before"),
        bind(["V"], .span, "begin a span of steps, or leave it"),
        bind(["*"], .match, "where the same units are on as in it"),
        bind([], .place, "that one of the places, by its rank"),
        bind([">"], .nextChange, "on to where the selected value changes"),
        bind(["<"], .previousChange, "back to where it changes"),
        bind(["m"], .mark, "mark this place with a letter (ma)"),
        bind(["'"], .jump, "to a mark ('a); '' where you were"),
        bind([.control("o")], .back, "back to the place before the jump"),
        bind([], .forward, "forth again; Tab after ^O"),
      ]),
    Group(
      title: "moving in the network",
      bindings: [
        bind([.down, "j"], .nextUnit, "the next unit", footer: "unit", 1, opposite: .previousUnit),
        bind([.up, "k"], .previousUnit, "the unit before"),
        bind([.shiftDown], ten(.nextUnit), "ten units on"),
        bind([.shiftUp], ten(.previousUnit), "ten units back"),
        bind([], .unit, "that unit"),
        bind([.tab], .nextLane, "the next lane", footer: "lane", 7),
        bind([.backTab], .previousLane, "the lane before"),
        bind([], .lane, "that signal's lane, or loss, entropy"),
        bind([], .output, "whose pushes are shown; off: the true one's"),
        bind(
          ["]"], .nextTrack, "the next layer or direction", footer: "layer", 5,
          opposite: .previousTrack),
        bind(["["], .previousTrack, "the layer or direction before"),
        bind([], .layer, "that layer (1, l1.bwd)"),
      ]),
    Group(
      title: "arranging units",
      bindings: [
        bind(["s"], .sort, "order units by a known lane or a column", footer: "sort", 5),
        bind(["o"], .nextOrder, "by the next of all orders"),
        bind(["O"], .previousOrder, "by the order before"),
        bind([], .order, "by that: index, activity, variance, …"),
        bind(["p"], .pin, "pin the unit on top, or let it go"),
        bind(["P"], .unpin, "let all pinned units go"),
        bind(["&"], .filter, "show only units that fit (half-life>10)"),
      ]),
    Group(
      title: "views",
      bindings: [
        bind(["v"], .nextView, "the next view", footer: "view", 3),
        bind("1", .lanes, "lanes: every signal, units by time"),
        bind("2", .cell, "cell: this step as it flows through the cell"),
        bind("3", .unit, "unit: the unit in hand over time"),
        bind("4", .text, "text: in the colours of the unit in hand"),
        bind("5", .table, "table: every unit in numbers"),
        bind("6", .compare, "compare: signals, layers or runs"),
        bind("7", .why, "why: where the value in hand comes from"),
        bind("8", .flow, "flow: how far back a step reaches, how fast"),
        bind(["S"], .nextLimits, "how far c's colours reach: quantile, lane, …"),
      ]),
    Group(
      title: "comparing",
      bindings: [
        bind([], .compare, "with a signal, layer, text TEXT, model FILE"),
        bind(["c"], .compareNext, "with the next thing that there is", footer: "with", 2),
        bind(["d"], .difference, "the difference, or both side by side", footer: "difference", 1),
      ]),
    Group(
      title: "asking why",
      bindings: [
        bind(["w"], .why, "why is it that? of c[3], f[3] @ 20, y[a]", footer: "why", 6)
      ]),
    Group(
      title: "asking what if",
      bindings: [
        bind(["!"], .clamp, "hold a value (clamp f[3] = 0 @ 9..)"),
        bind([], .scale, "times a number: scale o 0.5 @ 10..20"),
        bind([], .add, "plus a number: add c[3] 1 @ 7"),
        bind([], .freeze, "hold it as it is: freeze c[3] @ 10.."),
        bind([], .edit, "set c or h once, at this step: edit c[3] = 1"),
        bind([], .patch, "as another run has it: patch c[3] from main"),
        bind([], .token, "12 b; insert 12 b; delete 12..13"),
        bind([], .initial, "what the run begins with: initial c[3] = 1"),
        bind(["i"], .type, "characters at the end, live (type TEXT)"),
        bind([], .generate, "the network goes on: generate 200 seed 2"),
        bind(["."], Instruction(.turn, "1"), "turn the value in hand up, like a knob"),
        bind([","], Instruction(.turn, "-1"), "turn it down"),
        bind([], .without, "that gate always open, and what it costs"),
        bind([], .whatIf, "the changes; off 1, on 1, drop 1, save, load"),
        bind([], .branch, "go on as another branch, of that name"),
        bind([], .switchBranch, "show that branch; main is without changes"),
        bind([], .dropBranch, "drop that branch"),
      ]),
    Group(
      title: "what reaches how far",
      bindings: [
        bind([], .flow, "how gradients fade, back from that step"),
        bind([], .whatReaches, "swap a token: how long states differ"),
      ]),
    Group(
      title: "the size of the lane in hand",
      bindings: [
        bind(["z"], .grow, "half the screen, all of it, its place again", footer: "zoom", 10),
        bind([")"], .timeIn, "steps wider, at last with numbers in them"),
        bind(["("], .timeOut, "steps narrower, several a column"),
        bind(["}"], .unitsIn, "units higher"),
        bind(["{"], .unitsOut, "units lower, several a row"),
        bind(["Z"], .fit, "everything on one screen, and back"),
        bind(["M"], .reduction, "several values a cell: mean or extreme"),
      ]),
    Group(
      title: "the tour",
      bindings: [
        bind(["t"], .tour, "start or leave the guided tour", footer: "tour", 2),
        bind([.enter], .tourNext, "the tour's next stop; the unit, the cause"),
        bind([.backspace], .tourBack, "the tour's stop, the question before"),
      ]),
    Group(
      title: "files",
      bindings: [
        bind(["e"], .export, "export the trace, or a part of it", footer: "export", 6),
        bind(["E"], .exportUnit, "export the unit in hand"),
        bind([], .screen, "this screen as text; .ans with its colours"),
        bind([], .figure, "this view for paper: .svg, .png, .pdf"),
        bind([], .record, "what was done, for --replay"),
      ]),
    Group(
      title: "the rest",
      bindings: [
        bind([":"], .commandLine, "type a command; Tab completes it", footer: "command", 9),
        bind([.control("p")], .palette, "any command, by a few letters (nl)"),
        bind(["U"], .undo, "undo what was arranged"),
        bind(["R"], .redo, "redo it"),
        bind([], .set, "theme, palette, limits, memory, …"),
        bind(["?"], .help, "these keys", footer: "help", -1),
        bind([.escape], .cancel, "leave, stop"),
        bind([.control("l")], .redraw, "draw the screen anew"),
        bind([], .size, "the screen's size in a replay"),
        bind(["q"], .quit, "quit", footer: "quit", -2),
      ]),
  ])

  /// The table of keys as the README shows it.
  public var markdown: String {
    var lines = ["| key | command | does |", "| --- | --- | --- |"]
    for binding in bindings {
      let keys = binding.keys.map { "`\($0.label)`" }.joined(separator: " ")
      lines.append("| \(keys) | `:\(binding.usage)` | \(binding.words) |")
    }
    return lines.joined(separator: "\n")
  }

  private static func bind(_ keys: [Key], _ command: Command, _ words: String) -> Binding {
    Binding(keys: keys, instruction: Instruction(command), words: words, footer: nil)
  }

  private static func bind(_ keys: [Key], _ instruction: Instruction, _ words: String) -> Binding {
    Binding(keys: keys, instruction: instruction, words: words, footer: nil)
  }

  private static func ten(_ command: Command) -> Instruction { Instruction(command, "10") }

  private static func bind(_ key: Key, _ view: ViewKind, _ words: String) -> Binding {
    Binding(keys: [key], instruction: Instruction(.view, view.name), words: words, footer: nil)
  }

  private static func bind(
    _ keys: [Key], _ command: Command, _ words: String, footer: String, _ rank: Int,
    opposite: Command? = nil
  ) -> Binding {
    Binding(
      keys: keys, instruction: Instruction(command), words: words,
      footer: Footer(opposite: opposite, words: footer, rank: rank))
  }
}

extension Keymap.Binding {
  /// As it is typed: `go STEP`, `view lanes`, `next-unit [COUNT]`.
  public var usage: String {
    instruction.argument.isEmpty ? instruction.command.usage : instruction.description
  }

  /// Whether there is anything here for it to do.
  func isOfUse(_ state: State) -> Bool { Self.conditions[instruction.command]?(state) ?? true }

  private static let conditions: [Command: @Sendable (State) -> Bool] = [
    .nextTrack: hasLayers, .previousTrack: hasLayers, .layer: hasLayers,
    .whatIf: { $0.session.model != nil },
    .type: readsSymbols, .turn: { $0.session.model != nil },
    .generate: { $0.session.model?.network.readout != nil },
    .switchBranch: hasBranches, .dropBranch: hasBranches,
    .tour: hasTour, .tourBack: { hasTour($0) || $0.view == .why },
    .tourNext: { hasTour($0) || $0.view == .table || $0.view == .why },
    .sort: { $0.view == .table || $0.session.lanes.contains { $0.kind != .symbol } },
    .place: { $0.matches != nil },
    .size: { $0.isHeadless },
    .grow: { $0.view == .lanes },
    .timeIn: hasHeatmaps, .timeOut: hasHeatmaps, .unitsIn: hasHeatmaps, .unitsOut: hasHeatmaps,
    .fit: hasHeatmaps, .reduction: hasHeatmaps,
    .difference: { $0.view == .compare }, .compareNext: { $0.view == .compare },
    .nextLimits: { state in
      state.currentTrack.signals.contains { state.range(of: $0) == .unbounded }
    },
    .search: { if case .tokens = $0.trace.input { true } else { false } },
  ]

  private static let readsSymbols: @Sendable (State) -> Bool = {
    if case .tokens = $0.trace.input { $0.session.model?.vocabulary != nil } else { false }
  }
  private static let hasLayers: @Sendable (State) -> Bool = { $0.trace.layout.count > 1 }
  private static let hasBranches: @Sendable (State) -> Bool = { !$0.arrangement.branches.isEmpty }
  private static let hasTour: @Sendable (State) -> Bool = { $0.session.tour != nil }
  private static let hasHeatmaps: @Sendable (State) -> Bool = {
    $0.view == .lanes || $0.view == .compare
  }
}

extension Command {
  /// The name with what stands after it: `go STEP`, `next-unit [COUNT]`.
  public var usage: String {
    switch argument {
    case .none: rawValue
    case .count: rawValue + " [COUNT]"
    case .optional(let name): rawValue + " [\(name)]"
    case .number, .choice, .text, .letter: rawValue + " " + argument.name
    }
  }
}

extension Key: ExpressibleByUnicodeScalarLiteral {
  public init(unicodeScalarLiteral scalar: Unicode.Scalar) { self = .character(scalar) }
}
