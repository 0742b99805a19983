/// What a person or the terminal does.
public enum Event: Sendable, Hashable {
  case key(Key)
  case mouse(MouseEvent)
  case resize(width: Int, height: Int)
  /// Text that was pasted, in one piece.
  case paste(String)
}

/// A key, as far as a terminal tells.
public enum Key: Sendable, Hashable {
  case character(Unicode.Scalar)
  case control(Unicode.Scalar)
  case left, right, up, down
  case shiftLeft, shiftRight, shiftUp, shiftDown
  case home, end, pageUp, pageDown
  case enter, escape, tab, backTab, backspace, delete

  /// As it is written in the help and the README.
  public var label: String {
    switch self {
    case .character(" "): "Space"
    case .character(let scalar): String(scalar)
    case .control(let scalar): "^" + String(scalar).uppercased()
    case .left: "←"
    case .right: "→"
    case .up: "↑"
    case .down: "↓"
    case .shiftLeft: "Shift-←"
    case .shiftRight: "Shift-→"
    case .shiftUp: "Shift-↑"
    case .shiftDown: "Shift-↓"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .enter: "Enter"
    case .escape: "Esc"
    case .tab: "Tab"
    case .backTab: "Shift-Tab"
    case .backspace: "BS"
    case .delete: "Del"
    }
  }
}
