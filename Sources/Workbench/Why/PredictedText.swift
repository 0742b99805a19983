import Inspector
import Screen

/// The text in the colours of what a prediction rested on, once that has been asked at this step: until
/// another lane is taken in hand.
struct PredictedText {
  let scale: HeatScale
  /// "x·∂/∂x", or what the parts are called.
  let name: String
  /// "what next e rested on".
  let words: String
  private let answer: PredictionAnswer

  /// Nil where nothing of the kind was asked here.
  init?(_ state: State) {
    guard state.why.mode.isOfPrediction, let question = try? state.predictionQuestion,
      let answer = state.why.kept[question]
    else { return nil }
    self.answer = answer
    let largest = answer.parts.reduce(0) { max($0, abs($1)) }
    scale = HeatScale(.signed(limit: Numbers.roundedUp(Float(largest))), state.theme)
    name = answer.integrated == nil ? Words.slopeColumn : Words.partOfSum
    words = Words.restedOn(
      state.session.outputSymbol(question.target.output), isNext: state.session.predictsNext)
  }

  /// What the input of a step gave; nil where it was not looked at.
  subscript(step: Int) -> Float? {
    answer.steps.contains(step) ? Float(answer.parts[step - answer.steps.lowerBound]) : nil
  }
}
