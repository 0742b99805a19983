import Recurrent

/// The embedded Reber grammar (Reber 1967; Hochreiter & Schmidhuber 1997, experiment 1): B, then T
/// or P, a string of the Reber grammar, the same T or P again, E.
///
/// Within the inner string every symbol can be told from the last few. The second-to-last symbol
/// can only be told from the second, which is why it needs memory.
public struct ReberGrammar: Sendable {
  public static let symbols = ["B", "T", "P", "S", "X", "V", "E"]

  /// A symbol and the node to which it leads.
  private struct Arc {
    let symbol: Int32
    let to: Int
    init(_ symbol: Character, _ to: Int) {
      self.symbol = ReberGrammar.number(symbol)
      self.to = to
    }
  }

  /// The inner grammar's graph: at each node two ways, as likely, or one. Node 7 is the end.
  private static let nodes: [[Arc]] = [
    [Arc("B", 1)], [Arc("T", 2), Arc("P", 3)], [Arc("S", 2), Arc("X", 4)],
    [Arc("T", 3), Arc("V", 5)], [Arc("X", 3), Arc("S", 6)], [Arc("P", 4), Arc("V", 6)],
    [Arc("E", 7)],
  ]

  private static func number(_ symbol: Character) -> Int32 {
    Int32(symbols.firstIndex(of: String(symbol)) ?? 0)
  }

  /// The embedded string's remembered symbols, T and P.
  static let remembered = [number("T"), number("P")]

  /// A string of the embedded grammar.
  public static func string(_ random: inout RandomSource) -> [Int32] {
    let kept = random.choice(remembered)
    var string = [number("B"), kept]
    var node = 0
    while node < nodes.count {
      let arc = nodes[node].count == 1 ? nodes[node][0] : random.choice(nodes[node])
      string.append(arc.symbol)
      node = arc.to
    }
    return string + [kept, number("E")]
  }

  /// Strings one after another, as in the continual grammar (Gers et al. 2000), cut to `length`;
  /// `starts` are the places where a string begins.
  static func stream(
    length: Int, _ random: inout RandomSource
  ) -> (symbols: [Int32], starts: [Int]) {
    var symbols: [Int32] = []
    var starts: [Int] = []
    while symbols.count < length {
      starts.append(symbols.count)
      symbols += string(&random)
    }
    return (Array(symbols.prefix(length)), starts)
  }
}
