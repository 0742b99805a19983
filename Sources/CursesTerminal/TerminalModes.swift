import CNcurses

/// What is switched on in a terminal beside what ncurses switches: the paste's marks, and the mouse.
///
/// Terminals get only what their terminfo entry says that they know.
enum TerminalModes {
  /// Terminals that have it say so in terminfo (BE and BD, ncurses user_caps(5)).
  static func setBracketedPaste(_ isOn: Bool) {
    guard let sequence = TerminalStrings.sequence(isOn ? "BE" : "BD") else { return }
    TerminalOutput.write(sequence)
  }

  /// Whether the terminal shows what stands between two marks at once (mode 2026), as far as its entry says
  /// so: `Sync`, a string with a number, as tmux has it.
  static var isSynchronized: Bool {
    gs_terminfo("Sync").map { String(cString: $0).contains("?2026") } ?? false
  }

  static let frameBegin = Array("\u{1B}[?2026h".utf8)
  static let frameEnd = Array("\u{1B}[?2026l".utf8)

  /// Whether the terminal tells of its mouse. Linux's console has `kmous` for its mouse daemon's sake;
  /// it has no second screen either, as every terminal in a window has.
  static var hasMouse: Bool { gs_terminfo("kmous") != nil && gs_terminfo("smcup") != nil }

  /// Presses, the wheel, and motion while a button is held (1002), as numbers where the terminal
  /// knows that (1006). Motion without a button is nobody's business.
  static func setMouse(_ isOn: Bool) {
    guard hasMouse else { return }
    TerminalOutput.write(Array((isOn ? mouseOn : mouseOff).utf8))
  }

  static let mouseOff = "\u{1B}[?1006l\u{1B}[?1002l"
  private static let mouseOn = "\u{1B}[?1002h\u{1B}[?1006h"
}
