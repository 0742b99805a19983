import Recurrent

/// What an expression computes, once it is known what its names mean. Every node has one value a
/// step, or one a step and unit.
indirect enum NumberNode {
  case constant(Double)
  case step
  /// The token's number.
  case token
  case lane(Int)
  /// Columns of a numeric input.
  case input([Range<Int>])
  case signal(track: Int, Signal, units: [Range<Int>])
  /// Outputs of the readout.
  case outputs([Range<Int>])
  /// What follows from them, one value a step.
  case readout(ReadoutQuantity)
  /// The number of the likeliest output.
  case top
  case mapped(ElementFunction, NumberNode)
  case combined(Arithmetic, NumberNode, NumberNode)
  /// Over the units.
  case reduced(Reduction, NumberNode)
  /// For how many units it holds.
  case counted(TruthNode)
  /// Some steps later; earlier where negative.
  case shifted(NumberNode, by: Int)
}

/// A condition: it holds, does not, or cannot be said (`Truth`).
indirect enum TruthNode {
  case compared(Comparison, NumberNode, NumberNode)
  case sameText(TextNode, TextNode)
  /// By the number of the text, `TextTable`.
  case isAmong([Bool], TextNode)
  case isNaN(NumberNode)
  case not(TruthNode)
  case and(TruthNode, TruthNode)
  case or(TruthNode, TruthNode)
  /// For some unit, or for every one.
  case quantified(Quantifier, TruthNode)
  /// It holds and did not `before` (a shift by one step); or the other way round.
  case becomes(Bool, TruthNode, before: Int)
  /// Greater than before, or less.
  case moves(Comparison, NumberNode, before: Int)
  case shifted(TruthNode, by: Int)
}

/// Texts as numbers of a `TextTable`; -1 where there is none.
indirect enum TextNode {
  case literal(Int32)
  /// The text of each token number.
  case token([Int32])
  /// The text of each output; of the likeliest one.
  case top([Int32])
  /// The text of each value of a lane.
  case lane(Int, [Int32])
  case shifted(TextNode, by: Int)
}

enum Arithmetic { case plus, minus, times, divided, modulo, minimum, maximum }
enum ElementFunction { case negative, abs, sqrt, log, exp }
enum Reduction { case minimum, maximum, mean, sum }
enum Quantifier { case any, all }
enum Comparison { case equal, unequal, less, atMost, greater, atLeast }

/// What can be called.
enum ExpressionFunction: String, CaseIterable {
  case any, all, count, min, max, mean, sum, abs, sqrt, log, exp, rise, fall, isnan, lane
}

/// Every text that an expression speaks of, numbered from 0. Texts are the same where their bytes are,
/// as in a vocabulary; String's own equality would join different ways to write an accent.
struct TextTable {
  private(set) var texts: [String] = []
  private var numbers: [[UInt8]: Int32] = [:]

  mutating func number(of text: String) -> Int32 {
    let bytes = Array(text.utf8)
    if let number = numbers[bytes] { return number }
    let number = Int32(texts.count)
    texts.append(text)
    numbers[bytes] = number
    return number
  }
}
