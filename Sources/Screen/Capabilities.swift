/// What the terminal can show. Views ask it only where the drawing itself must differ: a heatmap
/// without colours needs other glyphs.
public struct Capabilities: Sendable, Hashable {
  public enum ColorDepth: Int, Sendable, Comparable {
    case none = 0
    case eight = 8
    case sixteen = 16
    case indexed = 256
    case direct = 16_777_216

    public static func < (a: ColorDepth, b: ColorDepth) -> Bool { a.rawValue < b.rawValue }
  }

  public var colors: ColorDepth
  /// Whether the locale encodes text as UTF-8.
  public var unicode: Bool

  public init(colors: ColorDepth, unicode: Bool) {
    self.colors = colors
    self.unicode = unicode
  }

  /// Whether a cell's background can carry a value: with 256 colours and more.
  public var heatByColor: Bool { colors >= .indexed }
}

/// How many colours a person wants: what the terminal says that it has, or so many whatever it says.
public enum ColorChoice: String, Sendable, CaseIterable {
  case auto
  case direct = "24bit"
  case indexed = "256"
  case sixteen = "16"
  case eight = "8"
  case none

  /// Nil where the terminal decides.
  public var depth: Capabilities.ColorDepth? {
    switch self {
    case .auto: nil
    case .direct: .direct
    case .indexed: .indexed
    case .sixteen: .sixteen
    case .eight: .eight
    case .none: Capabilities.ColorDepth.none
    }
  }
}
