import Recurrent
import Screen

extension Theme {
  /// The colour of a signal's line, the same in every chart.
  func line(of signal: Signal) -> Style { lines[Self.place(of: signal)] }

  /// The same for what lies in the future.
  func lineAhead(of signal: Signal) -> Style { linesAhead[Self.place(of: signal)] }

  /// The same for an area.
  func area(of signal: Signal) -> Style { areas[Self.place(of: signal)] }

  private static func place(of signal: Signal) -> Int {
    switch signal {
    case .c: 0
    case .h: 1
    case .f, .u: 2
    case .i, .r: 3
    case .o: 4
    case .z, .n, .m, .v: 5
    }
  }
}
