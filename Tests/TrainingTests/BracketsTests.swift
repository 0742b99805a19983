import Recurrent
import Testing

@testable import Training

@Suite struct BracketsTests {
  private func text(_ symbols: [Int32]) -> String {
    symbols.map { BracketText.symbols[Int($0)] }.joined()
  }

  /// A reader of its own: what is open after each symbol, nil where one is out of place.
  private static func depths(_ text: String) -> [Int]? {
    var open: [Character] = []
    var isQuoted = false
    var depths: [Int] = []
    for symbol in text {
      if symbol == "\"" {
        isQuoted.toggle()
      } else if !isQuoted, "([{".contains(symbol) {
        open.append(symbol)
      } else if !isQuoted, ")]}".contains(symbol) {
        guard let last = open.popLast(), ["()", "[]", "{}"].contains("\(last)\(symbol)") else {
          return nil
        }
      }
      depths.append(open.count)
    }
    return depths
  }

  @Test func textsAreNestedAndGoDeepButNoDeeperThanEight() throws {
    var random = RandomSource(seed: 1)
    var deepest = 0
    for _ in 0..<300 {
      let text = text(BracketText.text(length: 100, &random))
      let depths = try #require(Self.depths(text), "\(text)")
      deepest = max(deepest, depths.max() ?? 0)
    }
    #expect(deepest == 8)
  }

  @Test(arguments: [
    ("", "()[]{}\"a", "([{\"a"), ("(", "()[]{}\"a", "()[{\"a"), ("([", "()[]{}\"a", "([]{\"a"),
    ("(\"", "()[]{}\"a", "()[]{}\"a"), ("(\"]\"", "()[]{}\"a", "()[{\"a"),
    ("(((((((([]", "()[]{}\"a", ""), ("((((((((", "()[]{}\"a", ")\"a"),
  ])
  func whatMayFollow(_ read: String, _ symbols: String, _ legal: String) throws {
    var state = BracketText()
    for symbol in read {
      let number = try #require(BracketText.symbols.firstIndex(of: String(symbol)))
      guard state.isLegal(Int32(number)) else {
        #expect(legal.isEmpty)
        return
      }
      state.take(Int32(number))
    }
    let found = symbols.filter { symbol in
      state.isLegal(Int32(BracketText.symbols.firstIndex(of: String(symbol)) ?? 0))
    }
    #expect(found == legal)
  }

  @Test func anUntrainedNetworkDoesNotCloseWhatIsOpen() throws {
    let task = BracketsTask()
    var random = RandomSource(seed: 5)
    let network = try task.defaults.plan.makeNetwork(for: task.shape, random: &random)
    let figures = try task.evaluate(BackwardPass(network), random: &random, count: 30)
    #expect(figures[1].value < 0.8 && !figures[1].isReached)
    #expect(figures.allSatisfy { (0...1).contains($0.value) })
  }

  /// A readout that always says "a" is legal nearly everywhere, and knows nothing of brackets.
  @Test func alwaysALetterIsLegal() throws {
    let layer = LayerShape(cell: .rnn, inputSize: 8, hiddenSize: 1)
    let network = try Network(
      layers: [
        Layer(
          shape: layer,
          weights: [
            LayerWeights(
              inputWeights: Array(repeating: 0, count: 8), recurrentWeights: [0],
              inputBias: [0])
          ])
      ],
      readout: Readout(
        inputSize: 1, outputSize: 8, weights: Array(repeating: 0, count: 8),
        bias: [0, 3, 0, 2, 0, 1, 0, 9], activation: .softmax))
    var random = RandomSource(seed: 6)
    let figures = try BracketsTask().evaluate(BackwardPass(network), random: &random, count: 600)
    #expect(figures[0].value == 1)
    // Of the three closing brackets it prefers the round one.
    #expect(abs(figures[1].value - 1 / 3.0) < 0.05)
  }
}
