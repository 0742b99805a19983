import Screen

/// What terminals say of the mouse, in the two ways in which they say it:
/// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Mouse-Tracking.
///
/// ncurses's own reading of them knows no motion, waits for double clicks, and in old versions ends at
/// column 223, so it only finds the beginning of a report; the bytes that follow are read here.
struct MouseReports {
  private enum State {
    case idle
    /// SGR, mode 1006: `button;column;row`, then M, or m for a release.
    case numbers([UInt8])
    /// Before that: button, column and row as three bytes, 32 added to each.
    case bytes([UInt8])
  }

  private var state = State.idle

  /// Whether the bytes that come belong to a report.
  var isReading: Bool {
    switch state {
    case .idle: false
    case .numbers, .bytes: true
    }
  }

  /// The beginning of a report has been read.
  mutating func begin(isOld: Bool) { state = isOld ? .bytes([]) : .numbers([]) }

  /// What has been read is not the beginning of a report after all.
  mutating func cancel() { state = .idle }

  /// Whether a byte can belong to the report that is being read.
  func mayGoOn(with byte: UInt8) -> Bool {
    switch state {
    case .idle: false
    case .numbers:
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || [UInt8(ascii: ";"), UInt8(ascii: "M"), UInt8(ascii: "m")].contains(byte)
    case .bytes: true
    }
  }

  /// Takes the next byte of a report.
  ///
  /// - Returns: what it says, with its last byte; nil before that, and for what cannot be read.
  mutating func take(_ byte: UInt8) -> MouseEvent? {
    switch state {
    case .idle: return nil
    case .numbers(let bytes):
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ";"):
        // Three numbers of five digits are more than any screen needs.
        state = bytes.count < 17 ? .numbers(bytes + [byte]) : .idle
        return nil
      case UInt8(ascii: "M"), UInt8(ascii: "m"):
        state = .idle
        let numbers = bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
          .map { Int(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 3, let code = numbers[0], let x = numbers[1], let y = numbers[2]
        else { return nil }
        return Self.event(code: code, x: x - 1, y: y - 1, isRelease: byte == UInt8(ascii: "m"))
      default:
        state = .idle
        return nil
      }
    case .bytes(let bytes):
      let bytes = bytes + [byte]
      state = bytes.count < 3 ? .bytes(bytes) : .idle
      guard bytes.count == 3, bytes.allSatisfy({ $0 >= 32 }) else { return nil }
      let numbers = bytes.map { Int($0) - 32 }
      return Self.event(code: numbers[0], x: numbers[1] - 1, y: numbers[2] - 1, isRelease: false)
    }
  }

  /// - Parameter code: the button in the two lowest bits, then shift, alt, control, motion, wheel.
  private static func event(code: Int, x: Int, y: Int, isRelease: Bool) -> MouseEvent? {
    // Buttons beyond the wheel's are nobody's here.
    guard code >= 0, code < 128, x >= 0, y >= 0 else { return nil }
    var modifiers: MouseEvent.Modifiers = []
    if code & 4 != 0 { modifiers.insert(.shift) }
    if code & 8 != 0 { modifiers.insert(.alt) }
    if code & 16 != 0 { modifiers.insert(.control) }
    let low = code & 3
    let place = Point(x: x, y: y)
    if code & 64 != 0 {
      let wheel: [MouseEvent.Wheel] = [.up, .down, .left, .right]
      return isRelease ? nil : MouseEvent(.wheel(wheel[low]), at: place, modifiers)
    }
    let buttons: [MouseEvent.Button] = [.left, .middle, .right]
    let button = low < 3 ? buttons[low] : nil
    if code & 32 != 0 {
      // Motion without a button is not asked for.
      return button.map { MouseEvent(.drag($0), at: place, modifiers) }
    }
    guard !isRelease, let button else { return MouseEvent(.release(button), at: place, modifiers) }
    return MouseEvent(.press(button), at: place, modifiers)
  }
}
