import Screen

/// Changes how a terminal draws by as few bytes as it takes.
struct PenWriter {
  private let strings: TerminalStrings
  /// How the terminal draws now.
  private(set) var pen = Pen()
  private var known: [Change: (bytes: [UInt8], pen: Pen)] = [:]

  /// A way from one pen to another; the same ones come again and again.
  private struct Change: Hashable {
    let from: Pen
    let to: Pen
    let isBlank: Bool
  }

  init(_ strings: TerminalStrings) { self.strings = strings }

  /// Nothing is known of how the terminal draws: everything was just reset.
  mutating func forget() { pen = Pen() }

  /// The terminal draws so after all.
  mutating func isNow(_ pen: Pen) { self.pen = pen }

  /// - Parameter isBlank: whether nothing but a ground is drawn, so that bold and dim do not matter.
  mutating func take(_ wanted: Pen, isBlank: Bool, to bytes: inout [UInt8]) {
    if pen == wanted { return }
    let change = Change(from: pen, to: wanted, isBlank: isBlank)
    let way: (bytes: [UInt8], pen: Pen)
    if let found = known[change] {
      way = found
    } else {
      way = best(change)
      if known.count > 20_000 { known = [:] }
      known[change] = way
    }
    bytes += way.bytes
    pen = way.pen
  }

  /// Draws blanks of a ground. A terminal keeps two colours, and reversing shows the one or the other as a
  /// ground, for less than it takes to name a colour anew: where two of them alternate both are kept.
  ///
  /// - Parameter rest: what is drawn next; of the two colours the one that is needed later is given up.
  mutating func take(ground: Ink, before rest: ArraySlice<PaintedCell>, to bytes: inout [UInt8]) {
    let isReversed = pen.attributes.contains(.reverse)
    let (seen, kept) = isReversed ? (pen.ink, pen.ground) : (pen.ground, pen.ink)
    // Reversed, the terminal's own ink is seen, which is another than its own ground.
    guard strings.endsAttributes, strings.hasReverse, ground != .own else {
      return take(Pen(ink: .any, ground: ground), isBlank: true, to: &bytes)
    }
    if ground == seen, !pen.attributes.contains(.underline) { return }
    var wanted = pen
    wanted.attributes.remove(.underline)
    if ground != kept {
      let isSeenSooner = Self.isSooner(seen, than: kept, in: rest)
      if isSeenSooner != isReversed { wanted.ink = ground } else { wanted.ground = ground }
      if !isSeenSooner { return take(wanted, isBlank: true, to: &bytes) }
    }
    if isReversed { wanted.attributes.remove(.reverse) } else { wanted.attributes.insert(.reverse) }
    take(wanted, isBlank: true, to: &bytes)
  }

  /// Whether the one ground is needed again before the other, and soon.
  private static func isSooner(
    _ ground: Ink, than other: Ink, in rest: ArraySlice<PaintedCell>
  ) -> Bool {
    for cell in rest.prefix(24) where cell.isBlank {
      if cell.pen.ground == ground { return true }
      if cell.pen.ground == other { return false }
    }
    return false
  }

  mutating func reset(to bytes: inout [UInt8]) {
    guard pen != Pen() else { return }
    bytes += SelectCode.bytes([strings.reset])
    pen = Pen()
  }

  private func best(_ change: Change) -> (bytes: [UInt8], pen: Pen) {
    let fresh = fromReset(change)
    guard let changed = step(change) else { return fresh }
    return changed.bytes.count <= fresh.bytes.count ? changed : fresh
  }

  private func fromReset(_ change: Change) -> (bytes: [UInt8], pen: Pen) {
    var pen = Pen()
    var codes = [strings.reset]
    add(change.to.attributes, to: &pen, &codes)
    color(change.to, &pen, &codes)
    return (SelectCode.bytes(codes), pen)
  }

  /// Switching off what must go; nil where the terminal cannot.
  private func step(_ change: Change) -> (bytes: [UInt8], pen: Pen)? {
    var pen = change.from
    var codes: [SelectCode] = []
    let matters: Attributes = change.isBlank ? [.underline, .reverse] : .all
    var surplus = pen.attributes.subtracting(change.to.attributes).intersection(matters)
    guard surplus.isEmpty || strings.endsAttributes else { return nil }
    for (part, code) in Self.ends where !surplus.isDisjoint(with: part) {
      codes.append(code)
      pen.attributes.subtract(part)
      surplus.subtract(part)
    }
    add(change.to.attributes, to: &pen, &codes)
    for (wanted, now) in [(change.to.ink, pen.ink), (change.to.ground, pen.ground)]
    where wanted == .own && now != .own && !strings.endsColors { return nil }
    color(change.to, &pen, &codes)
    return (SelectCode.bytes(codes), pen)
  }

  /// Bold and dim end together.
  private static let ends: [(Attributes, SelectCode)] = [
    ([.bold, .dim], SelectCode("22")), (.underline, SelectCode("24")), (.reverse, SelectCode("27")),
  ]

  private func add(_ wanted: Attributes, to pen: inout Pen, _ codes: inout [SelectCode]) {
    for (attribute, code) in strings.attributes
    where wanted.contains(attribute) && !pen.attributes.contains(attribute) {
      codes.append(code)
      pen.attributes.insert(attribute)
    }
  }

  private func color(_ wanted: Pen, _ pen: inout Pen, _ codes: inout [SelectCode]) {
    if wanted.ink != .any, wanted.ink != pen.ink {
      codes.append(wanted.ink == .own ? SelectCode("39") : strings.ink(wanted.ink, false))
      pen.ink = wanted.ink
    }
    if wanted.ground != .any, wanted.ground != pen.ground {
      codes.append(wanted.ground == .own ? SelectCode("49") : strings.ink(wanted.ground, true))
      pen.ground = wanted.ground
    }
  }
}

extension Attributes {
  static let all: Attributes = [.bold, .dim, .underline, .reverse]
}
