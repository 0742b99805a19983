import Inspector

/// Where the same units are on as in a span, the best place first.
public struct Matches: Sendable, Equatable {
  public let query: SpanQuery
  /// The units that are on in the span.
  public let units: [OnUnit]
  public let places: [SpanMatch]
  /// The place that was gone to; nil where there is none.
  public var chosen: Int?

  /// The place that was gone to.
  var chosenPlace: SpanMatch? { chosen.map { places[$0] } }

  /// On which side a unit is on; nil where it is not.
  func isNegative(_ unit: Int) -> Bool? { units.first { $0.unit == unit }?.isNegative }
}
