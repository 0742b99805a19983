#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A wait for somebody to read a pipe, in pieces, so that it can be given up.
public struct PipeWaiting {
  /// Whether to give up after so many seconds. Whoever holds a terminal must not wait for ever for
  /// somebody else; a command waits as long as no signal asks it to end.
  public nonisolated(unsafe) static var givesUp: (_ seconds: Double) -> Bool = { _ in false }

  private let start = ContinuousClock.now

  init() {}

  /// Whether to wait on.
  func goesOn() -> Bool {
    let waited = ContinuousClock.now - start
    return !Self.givesUp(waited / .seconds(1))
  }

  /// Until the pipe takes something again, or a moment has passed.
  func wait(for descriptor: CInt) {
    var pipe = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = poll(&pipe, 1, 50)
  }
}
