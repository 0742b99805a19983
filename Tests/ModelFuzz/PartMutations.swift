import TestRandom

/// A file taken apart, its parts shuffled as parts, and put together again: what comes of it is well
/// formed enough to be read far.
enum PartMutations {
  /// Leaves out, doubles, exchanges or replaces parts.
  static func shuffle(_ parts: inout [[UInt8]], pieces: [[UInt8]], _ random: inout SplitMix) {
    for _ in 0...random.below(4) where !parts.isEmpty {
      let place = random.below(parts.count)
      switch random.below(7) {
      case 0: parts.remove(at: place)
      case 1: parts.insert(parts[place], at: place)
      case 2: parts.swapAt(place, random.below(parts.count))
      case 3: parts[place] = parts[random.below(parts.count)]
      case 4 where !pieces.isEmpty: parts[place] = random.element(of: pieces)
      case 5 where !pieces.isEmpty: parts.insert(random.element(of: pieces), at: place)
      default:
        let end = min(parts.count, place + 1 + random.below(20))
        let run = Array(parts[place..<end])
        for _ in 0..<min(1 + random.below(100), 20_000 / run.count) {
          parts.insert(contentsOf: run, at: place)
        }
      }
    }
  }

  /// Texts in quotes, numbers and words, marks; what it does not know is a part of one byte.
  static func json(_ bytes: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    var place = 0
    while place < bytes.count {
      let start = place
      place += 1
      if bytes[start] == UInt8(ascii: "\"") {
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
          place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        place = min(bytes.count, place + 1)
      } else if isWord(bytes[start]) {
        while place < bytes.count, isWord(bytes[place]) { place += 1 }
      }
      parts.append(Array(bytes[start..<place]))
    }
    return parts
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// The operations of a pickle, and of those that follow it; the last part is what is none.
  static func pickle(_ bytes: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    var place = 0
    while place < bytes.count, let length = operation(bytes, place),
      length <= bytes.count - place
    {
      parts.append(Array(bytes[place..<place + length]))
      place += length
    }
    if place < bytes.count { parts.append(Array(bytes[place...])) }
    return parts
  }

  /// How long the operation is; nil for what is none.
  private static func operation(_ bytes: [UInt8], _ place: Int) -> Int? {
    func line(_ from: Int) -> Int? {
      bytes[from...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
    }
    switch bytes[place] {
    case UInt8(ascii: "c"):
      return line(place + 1).flatMap { $0 < bytes.count ? line($0) : nil }.map { $0 - place }
    case UInt8(ascii: "S"), UInt8(ascii: "I"), UInt8(ascii: "L"), UInt8(ascii: "V"):
      return line(place + 1).map { $0 - place }
    case UInt8(ascii: "X"), UInt8(ascii: "B"), UInt8(ascii: "T"):
      return bytes.number(place + 1, 4).map { 5 + $0 }
    case UInt8(ascii: "U"), UInt8(ascii: "C"), 0x8A, 0x8C:
      return bytes.number(place + 1, 1).map { 2 + $0 }
    case UInt8(ascii: "J"), UInt8(ascii: "j"), UInt8(ascii: "r"): return 5
    case UInt8(ascii: "M"): return 3
    case UInt8(ascii: "K"), UInt8(ascii: "h"), UInt8(ascii: "q"), 0x80: return 2
    case UInt8(ascii: "G"), 0x95: return 9
    default: return 1
    }
  }
}
