import Inspector
import Recurrent

/// What a sweep found, the worst first, as CSV and as lines with bars.
struct AblationTable {
  private let rows: [Ablation]
  private let loss: Double
  private let network: Network
  private let isNats: Bool

  private static let barWidth = 24

  init(found: [Ablation], loss: Double, network: Network, isNats: Bool) {
    self.loss = loss
    self.network = network
    self.isNats = isNats
    // A loss that is no number any more is the worst; of equals the first stays first.
    rows = found.enumerated().sorted { a, b in
      let (first, second) = (Self.rank(a.element.loss), Self.rank(b.element.loss))
      return first == second ? a.offset < b.offset : first > second
    }.map(\.element)
  }

  private static func rank(_ loss: Double) -> Double { loss.isNaN ? .infinity : loss }

  func write(to sink: any ByteSink) throws {
    var text = "layer,direction,signal,unit,held_at,loss,change\n"
    for row in rows {
      let track = network.tracks[row.hold.track]
      text += "\(track.layer),\(track.direction.rawValue),\(row.hold.signal.rawValue),"
      text += "\(row.hold.unit),\(row.hold.value),\(row.loss),\(row.loss - loss)\n"
    }
    try Array(text.utf8).withUnsafeBytes { try sink.write($0) }
  }

  /// - Parameters:
  ///   - top: how many rows.
  ///   - file: where all of them are.
  func lines(top: Int, file: String?) -> [String] {
    var lines = [
      "as it is: \(FigureWords.decimals(loss, 4))"
        + (isNats ? " nats a prediction" : " root of the mean squared error")
    ]
    let shown = rows.prefix(top)
    let largest = shown.map { abs($0.loss - loss) }.filter(\.isFinite).max() ?? 0
    let names = shown.map(name)
    let width = names.map(\.count).max() ?? 0
    for (row, name) in zip(shown, names) {
      let change = row.loss - loss
      let gap = String(repeating: " ", count: width - name.count)
      let sign = change < 0 ? "" : "+"
      lines.append(
        "  \(name)\(gap)  \(Self.padded(FigureWords.decimals(row.loss, 4), 9))  "
          + Self.padded(sign + FigureWords.decimals(change, 4), 9)
          + Self.bar(change, of: largest))
    }
    if rows.count > shown.count {
      let rest = rows.count - shown.count
      lines.append(
        "  \(rest) more" + (file.map { " in \($0)" } ?? "; -o FILE keeps them, --top shows more"))
    }
    return lines
  }

  /// "h[71]", or with several layers or directions "l1.bwd h[3]".
  private func name(_ row: Ablation) -> String {
    let value = "\(row.hold.signal.rawValue)[\(row.hold.unit)]"
    guard network.tracks.count > 1 else { return value }
    let track = network.tracks[row.hold.track]
    return "l\(track.layer).\(track.direction.rawValue) \(value)"
  }

  /// To the right; what gets better is paler.
  private static func bar(_ change: Double, of largest: Double) -> String {
    guard change.isFinite else { return "  " + String(repeating: "█", count: barWidth) }
    guard largest > 0 else { return "" }
    let eighths = Int((abs(change) / largest * Double(barWidth * 8)).rounded())
    guard eighths > 0 else { return "" }
    if change < 0 { return "  " + String(repeating: "░", count: max(1, eighths / 8)) }
    let part = eighths % 8 == 0 ? "" : String("▏▎▍▌▋▊▉"[eighths % 8 - 1])
    return "  " + String(repeating: "█", count: eighths / 8) + part
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

extension String {
  fileprivate subscript(_ place: Int) -> Character { self[index(startIndex, offsetBy: place)] }
}
