import TestRandom

/// Damage that knows no format, and pieces of one put where they do not belong.
struct ByteMutations {
  /// Texts that mean something to the reader.
  let pieces: [[UInt8]]
  /// Whole files of the format, to take blocks from.
  let others: [[UInt8]]

  /// What is read stays small, so that growth is the reader's.
  private static let sizeLimit = 1 << 18
  private static let numbers: [UInt64] = [
    0, 1, 2, 3, 7, 8, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000,
    0xFFFF_FFFF, 0x1_0000_0000, 0x4000_0000_0000_0000, 0x7FFF_FFFF_FFFF_FFFF,
    0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFE, 0xFFFF_FFFF_FFFF_FFFF,
  ]

  /// - Parameter focus: where most of the damage is done; the whole by default.
  func apply(to bytes: inout [UInt8], focus: Range<Int>? = nil, _ random: inout SplitMix) {
    for _ in 0...random.below(4) where !bytes.isEmpty {
      let inFocus = focus.map { !$0.isEmpty && random.below(8) > 0 } ?? false
      let range = inFocus ? focus! : 0..<bytes.count
      let place = min(bytes.count - 1, range.lowerBound + random.below(range.count))
      applyOnce(to: &bytes, at: place, &random)
    }
    if bytes.count > Self.sizeLimit { bytes.removeSubrange(Self.sizeLimit...) }
  }

  private func applyOnce(to bytes: inout [UInt8], at place: Int, _ random: inout SplitMix) {
    switch random.below(14) {
    case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 1: bytes[place] ^= 1 << UInt8(random.below(8))
    case 2: bytes[place] = UInt8(ascii: "0") + UInt8(random.below(10))
    case 3, 4: Self.overwrite(&bytes, at: place, with: Self.number(&random))
    case 5, 6: Self.overwrite(&bytes, at: place, with: piece(&random))
    case 7: bytes.insert(contentsOf: piece(&random), at: place)
    case 8: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(16)))
    case 9: Self.overwrite(&bytes, at: place, with: Self.block(of: bytes, &random))
    case 10: bytes.insert(contentsOf: Self.block(of: bytes, &random), at: place)
    case 11: add(to: &bytes, at: place, &random)
    case 12:
      let block = Self.block(of: bytes, &random)
      let count = min(1 + random.below(2000), Self.sizeLimit / max(1, block.count))
      bytes.insert(contentsOf: (0..<count).flatMap { _ in block }, at: place)
    default: tail(of: &bytes, at: place, &random)
    }
  }

  private func piece(_ random: inout SplitMix) -> [UInt8] {
    pieces.isEmpty ? [0] : random.element(of: pieces)
  }

  /// 1, 2, 4 or 8 bytes in either order.
  static func number(_ random: inout SplitMix) -> [UInt8] {
    let number = random.element(of: numbers)
    let width = 1 << random.below(4)
    let bytes = (0..<width).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    return random.below(4) == 0 ? bytes.reversed() : bytes
  }

  private static func overwrite(_ bytes: inout [UInt8], at place: Int, with piece: [UInt8]) {
    for (index, byte) in piece.enumerated() where place + index < bytes.count {
      bytes[place + index] = byte
    }
  }

  private static func block(of bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    let start = random.below(bytes.count)
    return Array(bytes[start..<min(bytes.count, start + 1 + random.below(64))])
  }

  /// A little more or less in a number of 1, 2 or 4 bytes.
  private func add(to bytes: inout [UInt8], at place: Int, _ random: inout SplitMix) {
    let width = min(1 << random.below(3), bytes.count - place)
    var carry = random.below(33) - 16
    for index in place..<place + width {
      carry += Int(bytes[index])
      bytes[index] = UInt8(truncatingIfNeeded: carry)
      carry >>= 8
    }
  }

  /// Cuts the file, or goes on with another.
  private func tail(of bytes: inout [UInt8], at place: Int, _ random: inout SplitMix) {
    bytes.removeSubrange(place...)
    if !others.isEmpty && random.below(2) == 0 {
      bytes += random.element(of: others).dropFirst(place)
    }
  }
}

/// "\u{80}" is the byte 0x80.
func latin(_ text: String) -> [UInt8] {
  text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
}

/// Little-endian.
func little(_ number: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
}

extension [UInt8] {
  /// A little-endian number; nil beyond the end.
  func number(_ place: Int, _ width: Int) -> Int? {
    guard place >= 0, width <= count, place <= count - width else { return nil }
    return self[place..<place + width].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Where a text begins, in order.
  func places(of text: String) -> [Int] {
    let wanted = latin(text)
    return indices.filter { self[$0...].starts(with: wanted) }
  }
}
