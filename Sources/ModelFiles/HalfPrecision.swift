/// IEEE 754 binary16, by its bits. Written out because Swift has no `Float16` on Intel Macs.
enum HalfPrecision {
  /// Exact: every binary16 number is a Float32.
  static func float(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1f
    let fraction = UInt32(bits & 0x3ff)
    switch exponent {
    case 0:
      // Zero and the subnormals, in units of 2^-24.
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case 0x1f:
      return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
    default:
      return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }

  /// Rounds to the nearest, ties to even; what is too large becomes infinite, NaN stays NaN.
  static func bits(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
    let magnitude = bits & 0x7fff_ffff
    if magnitude > 0x7f80_0000 {
      // The quiet bit keeps a NaN from becoming infinite when its low bits go.
      return sign | 0x7e00 | UInt16(magnitude >> 13 & 0x3ff)
    }
    if magnitude >= 0x4780_0000 { return sign | 0x7c00 }  // 65536 and more
    if magnitude < 0x3880_0000 {  // less than 2^-14, the smallest normal number
      let units = Float(bitPattern: magnitude) * 0x1p24
      return sign | UInt16(units.rounded(.toNearestOrEven))
    }
    let rebased = magnitude - (112 << 23)
    // A carry out of the fraction goes into the exponent, up to infinity: both are right.
    return sign | UInt16((rebased + 0xfff + (rebased >> 13 & 1)) >> 13)
  }
}

/// The upper half of a Float32.
enum BrainFloat {
  static func float(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

  /// Rounds to the nearest, ties to even; NaN stays NaN.
  static func bits(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
    return UInt16((bits + 0x7fff + (bits >> 16 & 1)) >> 16)
  }
}
