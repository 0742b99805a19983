import Recurrent
import Screen

extension Theme {
  /// The colour of a signal's line, the same in every chart.
  func line(of signal: Signal) -> Style { lines[Self.place(of: signal)] }

  /// The same for what lies in the future.
  func lineAhead(of signal: Signal) -> Style { linesAhead[Self.place(of: signal)] }

  /// The same for an area.
  func area(of signal: Signal) -> Style { areas[Self.place(of: signal)] }

  /// The colour of one of several networks or runs, the same wherever they stand beside each other: those
  /// that look least like each other, the session's own first.
  func line(ofRun index: Int) -> Style { lines[Self.place(ofRun: index)] }

  static func place(ofRun index: Int) -> Int { [0, 4, 3, 1, 5][index % 5] }

  private static func place(of signal: Signal) -> Int {
    switch signal {
    case .c: 0
    case .h: 1
    case .f, .u: 2
    case .i, .r: 3
    case .o: 4
    case .z, .n, .m, .v: 5
    case .named(let signal): min(max(signal.line, 0), 5)
    }
  }
}

extension LineChart.Series {
  /// A signal's line: without colours the second of two is dotted, and where there are no paler colours
  /// the future is.
  init(_ values: [Float], of signal: Signal, place: Int, _ theme: Theme) {
    let isDotted = theme.capabilities.colors == .none && place > 0
    self.init(
      values: values, style: theme.line(of: signal), ahead: theme.lineAhead(of: signal),
      texture: isDotted ? .dotted : .solid,
      textureAhead: theme.capabilities.heatByColor ? .solid : isDotted ? .sparse : .dotted)
  }
}
