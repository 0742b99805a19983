#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The way to the terminal. What ncurses sends it sends at once, so the order stays.
enum TerminalOutput {
  /// Waits until all has been taken; what a terminal that has gone does not take is lost.
  static func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        #if canImport(Glibc)
          let count = Glibc.write(STDOUT_FILENO, part.baseAddress, part.count)
        #else
          let count = Darwin.write(STDOUT_FILENO, part.baseAddress, part.count)
        #endif
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if count < 0 && errno == EAGAIN {
          var descriptor = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
          _ = poll(&descriptor, 1, 1000)
        } else if count >= 0 || errno != EINTR {
          return
        }
      }
    }
  }
}
