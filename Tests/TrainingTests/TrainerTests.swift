import Recurrent
import Testing

@testable import Training

@Suite struct TrainerTests {
  private var options: TrainingOptions {
    var options = SmallReber().defaults
    options.plan.units = 5
    options.maximumSteps = 6
    options.minimumSteps = 0
    options.validationInterval = 3
    options.validationCount = 10
    options.dropout = 0.1
    return options
  }

  @Test func theSameSeedGivesTheSameNetwork() throws {
    let first = try Trainer(task: SmallReber(), options: options).run()
    let second = try Trainer(task: SmallReber(), options: options).run()
    #expect(first.model.network == second.model.network)
    #expect(first.figures == second.figures)
    var other = options
    other.seed += 1
    #expect(
      try Trainer(task: SmallReber(), options: other).run().model.network != first.model.network)
  }

  /// Where every sequence begins in every batch, nothing is carried; where none does, something is.
  @Test func aSequenceThatBeginsCarriesNothing() throws {
    func network(carries: Bool, begins: Bool) throws -> Network {
      let task = BeginningTask(carriesState: carries, begins: begins)
      return try Trainer(task: task, options: options).run().model.network
    }
    let alone = try network(carries: false, begins: false)
    #expect(try network(carries: true, begins: true) == alone)
    #expect(try network(carries: true, begins: false) != alone)
  }

  @Test func cancellingKeepsWhatThereIs() throws {
    var steps = 0
    let outcome = try Trainer(task: SmallReber(), options: options).run(
      progress: { steps = $0.step }, isCancelled: { steps == 2 })
    #expect(outcome.wasCancelled)
    #expect(outcome.steps == 2)
  }

  @Test func trainingGoesOnFromANetwork() throws {
    let outcome = try Trainer(task: SmallReber(), options: options).run()
    var none = options
    none.maximumSteps = 1
    none.learningRate = LearningRate(1e-12)
    none.weightDecay = 0
    let again = try Trainer(
      task: SmallReber(), options: none, start: outcome.model.network
    ).run()
    #expect(again.model.network == outcome.model.network)
  }

  @Test func aLossThatIsNotANumberStopsWithAdvice() throws {
    var wild = options
    wild.learningRate = LearningRate(.greatestFiniteMagnitude)
    wild.largestNorm = nil
    let error = #expect(throws: TrainingError.self) {
      try Trainer(task: SmallReber(), options: wild).run()
    }
    #expect(try #require(error).description.contains("try a learning rate below"))
  }

  @Test func badOptionsAreRefused() {
    func refusal(_ change: (inout TrainingOptions) -> Void) -> String? {
      var bad = options
      change(&bad)
      let error = #expect(throws: TrainingError.self) {
        try Trainer(task: SmallReber(), options: bad).run()
      }
      return error?.description
    }
    #expect(refusal { $0.batchSize = 0 }?.hasPrefix("batch size: 0 will not do") == true)
    #expect(refusal { $0.maximumSteps = 0 }?.hasPrefix("steps: 0") == true)
    #expect(refusal { $0.dropout = 1 }?.hasPrefix("dropout: 1") == true)
    #expect(refusal { $0.gateNoise = -1 }?.hasPrefix("gate noise: -1") == true)
    #expect(refusal { $0.plan.units = 0 }?.hasPrefix("units: 0") == true)
    #expect(refusal { $0.learningRate.start = 0 }?.hasPrefix("learning rate: 0") == true)
  }

  @Test func tasksAreFoundByName() throws {
    #expect(try TaskCatalog.task(named: "reber").name == "reber")
    #expect(Set(TaskCatalog.all.map(\.name)).count == TaskCatalog.all.count)
    let error = #expect(throws: TrainingError.self) { try TaskCatalog.task(named: "rebel") }
    #expect(error?.description.hasPrefix("there is no task 'rebel'; there are reber") == true)
  }

  @Test func everyTaskMakesBatchesThatFitItsNetwork() throws {
    for task in TaskCatalog.all {
      var random = RandomSource(seed: 1)
      let network = try task.defaults.plan.makeNetwork(for: task.shape, random: &random)
      let pass = try BackwardPass(network)
      let loss = try pass.run(task.makeBatch(&random, size: 2, step: 0))
      #expect(loss.isFinite, "\(task.name)")
      let figures = try task.evaluate(pass, random: &random, count: 4)
      #expect(figures[0].goal != .none && !figures[0].isReached, "\(task.name)")
    }
  }
}

/// Batches whose sequences carry a state, or begin in spite of it.
private struct BeginningTask: TrainingTask {
  private let whole = SmallReber()
  let carriesState: Bool
  let begins: Bool

  init(carriesState: Bool, begins: Bool) {
    self.carriesState = carriesState
    self.begins = begins
  }

  var name: String { whole.name }
  var title: String { whole.title }
  var shape: TaskShape { whole.shape }
  var defaults: TrainingOptions { whole.defaults }
  var evaluationCount: Int { whole.evaluationCount }

  func makeBatch(_ random: inout RandomSource, size: Int, step: Int) -> TrainingBatch {
    var batch = whole.makeBatch(&random, size: size, step: step)
    if begins { batch.beginning = Set(0..<size) }
    return batch
  }

  func evaluate(_ pass: BackwardPass, random: inout RandomSource, count: Int) throws -> [Figure] {
    try whole.evaluate(pass, random: &random, count: count)
  }
}
