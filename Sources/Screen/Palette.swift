/// Colours along a line.
///
/// Where a terminal mixes colours freely they are mixed between evenly spaced stops, in steps that are
/// hardly seen one from the next: neighbours that differ by less look alike, and are sent as one. Of
/// xterm's 256 colours the nearest to a mixture jumps between hues, so there the steps are chosen by hand:
/// one hue a side, evenly lighter, the first well off the ground.
public struct Palette: Sendable, Hashable {
  public let stops: [Color]
  /// Of the 256 colours, from end to end.
  let indexed: [Color]
  /// The same for what lies in the future.
  let indexedDimmed: [Color]

  init(_ stops: [UInt32], indexed: [UInt32], dimmed: [UInt32]) {
    self.stops = stops.map { Color($0) }
    self.indexed = indexed.map { Color($0) }
    indexedDimmed = dimmed.map { Color($0) }
  }

  /// The colour at `place`, 0…1.
  ///
  /// - Parameter dimmed: the ground that it is mixed with, for what lies in the future.
  public func color(
    at place: Double, depth: Capabilities.ColorDepth, dimmed ground: Color? = nil
  ) -> Color {
    switch depth {
    case .none, .eight, .sixteen, .direct:
      let mixed = mixed(at: place)
      return ground.map { mixed.mixed(with: $0, share: 0.68) } ?? mixed
    case .indexed:
      let steps = ground == nil ? indexed : indexedDimmed
      return steps[Int((Self.onLine(place) * Double(steps.count - 1)).rounded())]
    }
  }

  /// Steps of a mixed palette, an even number, so that the middle is one.
  private static let mixtures = 64.0

  private func mixed(at place: Double) -> Color {
    let step = (Self.onLine(place) * Self.mixtures).rounded() / Self.mixtures
    let scaled = step * Double(stops.count - 1)
    let lower = min(Int(scaled), stops.count - 2)
    return stops[lower].mixed(with: stops[lower + 1], share: scaled - Double(lower))
  }

  /// 0…1, also for what lies beyond or is not a number.
  private static func onLine(_ place: Double) -> Double { place > 0 ? min(place, 1) : 0 }
}
