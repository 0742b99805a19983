import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes what `gatescope flow` finds as CSV (RFC 4180, but with `\n` between rows); docs/flow.md has the
/// columns. What there is not is empty; a number that a Float64 cannot hold is 0 or inf.
public struct FlowExport {
  private let sink: any ByteSink

  public init(to sink: any ByteSink) { self.sink = sink }

  /// A row a lag: the gradients that many steps back, and the memory that many steps after.
  public func write(_ flow: GradientFlow, _ reach: Reach?) throws {
    var text = TextBuffer()
    text.append(
      "lag,c_norm,c_mean,h_norm,h_mean,f_product,f_product_mean,c_difference,h_difference,sample\n")
    let sample = "," + (flow.sample?.words ?? "") + "\n"
    let last = max(flow.longest, (reach?.hidden.count ?? 1) - 1)
    for lag in 0...last {
      let logs = [
        flow.cell?.norms, flow.cell?.means, flow.hidden.norms, flow.hidden.means,
        flow.kept?.largest, flow.kept?.means,
      ]
      text.append(String(lag))
      for log in logs { text.append("," + Self.number(log, at: lag)) }
      for values in [reach?.cell, reach?.hidden] {
        text.append(",")
        if let values, lag < values.count { text.append(values[lag]) }
      }
      text.append(sample)
    }
    try sink.write(text.bytes)
  }

  private static func number(_ logs: [Double]?, at lag: Int) -> String {
    guard let logs, lag < logs.count, !logs[lag].isNaN else { return "" }
    return lag == 0 && logs[lag] == 0 ? "1" : plain(exp(logs[lag]))
  }

  /// A row a unit: how fast c and h are.
  public func write(_ report: PaceReport, units: (Int) -> Int) throws {
    var text = TextBuffer()
    let shown = report.shownSignal.rawValue
    text.append("unit,c_time,c_movement,\(shown)_time,\(shown)_movement,slowness\n")
    for unit in 0..<max(report.shown.count, report.cell?.count ?? 0) {
      let cell = report.cell?[unit]
      let h = unit < report.shown.count ? report.shown[unit] : nil
      let slowness = cell.flatMap { c in h.map { $0.movement / c.movement } }
      let fields = [cell?.time, cell?.movement, h?.time, h?.movement, slowness]
      text.append(String(units(unit)))
      for field in fields {
        text.append("," + (field.map { $0.isNaN ? "" : Self.plain($0) } ?? ""))
      }
      text.append("\n")
    }
    try sink.write(text.bytes)
  }

  /// The shortest digits that read back to the same number, whole numbers without a point.
  private static func plain(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
