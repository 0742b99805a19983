import Recurrent
import Testing

@testable import Training

@Suite struct CheckpointTests {
  private func task() throws -> TextTask {
    TextTask(.text, corpus: try Corpus(TextTests.rhyme))
  }

  private func options(_ task: some TrainingTask) -> TrainingOptions {
    var options = task.defaults
    options.plan.units = 6
    options.plan.layers = 2
    options.plan.embeddingSize = task.carriesState ? 3 : nil
    // Of text one sequence then begins anew in every batch, and others now and then.
    options.batchSize = 8
    options.maximumSteps = 8
    options.minimumSteps = 8
    options.validationInterval = 2
    options.validationCount = 20
    options.dropout = 0.2
    options.weightDecay = 0.01
    return options
  }

  /// Stops after `step` batches.
  private func stopped(_ task: any TrainingTask, _ options: TrainingOptions, after step: Int) throws
    -> (TrainingOutcome, TrainingCheckpoint)
  {
    var kept: TrainingCheckpoint?
    var done = 0
    let outcome = try Trainer(task: task, options: options).run(
      progress: { done = $0.step }, isCancelled: { done == step }, keep: { kept = $0 })
    return (outcome, try #require(kept))
  }

  @Test(arguments: [1, 3, 5, 7])
  func goingOnGivesWhatNeverStoppingGives(_ step: Int) throws {
    for task in [try task(), SmallReber()] as [any TrainingTask] {
      let options = options(task)
      let whole = try Trainer(task: task, options: options).run()
      let (half, checkpoint) = try stopped(task, options, after: step)
      #expect(half.wasCancelled && !half.isFinished && checkpoint.step == step)
      let read = try TrainingCheckpoint(bytes: checkpoint.bytes)
      let rest = try Trainer(task: task, options: options).run(from: read)
      #expect(rest.model.network == whole.model.network, "\(task.name)")
      #expect(rest.figures == whole.figures && rest.isFinished)
      #expect(half.steps < whole.steps)
    }
  }

  @Test func aCheckpointReadsBack() throws {
    let task = try task()
    for step in [1, 3, 7] {
      let (_, checkpoint) = try stopped(task, options(task), after: step)
      // Before a half there is an early network, after it a best one.
      #expect((checkpoint.early == nil) == (step < 2))
      #expect((checkpoint.best == nil) == (step < 4))
      let read = try TrainingCheckpoint(bytes: checkpoint.bytes)
      #expect(read == checkpoint)
    }
  }

  @Test func otherOptionsAndDataAreRefused() throws {
    let task = try task()
    let (_, checkpoint) = try stopped(task, options(task), after: 2)
    func refusal(_ task: any TrainingTask, _ change: (inout TrainingOptions) -> Void) -> String? {
      var changed = options(task)
      change(&changed)
      let error = #expect(throws: TrainingError.self) {
        try Trainer(task: task, options: changed).run(from: checkpoint)
      }
      return error?.description
    }
    let units = refusal(task) { $0.plan.units = 7 }
    #expect(
      units == "the checkpoint is of a training with units 6, this one has 7; "
        + "give the same options, or begin without --resume")
    #expect(refusal(task) { $0.seed = 9 }?.contains("with seed 1, this one has 9") == true)
    #expect(refusal(task) { $0.maximumSteps = 9 }?.contains("with steps 8") == true)
    let other = TextTask(.text, corpus: try Corpus(TextTests.rhyme + "moe"))
    #expect(refusal(other) { _ in }?.contains("with data ") == true)
    #expect(refusal(SmallReber()) { _ in }?.contains("with task text") == true)
  }

  @Test func aDamagedFileIsRefused() throws {
    let task = try task()
    let (_, checkpoint) = try stopped(task, options(task), after: 3)
    let bytes = checkpoint.bytes
    for length in [0, 10, 23, 24, 30, 31, 200, bytes.count / 2, bytes.count - 1] {
      #expect(throws: CheckpointReader.Damage.self, "\(length) bytes") {
        try TrainingCheckpoint(bytes: Array(bytes[..<length]))
      }
    }
    var random = RandomSource(seed: 1)
    for _ in 0..<20 {
      var bad = bytes
      bad[random.integer(below: bad.count)] ^= UInt8(1 << random.integer(below: 8))
      #expect(throws: CheckpointReader.Damage.self) { try TrainingCheckpoint(bytes: bad) }
    }
  }

  /// Somebody who also mends the sum: no count is believed, whatever it says.
  @Test func wrongCountsAreRefused() throws {
    let task = try task()
    let (_, checkpoint) = try stopped(task, options(task), after: 1)
    let bytes = Array(checkpoint.bytes.dropLast(8))
    for count: UInt64 in [.max, 1 << 62, 1 << 40, UInt64(bytes.count)] {
      // The number of settings, and the length of the first one's name.
      for place in [23, 31] {
        var writer = CheckpointWriter(bytes: Array(bytes[..<place]))
        writer.add(count)
        var bad = writer.bytes + bytes[(place + 8)...]
        var sum = CheckpointWriter(bytes: [])
        sum.add(CheckpointReader.sum(bad[...]))
        bad += sum.bytes
        #expect(throws: CheckpointReader.Damage.damaged) { try TrainingCheckpoint(bytes: bad) }
      }
    }
  }

  @Test func checkpointsAreMadeOnTheWay() throws {
    let task = SmallReber()
    var trainer = Trainer(task: task, options: options(task))
    trainer.checkpointInterval = 0
    var steps: [Int] = []
    _ = try trainer.run(keep: { steps.append($0.step) })
    #expect(steps == Array(1..<8))
    trainer.checkpointInterval = 1e9
    _ = try trainer.run(keep: { _ in Issue.record("too early") })
  }

  @Test func timeRunsOut() throws {
    let task = SmallReber()
    var options = options(task)
    options.maximumSeconds = 1e-9
    var kept = 0
    let outcome = try Trainer(task: task, options: options).run(keep: { _ in kept += 1 })
    #expect(outcome.steps == 1 && !outcome.isFinished && !outcome.wasCancelled && kept == 1)
    options.maximumSeconds = 0
    #expect(throws: TrainingError.self) { try Trainer(task: task, options: options).run() }
  }

  @Test func noSuchFileIsOneLine() {
    let error = #expect(throws: TrainingError.self) {
      try TrainingCheckpoint(path: "/nowhere/model.checkpoint")
    }
    #expect(error?.description.hasPrefix("cannot go on from the checkpoint: /nowhere") == true)
  }
}
