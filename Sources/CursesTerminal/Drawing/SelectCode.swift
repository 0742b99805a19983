/// What changes how a terminal draws: parameters of Select Graphic Rendition (ECMA-48, 8.3.117), which
/// can share one sequence, or a sequence of the terminal's own.
enum SelectCode: Hashable {
  case parameters([UInt8])
  case raw([UInt8])

  /// - Parameter sequence: as terminfo has it, its numbers put in.
  init(_ sequence: [UInt8]) {
    let start = Array("\u{1B}[".utf8)
    let isSelect =
      sequence.starts(with: start) && sequence.last == UInt8(ascii: "m")
      && sequence.dropFirst(2).dropLast().allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: ";")).contains($0)
      }
    self = isSelect ? .parameters(Array(sequence.dropFirst(2).dropLast())) : .raw(sequence)
  }

  init(_ parameters: String) { self = .parameters(Array(parameters.utf8)) }

  /// The codes as a terminal is sent them.
  static func bytes(_ codes: [SelectCode]) -> [UInt8] {
    var bytes: [UInt8] = []
    var isOpen = false
    for code in codes {
      switch code {
      case .parameters(let parameters):
        bytes += isOpen ? [UInt8(ascii: ";")] : [0x1B, UInt8(ascii: "[")]
        // Nothing is 0, but not every terminal knows that between others.
        bytes +=
          parameters.isEmpty && (isOpen || codes.count > 1) ? [UInt8(ascii: "0")] : parameters
        isOpen = true
      case .raw(let sequence):
        if isOpen { bytes.append(UInt8(ascii: "m")) }
        isOpen = false
        bytes += sequence
      }
    }
    if isOpen { bytes.append(UInt8(ascii: "m")) }
    return bytes
  }
}
