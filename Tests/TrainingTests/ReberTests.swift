import Recurrent
import Testing

@testable import Training

@Suite struct ReberTests {
  /// The grammar as a table of its own: which symbols may follow which node.
  private static func isReber(_ inner: String) -> Bool {
    let arcs: [[Character: Int]] = [
      ["B": 1], ["T": 2, "P": 3], ["S": 2, "X": 4], ["T": 3, "V": 5], ["X": 3, "S": 6],
      ["P": 4, "V": 6], ["E": 7],
    ]
    var node = 0
    for symbol in inner {
      guard node < 7, let next = arcs[node][symbol] else { return false }
      node = next
    }
    return node == 7
  }

  private func text(_ symbols: [Int32]) -> String {
    symbols.map { ReberGrammar.symbols[Int($0)] }.joined()
  }

  @Test func stringsAreOfTheGrammar() {
    var random = RandomSource(seed: 1)
    var seen: Set<String> = []
    for _ in 0..<500 {
      let string = text(ReberGrammar.string(&random))
      seen.insert(string)
      #expect(
        string.hasPrefix("BT") && string.hasSuffix("TE")
          || string.hasPrefix("BP") && string.hasSuffix("PE"))
      #expect(Self.isReber(String(string.dropFirst(2).dropLast(2))), "\(string)")
    }
    #expect(seen.count > 100)
    #expect(seen.contains("BTBPVVETE") || seen.contains("BPBPVVEPE"))
  }

  @Test func aBatchPredictsTheNextSymbol() {
    var random = RandomSource(seed: 2)
    let batch = ReberTask().makeBatch(&random, size: 3, step: 0)
    guard case .tokens(let input) = batch.input, case .classes(let targets) = batch.targets else {
      Issue.record("symbols expected")
      return
    }
    #expect(batch.sequences == 3 && input.count == batch.steps * 3)
    for t in 0..<batch.steps - 1 {
      for b in 0..<3 { #expect(targets[t * 3 + b] == input[(t + 1) * 3 + b]) }
    }
    #expect((0..<3).allSatisfy { input[$0] == 0 })
  }

  @Test func anUntrainedNetworkIsAboutHalfRight() throws {
    let task = ReberTask()
    var random = RandomSource(seed: 5)
    let network = try task.defaults.plan.makeNetwork(for: task.shape, random: &random)
    let figures = try task.evaluate(BackwardPass(network), random: &random, count: 100)
    #expect(figures[0].value < 0.8 && !figures[0].isReached)
  }

  /// From ln 7 towards the grammar's own uncertainty, 0.41.
  @Test func trainingLowersTheLoss() throws {
    var options = ReberTask().defaults
    options.maximumSteps = 150
    options.minimumSteps = 0
    options.gateNoise = 0
    options.validationInterval = 150
    options.validationCount = 20
    var losses: [Double] = []
    let outcome = try Trainer(task: SmallReber(), options: options).run { losses.append($0.loss) }
    #expect(losses.count == 150 && outcome.steps == 150)
    #expect(losses[0] > 1.8)
    #expect(losses[149] < 1.4)
    #expect(outcome.model.vocabulary?.symbols == ReberGrammar.symbols)
    #expect(outcome.metadata["task"] == "reber")
  }
}

/// The Reber task with a small evaluation, for tests.
struct SmallReber: TrainingTask {
  private let whole = ReberTask()
  var name: String { whole.name }
  var title: String { whole.title }
  var shape: TaskShape { whole.shape }
  var defaults: TrainingOptions { whole.defaults }
  var evaluationCount: Int { 40 }
  func makeBatch(_ random: inout RandomSource, size: Int, step: Int) -> TrainingBatch {
    whole.makeBatch(&random, size: size, step: step)
  }
  func evaluate(_ pass: BackwardPass, random: inout RandomSource, count: Int) throws -> [Figure] {
    try whole.evaluate(pass, random: &random, count: count)
  }
}
