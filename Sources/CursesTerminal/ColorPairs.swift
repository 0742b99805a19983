import CNcurses
import Screen

/// Hands out ncurses colour pairs for styles, mapping 24-bit colours down to what there is. The
/// terminal's own colours are never redefined.
struct ColorPairs {
  private let depth: Capabilities.ColorDepth
  private var pairs: [UInt64: Int32] = [:]
  private var nearest: [Color: Int32] = [:]

  init(depth: Capabilities.ColorDepth) { self.depth = depth }

  mutating func pair(for style: Style) -> Int32 {
    guard depth > .none, style.foreground != nil || style.background != nil else { return 0 }
    let foreground = index(of: style.foreground)
    let background = index(of: style.background)
    let key = UInt64(UInt32(bitPattern: foreground)) << 32 | UInt64(UInt32(bitPattern: background))
    if let pair = pairs[key] { return pair }
    if pairs.count + 1 >= gs_color_pairs() { pairs.removeAll() }
    let pair = Int32(pairs.count + 1)
    init_extended_pair(pair, foreground, background)
    pairs[key] = pair
    return pair
  }

  private mutating func index(of color: Color?) -> Int32 {
    guard let color else { return -1 }
    if let known = nearest[color] { return known }
    let found: Int32
    switch depth {
    case .none: found = -1
    case .direct: found = Int32(max(color.hex, 8))  // 0 to 7 are the eight plain colours there
    case .indexed: found = Self.nearestIndexed(color)
    case .sixteen: found = Self.nearestPlain(color, count: 16)
    case .eight: found = Self.nearestPlain(color, count: 8)
    }
    nearest[color] = found
    return found
  }

  /// The nearest of xterm's 6×6×6 cube and 24 greys (colours 16 to 255).
  static func nearestIndexed(_ color: Color) -> Int32 {
    func level(_ value: UInt8) -> Int { value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40 }
    func value(_ level: Int) -> Int { level == 0 ? 0 : 55 + 40 * level }
    let levels = [color.red, color.green, color.blue].map(level)
    let cube = 16 + 36 * levels[0] + 6 * levels[1] + levels[2]
    let mean = (Int(color.red) + Int(color.green) + Int(color.blue)) / 3
    let step = min(max((mean - 3) / 10, 0), 23)
    let grey = 8 + 10 * step
    let cubeDistance = distance(color, value(levels[0]), value(levels[1]), value(levels[2]))
    return Int32(distance(color, grey, grey, grey) < cubeDistance ? 232 + step : cube)
  }

  static func nearestPlain(_ color: Color, count: Int) -> Int32 {
    let plain: [UInt32] = [
      0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
      0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    ]
    let distances = plain.prefix(count).map { hex in
      let other = Color(hex)
      return distance(color, Int(other.red), Int(other.green), Int(other.blue))
    }
    return Int32(distances.indices.min { distances[$0] < distances[$1] } ?? 7)
  }

  private static func distance(_ color: Color, _ red: Int, _ green: Int, _ blue: Int) -> Int {
    let r = Int(color.red) - red
    let g = Int(color.green) - green
    let b = Int(color.blue) - blue
    return 2 * r * r + 4 * g * g + 3 * b * b
  }
}
