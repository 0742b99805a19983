import Training

extension ProgressBar {
  /// Shows how far a training is.
  mutating func show(_ progress: TrainingProgress) {
    show(progress.fraction) {
      var words = "\(progress.step)/\(progress.steps)  loss "
      words += FigureWords.decimals(progress.loss, 4)
      if let figure = progress.figures.first {
        words += "  \(figure.name) " + FigureWords.number(figure.value, figure)
      }
      words += "  \(Int(progress.tokensPerSecond / 1000))k tokens/s  "
      return words + Self.time(progress.secondsLeft) + " left"
    }
  }

  /// "45 s", "3:05 min".
  private static func time(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 1e6).rounded())
    guard whole >= 100 else { return "\(whole) s" }
    let rest = whole % 60
    return "\(whole / 60):\(rest < 10 ? "0" : "")\(rest) min"
  }
}
