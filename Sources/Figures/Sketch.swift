import Screen

/// Sizes that papers ask for: text of 5 to 8 points, lines of half a point and less.
enum Measure {
  static let margin = 4.0
  static let title = 7.5
  static let label = 6.5
  static let tick = 6.0
  /// The least at which a token is set.
  static let leastToken = 4.75
  static let axis = 0.5
  static let line = 0.9
  static let tickLength = 2.0
  /// From the plot to the numbers of its axis.
  static let tickGap = 1.5
  /// Between panels above each other, and side by side.
  static let gap = 7.0
  static let gutter = 12.0
}

/// A scene while it is drawn.
struct Sketch {
  let inks: Figure.Inks
  var marks: [Mark] = []

  init(_ inks: Figure.Inks) { self.inks = inks }

  mutating func line(_ spots: [Spot], _ color: Color, _ width: Double, dashes: [Double] = []) {
    marks.append(.line(spots, .init(color, width, dashes: dashes)))
  }

  @discardableResult
  mutating func label(
    _ text: String, _ x: Double, _ y: Double, size: Double = Measure.label, color: Color? = nil,
    anchor: Label.Anchor = .start, isBold: Bool = false, isUpright: Bool = false
  ) -> Label {
    let label = Label(
      text: text, place: Spot(x, y), size: size, color: color ?? inks.text, anchor: anchor,
      isBold: isBold, isUpright: isUpright)
    if !text.isEmpty { marks.append(.label(label)) }
    return label
  }

  /// A letter in bold and a name after it, cut to the room there is.
  ///
  /// - Returns: where it ends.
  @discardableResult
  mutating func heading(_ letter: String, _ name: String, x: Double, y: Double, room: Double)
    -> Double
  {
    let size = Measure.title
    let bold = TextMetrics.fitted(letter, width: room, size: size, isBold: true)
    var end = x
    if !bold.isEmpty { end += label(bold, x, y, size: size, isBold: true).width }
    let start = letter.isEmpty ? x : end + 3.5
    let text = TextMetrics.fitted(name, width: x + room - start, size: Measure.label)
    guard !text.isEmpty else { return end }
    return start + label(text, start, y, color: inks.muted).width
  }

  /// "0 ▭▭▭▭ 1", ending at `right`, its baseline at `y`.
  ///
  /// - Returns: where it begins.
  mutating func colorBar(_ bar: ColorBar, right: Double, y: Double) -> Double {
    let size = Measure.tick
    let high = label(bar.high, right, y, size: size, anchor: .end)
    let width = 34.0
    let box = Box(x: right - high.width - 3.5 - width, y: y - 5, width: width, height: 5)
    marks.append(.cells(box, columns: bar.colors.count, bar.colors))
    marks.append(.frame(box, .init(inks.muted, 0.3)))
    let low = label(bar.low, box.x - 3, y, size: size, anchor: .end)
    return box.x - 3 - low.width
  }

  /// Room that a colour bar takes.
  static func width(of bar: ColorBar) -> Double {
    34 + 6.5 + TextMetrics.width(bar.low, size: Measure.tick)
      + TextMetrics.width(bar.high, size: Measure.tick)
  }
}
