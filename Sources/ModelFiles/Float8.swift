/// Floats of 8 bits (Micikevicius et al. 2022, https://arxiv.org/abs/2209.05433), and their variants
/// without infinities and a negative zero.
enum Float8 {
  /// Four bits of exponent, three of fraction; no infinities, one NaN of each sign.
  static func e4m3(_ bits: UInt8) -> Float {
    bits & 0x7f == 0x7f ? .nan : value(bits, fractionBits: 3, bias: 7)
  }

  /// Five bits of exponent, two of fraction: the upper half of a binary16.
  static func e5m2(_ bits: UInt8) -> Float { HalfPrecision.float(UInt16(bits) << 8) }

  /// As e4m3 with another bias; NaN stands where the negative zero would.
  static func e4m3fnuz(_ bits: UInt8) -> Float {
    bits == 0x80 ? .nan : value(bits, fractionBits: 3, bias: 8)
  }

  static func e5m2fnuz(_ bits: UInt8) -> Float {
    bits == 0x80 ? .nan : value(bits, fractionBits: 2, bias: 16)
  }

  private static func value(_ bits: UInt8, fractionBits: Int, bias: Int) -> Float {
    let exponent = Int(bits & 0x7f) >> fractionBits
    let fraction = Float(Int(bits) & ((1 << fractionBits) - 1)) / Float(1 << fractionBits)
    // The smallest exponent has no leading one.
    let magnitude =
      exponent == 0
      ? Float(sign: .plus, exponent: 1 - bias, significand: fraction)
      : Float(sign: .plus, exponent: exponent - bias, significand: 1 + fraction)
    return bits & 0x80 == 0 ? magnitude : -magnitude
  }
}
