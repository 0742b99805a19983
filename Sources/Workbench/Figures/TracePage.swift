import Figures
import Inspector
import Recurrent
import Screen

/// A trace as a page of HTML that needs nothing but a browser: lanes, numbers under the pointer, arrow keys
/// that step. Values are in it as they are, Float32 in base64, and colours and limits are the screen's.
struct TracePage {
  private let state: State
  private let selection: TraceSelection

  /// - Parameters:
  ///   - state: with everything recorded that is selected.
  ///   - theme: of the page.
  init(_ state: State, _ selection: TraceSelection, theme: Theme.Name = .light) {
    var shown = state
    shown.theme = Theme(
      theme, Capabilities(colors: .direct, unicode: true), palette: state.theme.family)
    self.state = shown
    self.selection = selection
  }

  /// The whole document.
  var text: String {
    var page = TracePageText.start
    page += "<title>\(SVGWriter.escaped(state.runName)) · gatescope</title>\n"
    page += "<script type=\"application/json\" id=\"trace\">\(json)</script>\n"
    return page + TracePageText.end
  }

  private var steps: Range<Int> {
    selection.steps.clamped(to: 0..<state.trace.recordedSteps)
  }

  // MARK: - What the script reads

  private var json: String {
    let tokens: String =
      switch state.trace.input {
      case .tokens:
        list(steps.map { quoted(state.trace.tokenText(at: $0).map(Glyphs.alone) ?? "") })
      case .features: "[]"
      }
    let numbers = list(steps.map { String(state.trace.stepNumber(at: $0)) })
    let tracks = selection.tracks.map(track).filter { !$0.isEmpty }
    return """
      {"name":\(quoted(state.runName)),"numbers":\(numbers),"tokens":\(tokens),\
      "gates":\(ramp(HeatScale(.gate, state.theme))),\
      "signed":\(ramp(HeatScale(.signed(limit: 1), state.theme))),\
      "tracks":\(list(tracks))}
      """
  }

  /// A layer read one way; empty where nothing of it is selected.
  private func track(_ index: Int) -> String {
    var state = state
    state.track = index
    let layout = state.trace.layout[index]
    let chosen = (0..<layout.units).filter { unit in
      selection.units.contains { $0.contains(unit) }
    }
    let order = index == self.state.track ? (self.state.shown ?? chosen) : chosen
    let units = order.filter(Set(chosen).contains)
    let signals = layout.signals.filter(selection.signals.contains).map { signal in
      self.signal(signal, of: index, units: units, state)
    }
    guard !signals.isEmpty, !units.isEmpty else { return "" }
    let names = list(units.map { String(layout.number(of: $0)) })
    return """
      {"name":\(quoted(state.trackWords)),"units":\(names),"signals":\(list(signals))}
      """
  }

  private func signal(_ signal: Signal, of track: Int, units: [Int], _ state: State) -> String {
    let scales = SignalScales(signal, state)
    let limit: String =
      switch scales.lane.kind {
      case .gate: "null"
      case .signed(let limit): "\(limit)"
      }
    return """
      {"letter":\(quoted(signal.rawValue)),"name":\(quoted(state.name(of: signal))),\
      "limit":\(limit),"clipped":\(scales.isClipped),\
      "data":"\(values(signal, track, units))"}
      """
  }

  /// (steps, units) row-major, little-endian; NaN where the signal has no such unit.
  private func values(_ signal: Signal, _ track: Int, _ units: [Int]) -> String {
    let count = state.trace.layout[track].units(of: signal)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(steps.count * units.count * 4)
    for step in steps {
      let row = state.trace.window(
        WindowRequest(track: track, signal: signal, steps: step..<step + 1, units: 0..<count)
      ).values
      for unit in units {
        let bits = (unit < count ? row[unit] : .nan).bitPattern
        withUnsafeBytes(of: bits.littleEndian) { bytes += $0 }
      }
    }
    return Base64.text(bytes)
  }

  private func ramp(_ scale: HeatScale) -> String {
    list(
      (0...64).map { place in
        let share = Float(place) / 64
        let value = scale.kind == .gate ? share : share * 2 - 1
        return String(FigureMaker.color(of: value, scale)?.hex ?? 0)
      })
  }

  private func list(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

  /// As a string of JSON that may stand in a script: nothing in it ends one.
  private func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "<", ">", "&", "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}",
        "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      case _: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

/// RFC 4648's base64.
enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func text(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.enumerated().reduce(0 as UInt32) {
        $0 | UInt32($1.element) << (16 - 8 * $1.offset)
      }
      for place in 0..<4 {
        text.append(
          place <= group.count ? digits[Int(bits >> (18 - 6 * place)) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
