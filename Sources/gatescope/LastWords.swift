import Files
import ModelFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is said when the system takes away what the program works with: a mapped file that somebody
/// shortens, or memory. A line and status 1, no stack trace.
enum LastWords {
  /// For what runs without a screen; with one, the terminal is given back first.
  static func arm() {
    for number in [SIGBUS, SIGABRT] {
      signal(number) { number in
        LastWords.say(number, isAlone: false)
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  /// For a terminal's guard, after it has given the terminal back.
  static let afterScreen: @convention(c) (Int32) -> Void = { number in
    Leftovers.removeAll()
    LastWords.say(number, isAlone: true)
  }

  /// Only what signal-safety(7) allows.
  ///
  /// - Parameter isAlone: whether what the Swift runtime has said of memory has gone with the screen.
  private static func say(_ number: Int32, isAlone: Bool) {
    // abort() is how the runtime ends where malloc gives nothing.
    let isMemory = number == SIGABRT && errno == ENOMEM
    guard isMemory || number == SIGBUS else { return }
    if number == SIGBUS {
      put("Error: ")
      if let path = FileBytes.mappedPath { put(path) } else { put("a file") }
      put(": was shortened while it was read; open it again\n")
    } else if isAlone {
      put("Error: not enough memory\n")
    }
    Leftovers.removeAll()
    _exit(1)
  }

  private static func put(_ text: StaticString) {
    _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }

  private static func put(_ text: UnsafePointer<CChar>) {
    _ = write(STDERR_FILENO, text, strlen(text))
  }
}
