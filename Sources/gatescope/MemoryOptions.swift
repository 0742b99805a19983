import ArgumentParser
import Inspector

/// How much of a trace stays in memory.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How much memory a trace takes at most, such as 512M or 4G: what has no room is computed again \
      when it is looked at. (default: 1G)
      """, valueName: "size"))
  var memory: MemorySize?

  /// The flag's, or the settings'.
  ///
  /// - Parameter isReplayed: such a run takes no settings.
  func bytes(isReplayed: Bool = false) -> Int {
    if let memory { return memory.bytes }
    if isReplayed { return MemorySize.usual.bytes }
    return SettingsReader.read(Process.environment).settings.memory.bytes
  }
}

extension MemorySize: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
