import Inspector
import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a curve of the view `flow` shows: a positive number a lag, as its logarithm to the base 10; -∞
/// is nothing, NaN what is not there.
struct FlowCurve {
  let name: String
  let style: Style
  var texture = LineChart.Texture.solid
  let logs: [Double]

  init(_ name: String, _ style: Style, _ texture: LineChart.Texture, logs: [Double]) {
    self.name = name
    self.style = style
    self.texture = texture
    self.logs = logs
  }

  /// - Parameter naturals: natural logarithms.
  init(
    _ name: String, _ style: Style, _ texture: LineChart.Texture = .solid, naturals: [Double]
  ) {
    self.init(name, style, texture, logs: naturals.map { $0 / log(10) })
  }

  init(_ name: String, _ style: Style, _ texture: LineChart.Texture = .solid, values: [Float]) {
    self.init(name, style, texture, logs: values.map { log10(Double($0)) })
  }

  /// With what lies between two lags that are there read off between them.
  var filled: [Double] {
    var filled = logs
    var last: Int?
    for (lag, value) in logs.enumerated() where !value.isNaN {
      if let last, last + 1 < lag {
        for between in last + 1..<lag {
          let share = Double(between - last) / Double(lag - last)
          filled[between] =
            logs[last].isFinite && value.isFinite
            ? logs[last] + share * (value - logs[last]) : -.infinity
        }
      }
      last = lag
    }
    return filled
  }
}

/// Numbers from nothing to beyond all bounds, by their logarithms.
enum FlowNumber {
  /// "1.51", "0.02", "7e-3", "1.2e-45", "3e12", "0".
  ///
  /// - Parameters:
  ///   - width: at most so many columns, four at the least.
  ///   - floor: the power of ten under which nothing is told apart.
  static func text(_ log: Double, width: Int, floor: Double? = nil) -> String {
    if log.isNaN { return "nan" }
    if let floor, log < floor { return "<1e\(Int(floor))" }
    if log == -.infinity { return "0" }
    if log == .infinity { return "inf" }
    if log >= -2, log < 4 {
      let value = pow(10, log)
      let decimals = value < 9.995 ? 2 : value < 99.95 && width > 4 ? 1 : 0
      return Numbers.fixed(value, decimals: decimals)
    }
    var exponent = Int(log.rounded(.down))
    var mantissa = pow(10, log - Double(exponent))
    let decimals = width >= 8 || width == 7 && abs(exponent) < 100 ? 1 : 0
    if mantissa >= (decimals == 1 ? 9.95 : 9.5) {
      mantissa = 1
      exponent += 1
    }
    return Numbers.fixed(mantissa, decimals: decimals) + "e\(exponent)"
  }
}
