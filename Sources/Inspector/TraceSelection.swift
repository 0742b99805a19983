import Recurrent

/// Which part of a trace a file holds: some steps, tracks, units and signals.
public struct TraceSelection: Sendable, Hashable {
  /// Positions in the input, counted from 0.
  public var steps: Range<Int>
  /// Indices into `Trace.layout`, ascending.
  public var tracks: [Int]
  /// Unit numbers, as ascending ranges that do not meet. A track narrower than a range has the
  /// part of it that it has.
  public var units: [Range<Int>]
  /// In the order of `Signal`. A track has those of them that its cell computes.
  public var signals: [Signal]
  /// What the network says at every step, in the order of `ReadoutQuantity`; all outputs of it.
  public var readout: [ReadoutQuantity]

  public init(
    steps: Range<Int>, tracks: [Int], units: [Range<Int>], signals: [Signal],
    readout: [ReadoutQuantity] = []
  ) {
    self.steps = steps
    self.tracks = tracks
    self.units = units
    self.signals = signals
    self.readout = readout
  }

  /// Every step of the input, recorded or not yet, and all that the cells compute at a step.
  public static func all(of trace: Trace) -> TraceSelection {
    all(layout: trace.layout, length: trace.length)
  }

  /// The same, before there is a trace.
  static func all(layout: [TrackLayout], length: Int) -> TraceSelection {
    return TraceSelection(
      steps: 0..<length, tracks: Array(layout.indices),
      units: [0..<(layout.map(\.units).max() ?? 0)],
      signals: layout.flatMap(\.signals).inOrder)
  }
}

/// What a selection takes from one track: never empty.
struct SelectedTrack {
  /// An index into `Trace.layout`.
  let index: Int
  let layout: TrackLayout
  /// Ascending, inside 0..<H.
  let units: [Range<Int>]
  /// Those of the selection that the cell computes, in the selection's order. Of a projected h there
  /// may be none of the units.
  let signals: [Signal]

  /// Those of `units` that a signal has.
  func units(of signal: Signal) -> [Range<Int>] {
    let there = 0..<layout.units(of: signal)
    return units.map { $0.clamped(to: there) }.filter { !$0.isEmpty }
  }

  /// How many of `units` a signal has.
  func unitCount(of signal: Signal) -> Int { units(of: signal).reduce(0) { $0 + $1.count } }

  /// How files name the track: `l0_fwd`, with `_` for the separator.
  func name(separator: String) -> String {
    "l\(layout.track.layer)\(separator)\(layout.track.direction.rawValue)"
  }
}

extension TraceSelection {
  /// The numbers of the units that the widest track has, where that is not all of them; every other
  /// track has the first of them.
  ///
  /// - Throws: `ExportError.differentUnits` where tracks out of a file have others.
  func unitNumbers(in layout: [TrackLayout]) throws(ExportError) -> [Int]? {
    let chosen = tracks.map { layout[$0] }
    guard let widest = chosen.max(by: { $0.units < $1.units }) else { return nil }
    let isNumbered = chosen.contains { $0.unitNumbers != nil }
    guard isNumbered || units != [0..<widest.units] else { return nil }
    for track in chosen where isNumbered {
      guard (0..<track.units).allSatisfy({ track.number(of: $0) == widest.number(of: $0) }) else {
        throw .differentUnits
      }
    }
    return units.flatMap { $0.clamped(to: 0..<widest.units).map(widest.number(of:)) }
  }

  /// What the selection takes from each track; a track from which it takes nothing is left out.
  func resolved(in layout: [TrackLayout]) -> [SelectedTrack] {
    tracks.compactMap { index in
      let track = layout[index]
      let units = self.units.map { $0.clamped(to: 0..<track.units) }.filter { !$0.isEmpty }
      let signals = self.signals.filter(track.signals.contains)
      let selected = SelectedTrack(index: index, layout: track, units: units, signals: signals)
      // Units past the end of a projected h, and nothing but h.
      guard signals.contains(where: { selected.unitCount(of: $0) > 0 }) else { return nil }
      return selected
    }
  }
}
