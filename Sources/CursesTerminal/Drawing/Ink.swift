import Screen

/// A colour as a terminal is told it: its own, one of its numbered ones, or an amount of red, green and
/// blue. One word, since a frame has thousands.
struct Ink: Hashable {
  private let code: UInt32

  /// The terminal's own.
  static let own = Ink(code: 0)
  /// Nobody can see which.
  static let any = Ink(code: 1)

  static func indexed(_ number: Int) -> Ink { Ink(code: 0x100 | UInt32(number & 0xFF)) }
  static func direct(_ color: Color) -> Ink { Ink(code: 0x100_0000 | color.hex) }

  /// The number of a numbered colour.
  var index: Int? { (0x100..<0x200).contains(code) ? Int(code & 0xFF) : nil }
  /// The colour that is told as it is.
  var color: Color? { code >= 0x100_0000 ? Color(code) : nil }
}

/// How a terminal draws what comes.
struct Pen: Hashable {
  var ink = Ink.own
  var ground = Ink.own
  var attributes: Attributes = []
}

/// What a terminal shows in one place. Cells that look the same are equal: whatever cannot be seen of a
/// style is left out.
struct PaintedCell: Hashable {
  /// `Cell.continuation` is the right half of a wide one.
  let scalar: Unicode.Scalar
  let pen: Pen

  init(_ scalar: Unicode.Scalar, _ pen: Pen) {
    self.scalar = scalar
    guard !pen.attributes.contains(.underline) else {
      self.pen = pen
      return
    }
    switch scalar {
    case " " where pen.attributes.contains(.reverse):
      // What is seen of it is its ink.
      self.pen =
        pen.ink == .own
        ? Pen(ink: .own, ground: .any, attributes: .reverse)
        : Pen(ink: .any, ground: pen.ink)
    case " ": self.pen = Pen(ink: .any, ground: pen.ground)
    case "█" where !pen.attributes.contains(.reverse):
      self.pen = Pen(ink: pen.ink, ground: .any, attributes: pen.attributes)
    case _: self.pen = pen
    }
  }

  /// Nothing but a ground.
  static func blank(_ ground: Ink) -> PaintedCell { PaintedCell(" ", Pen(ground: ground)) }

  /// Whether erasing draws it.
  var isBlank: Bool { scalar == " " && pen.attributes.isEmpty }
}
