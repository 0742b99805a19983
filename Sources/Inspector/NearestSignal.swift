import Recurrent

extension TrackLayout {
  /// The signal itself where there is one of that name, else the one that does most nearly the same
  /// work: h for c, n for z, u for f and i, r for o; where nothing does, h, which every cell has.
  public func nearest(to signal: Signal) -> Signal {
    let fitting = [signal] + Self.akin[signal, default: []] + [.h]
    return fitting.first(where: signals.contains) ?? signals.last ?? .h
  }

  private static let akin: [Signal: [Signal]] = [
    // What is proposed; how much of the old stays, and how much of the new comes in; how much of the
    // memory is seen; the memory.
    .z: [.n], .n: [.z],
    .f: [.u], .i: [.u], .u: [.f, .i],
    .o: [.r], .r: [.o],
    .c: [.h], .m: [.h],
  ]
}
