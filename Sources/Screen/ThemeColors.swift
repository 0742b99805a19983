extension Theme {
  /// The colours of a theme where the terminal has them all, as 0xRRGGBB.
  ///
  /// What is read has a contrast of 4.5 and more on its ground, also after it has been mapped to xterm's
  /// 256; with high contrast 7 (WCAG 2, levels AA and AAA).
  struct Colors {
    let ground, text, muted, faint, accent, bar, good, bad, share: UInt32
    /// Of no palette's hues, so that the present is found among heat.
    let present: UInt32
    let lines: [UInt32]
    /// The lines in the future, of xterm's 256: the nearest to a mixture would have another hue.
    let indexedAhead: [UInt32]
    /// Areas in the lines' hues, of xterm's 256.
    let indexedAreas: [UInt32]

    /// The lines in the future: their hue, nearer to the ground.
    func linesAhead(_ depth: Capabilities.ColorDepth) -> [Color] {
      switch depth {
      case .none, .eight, .sixteen, .indexed: indexedAhead.map { Color($0) }
      case .direct: lines.map { Color($0).mixed(with: Color(ground), share: 0.58) }
      }
    }

    /// The lines' hues, a little nearer to the ground.
    func areas(_ depth: Capabilities.ColorDepth) -> [Color] {
      switch depth {
      case .none, .eight, .sixteen, .indexed: indexedAreas.map { Color($0) }
      case .direct: lines.map { Color($0).mixed(with: Color(ground), share: 0.25) }
      }
    }

    static func of(_ name: Name) -> Colors {
      switch name {
      case .dark: dark
      case .light: light
      case .highContrast: highContrast
      case .monochrome: monochrome
      }
    }

    private static let dark = Colors(
      ground: 0x101014, text: 0xD8D8DC, muted: 0x909098, faint: 0x4E4E56, accent: 0xFFC66B,
      bar: 0x1F2129, good: 0x7CC98A, bad: 0xFF8A7A, share: 0x6C7282, present: 0xFF5FAF,
      lines: [0xFFAF5F, 0xD787AF, 0xFFE55F, 0x87D787, 0x5FAFFF, 0xAF87FF],
      indexedAhead: [0x875F00, 0x875F87, 0x5F5F00, 0x005F00, 0x005F87, 0x5F5F87],
      indexedAreas: [0xD7875F, 0xAF87AF, 0xAFAF5F, 0x5FAF5F, 0x5F87D7, 0x8787D7])

    private static let light = Colors(
      ground: 0xFAFAF8, text: 0x24242A, muted: 0x5E5E66, faint: 0xB4B4BA, accent: 0x984A00,
      bar: 0xEEEEEB, good: 0x1F7A38, bad: 0xB3261E, share: 0x868C9A, present: 0xAF005F,
      lines: [0xAB5B00, 0xAF005F, 0x875F00, 0x007A55, 0x005FD7, 0x5F00AF],
      indexedAhead: [0xD7AF87, 0xD7AFD7, 0xD7AF5F, 0x87AF87, 0x87AFD7, 0xAFAFD7],
      indexedAreas: [0xAF5F00, 0xAF5F87, 0xAF875F, 0x5F875F, 0x5F87D7, 0x5F5FAF])

    private static let highContrast = Colors(
      ground: 0x000000, text: 0xFFFFFF, muted: 0xC6C6CE, faint: 0x8A8A92, accent: 0xFFD75F,
      bar: 0x262626, good: 0x87FF87, bad: 0xFFAFA7, share: 0xB2B8C6, present: 0xFF5FAF,
      lines: [0xFFAF5F, 0xFFAFD7, 0xFFFF5F, 0x87FF87, 0x87D7FF, 0xD7AFFF],
      indexedAhead: [0xAF875F, 0xAF5F87, 0x87875F, 0x5FAF5F, 0x5F87AF, 0x875FAF],
      indexedAreas: [0xFFAF5F, 0xFFAFD7, 0xFFFF5F, 0x87FF87, 0x87D7FF, 0xD7AFFF])

    private static let monochrome = Colors(
      ground: 0x121212, text: 0xDADADA, muted: 0x949494, faint: 0x4E4E4E, accent: 0xFFFFFF,
      bar: 0x262626, good: 0xFFFFFF, bad: 0xFFFFFF, share: 0x767676, present: 0xFFFFFF,
      lines: [0xFFFFFF, 0xA8A8A8, 0xD0D0D0, 0x8A8A8A, 0xBCBCBC, 0x808080],
      indexedAhead: [0x6C6C6C, 0x4E4E4E, 0x585858, 0x444444, 0x4E4E4E, 0x444444],
      indexedAreas: [0xDADADA, 0x949494, 0xA8A8A8, 0x808080, 0x949494, 0x767676])
  }
}
