import Inspector
import Recurrent

/// The overviews of the signals that are looked at from afar. It only grows with the trace, as the
/// trace does with the recording, so the state holds it by reference.
public final class Overviews {
  private var overviews: [SignalSource: SignalOverview] = [:]
  private var surveys: [SignalSource: DifferenceSurvey] = [:]
  private var predictions: [PredictionSurvey] = []
  /// What all of them may take; those that nobody looks at go first.
  private static let budget = 96 << 20

  /// Some columns of a signal that somebody wants to see.
  struct Request: Equatable {
    let source: SignalSource
    /// Steps a column.
    let width: Int
    let columns: Range<Int>
  }

  /// A column of a signal; nil while it is not computed.
  func column(_ index: Int, of source: SignalSource, width: Int) -> OverviewColumn? {
    overviews[source]?.column(index, width: width)
  }

  /// Computes what is missing, about `limit` values of the trace.
  ///
  /// - Returns: whether nothing is missing any more.
  func fill(_ requests: [Request], limit: Int) -> Bool {
    forget(except: requests)
    var work = 0
    for request in requests {
      let overview = overviews[request.source] ?? SignalOverview(of: request.source)
      overviews[request.source] = overview
      work += overview.fill(request.columns, width: request.width, limit: limit - work)
      if work >= limit { return false }
    }
    return true
  }

  /// The largest and the mean value over all steps so far; nil where nobody has asked.
  func survey(of source: SignalSource) -> DifferenceSurvey? { surveys[source] }

  /// Takes recorded steps into surveys, about `limit` values.
  ///
  /// - Returns: whether nothing is left.
  func survey(_ sources: [SignalSource], limit: Int) -> Bool {
    if surveys.count > 64 { surveys = surveys.filter { sources.contains($0.key) } }
    var work = 0
    for source in sources {
      let survey = surveys[source] ?? DifferenceSurvey(of: source)
      surveys[source] = survey
      work += survey.extend(limit: limit - work)
      if work >= limit { return false }
    }
    return true
  }

  /// How far the predictions of two runs are apart so far; nil where they predict different things.
  func predictions(_ first: Trace, _ other: Trace) -> PredictionSurvey? {
    if let known = predictions.first(where: { $0.first === first && $0.other === other }) {
      return known
    }
    guard let made = PredictionSurvey(first, other) else { return nil }
    predictions = predictions.suffix(3) + [made]
    return made
  }

  /// How much of the surveys is done, 0…1.
  func surveyProgress(_ sources: [SignalSource]) -> Double {
    let all = sources.reduce(0) { $0 + max(1, $1.recordedSteps) }
    let done = sources.reduce(0) { $0 + (surveys[$1]?.steps ?? 0) }
    return all > 0 ? Double(done) / Double(all) : 1
  }

  /// How much of what is asked for is there, 0…1.
  func progress(_ requests: [Request]) -> Double {
    guard !requests.isEmpty else { return 1 }
    let shares = requests.map { request in
      overviews[request.source]?.progress(request.columns, width: request.width) ?? 0
    }
    return shares.reduce(0, +) / Double(shares.count)
  }

  private func forget(except requests: [Request]) {
    guard overviews.values.reduce(0, { $0 + $1.bytes }) > Self.budget else { return }
    let wanted = Set(requests.map(\.source))
    overviews = overviews.filter { wanted.contains($0.key) }
  }
}
