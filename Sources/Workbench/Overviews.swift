import Inspector
import Recurrent

/// The overviews of the signals that are looked at from afar. It only grows with the trace, as the
/// trace does with the recording, so the state holds it by reference.
public final class Overviews {
  private var overviews: [SignalSource: SignalOverview] = [:]
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
