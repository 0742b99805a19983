import Screen

/// Maps 24-bit colours down to what a terminal has. The terminal's own colours are never redefined.
struct InkMap {
  let depth: Capabilities.ColorDepth
  private var known: [Color: Ink] = [:]

  init(_ depth: Capabilities.ColorDepth) { self.depth = depth }

  mutating func ink(of color: Color?) -> Ink {
    guard let color, depth > .none else { return .own }
    if let ink = known[color] { return ink }
    let ink: Ink =
      switch depth {
      case .none: .own
      case .direct: .direct(color)
      case .indexed: .indexed(Self.nearestIndexed(color))
      case .sixteen: .indexed(Self.nearestPlain(color, count: 16))
      case .eight: .indexed(Self.nearestPlain(color, count: 8))
      }
    known[color] = ink
    return ink
  }

  /// The nearest of xterm's 6×6×6 cube and 24 greys (colours 16 to 255).
  static func nearestIndexed(_ color: Color) -> Int {
    func level(_ value: UInt8) -> Int { value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40 }
    func value(_ level: Int) -> Int { level == 0 ? 0 : 55 + 40 * level }
    let levels = [color.red, color.green, color.blue].map(level)
    let cube = 16 + 36 * levels[0] + 6 * levels[1] + levels[2]
    let mean = (Int(color.red) + Int(color.green) + Int(color.blue)) / 3
    let step = min(max((mean - 3) / 10, 0), 23)
    let grey = 8 + 10 * step
    let cubeDistance = distance(color, value(levels[0]), value(levels[1]), value(levels[2]))
    return distance(color, grey, grey, grey) < cubeDistance ? 232 + step : cube
  }

  static func nearestPlain(_ color: Color, count: Int) -> Int {
    let plain: [UInt32] = [
      0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
      0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    ]
    let distances = plain.prefix(count).map { hex in
      let other = Color(hex)
      return distance(color, Int(other.red), Int(other.green), Int(other.blue))
    }
    return distances.indices.min { distances[$0] < distances[$1] } ?? 7
  }

  private static func distance(_ color: Color, _ red: Int, _ green: Int, _ blue: Int) -> Int {
    let r = Int(color.red) - red
    let g = Int(color.green) - green
    let b = Int(color.blue) - blue
    return 2 * r * r + 4 * g * g + 3 * b * b
  }
}
