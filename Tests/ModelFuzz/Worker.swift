import ModelFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads one damaged file after the other, in a process that may fall.
struct Worker {
  /// Seconds of the CPU that a file may take, and bytes that the process may grow by.
  static let secondsLimit = isDebug ? 30 : 2
  static let growthLimit = 64 << 20

  #if DEBUG
    static let isDebug = true
  #else
    static let isDebug = false
  #endif

  /// The exit statuses of a worker that found a fault.
  enum Status: Int32 {
    case fault = 3
    case growth, time
  }

  let corpus: Corpus
  let seed: UInt64
  let progress: Progress

  /// Goes on from `first` until the time is over, or `count` files are read.
  func run(first: Int, count: Int, seconds: Double) throws {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    // What is undamaged shows how large the process is anyway.
    let reading = try Reading(corpus.format)
    for file in corpus.files { _ = try reading.read(file.bytes, path: file.path) }
    let size = Usage.current.peak
    // libhdf5 is given up by its reader after 2 seconds.
    let limit = Self.secondsLimit + (corpus.format.isRisky ? 1 : 0)
    for index in first..<first + count where clock.now < end {
      progress[.index] = index
      let (path, bytes) = corpus.damaged(seed: seed, index: index)
      let before = Usage.current.microseconds
      Self.endAfter(seconds: limit)
      do {
        if try reading.read(bytes, path: path) { progress[.read] += 1 }
      } catch let fault as Reading.Fault {
        Self.end(.fault, "\(fault)")
      } catch is Reading.LibraryLoop {
        // Its thread is lost.
        progress[.libraryLoops] += 1
        _exit(0)
      }
      Self.endAfter(seconds: 0)
      let after = Usage.current
      progress[.done] += 1
      check(
        Usage(microseconds: after.microseconds - before, peak: after.peak - size), bytes, limit)
    }
  }

  private func check(_ usage: Usage, _ bytes: [UInt8], _ seconds: Int) {
    progress.note(microseconds: usage.microseconds, growth: usage.peak, at: progress[.index])
    if usage.microseconds > seconds * 1_000_000 {
      Self.end(.time, "takes \(usage.microseconds / 1000) ms")
    }
    if usage.peak > Self.growthLimit + bytes.count {
      Self.end(.growth, "\(bytes.count) bytes make the process grow by \(usage.peak >> 20) MB")
    }
  }

  /// SIGPROF ends what takes so long; 0 takes that back.
  private static func endAfter(seconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = seconds
    #if canImport(Glibc)
      setitimer(__itimer_which_t(2), &timer, nil)
    #else
      setitimer(ITIMER_PROF, &timer, nil)
    #endif
  }

  static func end(_ status: Status, _ words: String) -> Never {
    ModelFuzz.say("fuzz: \(words)", to: STDERR_FILENO)
    _exit(status.rawValue)
  }
}

/// What a process has used.
struct Usage {
  /// Of the CPU.
  var microseconds: Int
  /// The most memory that it ever had, in bytes.
  var peak: Int

  static var current: Usage {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(RUSAGE_SELF.rawValue, &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    return Usage(usage)
  }

  init(microseconds: Int, peak: Int) {
    self.microseconds = microseconds
    self.peak = peak
  }

  init(_ usage: rusage) {
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    microseconds = seconds * 1_000_000 + Int(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    #if os(Linux)
      peak = Int(usage.ru_maxrss) << 10
    #else
      peak = Int(usage.ru_maxrss)
    #endif
  }
}
