import Screen

/// The one table of keys: dispatch, the help screen, the footer and the README are made from it.
public enum Keymap {
  public struct Binding: Sendable {
    public let keys: [Key]
    public let command: Command
    /// What it does, for the help and the README.
    public let words: String
    /// A word for the footer, where the key deserves a place there.
    public let footer: Footer?
  }

  /// A key's place in the footer; the first that do not fit are those of high rank.
  public struct Footer: Sendable {
    public let keys: String
    public let words: String
    public let rank: Int
  }

  public struct Group: Sendable {
    public let title: String
    public let bindings: [Binding]
  }

  public static let groups: [Group] = [
    Group(
      title: "moving in time",
      bindings: [
        bind(
          [.right, "l"], .stepForward, "a step on; with a count, so many (12l)", "←→", "step", 0),
        bind([.left, "h"], .stepBack, "a step back"),
        bind([.pageDown], .pageForward, "a screenful on"),
        bind([.pageUp], .pageBack, "a screenful back"),
        bind([.home, "g"], .firstStep, "the first step"),
        bind([.end, "G"], .lastStep, "the last step; with a count, that step (23G)"),
        bind([">"], .nextChange, "on to where the selected value changes"),
        bind(["<"], .previousChange, "back to where it changes"),
        bind(["/"], .search, "search the tokens"),
        bind(["n"], .searchNext, "the next place found"),
        bind(["N"], .searchBack, "the place found before"),
        bind([" "], .play, "play and pause", "Space", "play", 4),
        bind(["+", "="], .faster, "play faster"),
        bind(["-"], .slower, "play slower"),
      ]),
    Group(
      title: "moving in the network",
      bindings: [
        bind([.down, "j"], .nextUnit, "the next unit", "↑↓", "unit", 1),
        bind([.up, "k"], .previousUnit, "the unit before"),
        bind([.tab], .nextLane, "the next lane", "Tab", "lane", 7),
        bind([.backTab], .previousLane, "the lane before"),
        bind(["]"], .nextTrack, "the next layer or direction", "[ ]", "layer", 5),
        bind(["["], .previousTrack, "the layer or direction before"),
      ]),
    Group(
      title: "views",
      bindings: [
        bind(["v"], .nextView, "the next view", "v", "view", 3),
        bind(["1"], .lanesView, "lanes: every signal, units by time"),
        bind(["2"], .cellView, "cell: this step as it flows through the cell"),
        bind(["3"], .unitView, "unit: the unit in hand over time"),
        bind(["4"], .textView, "text: in the colours of the unit in hand"),
        bind(["5"], .tableView, "table: every unit in numbers"),
      ]),
    Group(
      title: "learning",
      bindings: [
        bind(["t"], .tour, "start or leave the guided tour", "t", "tour", 2),
        bind([.enter], .tourNext, "the tour's next stop; the table's unit"),
        bind([.backspace], .tourBack, "the tour's stop before"),
        bind(
          ["s"], .order,
          "order units by a known lane or a column", "s", "sort",
          5),
      ]),
    Group(
      title: "the rest",
      bindings: [
        bind(["e"], .export, "export the trace as CSV", "e", "export", 6),
        bind(["?"], .help, "these keys", "?", "help", -1),
        bind([.escape], .cancel, "leave, stop, forget the count"),
        bind([.control("l")], .redraw, "draw the screen anew"),
        bind(["q"], .quit, "quit", "q", "quit", -2),
      ]),
  ]

  public static let bindings: [Binding] = groups.flatMap(\.bindings)

  /// The command of a key, if it has one.
  public static func command(for key: Key) -> Command? {
    bindings.first { $0.keys.contains(key) }?.command
  }

  /// The table of keys as the README shows it.
  public static var markdown: String {
    var lines = ["| key | does |", "| --- | --- |"]
    for binding in bindings {
      let keys = binding.keys.map { "`\($0.label)`" }.joined(separator: " ")
      lines.append("| \(keys) | \(binding.words) |")
    }
    return lines.joined(separator: "\n")
  }

  private static func bind(_ keys: [Key], _ command: Command, _ words: String) -> Binding {
    Binding(keys: keys, command: command, words: words, footer: nil)
  }

  private static func bind(
    _ keys: [Key], _ command: Command, _ words: String, _ footerKeys: String,
    _ footerWords: String, _ rank: Int
  ) -> Binding {
    Binding(
      keys: keys, command: command, words: words,
      footer: Footer(keys: footerKeys, words: footerWords, rank: rank))
  }
}

extension Key: ExpressibleByUnicodeScalarLiteral {
  public init(unicodeScalarLiteral scalar: Unicode.Scalar) { self = .character(scalar) }
}
