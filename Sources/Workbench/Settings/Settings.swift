import Inspector
import Screen

/// How a person wants the program: told by the settings' file, by the command line's flags, which beat
/// it, and by `:set`, which beats both until the program ends. `docs/settings.md` describes them.
public struct Settings: Sendable, Equatable {
  /// Nil for what fits the terminal's ground.
  public var theme: Theme.Name?
  /// Nil for the theme's own.
  public var palette: Palette.Family?
  /// How many colours; `auto` for as many as the terminal has.
  public var colors = ColorChoice.auto
  public var mouse = true
  /// Steps a second when playing; one of `State.speeds`.
  public var speed = 4
  public var limits = Limits.quantile
  /// The limit that `fixed` means.
  public var fixedLimit: Float = 1
  /// What the values of a trace take at most; what has no room is computed again when it is looked at.
  public var memory = MemorySize.usual
  public var keymap = Keymap.standard

  public init() {}

  /// How far the colours of a signal without bounds reach.
  public enum Limits: String, Sendable, CaseIterable {
    /// The same for all units of a lane: what nine in ten values so far do not pass.
    case quantile
    /// The same for all units of a lane: the largest value so far.
    case lane
    /// Each unit as far as its own largest value.
    case unit
    /// A number, whatever comes.
    case fixed
  }

  /// What a terminal is taken to have.
  public func applied(to terminal: Capabilities) -> Capabilities {
    var terminal = terminal
    terminal.colors = colors.depth ?? terminal.colors
    return terminal
  }

  /// What can be set by a name and a text.
  public enum Name: String, Sendable, CaseIterable {
    case theme, palette, colors, mouse, speed, limits, memory
  }

  /// Sets what a name stands for.
  ///
  /// - Throws: `SettingsError.unknownName` and `.badValue`; nothing has changed then.
  public mutating func set(_ name: String, _ text: String) throws(SettingsError) {
    guard let name = Name(rawValue: name) else { throw .unknownName(name) }
    switch name {
    case .theme: theme = try choice(text)
    case .palette: palette = try choice(text)
    case .colors: colors = try choice(text)
    case .mouse:
      switch text {
      case "on", "true", "yes": mouse = true
      case "off", "false", "no": mouse = false
      default: throw .badValue(name, text)
      }
    case .speed:
      guard let number = Int(text), State.speeds.contains(number) else {
        throw .badValue(name, text)
      }
      speed = number
    case .limits:
      if let number = Float(text), number > 0, number.isFinite {
        fixedLimit = number
        limits = .fixed
      } else {
        limits = try choice(text)
      }
    case .memory:
      guard let size = MemorySize(text) else { throw .badValue(name, text) }
      memory = size
    }

    func choice<Choice: RawRepresentable<String>>(_ text: String) throws(SettingsError) -> Choice {
      guard let choice = Choice(rawValue: text) else { throw .badValue(name, text) }
      return choice
    }
  }

  /// The words that a name may be set to, for completion and for errors. `limits` also takes a
  /// number, `memory` any size.
  public static func choices(of name: Name) -> [String] {
    switch name {
    case .theme: Theme.Name.allCases.map(\.rawValue)
    case .palette: Palette.Family.allCases.map(\.rawValue)
    case .colors: ColorChoice.allCases.map(\.rawValue)
    case .mouse: ["on", "off"]
    case .speed: State.speeds.map { String($0) }
    case .limits: Limits.allCases.map(\.rawValue)
    case .memory: ["256M", "1G", "4G"]
    }
  }

  /// What a name is set to; nil where that is left to the terminal or the theme.
  public func value(of name: Name) -> String? {
    switch name {
    case .theme: theme?.rawValue
    case .palette: palette?.rawValue
    case .colors: colors == .auto ? nil : colors.rawValue
    case .mouse: mouse ? "on" : "off"
    case .speed: String(speed)
    case .limits: limits == .fixed ? Numbers.limit(fixedLimit) : limits.rawValue
    case .memory: memory.description
    }
  }
}
