/// The palettes that a person can choose from.
///
/// Each goes one way in lightness, or away from the ground on both sides, so that it is told apart by
/// every kind of colour vision, and on a printed page.
extension Palette {
  /// Palettes for gates and for signed values that go together.
  public enum Family: String, Sendable, CaseIterable {
    /// Gates from blue to yellow (after cividis; Nuñez, Anderton & Renslow 2018), signed values blue
    /// below 0 and orange above: what is a share and what has a sign look different.
    case cividis
    /// Both from blue to orange: low and high look the same everywhere.
    case blueOrange = "blue-orange"
    case grey
  }

  /// The palette of gates, near the ground at 0.
  public static func gates(_ family: Family, onDark: Bool) -> Palette {
    switch (family, onDark) {
    case (.cividis, true): gatesOnDark
    case (.cividis, false): gatesOnLight
    case (.blueOrange, true): blueToOrangeOnDark
    case (.blueOrange, false): orangeToBlueOnLight
    case (.grey, true): greyOnDark
    case (.grey, false): greyOnLight
    }
  }

  /// The palette of values from -limit to limit.
  public static func signed(_ family: Family, onDark: Bool) -> Palette {
    switch (family, onDark) {
    case (.cividis, true), (.blueOrange, true): signedOnDark
    case (.cividis, false), (.blueOrange, false): signedOnLight
    case (.grey, true): signedGreyOnDark
    case (.grey, false): signedGreyOnLight
    }
  }

  // MARK: - Gates

  /// Blue to yellow through grey, near the ground at 0.
  public static let gatesOnDark = Palette(
    [0x12152B, 0x1F3A72, 0x4A6A80, 0x9A9A6E, 0xFFE552],
    indexed: [0x1C1C1C, 0x444444, 0x626262, 0x87875F, 0xAFAF5F, 0xD7D75F, 0xFFFF5F],
    dimmed: [0x1C1C1C, 0x262626, 0x303030, 0x3A3A3A, 0x444444, 0x4E4E4E, 0x5F5F00])

  /// Near the ground at 0, dark blue at 1.
  public static let gatesOnLight = Palette(
    [0xFFF6CF, 0xE0CC76, 0x9A9A78, 0x496487, 0x0B2461],
    indexed: [0xFFFFFF, 0xC6C6C6, 0x87AFD7, 0x5F87AF, 0x005FAF, 0x000087],
    dimmed: [0xFFFFFF, 0xEEEEEE, 0xE4E4E4, 0xDADADA, 0xAFD7FF])

  public static let blueToOrangeOnDark = Palette(
    [0x12152B, 0x1F3F72, 0x5C6A80, 0xB08A66, 0xFFCF8A],
    indexed: [0x1C1C1C, 0x444444, 0x626262, 0xAF875F, 0xD7AF87, 0xFFD7AF],
    dimmed: [0x1C1C1C, 0x262626, 0x303030, 0x3A3A3A, 0x444444, 0x5F5F5F])

  /// Pale orange at 0, near the ground, dark blue at 1.
  public static let orangeToBlueOnLight = Palette(
    [0xFFF1DC, 0xE8C08E, 0xA38E80, 0x4C6288, 0x0B2461],
    indexed: [0xFFFFFF, 0x5FD7FF, 0x5FAFD7, 0x0087AF, 0x005F87, 0x00005F],
    dimmed: [0xFFFFFF, 0xEEEEEE, 0xE4E4E4, 0xDADADA, 0xAFD7FF])

  public static let greyOnDark = Palette(
    [0x161616, 0xFFFFFF],
    indexed: [0x1C1C1C, 0x444444, 0x626262, 0x808080, 0x9E9E9E, 0xBCBCBC, 0xDADADA, 0xFFFFFF],
    dimmed: dimmedOnDark)

  public static let greyOnLight = Palette(
    [0xF6F6F6, 0x000000],
    indexed: [0xFFFFFF, 0xC6C6C6, 0xA8A8A8, 0x8A8A8A, 0x6C6C6C, 0x4E4E4E, 0x303030, 0x000000],
    dimmed: dimmedOnLight)

  private static let dimmedOnDark: [UInt32] = [
    0x1C1C1C, 0x262626, 0x303030, 0x3A3A3A, 0x444444, 0x4E4E4E, 0x585858, 0x626262,
  ]
  private static let dimmedOnLight: [UInt32] = [
    0xEEEEEE, 0xE4E4E4, 0xDADADA, 0xD0D0D0, 0xC6C6C6, 0xBCBCBC, 0xB2B2B2, 0xA8A8A8,
  ]

  // MARK: - Signed values

  /// Blue below, orange above, the ground at 0.
  public static let signedOnDark = Palette(
    [0xAEDDFF, 0x4C9BD9, 0x1F4F85, 0x15171D, 0x7A3B10, 0xDB7A28, 0xFFD69C],
    indexed: [
      0x87D7FF, 0x5FAFD7, 0x0087AF, 0x005F87, 0x1C1C1C, 0xAF5F00, 0xD78700, 0xFFAF5F, 0xFFD7AF,
    ],
    dimmed: [
      0x005F87, 0x005F87, 0x303030, 0x262626, 0x1C1C1C, 0x262626, 0x303030, 0x875F00, 0x875F00,
    ])

  /// Dark blue below, brown above, the ground at 0. The ends are no darker than that: near black they
  /// would look the same.
  public static let signedOnLight = Palette(
    [0x0F4A8C, 0x3A86C8, 0xA6CCEC, 0xF4F4F1, 0xF5C08A, 0xD9731E, 0x8F4108],
    indexed: [
      0x005F87, 0x0087AF, 0x5FAFD7, 0x5FD7FF, 0xFFFFFF, 0xFFAF5F, 0xD78700, 0xAF5F00, 0x875F00,
    ],
    dimmed: [
      0xAFD7FF, 0xAFD7FF, 0xE4E4E4, 0xEEEEEE, 0xFFFFFF, 0xEEEEEE, 0xE4E4E4, 0xFFD7AF, 0xFFD7AF,
    ])

  /// Without a hue a sign can only be told by which side of the middle a grey lies on: black below,
  /// white above.
  public static let signedGreyOnDark = Palette(
    [0x000000, 0x6C6C6C, 0xFFFFFF],
    indexed: [0x000000, 0x303030, 0x4E4E4E, 0x767676, 0x9E9E9E, 0xC6C6C6, 0xFFFFFF],
    dimmed: [0x080808, 0x1C1C1C, 0x262626, 0x303030, 0x444444, 0x4E4E4E, 0x626262])

  /// White below, black above.
  public static let signedGreyOnLight = Palette(
    [0xFFFFFF, 0x8A8A8A, 0x000000],
    indexed: [0xFFFFFF, 0xC6C6C6, 0x9E9E9E, 0x767676, 0x4E4E4E, 0x303030, 0x000000],
    dimmed: [0xFFFFFF, 0xEEEEEE, 0xE4E4E4, 0xD0D0D0, 0xC6C6C6, 0xB2B2B2, 0xA8A8A8])
}
