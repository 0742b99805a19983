import ArgumentParser
import Demos
import Inspector
import Workbench

/// What a person most likely meant by a word that is no command, no demo and no option. Without it the
/// parser would take every such word for a demo, as that command is the one that needs no name.
struct Misspelling {
  /// What stands after the program's name.
  let arguments: [String]
  /// The demos' names; nil where there are none to be found.
  let demos: [String]?

  // MARK: - Commands

  /// The fault of a first word, or of the word after `help`, that names nothing.
  func unknownCommand() -> WrongUsage? {
    guard let first = arguments.first, !first.hasPrefix("-") else { return nil }
    let asksForHelp = first == "help"
    guard let word = asksForHelp ? arguments.dropFirst().first : first, !word.hasPrefix("-"),
      word != "help", Self.command(named: word) == nil
    else { return nil }
    if demos?.contains(word) ?? false {
      return asksForHelp
        ? WrongUsage("'\(word)' is a demo; 'gatescope demo \(word)' opens it") : nil
    }
    if word.contains(".") || word.contains("/") {
      return WrongUsage("'\(word)' is no command. To open a model: gatescope open \(word)")
    }
    if let command = Command(rawValue: word) { return WrongUsage(Self.words(of: command)) }
    if let meant = Self.nearest(to: word, among: Self.shown) {
      return WrongUsage("there is no command '\(word)'; did you mean '\(meant)'?")
    }
    // Why there are no demos is said by who looks for them.
    guard let demos else { return nil }
    if let meant = nearestName(to: word, among: demos) {
      return WrongUsage("there is no command '\(word)'; did you mean 'demo \(meant)'?")
    }
    return WrongUsage(
      "there is no command '\(word)'; there are: \(Self.shown.joined(separator: ", "))")
  }

  /// A slip of the finger, or the beginning of one name only.
  private static func nearest(to word: String, among known: [String]) -> String? {
    let begun = known.filter { word.count > 1 && $0.hasPrefix(word) }
    return begun.count == 1 ? begun[0] : nearestName(to: word, among: known)
  }

  /// Those that the help lists, "help" among them.
  private static var shown: [String] {
    Gatescope.configuration.subcommands.filter { $0.configuration.shouldDisplay }
      .compactMap { $0.configuration.commandName } + ["help"]
  }

  private static func command(named name: String) -> (any ParsableCommand.Type)? {
    Gatescope.configuration.subcommands.first { $0.configuration.commandName == name }
  }

  /// Of a command that belongs to the screen, and what comes next to it here.
  private static func words(of command: Command) -> String {
    let name = "'\(command.rawValue)' is a command of the screen, :\(command.usage)"
    if let here = besides[command] { return "\(name); did you mean 'gatescope \(here)'?" }
    return "\(name); type it after opening a demo or a model"
  }

  private static let besides: [Command: String] = [
    .export: "trace MODEL -o FILE", .exportUnit: "trace MODEL --units N -o FILE",
    .compare: "open MODEL --against OTHER", .screen: "demo NAME --screen FILE",
    .search: "find MODEL --where EXPRESSION",
  ]

  // MARK: - Options

  /// The fault of the option that nobody has, where there is one; called when parsing has failed.
  func unknownOption() -> WrongUsage? {
    let given = arguments.first.flatMap { Self.command(named: $0) }
    // Without a command's name the options are those of the list of demos as well.
    let commands = given.map { [$0] } ?? [Gatescope.self, DemoCommand.self]
    let known = commands.flatMap(Self.options)
    let options = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
      .map { String($0.prefix { $0 != "=" }) }
    guard let unknown = options.first(where: { !known.contains($0) }) else { return nil }
    let meant = nearestName(to: unknown, among: known)
    // The parser says of a command's option without a near one what there is to say.
    if meant == nil && given != nil { return nil }
    return WrongUsage(
      "Unknown option '\(unknown)'" + (meant.map { ". Did you mean '\($0)'?" } ?? ""),
      of: given ?? Gatescope.self)
  }

  /// The long names that the help of a command shows: `-o, --output <file>`, `--mouse/--no-mouse`.
  private static func options(of command: any ParsableCommand.Type) -> [String] {
    let help = Gatescope.helpMessage(for: command, includeHidden: true, columns: 200)
    return help.split(separator: "\n").filter { $0.hasPrefix("  -") }.flatMap { line in
      line.split { " ,/".contains($0) }.prefix { $0.hasPrefix("-") }.filter { $0.hasPrefix("--") }
        .map(String.init)
    }
  }
}
