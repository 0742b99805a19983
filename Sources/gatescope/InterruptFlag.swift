import ArgumentParser
import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether ^C was typed, or SIGTERM or SIGHUP sent, since the flag was made. The second one ends the
/// program.
final class InterruptFlag {
  private nonisolated(unsafe) static var raised: sig_atomic_t = 0

  init() {
    Self.raised = 0
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { number in
        InterruptFlag.raised = number
        signal(number) { Leftovers.end($0) }
      }
    }
    PipeWaiting.givesUp = { _ in InterruptFlag.raised != 0 }
  }

  var isRaised: Bool { Self.raised != 0 }

  /// What a shell says of a program that such a signal has ended: 130, 143, 129.
  var exitCode: ExitCode { ExitCode(128 + Self.raised) }

  /// The same of a flag that anybody has made; nil where no signal came.
  static var exitCode: ExitCode? { raised == 0 ? nil : ExitCode(128 + raised) }
}
