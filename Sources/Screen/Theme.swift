/// The looks that a view may use: quiet greys for what is always there, one accent for the cursor
/// and the unit in hand, colour otherwise only for data.
public struct Theme: Sendable, Hashable {
  public enum Name: String, Sendable, CaseIterable { case dark, light }

  public let name: Name
  public let capabilities: Capabilities
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
  /// The filled part of a bar that shows a share.
  public let share: Style
  public let gates: Palette
  public let signed: Palette

  public init(_ name: Name, _ capabilities: Capabilities) {
    switch (name, capabilities.colors) {
    case (_, .none):
      self.init(plain: name, capabilities, gates: .gatesOnDark, signed: .signedOnDark)
    case (.dark, .eight), (.dark, .sixteen):
      self.init(basic: name, capabilities, gates: .gatesOnDark, signed: .signedOnDark)
    case (.light, .eight), (.light, .sixteen):
      self.init(basic: name, capabilities, gates: .gatesOnLight, signed: .signedOnLight)
    case (.dark, .indexed), (.dark, .direct):
      self.init(
        full: name, capabilities, ground: 0x101014, text: 0xD8D8DC, muted: 0x8A8A90,
        faint: 0x4E4E56, accent: 0xFFC66B, bar: 0x1F2129, good: 0x7CC98A, bad: 0xFF8A7A,
        share: 0x6C7282, lines: [0xFFAF5F, 0xD787AF, 0xFFE55F, 0x87D787, 0x5FAFFF, 0xAF87FF],
        gates: .gatesOnDark, signed: .signedOnDark)
    case (.light, .indexed), (.light, .direct):
      self.init(
        full: name, capabilities, ground: 0xFAFAF8, text: 0x24242A, muted: 0x6A6A72,
        faint: 0xB4B4BA, accent: 0xA65200, bar: 0xE9E9E6, good: 0x1F7A38, bad: 0xB3261E,
        share: 0x9AA0AE, lines: [0xAF5F00, 0xAF005F, 0x875F00, 0x00875F, 0x005FD7, 0x5F00AF],
        gates: .gatesOnLight,
        signed: .signedOnLight)
    }
  }

  private init(
    full name: Name, _ capabilities: Capabilities, ground: UInt32, text: UInt32, muted: UInt32,
    faint: UInt32, accent: UInt32, bar: UInt32, good: UInt32, bad: UInt32, share: UInt32,
    lines: [UInt32],
    gates: Palette, signed: Palette
  ) {
    let ground = Color(ground)
    let bar = Color(bar)
    self.name = name
    self.capabilities = capabilities
    self.ground = ground
    self.text = Style(Color(text), on: ground)
    self.muted = Style(Color(muted), on: ground)
    self.faint = Style(Color(faint), on: ground)
    self.accent = Style(Color(accent), on: ground, .bold)
    self.marked = Style(ground, on: Color(accent), .bold)
    self.bar = Style(Color(text), on: bar)
    self.barMuted = Style(Color(muted), on: bar)
    self.barAccent = Style(Color(accent), on: bar, .bold)
    self.good = Style(Color(good), on: ground)
    self.bad = Style(Color(bad), on: ground)
    self.share = Style(Color(share), on: ground)
    self.lines = lines.map { Style(Color($0), on: ground) }
    self.gates = gates
    self.signed = signed
  }

  /// Eight or sixteen colours: the terminal's own ground, its own text, its yellow as accent.
  private init(
    basic name: Name, _ capabilities: Capabilities, gates: Palette, signed: Palette
  ) {
    let accent = name == .dark ? Color(0xCDCD00) : Color(0x0000EE)
    self.name = name
    self.capabilities = capabilities
    ground = nil
    text = Style()
    muted = Style()
    faint = Style()
    self.accent = Style(accent, on: nil, .bold)
    marked = Style(nil, on: nil, [.reverse, .bold])
    bar = Style(nil, on: nil, .reverse)
    barMuted = bar
    barAccent = bar.with(.bold)
    good = Style(Color(0x00CD00))
    bad = Style(Color(0xCD0000), on: nil, .bold)
    share = Style()
    lines = [0xCDCD00, 0xCD00CD, 0xCDCD00, 0x00CD00, 0x00CDCD, 0x5C5CFF].map { Style(Color($0)) }
    self.gates = gates
    self.signed = signed
  }

  /// No colours: bold, dim, reverse.
  private init(
    plain name: Name, _ capabilities: Capabilities, gates: Palette, signed: Palette
  ) {
    self.name = name
    self.capabilities = capabilities
    ground = nil
    text = Style()
    muted = Style()
    faint = Style(nil, on: nil, .dim)
    accent = Style(nil, on: nil, .bold)
    marked = Style(nil, on: nil, [.reverse, .bold])
    bar = Style(nil, on: nil, .reverse)
    barMuted = bar
    barAccent = bar.with(.bold)
    good = Style(nil, on: nil, .bold)
    bad = Style(nil, on: nil, .bold)
    share = Style()
    lines = Array(repeating: Style(nil, on: nil, .bold), count: 6)
    self.gates = gates
    self.signed = signed
  }

  /// A blank of the ground's colour.
  public var blank: Cell { Cell(" ", Style(text.foreground, on: ground)) }
}
