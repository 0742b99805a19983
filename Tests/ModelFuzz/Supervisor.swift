import ModelFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps a worker going for each format in turn, and tells what became of them.
struct Supervisor {
  let fixtures: String
  let seed: UInt64
  let scratch: String
  let formats: [FuzzFormat]

  /// One format's figures.
  private struct Tally {
    var next = 0
    var seconds = 0.0
    var failures = 0
    var progress: Progress
  }

  /// A round over all formats takes this long, or less where less is asked for.
  private static let roundSeconds = 60.0
  /// Nothing may sleep that long; what computes is ended by its worker.
  private static let patience = Duration.seconds(120)
  /// So that a leak shows, and the worker that has one ends.
  private static let filesOfAWorker = 50_000
  private static let failureLimit = 20

  /// - Returns: how many files failed.
  func run(seconds: Double) throws -> Int {
    var tallies: [FuzzFormat: Tally] = [:]
    for format in formats {
      tallies[format] = Tally(progress: try Progress(path: "\(scratch)/\(format.rawValue)"))
    }
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    let slice = min(Self.roundSeconds, seconds) / Double(formats.count)
    repeat {
      for format in formats where tallies[format]!.failures < Self.failureLimit {
        try run(format, &tallies[format]!, seconds: slice)
      }
      // What is left of a round is not worth starting.
    } while end - clock.now > .seconds(slice * Double(formats.count) / 2)
    for format in formats { report(format, tallies[format]!) }
    return tallies.values.map(\.failures).reduce(0, +)
  }

  private func run(_ format: FuzzFormat, _ tally: inout Tally, seconds: Double) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let end = start + .seconds(seconds)
    defer {
      tally.seconds += (clock.now - start) / .seconds(1)
      tally.next = tally.progress[.index] + 1
    }
    while clock.now < end, tally.failures < Self.failureLimit {
      let left = (end - clock.now) / .seconds(1)
      let status = try work(format, first: tally.next, seconds: left, tally.progress)
      tally.next = tally.progress[.index] + 1
      if status != 0, try !isLibrary(format, status, tally.progress) {
        tally.failures += 1
        try tell(format, tally.progress[.index], status)
      }
    }
  }

  /// Runs a worker to its end.
  private func work(
    _ format: FuzzFormat, first: Int, seconds: Double, _ progress: Progress
  ) throws -> Int32 {
    progress[.index] = first
    let worker = try Child.start(
      [
        "--worker", format.rawValue, "\(seed)", "\(first)", "\(Self.filesOfAWorker)", "\(seconds)",
        fixtures, scratch,
      ])
    let clock = ContinuousClock()
    var last = (index: -1, time: clock.now)
    var status: Int32 = 0
    while waitpid(worker, &status, WNOHANG) != worker {
      usleep(5000)
      if progress[.index] != last.index { last = (progress[.index], clock.now) }
      if clock.now - last.time > Self.patience { kill(worker, SIGALRM) }
    }
    return status
  }

  /// Whether libhdf5 crashed, and the guard tells it of the file alone.
  private func isLibrary(
    _ format: FuzzFormat, _ status: Int32, _ progress: Progress
  ) throws -> Bool {
    guard format.isRisky, [SIGSEGV, SIGABRT, SIGBUS, SIGFPE].contains(status & 0x7F) else {
      return false
    }
    let (origin, bytes) = try Corpus(format, folder: fixtures)
      .damaged(seed: seed, index: progress[.index])
    let path = scratch + (origin.hasSuffix(".keras") ? "/case.keras" : "/case.h5")
    try Saved.write(bytes, to: path)
    do throws(ModelFileError) {
      try DamageProbe(executable: Child.program, arguments: ["--answer"]).check(path)
      progress[.unsteady] += 1
    } catch {
      progress[.libraryCrashes] += 1
    }
    return true
  }

  private func tell(_ format: FuzzFormat, _ index: Int, _ status: Int32) throws {
    let corpus = try Corpus(format, folder: fixtures)
    let (origin, bytes) = corpus.damaged(seed: seed, index: index)
    let name = origin.split(separator: "/").last.map(String.init) ?? "file"
    let path = "\(scratch)/\(seed)-\(index)-\(name)"
    try Saved.write(bytes, to: path)
    let what =
      switch status & 0x7F {
      case 0: "fault, see above"
      case SIGPROF: "takes more than \(Worker.secondsLimit) s"
      case SIGALRM: "hangs"
      default: "crash, signal \(status & 0x7F)"
      }
    ModelFuzz.say("\(format.rawValue) \(index): \(what); saved as \(path)")
    ModelFuzz.say("  again: scripts/fuzz --case \(format.rawValue) \(seed) \(index)")
  }

  private func report(_ format: FuzzFormat, _ tally: Tally) {
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.utf8.count)) + text
    }
    let progress = tally.progress
    let done = progress[.done]
    var line = format.rawValue + String(repeating: " ", count: 12 - format.rawValue.utf8.count)
    line += padded("\(done)", 9) + " files"
    line += padded("\(Int(Double(done) / max(0.001, tally.seconds)))", 7) + "/s"
    line += padded("\(100 * progress[.read] / max(1, done))", 4) + "% read, worst "
    line += padded("\(progress[.worstTime] / 1000)", 5) + " ms (\(progress[.worstTimeIndex])), "
    line += padded("\(progress[.growth] >> 20)", 3) + " MB (\(progress[.growthIndex]))"
    if format.isRisky {
      line += "; libhdf5: \(progress[.libraryCrashes]) crashes, \(progress[.libraryLoops]) loops, "
      line += "\(progress[.unsteady]) after damage"
    }
    if tally.failures > 0 { line += "; \(tally.failures) FAILED" }
    ModelFuzz.say(line)
  }
}
