/// The looks that a view may use: quiet greys for what is always there, one accent for the cursor
/// and the unit in hand, colour otherwise only for data.
public struct Theme: Sendable, Hashable {
  public enum Name: String, Sendable, CaseIterable {
    case dark, light
    /// White on black, nothing paler than it must be.
    case highContrast = "high-contrast"
    /// No hues: greys where the terminal has them, else bold, reverse and shades.
    case monochrome
  }

  public let name: Name
  /// What the terminal has.
  public let terminal: Capabilities
  /// What the theme uses of it.
  public let capabilities: Capabilities
  /// The palettes that somebody chose; nil for the theme's own.
  public let family: Palette.Family?
  public let ground: Color?
  /// What is read.
  public let text: Style
  /// Names beside what is read.
  public let muted: Style
  /// Lines and rests.
  public let faint: Style
  /// The cursor, the unit in hand.
  public let accent: Style
  /// The token under the cursor.
  public let marked: Style
  /// The same among cells of a heatmap, whose ends the accent looks like.
  public let present: Style
  /// The first and last line of the screen.
  public let bar: Style
  public let barMuted: Style
  public let barAccent: Style
  /// What came true.
  public let good: Style
  /// What went wrong.
  public let bad: Style
  /// Six lines over time that can be told apart, slow memory first.
  public let lines: [Style]
  /// The same for what lies in the future.
  public let linesAhead: [Style]
  /// The same for areas, which need less colour.
  public let areas: [Style]
  /// The filled part of a bar that shows a share.
  public let share: Style
  public let gates: Palette
  public let signed: Palette

  /// - Parameter family: the palettes of the heatmaps; nil for the theme's own.
  public init(_ name: Name, _ terminal: Capabilities, palette family: Palette.Family? = nil) {
    let basis = Basis(name, terminal, family)
    switch basis.capabilities.colors {
    case .none: self.init(plain: basis)
    case .eight, .sixteen: self.init(basic: basis)
    case .indexed, .direct: self.init(full: basis, Colors.of(name))
    }
  }

  /// What does not depend on how many colours there are.
  private struct Basis {
    let name: Name
    let terminal: Capabilities
    let family: Palette.Family?
    let capabilities: Capabilities
    let gates: Palette
    let signed: Palette

    init(_ name: Name, _ terminal: Capabilities, _ family: Palette.Family?) {
      self.name = name
      self.terminal = terminal
      self.family = family
      var capabilities = terminal
      // Sixteen colours have too few greys to draw with.
      if name == .monochrome && terminal.colors < .indexed { capabilities.colors = .none }
      self.capabilities = capabilities
      let onDark = name != .light
      let family = family ?? (name == .monochrome ? .grey : .cividis)
      gates = Palette.gates(family, onDark: onDark)
      signed = Palette.signed(family, onDark: onDark)
    }
  }

  private init(full basis: Basis, _ colors: Colors) {
    let ground = Color(colors.ground)
    let bar = Color(colors.bar)
    let accent = Color(colors.accent)
    name = basis.name
    terminal = basis.terminal
    capabilities = basis.capabilities
    family = basis.family
    self.ground = ground
    self.text = Style(Color(colors.text), on: ground)
    self.muted = Style(Color(colors.muted), on: ground)
    self.faint = Style(Color(colors.faint), on: ground)
    self.accent = Style(accent, on: ground, .bold)
    self.marked = Style(ground, on: accent, .bold)
    // Greys leave the accent alone.
    let isGrey = basis.name == .monochrome || basis.family == .grey
    self.present = Style(
      ground, on: isGrey ? accent : Color(colors.present), [.bold, .underline])
    self.bar = Style(Color(colors.text), on: bar)
    self.barMuted = Style(Color(colors.muted), on: bar)
    self.barAccent = Style(accent, on: bar, .bold)
    self.good = Style(Color(colors.good), on: ground)
    // Without a hue an error is told from what came true by a line under it.
    self.bad = Style(Color(colors.bad), on: ground, basis.name == .monochrome ? .underline : [])
    self.share = Style(Color(colors.share), on: ground)
    self.lines = colors.lines.map { Style(Color($0), on: ground) }
    linesAhead = colors.linesAhead(basis.capabilities.colors).map { Style($0, on: ground) }
    areas = colors.areas(basis.capabilities.colors).map { Style($0, on: ground) }
    gates = basis.gates
    signed = basis.signed
  }

  /// Eight or sixteen colours: the terminal's own ground, its own text, its yellow as accent.
  private init(basic basis: Basis) {
    let accent =
      switch basis.name {
      case .dark, .monochrome: Color(0xCDCD00)
      case .highContrast: Color(0xFFFF00)
      case .light: Color(0x0000EE)
      }
    name = basis.name
    terminal = basis.terminal
    capabilities = basis.capabilities
    family = basis.family
    ground = nil
    text = Style()
    muted = Style()
    faint = Style()
    self.accent = Style(accent, on: nil, .bold)
    marked = Style(nil, on: nil, [.reverse, .bold])
    present = Style(nil, on: nil, [.reverse, .bold, .underline])
    bar = Style(nil, on: nil, .reverse)
    barMuted = bar
    barAccent = bar.with(.bold)
    good = Style(Color(0x00CD00))
    bad = Style(Color(0xCD0000), on: nil, .bold)
    share = Style()
    lines = [0xCDCD00, 0xCD00CD, 0xCDCD00, 0x00CD00, 0x00CDCD, 0x5C5CFF].map { Style(Color($0)) }
    linesAhead = lines.map { $0.with(.dim) }
    areas = lines
    gates = basis.gates
    signed = basis.signed
  }

  /// No colours: bold, dim, reverse.
  private init(plain basis: Basis) {
    name = basis.name
    terminal = basis.terminal
    capabilities = basis.capabilities
    family = basis.family
    ground = nil
    text = Style()
    muted = Style()
    faint = Style(nil, on: nil, .dim)
    accent = Style(nil, on: nil, .bold)
    marked = Style(nil, on: nil, [.reverse, .bold])
    present = Style(nil, on: nil, [.reverse, .bold, .underline])
    bar = Style(nil, on: nil, .reverse)
    barMuted = bar
    barAccent = bar.with(.bold)
    good = Style(nil, on: nil, .bold)
    bad = Style(nil, on: nil, .bold)
    share = Style()
    lines = Array(repeating: Style(nil, on: nil, .bold), count: 6)
    linesAhead = Array(repeating: Style(nil, on: nil, .dim), count: 6)
    areas = Array(repeating: Style(), count: 6)
    gates = basis.gates
    signed = basis.signed
  }

  /// A blank of the ground's colour.
  public var blank: Cell { Cell(" ", Style(text.foreground, on: ground)) }
}
