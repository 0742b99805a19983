/// Why there is no screen.
public enum TerminalError: Error, Equatable, Sendable {
  case notATerminal
  case unknownTerminal(String)
  case cannotMoveCursor(String)
}

extension TerminalError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notATerminal:
      "standard input and output are not a terminal; `gatescope trace` records without a screen"
    case .unknownTerminal(let name) where name.isEmpty:
      "TERM is not set; try TERM=xterm-256color"
    case .unknownTerminal(let name):
      "this system does not know the terminal '\(name)' that TERM names; try TERM=xterm-256color"
    case .cannotMoveCursor(let name):
      "the terminal '\(name)' cannot move its cursor; `gatescope trace` records without a screen"
    }
  }
}
