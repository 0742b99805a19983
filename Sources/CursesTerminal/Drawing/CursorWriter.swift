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

  /// How many bytes a move takes, without making them: far more are weighed than made.
  func cost(to target: Point) -> Int {
    if place == target { return 0 }
    var best = absoluteCost(target)
    guard let place, target.y >= place.y else { return best }
    let down = target.y - place.y
    guard down == 0 || (strings.feedsDown && down < best) else { return best }
    if let across = acrossCost(from: place.x, to: target.x) { best = min(best, down + across) }
    if strings.returns, let across = acrossCost(from: 0, to: target.x) {
      best = min(best, 1 + down + across)
    }
    return best
  }

  private func absoluteCost(_ target: Point) -> Int {
    guard strings.movesByECMA else { return strings.move(target.x, target.y).count }
    if target.x == 0 { return target.y == 0 ? 3 : 3 + Self.digits(target.y + 1) }
    return 4 + Self.digits(target.y + 1) + Self.digits(target.x + 1)
  }

  private func acrossCost(from: Int, to: Int) -> Int? {
    let distance = abs(to - from)
    if distance == 0 { return 0 }
    if to < from, distance <= 4, strings.backspaces { return distance }
    guard to > from ? strings.movesForward : strings.movesBack else { return nil }
    return distance == 1 ? 3 : 3 + Self.digits(distance)
  }

  private static func digits(_ number: Int) -> Int {
    var (count, rest) = (1, number / 10)
    while rest > 0 {
      count += 1
      rest /= 10
    }
    return count
  }

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
