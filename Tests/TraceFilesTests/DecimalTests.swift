import Foundation
import Testing

@testable import TraceFiles

/// Decimal numbers are rounded as the library rounds them, and once only.
@Suite struct DecimalTests {
  @Test func everyFloatComesBack() {
    var numbers = Numbers(seed: 3)
    for _ in 0..<4_000 {
      let value = Float(bitPattern: numbers.bits())
      guard value.isFinite else { continue }
      expect(value.description)
      expect("\(Double(value))")
      expect(String(format: "%.7g", value))
      expect(String(format: "%.3f", value * 0 + Float(numbers.bits() % 100_000) / 1000))
    }
  }

  /// Decimals that lie halfway between two Float32, or nearly, as a Double has them.
  @Test func halfwayIsNotRoundedTwice() {
    for text in [
      "1.00000005960464477539", "1.0000000596046447", "1.0000000596046449", "16777217",
      "16777217.0000001", "33554435", "0.1", "1e22", "1e23", "123456789012345e-20", "1e-45",
      "7e-46", "1.17549435e-38", "3.4028236e38", "1e39", "-0.0", "+1.5", "5.", ".5", "00012",
      "1E+02", "2.5e-05",
    ] { expect(text) }
  }

  @Test(arguments: ["nan", "NaN", "NA"])
  func noNumberIsOne(_ text: String) { #expect(Self.parse(text)?.isNaN == true) }

  @Test(arguments: ["inf", "-inf", "Infinity"])
  func infinityIsOne(_ text: String) { #expect(Self.parse(text)?.isInfinite == true) }

  @Test(arguments: [
    "", "-", ".", "e5", "1e", "1e+", "1.2.3", "0x10", "1,5", "one", "1 ", " 1", "1e99999999",
  ])
  func otherThingsAreNone(_ text: String) {
    let number = Self.parse(text)
    #expect(number == nil || number == Float(text))
    if text != "1e99999999" { #expect(number == nil) }
  }

  private func expect(_ text: String) {
    let number = Self.parse(text)
    if number?.bitPattern != Float(text)?.bitPattern {
      Issue.record("\(text): \(String(describing: number)), not \(String(describing: Float(text)))")
    }
  }

  private static func parse(_ text: String) -> Float? {
    Array(text.utf8).withUnsafeBytes { DecimalNumber.float($0) }
  }
}
