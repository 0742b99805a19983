import Recurrent

/// The form of a regulated poem of the Tang: an even number of lines, each of five or each of seven
/// characters, a comma after the odd and a full stop after the even ones; a line break ends it.
public enum PoemForm {
  /// How many poems an evaluation samples.
  public static let poems = 200
  /// As the poems are sampled.
  public static let temperature: Float = 0.7

  private static let goal = 0.95
  private static let longest = 100

  /// The length of its lines; nil where the poem's form is not right. Counted in Unicode scalars.
  public static func lineLength(of poem: String) -> Int? {
    var lengths: [Int] = []
    var length = 0
    var scalars = Array(poem.unicodeScalars)
    guard scalars.popLast() == "\n" else { return nil }
    for scalar in scalars {
      switch scalar {
      case "，", "。":
        guard scalar == (lengths.count % 2 == 0 ? "，" : "。") else { return nil }
        lengths.append(length)
        length = 0
      case "\n": return nil
      // What is neither of the two is a character of the line.
      case _: length += 1
      }
    }
    guard length == 0, let first = lengths.first, first == 5 || first == 7,
      lengths.count % 2 == 0, lengths.allSatisfy({ $0 == first })
    else { return nil }
    return first
  }

  /// The share of sampled poems whose form is right.
  ///
  /// - Throws: `TrainingError.lacksSymbol` where the vocabulary has no line break.
  public static func figures(
    _ pass: BackwardPass, _ vocabulary: Vocabulary, random: inout RandomSource
  ) throws -> [Figure] {
    let poems = try sample(pass, vocabulary, random: &random)
    let lengths = poems.map(lineLength)
    let share = { (count: Int) in Double(count) / Double(poems.count) }
    return [
      Figure(
        "of \(poems.count) poems sampled at temperature \(temperature) in the right form",
        share(lengths.count { $0 != nil }), goal: .atLeast(goal)),
      Figure("of seven characters a line", share(lengths.count { $0 == 7 })),
      Figure("different from one another", share(Set(poems).count)),
    ]
  }

  /// The same for a network alone; the seed decides which poems it writes.
  public static func figures(
    of network: Network, _ vocabulary: Vocabulary, seed: UInt64
  ) throws -> [Figure] {
    var random = RandomSource(seed: seed)
    return try figures(BackwardPass(network), vocabulary, random: &random)
  }

  /// Poems that the network writes.
  public static func sample(
    _ pass: BackwardPass, _ vocabulary: Vocabulary, random: inout RandomSource
  ) throws -> [String] {
    guard let newline = vocabulary.symbols.firstIndex(of: "\n").map({ Int32($0) }) else {
      throw TrainingError.lacksSymbol("a line break")
    }
    let sequences = try Sampler(temperature: temperature, longest: longest).sequences(
      pass, count: poems, start: newline, end: newline, random: &random)
    return sequences.map { poem in poem.map { vocabulary.symbols[Int($0)] }.joined() }
  }
}
