/// Colours along a line, evenly spaced, mixed in between.
public struct Palette: Sendable, Hashable {
  public let stops: [Color]

  public init(_ stops: [UInt32]) {
    self.stops = stops.map { Color($0) }
  }

  /// The colour at `place`, 0…1.
  public func color(at place: Double) -> Color {
    let scaled = min(max(place, 0), 1) * Double(stops.count - 1)
    let lower = min(Int(scaled), stops.count - 2)
    return stops[lower].mixed(with: stops[lower + 1], share: scaled - Double(lower))
  }

  /// For gates on a dark ground: blue to yellow through grey, told apart by every kind of colour
  /// vision (after cividis; Nuñez, Anderton & Renslow 2018), near the ground at 0.
  public static let gatesOnDark = Palette([0x12152B, 0x1F3A72, 0x4A6A80, 0x9A9A6E, 0xFFE552])
  /// For gates on a light ground: near the ground at 0, dark blue at 1.
  public static let gatesOnLight = Palette([0xFFF6CF, 0xE0CC76, 0x9A9A78, 0x496487, 0x0B2461])
  /// For signed values on a dark ground: blue below, orange above, the ground at 0.
  public static let signedOnDark = Palette([
    0xAEDDFF, 0x4C9BD9, 0x1F4F85, 0x15171D, 0x7A3B10, 0xDB7A28, 0xFFD69C,
  ])
  /// For signed values on a light ground.
  public static let signedOnLight = Palette([
    0x08306B, 0x3A86C8, 0xA6CCEC, 0xF4F4F1, 0xF5C08A, 0xD9731E, 0x6E2C05,
  ])
}
