import Inspector
import ModelFiles
import Recurrent

extension ChangeScope {
  /// Where changes to a model's run are made.
  ///
  /// - Parameters:
  ///   - recorder: of the run without changes; recorded whole where a filter asks what units did.
  ///   - track: where signals without a layer are looked up.
  ///   - runs: the names of others that values can be taken from.
  public init(
    base recorder: TraceRecorder, of model: TrainedModel, track: Int = 0,
    runs: [String] = [Branches.main],
    run: ((_ name: String, _ steps: Int) -> Trace?)? = nil
  ) {
    self.init(
      base: recorder.trace, network: model.network,
      state: model.initialState ?? NetworkState(zeroFor: model.network), track: track,
      tokens: { text in model.vocabulary.flatMap { try? $0.tokens(of: text) } }, runs: runs,
      run: run ?? { name, steps in
        guard name == Branches.main else { return nil }
        recorder.record(through: steps - 1)
        return recorder.trace
      },
      statistics: { track in
        recorder.recordAll()
        var survey = UnitSurvey(of: recorder.trace, track: track)
        while !survey.advance(budget: 1 << 24) {}
        return survey.statistics
      })
    outputSymbols = model.outputSymbols
  }
}
