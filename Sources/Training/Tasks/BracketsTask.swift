import Recurrent

/// Nested brackets and quoted strings: predict the next symbol. A network that guesses well keeps
/// count of the depth, knows whether it stands between quotes, and remembers what is open.
public struct BracketsTask: TrainingTask {
  public let name = "brackets"
  public let title = "Nested brackets and quotes: how deep, and what closes next"
  public let shape = TaskShape(symbols: BracketText.symbols)

  private static let goal = 0.99
  /// Steps of a sequence, in training and in evaluation.
  private static let length = 100

  public init() {}

  public var defaults: TrainingOptions {
    var options = TrainingOptions(
      plan: NetworkPlan(units: 16), maximumSteps: 20_000,
      learningRate: LearningRate(0.01, end: 0.0003, decay: .cosine))
    options.seed = 3
    options.minimumSteps = options.maximumSteps
    options.validationInterval = 1000
    options.validationCount = 200
    return options
  }

  public func makeBatch(
    _ random: inout RandomSource, size: Int, step: Int
  ) -> TrainingBatch {
    SymbolBatch.padded(
      (0..<size).map { _ in BracketText.text(length: Self.length + 1, &random) })
  }

  /// How many texts one prediction takes at once.
  private static let chunk = 500

  /// Over `count` texts of 100 symbols: the share of steps whose likeliest next symbol may indeed
  /// follow, and, where a bracket closes, the share in which the right one of the three closing
  /// ones is the likeliest of them.
  public func evaluate(
    _ pass: BackwardPass, random: inout RandomSource, count: Int
  ) throws -> [Figure] {
    var tally = Tally()
    for start in stride(from: 0, to: count, by: Self.chunk) {
      let texts = (start..<min(start + Self.chunk, count)).map { _ in
        BracketText.text(length: Self.length + 1, &random)
      }
      let batch = SymbolBatch.padded(texts)
      let outputs = try pass.predict(batch)
      for (b, text) in texts.enumerated() {
        tally.add(text, outputs: outputs, sequence: b, of: batch.sequences)
      }
    }
    return [
      Figure("predicted symbols legal", tally.legal, goal: .atLeast(Self.goal)),
      Figure("closing brackets right", tally.closed, goal: .atLeast(Self.goal)),
    ]
  }

  private struct Tally {
    private var predictions = 0
    private var legalOnes = 0
    private var closings = 0
    private var rightClosings = 0

    var legal: Double { Double(legalOnes) / Double(max(predictions, 1)) }
    var closed: Double { Double(rightClosings) / Double(max(closings, 1)) }

    mutating func add(_ text: [Int32], outputs: [Float], sequence: Int, of sequences: Int) {
      let size = BracketText.symbols.count
      var state = BracketText()
      for t in 0..<text.count - 1 {
        state.take(text[t])
        let entry = t * sequences + sequence
        predictions += 1
        if state.isLegal(likeliest(outputs, entry: entry, size: size)) { legalOnes += 1 }
        guard let closing = state.closing, text[t + 1] == closing else { continue }
        let probability = { (symbol: Int32) in outputs[entry * size + Int(symbol)] }
        closings += 1
        if BracketText.closings.allSatisfy({ probability($0) <= probability(closing) }) {
          rightClosings += 1
        }
      }
    }
  }
}
