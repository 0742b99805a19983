/// A grid as text that a test can compare and a person can read: the glyphs, then for every row
/// which style stands where, then what the styles are, then where the cursor stands if it shows.
public struct GridDump: CustomStringConvertible {
  private let grid: Grid

  public init(_ grid: Grid) { self.grid = grid }

  public var description: String {
    var letters: [Style: Character] = [:]
    var styles: [Style] = []
    var map: [String] = []
    for y in 0..<grid.height {
      var row = ""
      for x in 0..<grid.width {
        let style = grid[x, y].style
        if letters[style] == nil {
          letters[style] = Self.alphabet[min(styles.count, Self.alphabet.count - 1)]
          styles.append(style)
        }
        row.append(letters[style]!)
      }
      map.append(row)
    }
    let legend = styles.map { "\(letters[$0]!) \(Self.words($0))" }
    let cursor = grid.cursor.map { ["cursor \($0.x) \($0.y)"] } ?? []
    return
      (["glyphs"] + (0..<grid.height).map { grid.text(row: $0) } + ["styles"] + map + ["legend"]
      + legend + cursor).joined(separator: "\n") + "\n"
  }

  private static func words(_ style: Style) -> String {
    func hex(_ color: Color?) -> String {
      guard let color else { return "default" }
      let digits = String(color.hex, radix: 16)
      return String(repeating: "0", count: 6 - digits.count) + digits
    }
    var words = "\(hex(style.foreground)) on \(hex(style.background))"
    if style.attributes.contains(.bold) { words += " bold" }
    if style.attributes.contains(.dim) { words += " dim" }
    if style.attributes.contains(.underline) { words += " underline" }
    if style.attributes.contains(.reverse) { words += " reverse" }
    return words
  }

  /// One sign a style; a screen of smooth colours has hundreds, so the signs go on into the
  /// extended Latin letters, which are one column wide.
  private static let alphabet: [Character] =
    Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    + (UInt32(0xC0)...UInt32(0x24F)).compactMap { Unicode.Scalar($0).map(Character.init) }
}
