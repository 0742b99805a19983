#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs `body` with SIGPIPE held back from this thread, so that a reader that goes away is an error
/// of the write and not the end of the process. Other threads do not notice.
package func withoutPipeSignal<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  var pipe = sigset_t()
  var before = sigset_t()
  sigemptyset(&pipe)
  sigaddset(&pipe, SIGPIPE)
  pthread_sigmask(SIG_BLOCK, &pipe, &before)
  defer {
    // A signal that is still waiting would arrive as soon as it may.
    var waiting = sigset_t()
    if sigismember(&before, SIGPIPE) == 0, sigpending(&waiting) == 0,
      sigismember(&waiting, SIGPIPE) == 1
    {
      var taken: Int32 = 0
      sigwait(&pipe, &taken)
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }
  return try body()
}
