import TestRandom

/// A message of Protocol Buffers as a tree of its fields, without its schema: what parses as a
/// message is taken for one.
indirect enum ProtobufPart {
  case number(field: Int, UInt64)
  case fixed(field: Int, [UInt8])
  case bytes(field: Int, [UInt8])
  case message(field: Int, [ProtobufPart])

  /// Nil for what is no message.
  static func parse(_ bytes: ArraySlice<UInt8>, depth: Int = 0) -> [ProtobufPart]? {
    var parts: [ProtobufPart] = []
    var rest = bytes
    while !rest.isEmpty {
      guard let key = varint(&rest), key >> 3 > 0, key >> 3 < 1 << 20 else { return nil }
      let field = Int(key >> 3)
      switch key & 7 {
      case 0:
        guard let value = varint(&rest) else { return nil }
        parts.append(.number(field: field, value))
      case 1, 5:
        let width = key & 7 == 1 ? 8 : 4
        guard rest.count >= width else { return nil }
        parts.append(.fixed(field: field, Array(rest.prefix(width))))
        rest = rest.dropFirst(width)
      case 2:
        guard let size = varint(&rest).flatMap(Int.init(exactly:)), size <= rest.count else {
          return nil
        }
        let body = rest.prefix(size)
        rest = rest.dropFirst(size)
        if size > 1, depth < 12, let inner = parse(body, depth: depth + 1) {
          parts.append(.message(field: field, inner))
        } else {
          parts.append(.bytes(field: field, Array(body)))
        }
      default: return nil
      }
    }
    return parts
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  static func write(_ parts: [ProtobufPart]) -> [UInt8] {
    parts.flatMap { part -> [UInt8] in
      switch part {
      case .number(let field, let value): return varint(UInt64(field) << 3) + varint(value)
      case .fixed(let field, let bytes):
        return varint(UInt64(field) << 3 | (bytes.count == 8 ? 1 : 5)) + bytes
      case .bytes(let field, let bytes):
        return varint(UInt64(field) << 3 | 2) + varint(UInt64(bytes.count)) + bytes
      case .message(let field, let inner): return write([.bytes(field: field, write(inner))])
      }
    }
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var (bytes, rest): ([UInt8], UInt64) = ([], value)
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// Goes down to some message and changes its fields.
  static func shuffle(
    _ parts: inout [ProtobufPart], _ mutations: ByteMutations, _ random: inout SplitMix
  ) {
    guard !parts.isEmpty else { return }
    let place = random.below(parts.count)
    if case .message(let field, var inner) = parts[place], random.below(8) > 0 {
      shuffle(&inner, mutations, &random)
      parts[place] = .message(field: field, inner)
      return
    }
    switch random.below(8) {
    case 0: parts.remove(at: place)
    case 1: parts.insert(parts[place], at: random.below(parts.count))
    case 2: parts.swapAt(place, random.below(parts.count))
    case 3:
      let size = max(1, write([parts[place]]).count)
      let count = min(random.below(300), (1 << 16) / size)
      parts.insert(contentsOf: repeatElement(parts[place], count: count), at: place)
    default: change(&parts[place], mutations, &random)
    }
  }

  private static func change(
    _ part: inout ProtobufPart, _ mutations: ByteMutations, _ random: inout SplitMix
  ) {
    switch part {
    case .number(let field, let value):
      let other = ByteMutations.number(&random).reversed().reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
      part = .number(field: field, random.below(2) == 0 ? other : value &+ UInt64(random.below(4)))
    case .fixed(let field, var bytes):
      bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      part = .fixed(field: field, bytes)
    case .bytes(let field, var bytes):
      if bytes.isEmpty { bytes = [0] }
      mutations.apply(to: &bytes, &random)
      part = .bytes(field: field, bytes)
    case .message(let field, let inner):
      part = .message(field: random.below(2) == 0 ? field + 1 : max(1, field - 1), inner)
    }
  }
}
