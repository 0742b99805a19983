import Recurrent
import Screen

extension Theme {
  /// The colour of a signal's line, the same in every chart.
  func line(of signal: Signal) -> Style {
    switch signal {
    case .c: lines[0]
    case .h: lines[1]
    case .f, .u: lines[2]
    case .i, .r: lines[3]
    case .o: lines[4]
    case .z, .n, .m, .v: lines[5]
    }
  }
}
