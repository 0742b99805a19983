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

  /// Half of the poems begin at the line break before them, and go on into the next; the others at
  /// their first character or anywhere.
  @Test func batchesOfPoemsBeginWithNothingBeforeThem() throws {
    let task = TextTask(.tang, corpus: try Corpus(Self.rhyme))
    var random = RandomSource(seed: 1)
    let batch = task.makeBatch(&random, size: 400, step: 3)
    #expect(batch.beginning == Set(0..<400))
    let places = try starts(of: batch, in: task.corpus)
    let breaks = places.count { $0 == 22 }
    let firsts = places.count { $0 == 0 }
    #expect((160...240).contains(breaks))
    #expect((70...140).contains(firsts))
    #expect(Set(places).count == 23)
  }

  /// Where in the rhyme's line each sequence begins, told by what it reads.
  private func starts(of batch: TrainingBatch, in corpus: Corpus) throws -> [Int] {
    guard case .tokens(let input) = batch.input else { return [] }
    let line = 23
    return try (0..<batch.sequences).map { b in
      let read = (0..<line).map { input[$0 * batch.sequences + b] }
      return try #require((0..<line).first { Array(corpus.tokens[$0..<$0 + line]) == read })
    }
  }

  /// An eighth of the sequences begin where something begins; one in ten of the others starts from
  /// zeros where it is, and reads on as though nothing had happened.
  @Test func sequencesBeginAnewNowAndThen() throws {
    let task = TextTask(.text, corpus: try Corpus(Self.rhyme))
    let count = task.corpus.trainingCount
    var random = RandomSource(seed: 1)
    var restarts = 0
    var steps: Set<Int> = []
    for step in 0..<100 {
      let batch = task.makeBatch(&random, size: 16, step: step)
      #expect(batch.beginning.isSuperset(of: [14, 15]))
      #expect(try starts(of: batch, in: task.corpus).suffix(2).allSatisfy { $0 == 0 })
      guard case .tokens(let input) = batch.input else { return }
      for b in 0..<14 {
        #expect(input[b] == task.corpus.tokens[(b * (count / 16) + step * batch.steps) % count])
        if batch.beginning.contains(b) {
          restarts += 1
          steps.insert(step)
        }
      }
    }
    #expect((100...180).contains(restarts) && steps.count > 50)
  }

  @Test(arguments: [
    ("a\n\nb\nc\n\nd", false, [3, 8]), ("a\r\n\r\nb\r\nc", false, [5]),
    ("a\nb\nc", false, [2, 4]), ("a\n\nb\nc", true, [3, 5]), ("a\n\n\nb\n\n", false, [4]),
    ("abc", false, []), ("a\n", false, []), ("\n\na", false, [2]),
  ])
  func somethingBeginsAfterABlankLine(_ text: String, _ isLineEach: Bool, _ expected: [Int]) throws
  {
    let vocabulary = Vocabulary(["\n", "\r", "a", "b", "c", "d"])
    let tokens = try vocabulary.tokens(of: text).map { Int32($0) }
    #expect(
      Beginnings.places(in: tokens[...], vocabulary, isLineEach: isLineEach) == expected)
    // In a part of a text, places are still the whole's.
    let shifted = [2, 2] + tokens
    #expect(
      Beginnings.places(in: shifted[2...], vocabulary, isLineEach: isLineEach)
        == expected.map { $0 + 2 })
  }

  /// Each window by itself, in one run.
  @Test func theLossFromZerosIsTheMeanOfItsWindows() throws {
    let corpus = try Corpus(Self.rhyme)
    var random = RandomSource(seed: 3)
    let network = try NetworkPlan(units: 6, embeddingSize: 3).makeNetwork(
      for: TaskShape(symbols: corpus.vocabulary.symbols), random: &random)
    let pass = try BackwardPass(network)
    let starts = (0..<30).map { 7 * $0 + 1 }
    let found = try ZeroStart(pass, of: corpus.tokens[...], at: starts, length: 40)
    var whole = 0.0
    var rest = 0.0
    for start in starts {
      var batch = TrainingBatch(
        steps: 40, sequences: 1, input: .tokens(Array(corpus.tokens[start..<start + 40])),
        targets: .classes(Array(corpus.tokens[start + 1...start + 40])))
      whole += try pass.run(batch) / 30
      for t in 0..<20 { batch.weights[t] = 0 }
      rest += try pass.run(batch) / 30
    }
    #expect(abs(found.whole - whole) < 1e-5)
    #expect(abs(try #require(found.rest) - rest) < 1e-5)
    #expect(abs(whole - rest) > 1e-4)
    #expect(try ZeroStart(pass, of: corpus.tokens[...], at: [3], length: 20).rest == nil)
  }

  @Test func anEvaluationAlsoStartsFromZeros() throws {
    let plain = try Corpus(String(repeating: Self.rhyme + "\n", count: 20))
    let pass = try BackwardPass(Self.uniform(plain.vocabulary.count))
    var random = RandomSource(seed: 1)
    let task = TextTask(.shakespeare, corpus: plain)
    let figures = try task.evaluate(pass, random: &random, count: task.evaluationCount)
    #expect(
      figures.map(\.name) == [
        "nats a character on the last 10 %", "200 windows of 300 characters from zeros",
        "their first 20 left out", "1 where a speech begins", "their first 20 left out",
      ])
    #expect(
      figures.map(\.goal) == [
        .atMost(1.5), .atMost(1.65), .atMost(1.55), .atMost(1.65), .atMost(1.55),
      ])
    #expect(figures.allSatisfy { abs($0.value - 2.1972246) < 1e-5 && !$0.isReached })
    #expect(figures.map(\.isError) == [false, true, false, false, false])
    // Of a text that is hardly long enough, what there is.
    let short = TextTask(.text, corpus: try Corpus(String(Self.rhyme.prefix(120))))
    let few = try short.evaluate(pass, random: &random, count: short.evaluationCount)
    #expect(few.map(\.name).dropFirst() == ["200 windows of 11 characters from zeros"])
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
