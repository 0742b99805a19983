import Recurrent

/// One signal of one track of a trace.
public struct TracedSignal {
  public let trace: Trace
  /// An index into `Trace.layout`.
  public let track: Int
  public let signal: Signal

  /// - Precondition: the track has the signal.
  public init(_ trace: Trace, track: Int, signal: Signal) {
    self.trace = trace
    self.track = track
    self.signal = signal
  }

  public var layout: TrackLayout { trace.layout[track] }
  /// How many values a step has.
  public var units: Int { layout.units(of: signal) }
}

extension TracedSignal: Hashable {
  public static func == (a: TracedSignal, b: TracedSignal) -> Bool {
    a.trace === b.trace && a.track == b.track && a.signal == b.signal
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(trace))
    hasher.combine(track)
    hasher.combine(signal)
  }
}

/// Values by step and unit: a signal, or what is left of it when another is taken away.
public enum SignalSource: Hashable {
  case signal(TracedSignal)
  /// The first minus the second, for the steps and units that both have.
  case difference(TracedSignal, TracedSignal)

  /// The track whose units they are; of a difference the first's.
  public var layout: TrackLayout {
    switch self {
    case .signal(let signal), .difference(let signal, _): signal.layout
    }
  }

  public var units: Int {
    switch self {
    case .signal(let signal): signal.units
    case .difference(let first, let second): min(first.units, second.units)
    }
  }

  /// How many steps there will be.
  public var length: Int {
    switch self {
    case .signal(let signal): signal.trace.length
    case .difference(let first, let second): min(first.trace.length, second.trace.length)
    }
  }

  /// Steps 0..<recordedSteps can be read.
  public var recordedSteps: Int {
    switch self {
    case .signal(let signal): signal.trace.recordedSteps
    case .difference(let first, let second):
      min(first.trace.recordedSteps, second.trace.recordedSteps)
    }
  }

  /// What lies in the middle of the values, from which an extreme one is far: ½ for a gate, else 0.
  public var center: Float {
    switch self {
    case .difference: 0
    case .signal(let signal):
      switch signal.layout.range(of: signal.signal) {
      case .unit: 0.5
      case .signedUnit, .unbounded: 0
      }
    }
  }

  /// Copies a rectangle into `values`, (steps, units) row-major, without allocating much: one step of
  /// it for a difference.
  ///
  /// - Precondition: the units exist, and the steps are recorded.
  public func read(
    steps: Range<Int>, units: Range<Int>, into values: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .signal(let signal):
      signal.read(steps: steps, units: units, into: values)
    case .difference(let first, let second):
      first.read(steps: steps, units: units, into: values)
      let width = units.count
      withUnsafeTemporaryAllocation(of: Float.self, capacity: max(width, 1)) { other in
        guard let other = other.baseAddress else { return }
        for (row, step) in steps.enumerated() {
          second.read(steps: step..<step + 1, units: units, into: other)
          let row = values + row * width
          for unit in 0..<width { row[unit] -= other[unit] }
        }
      }
    }
  }

  /// A rectangle, copied out.
  ///
  /// - Precondition: the units exist, and the steps are recorded.
  public func window(steps: Range<Int>, units: Range<Int>) -> Window {
    let count = steps.count * units.count
    let values = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      if let base = buffer.baseAddress, count > 0 { read(steps: steps, units: units, into: base) }
      filled = count
    }
    return Window(steps: steps, units: units, values: values)
  }
}

extension TracedSignal {
  fileprivate func read(
    steps: Range<Int>, units: Range<Int>, into values: UnsafeMutablePointer<Float>
  ) {
    trace.read(
      WindowRequest(track: track, signal: signal, steps: steps, units: units), into: values)
  }
}
