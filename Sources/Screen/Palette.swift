/// Colours along a line.
///
/// Where a terminal mixes colours freely they are mixed between evenly spaced stops. Of xterm's 256
/// colours the nearest to a mixture jumps between hues, so there the steps are chosen by hand.
public struct Palette: Sendable, Hashable {
  public let stops: [Color]
  /// Of the 256 colours, from end to end.
  let indexed: [Color]
  /// The same for what lies in the future.
  let indexedDimmed: [Color]

  init(_ stops: [UInt32], indexed: [UInt32], dimmed: [UInt32]) {
    self.stops = stops.map { Color($0) }
    self.indexed = indexed.map { Color($0) }
    indexedDimmed = dimmed.map { Color($0) }
  }

  /// The colour at `place`, 0…1.
  ///
  /// - Parameter dimmed: the ground that it is mixed with, for what lies in the future.
  public func color(
    at place: Double, depth: Capabilities.ColorDepth, dimmed ground: Color? = nil
  ) -> Color {
    switch depth {
    case .none, .eight, .sixteen, .direct:
      let mixed = mixed(at: place)
      return ground.map { mixed.mixed(with: $0, share: 0.68) } ?? mixed
    case .indexed:
      let steps = ground == nil ? indexed : indexedDimmed
      return steps[Int((Self.onLine(place) * Double(steps.count - 1)).rounded())]
    }
  }

  private func mixed(at place: Double) -> Color {
    let scaled = Self.onLine(place) * Double(stops.count - 1)
    let lower = min(Int(scaled), stops.count - 2)
    return stops[lower].mixed(with: stops[lower + 1], share: scaled - Double(lower))
  }

  /// 0…1, also for what lies beyond or is not a number.
  private static func onLine(_ place: Double) -> Double { place > 0 ? min(place, 1) : 0 }

  /// For gates on a dark ground: blue to yellow through grey, told apart by every kind of colour
  /// vision (after cividis; Nuñez, Anderton & Renslow 2018), near the ground at 0.
  public static let gatesOnDark = Palette(
    [0x12152B, 0x1F3A72, 0x4A6A80, 0x9A9A6E, 0xFFE552],
    indexed: [
      0x1C1C1C, 0x00005F, 0x005F87, 0x5F8787, 0x87875F, 0xAFAF5F, 0xD7D75F, 0xFFFF5F,
    ],
    dimmed: [
      0x1C1C1C, 0x262626, 0x303030, 0x3A3A3A, 0x444444, 0x4E4E4E, 0x585858, 0x626262,
    ])

  /// For gates on a light ground: near the ground at 0, dark blue at 1.
  public static let gatesOnLight = Palette(
    [0xFFF6CF, 0xE0CC76, 0x9A9A78, 0x496487, 0x0B2461],
    indexed: [
      0xFFFFD7, 0xFFD787, 0xD7AF5F, 0xAFAF87, 0x87875F, 0x5F5F87, 0x005F87, 0x00005F,
    ],
    dimmed: [
      0xEEEEEE, 0xE4E4E4, 0xDADADA, 0xD0D0D0, 0xC6C6C6, 0xBCBCBC, 0xB2B2B2, 0xA8A8A8,
    ])

  /// For signed values on a dark ground: blue below, orange above, the ground at 0.
  public static let signedOnDark = Palette(
    [0xAEDDFF, 0x4C9BD9, 0x1F4F85, 0x15171D, 0x7A3B10, 0xDB7A28, 0xFFD69C],
    indexed: [
      0xAFD7FF, 0x87D7FF, 0x5FAFD7, 0x0087AF, 0x005F87, 0x00005F, 0x1C1C1C, 0x5F0000, 0x875F00,
      0xAF5F00, 0xD78700, 0xFFAF5F, 0xFFD7AF,
    ],
    dimmed: [
      0x5F5F87, 0x5F5F87, 0x005F5F, 0x005F5F, 0x00005F, 0x262626, 0x1C1C1C, 0x262626, 0x5F0000,
      0x5F0000, 0x875F00, 0x875F5F, 0x875F5F,
    ])

  /// For signed values on a light ground.
  public static let signedOnLight = Palette(
    [0x08306B, 0x3A86C8, 0xA6CCEC, 0xF4F4F1, 0xF5C08A, 0xD9731E, 0x6E2C05],
    indexed: [
      0x00005F, 0x005FAF, 0x0087D7, 0x5FAFD7, 0x87D7FF, 0xD7FFFF, 0xFFFFFF, 0xFFFFD7, 0xFFD787,
      0xFFAF5F, 0xD78700, 0xAF5F00, 0x5F0000,
    ],
    dimmed: [
      0xAFAFD7, 0xAFD7FF, 0xAFD7FF, 0xD7D7FF, 0xD7FFFF, 0xEEEEEE, 0xFFFFFF, 0xEEEEEE, 0xFFFFD7,
      0xFFD7AF, 0xFFD7AF, 0xFFD787, 0xD7AF87,
    ])
}
