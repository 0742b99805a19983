import Inspector
import ModelFiles
import Recurrent

/// A model and what enters it, ready to be recorded: how the commands without a screen begin.
struct Recording {
  let model: TrainedModel
  /// Of the model.
  let path: String
  /// As it was given, before anything is changed.
  let input: InputSequence
  let recorder: TraceRecorder

  /// - Parameters:
  ///   - whatIf: what is changed.
  ///   - alone: whether the steps are taken on one thread.
  init(
    _ source: ModelArgument, _ reading: ReadingOptions, _ input: InputOptions,
    _ memory: MemoryOptions, _ whatIf: WhatIfOptions? = nil,
    alone: (Network) -> Bool = { _ in false }
  ) throws {
    let opened = try ModelOrDemo(source, reading, input)
    (model, path) = (opened.model, opened.path)
    self.input = try opened.sequence(input)
    let plain = try TraceRecorder(
      network: model.network, input: self.input,
      state: model.initialState, symbols: model.vocabulary?.symbols,
      outputSymbols: model.outputSymbols, memory: memory.bytes(), alone: alone(model.network))
    recorder =
      try whatIf?.applied(
        to: plain, of: model, memory: memory.bytes(), alone: alone(model.network)) ?? plain
  }

  /// Reads a model, and says what is to be known of the reading.
  static func model(
    _ path: String, _ reading: ReadingOptions, _ input: InputOptions
  ) throws -> TrainedModel {
    try ProbeCommand.check(path, .model, reading.words)
    let model = try input.applied(to: reading.model(at: path))
    for warning in model.caveats { Process.say("\(path): \(warning)") }
    return model
  }
}
