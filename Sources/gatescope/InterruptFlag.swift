#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether ^C was typed (or SIGTERM sent) since the flag was made. The second one ends the program.
final class InterruptFlag {
  private nonisolated(unsafe) static var raised: sig_atomic_t = 0

  init() {
    Self.raised = 0
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        InterruptFlag.raised = 1
        signal(number, SIG_DFL)
      }
    }
  }

  var isRaised: Bool { Self.raised != 0 }
}
