import Screen

/// Scenes as SVG 1.1, a document of its own that fetches nothing. Text stays text.
/// https://www.w3.org/TR/SVG11/
public enum SVGWriter {
  /// - Parameter isForPrint: cells are drawn twice, the first time shifted by half a cell, so that viewers
  ///   that blend the edges of neighbours show no seams of paper between them.
  public static func text(of scene: Scene, isForPrint: Bool = false) -> String {
    let (width, height) = (number(scene.width), number(scene.height))
    let millimetres = { (points: Double) in Decimal.text(points / 72 * 25.4, decimals: 3) + "mm" }
    var svg = """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="\(millimetres(scene.width))" \
      height="\(millimetres(scene.height))" viewBox="0 0 \(width) \(height)" role="img" \
      font-family="Helvetica, Arial, 'Nimbus Sans', 'Liberation Sans', sans-serif">
      <title>\(escaped(scene.title))</title>
      <rect width="\(width)" height="\(height)" fill="\(hex(scene.ground))"/>

      """
    for mark in scene.marks { svg += text(of: mark, isForPrint) + "\n" }
    return svg + "</svg>\n"
  }

  private static func text(of mark: Mark, _ isForPrint: Bool) -> String {
    switch mark {
    case .fill(let box, let color): return "<rect \(place(box)) fill=\"\(hex(color))\"/>"
    case .frame(let box, let stroke):
      return "<rect \(place(box)) fill=\"none\" \(attributes(stroke))/>"
    case .line(let spots, let stroke):
      return "<polyline points=\"\(points(spots))\" fill=\"none\" stroke-linejoin=\"round\" "
        + "\(attributes(stroke))/>"
    case .area(let spots, let color):
      return "<polygon points=\"\(points(spots))\" fill=\"\(hex(color))\"/>"
    case .disc(let middle, let radius, let fill, let stroke):
      return "<circle cx=\"\(number(middle.x))\" cy=\"\(number(middle.y))\" "
        + "r=\"\(number(radius))\" fill=\"\(hex(fill))\" \(attributes(stroke))/>"
    case .label(let label): return text(of: label)
    case .cells(let box, let columns, let colors):
      let cells = Cells(box: box, columns: columns, colors: colors)
      guard isForPrint else { return cells.group(shift: 0) }
      return cells.group(shift: 0.5) + "\n" + cells.group(shift: 0)
    }
  }

  private static func text(of label: Label) -> String {
    var attributes = "x=\"\(number(label.place.x))\" y=\"\(number(label.place.y))\" "
    attributes += "font-size=\"\(number(label.size))\" fill=\"\(hex(label.color))\""
    if label.anchor != .start { attributes += " text-anchor=\"\(label.anchor.rawValue)\"" }
    if label.isBold { attributes += " font-weight=\"bold\"" }
    if label.isUpright {
      attributes += " transform=\"rotate(-90 \(number(label.place.x)) \(number(label.place.y)))\""
    }
    return "<text \(attributes)>\(escaped(label.text))</text>"
  }

  // MARK: - Parts

  private static func place(_ box: Box) -> String {
    "x=\"\(number(box.x))\" y=\"\(number(box.y))\" width=\"\(number(box.width))\" "
      + "height=\"\(number(box.height))\""
  }

  private static func attributes(_ stroke: Mark.Stroke) -> String {
    let dashes = stroke.dashes.map(number).joined(separator: " ")
    return "stroke=\"\(hex(stroke.color))\" stroke-width=\"\(number(stroke.width))\""
      + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"")
  }

  private static func points(_ spots: [Spot]) -> String {
    spots.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
  }

  /// A hundredth of a point is a 300th of a millimetre.
  static func number(_ value: Double) -> String { Decimal.text(value, decimals: 2) }

  static func hex(_ color: Color) -> String {
    let digits = String(color.hex, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// A text as it may stand in XML 1.0, between tags and in an attribute; what has no place there at all
  /// (controls, and the two that are no characters) is the sign for what cannot be shown.
  /// https://www.w3.org/TR/xml/#charsets
  public static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      // What turns the direction of all that follows.
      case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": escaped += "\u{FFFD}"
      case _: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

/// A heatmap's cells as one path a colour, neighbours of one colour in one piece.
private struct Cells {
  let box: Box
  let columns: Int
  let colors: [Color?]

  /// Rows and columns are the unit inside, so that a cell takes few digits.
  ///
  /// - Parameter shift: by how much of a cell everything is moved, cut off at the end of the box.
  func group(shift: Double) -> String {
    var paths: [UInt32: String] = [:]
    var order: [UInt32] = []
    let rows = columns > 0 ? colors.count / columns : 0
    let number = SVGWriter.number
    for row in 0..<rows {
      let height = row == rows - 1 ? 1 - shift : 1
      var column = 0
      while column < columns {
        let start = column
        let color = colors[row * columns + start]
        while column < columns, colors[row * columns + column] == color { column += 1 }
        guard let hex = color?.hex else { continue }
        let width = Double(column - start) - (column == columns ? shift : 0)
        if paths[hex] == nil { order.append(hex) }
        paths[hex, default: ""] += "M\(start) \(row)h\(number(width))v\(number(height))h"
        paths[hex, default: ""] += "\(number(-width))z"
      }
    }
    let (width, height) = (box.width / Double(max(1, columns)), box.height / Double(max(1, rows)))
    let place = "\(number(box.x + shift * width)) \(number(box.y + shift * height))"
    let size = [width, height].map { Decimal.text($0, decimals: 6) }.joined(separator: " ")
    let lines = order.map { "<path fill=\"\(SVGWriter.hex(Color($0)))\" d=\"\(paths[$0]!)\"/>" }
    return "<g shape-rendering=\"crispEdges\" transform=\"translate(\(place)) scale(\(size))\">\n"
      + lines.joined(separator: "\n") + "\n</g>"
  }
}
