extension Grid {
  /// The whole grid as text with its colours and attributes, a line a row, as a terminal with 24-bit
  /// colours shows it: `cat` it there. Select Graphic Rendition sequences of ECMA-48 and ISO 8613-6.
  public var ansiText: String {
    var text = ""
    for y in 0..<height {
      var style = Style()
      for x in 0..<width where self[x, y].scalar != Cell.continuation {
        let cell = self[x, y]
        if cell.style != style {
          style = cell.style
          text += style.ansiSequence
        }
        text.unicodeScalars.append(cell.scalar)
      }
      text += style == Style() ? "\n" : "\u{1B}[0m\n"
    }
    return text
  }
}

extension Style {
  /// What makes a terminal draw in this style, whatever it drew in before.
  fileprivate var ansiSequence: String {
    var codes = ["0"]
    if attributes.contains(.bold) { codes.append("1") }
    if attributes.contains(.dim) { codes.append("2") }
    if attributes.contains(.underline) { codes.append("4") }
    if attributes.contains(.reverse) { codes.append("7") }
    func color(_ color: Color?, _ layer: Int) {
      guard let color else { return }
      codes.append("\(layer);2;\(color.red);\(color.green);\(color.blue)")
    }
    color(foreground, 38)
    color(background, 48)
    return "\u{1B}[\(codes.joined(separator: ";"))m"
  }
}
