import Inspector
import Recurrent

/// Where what the text is coloured by is highest and lowest over all steps: nearer to its largest and its
/// smallest value than to its mean. Of a loss or an entropy only where it is highest.
struct StrongPlaces: Sendable, Equatable {
  struct Place: Sendable, Equatable {
    let step: Int
    let value: Float
  }

  /// What the text is coloured by.
  enum Subject: Sendable, Equatable {
    case signal(Signal, track: Int, unit: Int)
    case said(ReadoutQuantity)

    var name: String {
      switch self {
      case .signal(let signal, _, _): signal.rawValue
      case .said(let quantity): quantity.rawValue
      }
    }
  }

  let subject: Subject
  /// From the highest down, and from the lowest up; equal ones by their step.
  let highest: [Place]
  let lowest: [Place]

  /// A longer trace is not looked through between two frames.
  static let mostSteps = 200_000
  /// As many of either kind.
  static let most = 24
  /// Places that are nearer to each other than that are one.
  static let distance = 8

  /// Reads all recorded steps.
  init(_ state: State) {
    subject = state.subjectOfText
    let values: [Float]
    switch subject {
    case .signal(let signal, let track, let unit):
      values = state.trace.values(
        track: track, signal: signal, steps: 0..<state.trace.recordedSteps, unit: unit)
    case .said(let quantity):
      values = state.saidOfTokens(quantity, 0..<state.trace.recordedSteps)
      highest = Self.peaks(of: values, sign: 1)
      lowest = []
      return
    }
    // What is nearer to the mean than to the end is no answer, however many rows there are.
    let finite = values.lazy.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    let mean = finite.reduce(0.0) { $0 + Double($1) } / Double(max(1, finite.count))
    let (least, most) = (Float(mean + Double(low)) / 2, Float(mean + Double(high)) / 2)
    highest = Self.peaks(of: values, sign: 1).filter { $0.value >= most }
    lowest = Self.peaks(of: values, sign: -1).filter { $0.value <= least && low < high }
  }

  /// The tops of a course, turned over where the sign is negative, each the first of its plateau, none of
  /// them near one that is stronger.
  static func peaks(of values: [Float], sign: Float) -> [Place] {
    // No two tops are neighbours, so that a place that is taken rules out fewer than this share: what
    // is weaker than so many cannot be among the places.
    let enough = most * distance
    var tops: [(height: Float, step: Int)] = []
    var before = -Float.infinity
    for step in values.indices {
      let height = values[step].isNaN ? -Float.infinity : values[step] * sign
      defer { before = height }
      guard height > before, tops.count < enough || height > tops[enough - 1].height else {
        continue
      }
      let next = step + 1 < values.count ? values[step + 1] * sign : -Float.infinity
      if next > height { continue }
      tops.insert((height, step), at: tops.firstIndex { $0.height < height } ?? tops.count)
      if tops.count > enough { tops.removeLast() }
    }
    var taken: [Int] = []
    for top in tops where taken.count < most {
      if taken.allSatisfy({ abs($0 - top.step) >= distance }) { taken.append(top.step) }
    }
    return taken.map { Place(step: $0, value: values[$0]) }
  }
}

extension State {
  var subjectOfText: StrongPlaces.Subject {
    saidInHand.map { .said($0) } ?? .signal(currentSignal, track: track, unit: unit)
  }

  /// Those of what is in hand; nil where they are not known.
  var strongPlaces: StrongPlaces? {
    foundPlaces?.subject == subjectOfText ? foundPlaces : nil
  }

  /// What the network said of each token: how much of a surprise it was when it came, which is the loss
  /// of the step before, or how undecided the network is after it. NaN for what nobody foretold.
  ///
  /// - Parameter steps: recorded ones.
  func saidOfTokens(_ quantity: ReadoutQuantity, _ steps: Range<Int>) -> [Float] {
    guard quantity == .loss else { return said(quantity, steps) }
    guard let first = steps.first else { return [] }
    let before = said(quantity, max(0, first - 1)..<steps.upperBound - 1)
    return (first == 0 ? [.nan] : []) + before
  }
}

/// Finds the strongest places of what is in hand where that takes no time worth waiting for.
func findStrongPlaces(_ state: inout State) {
  let length = state.session.length
  guard state.strongPlaces == nil, state.trace.recordedSteps == length,
    length <= StrongPlaces.mostSteps
  else { return }
  switch state.subjectOfText {
  case .signal(let signal, let track, let unit):
    guard unit < state.trace.layout[track].units(of: signal) else { return }
  case .said:
    guard state.trace.readout?.lookedAt(0..<length) == 1 else { return }
  }
  state.foundPlaces = StrongPlaces(state)
}
