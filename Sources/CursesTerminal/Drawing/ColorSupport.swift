import CNcurses
import Screen

/// How many colours a terminal has, as far as it says so.
struct ColorSupport {
  /// Terminfo's `colors`; 0 and less where it has none.
  var colors: Int
  /// Terminfo has `RGB`, or tmux's `Tc`: any colour can be told by its red, green and blue.
  var isDirect: Bool
  /// Its colours are numbers of red, green and blue, not of a palette: xterm-direct and its like.
  var numbersAreDirect: Bool { isDirect && colors > 256 }

  init(colors: Int, isDirect: Bool) {
    self.colors = colors
    self.isDirect = isDirect
  }

  /// What terminfo says of the terminal that ncurses has opened.
  static func ofTerminal() -> ColorSupport {
    ColorSupport(
      colors: Int(gs_number("colors")), isDirect: gs_has("RGB") != 0 || gs_has("Tc") != 0)
  }

  /// - Parameter environment: an empty `NO_COLOR` means nothing (https://no-color.org). Nearly every
  ///   terminal is called xterm-256color today; those that have more say so in `COLORTERM`
  ///   (https://github.com/termstandard/colors). GNU screen (`STY`) hands on the `COLORTERM` of the
  ///   terminal that it was started in, but cannot do what it says unless told to.
  func depth(in environment: [String: String]) -> Capabilities.ColorDepth {
    guard (environment["NO_COLOR"] ?? "").isEmpty else { return .none }
    if isDirect { return .direct }
    guard colors >= 8 else { return .none }
    let isScreen = environment["STY"] != nil && (environment["TERM"] ?? "").hasPrefix("screen")
    let says = (environment["COLORTERM"] ?? "").lowercased()
    if !isScreen && (says == "truecolor" || says == "24bit") { return .direct }
    return colors >= 256 ? .indexed : colors >= 16 ? .sixteen : .eight
  }
}
