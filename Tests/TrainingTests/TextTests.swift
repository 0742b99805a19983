import Recurrent
import Testing

@testable import Training

@Suite struct TextTests {
  static let rhyme = String(repeating: "eeny, meeny, miny, moe\n", count: 20)

  @Test func aCorpusIsCountedInUnicodeScalars() throws {
    let text = String(repeating: "e\u{301}\r\n春👩‍🚀", count: 20)
    let corpus = try Corpus(text)
    #expect(corpus.tokens.count == text.unicodeScalars.count)
    #expect(
      corpus.vocabulary.symbols
        == ["\n", "\r", "e", "\u{301}", "\u{200D}", "春", "👩", "🚀"])
    #expect(try corpus.vocabulary.tokens(of: text).map { Int32($0) } == corpus.tokens)
    #expect(corpus.trainingCount == 144 && corpus.validation.count == 16)
  }

  @Test func aByteOrderMarkIsNoCharacter() throws {
    let corpus = try Corpus("\u{FEFF}" + Self.rhyme)
    #expect(corpus.tokens == (try Corpus(Self.rhyme)).tokens)
  }

  @Test func anotherModelsVocabularyIsKept() throws {
    let symbols = ["?", "\n", "y", ",", " ", "n", "m", "e", "o", "i"]
    let corpus = try Corpus(Self.rhyme, vocabulary: Vocabulary(symbols))
    #expect(corpus.vocabulary.symbols == symbols)
    #expect(corpus.tokens.prefix(6) == [7, 7, 5, 2, 3, 4])
    let error = #expect(throws: UnknownSymbol.self) {
      try Corpus(Self.rhyme, vocabulary: Vocabulary(Array(symbols.dropLast())))
    }
    #expect(error?.symbol == "i")
  }

  @Test(arguments: ["", "short", "\u{FEFF}"])
  func aShortCorpusIsRefused(_ text: String) {
    let error = #expect(throws: TrainingError.self) { try Corpus(text) }
    #expect(error?.description.contains("at least 100 are needed") == true)
  }

  @Test func tasksSayWhetherTheyNeedACorpus() throws {
    for kind in TextKind.allCases {
      let error = #expect(throws: TrainingError.self) {
        try TaskCatalog.task(named: kind.rawValue)
      }
      #expect(error == .needsCorpus(task: kind.rawValue))
      let task = try TaskCatalog.task(named: kind.rawValue, corpus: { Self.rhyme })
      #expect(task.name == kind.rawValue && task.carriesState == (kind != .tang))
    }
    #expect(throws: TrainingError.takesNoCorpus(task: "reber")) {
      try TaskCatalog.task(named: "reber", corpus: { Self.rhyme })
    }
  }

  /// Each sequence goes on where it stopped, and the next symbol is the target.
  @Test func batchesGoOnRoundTheText() throws {
    let task = TextTask(.text, corpus: try Corpus(Self.rhyme))
    let count = task.corpus.trainingCount
    var random = RandomSource(seed: 1)
    for step in 0..<12 {
      let batch = task.makeBatch(&random, size: 3, step: step)
      guard case .tokens(let input) = batch.input, case .classes(let targets) = batch.targets else {
        Issue.record("symbols expected")
        return
      }
      for t in 0..<batch.steps {
        for b in 0..<3 {
          let place = b * (count / 3) + step * batch.steps + t
          #expect(input[t * 3 + b] == task.corpus.tokens[place % count])
          #expect(targets[t * 3 + b] == task.corpus.tokens[(place + 1) % count])
        }
      }
    }
  }

  /// Poems begin at the line break before them, and go on into the next.
  @Test func batchesOfPoemsBeginAtALineBreak() throws {
    let task = TextTask(.tang, corpus: try Corpus(Self.rhyme))
    let newline = try #require(task.corpus.vocabulary.symbols.firstIndex(of: "\n"))
    var random = RandomSource(seed: 1)
    let batch = task.makeBatch(&random, size: 5, step: 3)
    guard case .tokens(let input) = batch.input else {
      Issue.record("symbols expected")
      return
    }
    for b in 0..<5 { #expect(input[b] == newline && input[23 * 5 + b] == newline) }
  }

  @Test func theLossInPiecesIsThatOfTheWholeForANetworkWithoutMemory() throws {
    let corpus = try Corpus(Self.rhyme)
    let pass = try BackwardPass(Self.uniform(corpus.vocabulary.count))
    // A uniform guess over nine symbols.
    let expected = 2.1972245773
    let tokens = corpus.tokens[5...]
    for (pieces, count) in [(1, Int.max), (4, .max), (4, 40), (1000, 10)] {
      let loss = try CharacterLoss.nats(pass, of: tokens, pieces: pieces, count: count)
      #expect(abs(loss - expected) < 1e-5, "\(pieces) pieces")
    }
  }

  /// In order, with the state carried over the seams between predictions.
  @Test func theWholeLossCarriesTheState() throws {
    let corpus = try Corpus(Self.rhyme)
    var random = RandomSource(seed: 3)
    let network = try NetworkPlan(units: 6, embeddingSize: 3).makeNetwork(
      for: TaskShape(symbols: corpus.vocabulary.symbols), random: &random)
    let pass = try BackwardPass(network)
    let tokens = corpus.tokens[...]
    let found = try CharacterLoss.nats(pass, of: tokens)
    let count = tokens.count - 1
    let whole = TrainingBatch(
      steps: count, sequences: 1, input: .tokens(Array(tokens.dropLast())),
      targets: .classes(Array(tokens.dropFirst())))
    #expect(abs(found - (try pass.run(whole))) < 1e-4)
  }

  @Test func trainingLearnsTheRhyme() throws {
    let task = TextTask(.text, corpus: try Corpus(Self.rhyme))
    var options = task.defaults
    options.plan = NetworkPlan(units: 12, embeddingSize: 4)
    options.batchSize = 4
    options.learningRate = LearningRate(0.03)
    options.dropout = 0
    options.maximumSteps = 60
    options.validationInterval = 20
    let outcome = try Trainer(task: task, options: options).run()
    #expect(outcome.model.vocabulary?.symbols == task.corpus.vocabulary.symbols)
    #expect(outcome.figures[0].value < 1, "from 2.2")
    #expect(outcome.figures[0].isReached)
    #expect(outcome.steps == 60, "no goal, no early end")
  }

  /// Every symbol is as likely, whatever was read.
  static func uniform(_ count: Int) throws -> Network {
    let shape = LayerShape(cell: .rnn, inputSize: count, hiddenSize: 1)
    return try Network(
      layers: [
        Layer(
          shape: shape,
          weights: [
            LayerWeights(
              inputWeights: Array(repeating: 0, count: count), recurrentWeights: [0],
              inputBias: [0])
          ])
      ],
      readout: Readout(
        inputSize: 1, outputSize: count, weights: Array(repeating: 0, count: count),
        bias: Array(repeating: 0, count: count), activation: .softmax))
  }
}
