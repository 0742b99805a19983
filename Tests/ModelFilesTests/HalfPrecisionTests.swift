import Foundation
import Testing

@testable import ModelFiles

@Suite struct HalfPrecisionTests {
  /// All 256 numbers of each format, as torch reads them.
  @Test func readsEveryFloatOfEightBits() throws {
    let json = try Data(contentsOf: fixture("torch/float8.json"))
    let expected = try JSONDecoder().decode([String: [UInt32]].self, from: json)
    let formats: [(String, (UInt8) -> Float)] = [
      ("float8_e4m3fn", Float8.e4m3), ("float8_e5m2", Float8.e5m2),
      ("float8_e4m3fnuz", Float8.e4m3fnuz), ("float8_e5m2fnuz", Float8.e5m2fnuz),
    ]
    #expect(expected.count == formats.count)
    for (name, convert) in formats {
      let numbers = try #require(expected[name]).map { Float(bitPattern: $0) }
      for (bits, number) in numbers.enumerated() {
        let ours = convert(UInt8(bits))
        let isSame = number.isNaN ? ours.isNaN : ours.bitPattern == number.bitPattern
        if !isSame { Issue.record("\(name) \(bits) is \(ours), not \(number)") }
      }
    }
  }

  @Test func everyHalfComesBack() {
    var failures: [UInt16] = []
    for bits in UInt16.min...UInt16.max {
      let value = HalfPrecision.float(bits)
      let back = HalfPrecision.bits(value)
      let isNaN = bits & 0x7fff > 0x7c00
      // A signalling NaN comes back quiet.
      if isNaN != value.isNaN || back != (isNaN ? bits | 0x200 : bits) { failures.append(bits) }
    }
    #expect(failures.isEmpty)
  }

  @Test func everyBrainFloatComesBack() {
    var failures: [UInt16] = []
    for bits in UInt16.min...UInt16.max {
      let value = BrainFloat.float(bits)
      let isNaN = bits & 0x7fff > 0x7f80
      if BrainFloat.bits(value) != (isNaN ? bits | 0x40 : bits) { failures.append(bits) }
    }
    #expect(failures.isEmpty)
  }

  @Test(arguments: [
    (Float(1), UInt16(0x3c00)), (-2, 0xc000), (65504, 0x7bff), (65519.996, 0x7bff),
    (65520, 0x7c00), (1e30, 0x7c00), (-.infinity, 0xfc00), (0x1p-24, 1), (0x1p-25, 0),
    (0x1.000002p-25, 1), (0x1.8p-24, 2), (0x1p-14, 0x0400), (0x1.ffap-15, 0x3ff),
    (0x1.ffcp-15, 0x400), (-0.0, 0x8000), (0x1.002p0, 0x3c00), (0x1.006p0, 0x3c02),
    (0x1.002002p0, 0x3c01), (.leastNonzeroMagnitude, 0),
  ])
  func roundsToNearestEven(value: Float, expected: UInt16) {
    #expect(HalfPrecision.bits(value) == expected)
  }

  @Test(arguments: [
    (Float(1), UInt16(0x3f80)), (0x1.01p0, 0x3f80), (0x1.03p0, 0x3f82), (0x1.010002p0, 0x3f81),
    (.greatestFiniteMagnitude, 0x7f80), (-.infinity, 0xff80), (-0.0, 0x8000),
  ])
  func brainFloatRoundsToNearestEven(value: Float, expected: UInt16) {
    #expect(BrainFloat.bits(value) == expected)
  }

  #if !(os(macOS) && arch(x86_64))
    @Test func agreesWithTheHardware() {
      var numbers = Numbers(seed: 3)
      var failures: [Float] = []
      for _ in 0..<200_000 {
        let value = Float(bitPattern: UInt32(truncatingIfNeeded: numbers.next()))
        if !value.isNaN && HalfPrecision.bits(value) != Float16(value).bitPattern {
          failures.append(value)
        }
        // Most patterns are far outside; these are around the subnormals and the ties.
        let near =
          value.significand * Float(sign: .plus, exponent: numbers.below(44) - 27, significand: 1)
        if !near.isNaN && HalfPrecision.bits(near) != Float16(near).bitPattern {
          failures.append(near)
        }
      }
      #expect(failures.isEmpty)
    }
  #endif
}
