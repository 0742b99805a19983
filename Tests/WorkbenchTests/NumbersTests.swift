import Testing

@testable import Workbench

@Suite struct NumbersTests {
  @Test(
    arguments: [
      (0, "0.00"), (1, "1.00"), (-1.584, "-1.58"), (0.996, "1.00"), (-0.004, "0.00"),
      (-0.006, "-0.01"), (12.3, "12.30"), (999_999, "999999.00"), (1e6, "1.00e6"),
      (-2.5e9, "-2.50e9"), (9.999e6, "1.00e7"), (.greatestFiniteMagnitude, "3.40e38"),
      (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"), (.leastNonzeroMagnitude, "0.00"),
    ] as [(Float, String)])
  func twoDecimals(_ value: Float, _ text: String) { #expect(Numbers.fixed(value) == text) }

  /// Two decimals, and of what is small two digits or three.
  @Test(
    arguments: [
      (0, "0.00"), (0.1, "0.10"), (0.0996, "0.10"), (0.0994, "0.099"), (-0.042, "-0.042"),
      (0.01, "0.010"), (0.00994, "0.0099"), (-0.001, "-0.0010"), (0.0009, "9.0e-4"),
      (-3.14e-7, "-3.1e-7"), (1e-10, "0.00"), (-12.345, "-12.35"), (.nan, "nan"),
    ] as [(Float, String)])
  func aValueKeepsItsDigits(_ value: Float, _ text: String) {
    #expect(Numbers.value(value) == text)
    #expect(text.count <= 7)
  }

  @Test(
    arguments: [(0.5, "0.50"), (-0.5, "(-0.50)"), (-0.001, "(-0.0010)"), (-.infinity, "(-inf)")]
      as [(Float, String)])
  func aNegativeFactorStandsInBrackets(_ value: Float, _ text: String) {
    #expect(Numbers.factor(value) == text)
  }

  /// Three decimals, or two digits and a power of ten where those would show nothing.
  @Test(
    arguments: [
      (0, "0.000"), (1.5, "1.500"), (0.0096, "0.010"), (0.00949, "9.5e-3"), (-0.00949, "-9.5e-3"),
      (0.001, "1.0e-3"), (9.96e-5, "1.0e-4"), (-3.14e-7, "-3.1e-7"), (.nan, "nan"),
    ] as [(Float, String)])
  func smallNumbersKeepTwoDigits(_ value: Float, _ text: String) {
    #expect(Numbers.small(value) == text)
  }

  @Test(
    arguments: [
      (1.234, 5, "1.23"), (-1.234, 5, "-1.23"), (-12.34, 5, "-12.3"), (1234.5, 5, "1235"),
      (-1234.6, 5, "-1235"), (-99_999, 5, "-big"), (1e9, 5, "big"), (.nan, 5, "nan"),
      (-.infinity, 5, "-inf"), (0.5, 3, "0.5"),
    ] as [(Float, Int, String)])
  func aNumberFitsItsColumns(_ value: Float, _ width: Int, _ text: String) {
    #expect(Numbers.fitted(value, width: width) == text)
    #expect(text.count <= width)
  }

  @Test(
    arguments: [
      (1, "1"), (1.5, "1.5"), (30, "30"), (0.3, "0.3"), (0.04, "0.04"), (0.015, "0.015"),
      (150, "150"), (2_000_000, "2.00e6"), (8e-5, "0.00008"),
    ] as [(Float, String)])
  func aLimitHasNoMoreDecimalsThanItNeeds(_ value: Float, _ text: String) {
    #expect(Numbers.limit(value) == text)
  }

  @Test(
    arguments: [
      (0, 1), (-3, 1), (.nan, 1), (.infinity, 1), (1, 1), (1.01, 1.5), (1.7, 2), (2.5, 3), (7, 8),
      (8.5, 10), (12, 15), (0.012, 0.015), (99, 100),
    ] as [(Float, Float)])
  func limitsAreRoundedUp(_ value: Float, _ limit: Float) {
    #expect(abs(Numbers.roundedUp(value) - limit) <= limit * 1e-6)
  }

  @Test(arguments: [1e-30, 1e30, .greatestFiniteMagnitude, .leastNormalMagnitude] as [Float])
  func extremesHaveALimitToo(_ value: Float) {
    let limit = Numbers.roundedUp(value)
    #expect(limit.isFinite && limit >= value)
  }

  @Test(arguments: [1, 2, 3, 5, 22, 400])
  func whatIsPagedToCanBeSeen(_ visible: Int) {
    for count in [1, 2, 7, 30, 401] {
      for place in 0..<count {
        let first = Paging.first(showing: place, visible: visible, count: count)
        let isShown = (first..<first + visible).contains(place)
        #expect(isShown && first >= 0 && first <= max(0, count - visible))
      }
    }
  }

  @Test(
    arguments: [
      (0.966, 5, "0.97"), (-0.652, 5, "-0.65"), (12.345, 5, "12.35"), (-12.345, 5, "-12.3"),
      (-123.45, 5, "-123"), (-0.1234567, 11, "-0.1234567"), (0.25, 7, "0.2500"),
      (.infinity, 5, "inf"), (-12_345, 4, "-big"), (1, 1, "1"), (-1e-5, 5, "0.00"),
    ] as [(Float, Int, String)])
  func aNumberInACellTakesNoMoreThanItsColumns(_ value: Float, _ width: Int, _ text: String) {
    #expect(Numbers.written(value, width: width) == text)
  }
}
