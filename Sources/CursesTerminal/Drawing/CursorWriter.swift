import Screen

/// Moves a terminal's cursor by as few bytes as it takes.
struct CursorWriter {
  private let strings: TerminalStrings
  /// Where the cursor is; nil where that is not sure, as after a character whose width terminals
  /// disagree about.
  private(set) var place: Point?

  init(_ strings: TerminalStrings) { self.strings = strings }

  mutating func forget() { place = nil }

  /// Something else has moved it.
  mutating func isNow(_ place: Point) { self.place = place }

  mutating func advance(by columns: Int) { place?.x += columns }

  mutating func move(to target: Point, _ bytes: inout [UInt8]) {
    if place == target { return }
    bytes += way(to: target)
    place = target
  }

  /// How many bytes a move takes.
  func cost(to target: Point) -> Int { place == target ? 0 : way(to: target).count }

  private func way(to target: Point) -> [UInt8] {
    var best = absolute(target)
    guard let place, target.y >= place.y else { return best }
    func consider(_ way: [UInt8]?) {
      if let way, way.count < best.count { best = way }
    }
    let down = [UInt8](repeating: 0x0A, count: target.y - place.y)
    guard down.isEmpty || (strings.feedsDown && down.count < best.count) else { return best }
    consider(across(from: place.x, to: target.x).map { down + $0 })
    if strings.returns { consider(across(from: 0, to: target.x).map { [0x0D] + down + $0 }) }
    return best
  }

  private func absolute(_ target: Point) -> [UInt8] {
    guard strings.movesByECMA else { return strings.move(target.x, target.y) }
    if target.x == 0 {
      return target.y == 0 ? Self.control("", "H") : Self.control(String(target.y + 1), "H")
    }
    return Self.control("\(target.y + 1);\(target.x + 1)", "H")
  }

  /// Along a row; nil where only an absolute move leads there.
  private func across(from: Int, to: Int) -> [UInt8]? {
    if from == to { return [] }
    if to > from {
      return strings.movesForward ? Self.control(to - from == 1 ? "" : "\(to - from)", "C") : nil
    }
    if from - to <= 4, strings.backspaces { return Array(repeating: 0x08, count: from - to) }
    return strings.movesBack ? Self.control(from - to == 1 ? "" : "\(from - to)", "D") : nil
  }

  private static func control(_ parameters: String, _ final: Character) -> [UInt8] {
    Array("\u{1B}[\(parameters)\(final)".utf8)
  }
}
