/// How a cell looks. A nil colour is the terminal's own.
public struct Style: Sendable, Hashable {
  public var foreground: Color?
  public var background: Color?
  public var attributes: Attributes

  public init(
    _ foreground: Color? = nil, on background: Color? = nil, _ attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  public func with(_ attributes: Attributes) -> Style {
    Style(foreground, on: background, self.attributes.union(attributes))
  }

  public func on(_ background: Color?) -> Style { Style(foreground, on: background, attributes) }
}

/// What a terminal can do to a cell beside its colours.
public struct Attributes: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let bold = Attributes(rawValue: 1)
  public static let dim = Attributes(rawValue: 2)
  public static let underline = Attributes(rawValue: 4)
  public static let reverse = Attributes(rawValue: 8)
}
