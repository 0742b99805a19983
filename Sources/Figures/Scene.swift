import Screen

/// A place on the page, in points from its upper left corner.
public struct Spot: Sendable, Hashable {
  public var x: Double
  public var y: Double

  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// A rectangle of the page, in points.
public struct Box: Sendable, Hashable {
  public var x: Double
  public var y: Double
  public var width: Double
  public var height: Double

  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  public var maxX: Double { x + width }
  public var maxY: Double { y + height }
  public var midX: Double { x + width / 2 }
  public var midY: Double { y + height / 2 }

  /// Whether the two share more than an edge.
  public func meets(_ other: Box) -> Bool {
    x < other.maxX && other.x < maxX && y < other.maxY && other.y < maxY
  }
}

/// What a drawing is made of, in the order in which it is drawn.
public enum Mark: Sendable, Equatable {
  case fill(Box, Color)
  case frame(Box, Stroke)
  case line([Spot], Stroke)
  case area([Spot], Color)
  case disc(Spot, radius: Double, fill: Color, Stroke)
  case label(Label)
  /// A rectangle of equal cells, row-major; nil where nothing is drawn.
  case cells(Box, columns: Int, [Color?])

  public struct Stroke: Sendable, Equatable {
    public var color: Color
    public var width: Double
    public var dashes: [Double]

    public init(_ color: Color, _ width: Double, dashes: [Double] = []) {
      self.color = color
      self.width = width
      self.dashes = dashes
    }
  }
}

/// A line of text.
public struct Label: Sendable, Equatable {
  public enum Anchor: String, Sendable { case start, middle, end }

  public var text: String
  /// Where its baseline begins, has its middle or ends.
  public var place: Spot
  public var size: Double
  public var color: Color
  public var anchor = Anchor.start
  public var isBold = false
  /// Read from the bottom up.
  public var isUpright = false

  /// How wide it will be, about.
  public var width: Double { TextMetrics.width(text, size: size, isBold: isBold) }

  /// What it covers, about.
  public var box: Box {
    let start = { (at: Double) in
      switch anchor {
      case .start: at
      case .middle: at - width / 2
      case .end: at - width
      }
    }
    guard isUpright else {
      return Box(x: start(place.x), y: place.y - size * 0.75, width: width, height: size * 0.95)
    }
    let low =
      switch anchor {
      case .start: place.y - width
      case .middle: place.y - width / 2
      case .end: place.y
      }
    return Box(x: place.x - size * 0.75, y: low, width: size * 0.95, height: width)
  }
}

/// A figure laid out: all that is drawn, with its place.
public struct Scene: Sendable, Equatable {
  /// In points.
  public var width: Double
  public var height: Double
  public var ground: Color
  /// What it shows, for those who do not see it.
  public var title: String
  public var marks: [Mark] = []

  /// The texts of it.
  public var labels: [Label] {
    marks.compactMap { if case .label(let label) = $0 { label } else { nil } }
  }
}
