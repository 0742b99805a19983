import ModelFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Damages model files and reads them, for as long as one likes: no crash, no hang, no growth.
/// `scripts/fuzz` starts it.
@main
enum ModelFuzz {
  static let usage = """
    fuzz-models FIXTURES SCRATCH [SECONDS] [SEED] [FORMAT...]
    fuzz-models FIXTURES SCRATCH --case FORMAT SEED INDEX
    """

  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    switch arguments.first {
    case "--answer": answer(arguments)
    case "--worker": try work(Array(arguments.dropFirst()))
    default: try supervise(arguments)
    }
  }

  /// The process that may fall.
  private static func answer(_ arguments: [String]) -> Never {
    guard arguments.count == 2 else { _exit(64) }
    _exit(
      DamageProbe.answer {
        _ = try ModelReader.report(path: arguments[1])
        _ = try ModelReader.read(path: arguments[1])
      })
  }

  private static func work(_ words: [String]) throws {
    guard words.count == 7, let format = FuzzFormat(rawValue: words[0]),
      let seed = UInt64(words[1]), let first = Int(words[2]), let count = Int(words[3]),
      let seconds = Double(words[4])
    else { _exit(64) }
    let worker = Worker(
      corpus: try Corpus(format, folder: words[5]), seed: seed,
      progress: try Progress(path: "\(words[6])/\(format.rawValue)"))
    try worker.run(first: first, count: count, seconds: seconds)
    _exit(0)
  }

  private static func supervise(_ words: [String]) throws {
    guard words.count >= 2 else { fail() }
    let (fixtures, scratch) = (words[0], words[1])
    if words.count == 6, words[2] == "--case" {
      guard let format = FuzzFormat(rawValue: words[3]), let seed = UInt64(words[4]),
        let index = Int(words[5])
      else { fail() }
      return try again(format, seed, index, fixtures, scratch)
    }
    guard let seconds = words.count > 2 ? Double(words[2]) : 60,
      let seed = words.count > 3 ? UInt64(words[3]) : UInt64.random(in: 0..<1_000_000)
    else { fail() }
    let named = words.dropFirst(4).map { FuzzFormat(rawValue: $0) }
    guard !named.contains(nil) else { fail() }
    let formats = named.isEmpty ? FuzzFormat.allCases : named.compactMap { $0 }
    say("fuzzing model files for \(Int(seconds)) s, seed \(seed)")
    let failures = try Supervisor(
      fixtures: fixtures, seed: seed, scratch: scratch, formats: formats
    ).run(seconds: seconds)
    exit(failures == 0 ? 0 : 1)
  }

  /// One file, in this process.
  private static func again(
    _ format: FuzzFormat, _ seed: UInt64, _ index: Int, _ fixtures: String, _ scratch: String
  ) throws {
    let corpus = try Corpus(format, folder: fixtures)
    let (path, bytes) = corpus.damaged(seed: seed, index: index)
    say("\(path), damaged: \(bytes.count) bytes")
    let reading = try Reading(format)
    for file in corpus.files.prefix(3) { _ = try reading.read(file.bytes, path: file.path) }
    let before = Usage.current
    let isRead = try reading.read(bytes, path: path)
    let after = Usage.current
    say("\(isRead ? "read" : "refused"), \(after.microseconds - before.microseconds) µs")
    say("\((after.peak - before.peak) >> 10) kB more")
  }

  /// Unbuffered: a long run is watched.
  static func say(_ line: String, to descriptor: Int32 = STDOUT_FILENO) {
    let bytes = Array((line + "\n").utf8)
    _ = write(descriptor, bytes, bytes.count)
  }

  private static func fail() -> Never {
    say(usage, to: STDERR_FILENO)
    exit(64)
  }
}
