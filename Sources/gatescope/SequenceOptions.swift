import ArgumentParser
import Inspector

/// Many sequences in place of one.
struct SequenceOptions: ParsableArguments {
  @Option(
    name: .customLong("sequences"),
    help: ArgumentHelp(
      "A file of many sequences: a text with one a line, .jsonl with 'text' or 'tokens' and 'id', or a "
        + ".npy of (N, T) tokens or (N, T, I) numbers; - is text from standard input. docs/corpora.md "
        + "has the rest.",
      valueName: "file"))
  var file: String?

  @Option(
    help: ArgumentHelp(
      "How many steps of each row of a .npy count: a .npy of N numbers.", valueName: "npy"))
  var lengths: String?

  @Option(
    help: ArgumentHelp(
      "Keep a row a sequence: each unit's last, mean or greatest value.",
      valueName: StepReduction.allCases.map(\.rawValue).joined(separator: "|")))
  var reduce: StepReduction?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Keep the steps at which an expression holds, as find has it.", valueName: "expression"))
  var condition: String?

  static let mostJobs = 256

  @Option(help: ArgumentHelp("Threads; as many as there are processors.", valueName: "n"))
  var jobs: Int?

  @Option(
    help: ArgumentHelp(
      "Trace the K-th of N parts of the sequences, from 1, into a part-….parquet in the folder -o.",
      valueName: "k/n"))
  var shard: Shard?

  @Flag(help: "Pass over sequences that cannot be read, and count them.")
  var skipBad = false

  /// The options that were given and mean something for many sequences only.
  var given: [String] {
    [
      (lengths != nil, "--lengths"), (reduce != nil, "--reduce"), (condition != nil, "--where"),
      (jobs != nil, "--jobs"), (shard != nil, "--shard"), (skipBad, "--skip-bad"),
    ].filter(\.0).map(\.1)
  }

  func validate() throws {
    if let jobs, !(1...Self.mostJobs).contains(jobs) {
      throw ValidationError("--jobs must be a number from 1 to \(Self.mostJobs).")
    }
  }
}

/// The K-th of N parts, written K/N.
struct Shard: ExpressibleByArgument, Equatable {
  let part: Int
  let parts: Int

  /// Names have five digits.
  static let most = 99_999

  init?(argument: String) {
    let numbers = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard numbers.count == 2, numbers.allSatisfy({ $0.allSatisfy(\.isNumber) }),
      let part = Int(numbers[0]), let parts = Int(numbers[1]), (1...Self.most).contains(parts),
      (1...parts).contains(part)
    else { return nil }
    self.part = part
    self.parts = parts
  }

  /// "part-00002-of-00010.parquet".
  var fileName: String { "part-\(Self.digits(part))-of-\(Self.digits(parts)).parquet" }

  private static func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: 5 - text.count) + text
  }
}

extension StepReduction: ExpressibleByArgument {}
