import Inspector
import Testing

@Suite struct MagnitudeTests {
  /// Beside the sorted values themselves.
  @Test(arguments: [0.5, 0.9, 0.98, 0.999, 1], [1, 2, 49, 50, 51, 1000])
  func aQuantileIsThatOfTheSortedValues(_ share: Double, _ count: Int) {
    var random: UInt64 = 7
    let values = (0..<count).map { _ -> Float in
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let size = Float(random >> 40) / Float(1 << 24)
      return (random & 1 == 0 ? size : -size) * size * 20
    }
    let sorted = values.map { abs($0) }.sorted()
    let exact = sorted[max(1, Int((share * Double(count)).rounded(.up))) - 1]
    let found = quantile(share, of: values)
    #expect(found >= exact && found <= exact * (1 + 1 / 32), "\(found), exactly \(exact)")
  }

  @Test(
    arguments: [
      ([], 0.5, 0), ([0, 0, 0], 0.98, 0), ([-0.0], 1, 0), ([.nan, .infinity, -.infinity], 1, 0),
      ([0, 0, 0, 1], 0.75, 0), ([.nan, -1, .infinity], 0.5, 1.0312499),
    ] as [([Float], Double, Float)])
  func whatIsNoNumberOrNoneIsLeftOut(_ values: [Float], _ share: Double, _ wanted: Float) {
    #expect(quantile(share, of: values) == wanted)
  }

  @Test(arguments: [Float.leastNormalMagnitude, 1e-30, 3e38, .greatestFiniteMagnitude])
  func everySizeHasAPlace(_ size: Float) {
    let found = quantile(1, of: [size])
    #expect(found >= size && found.isFinite)
  }

  @Test func anExtentKnowsTheUnitsAndWhatIsUsual() {
    var extent = SignalExtent(units: 2)
    #expect(extent.limit == 0 && extent.usual == 0)
    for step in 0..<100 { extent.add([step == 40 ? -15 : -1, step == 41 ? .infinity : 0.5]) }
    #expect(extent.largest == [15, 0.5])
    #expect(extent.limit == 15 && extent.usual < 1.04 && extent.usual >= 1)
    // Nearly all zero: then the few that are not are what there is to see.
    var rare = SignalExtent(units: 1)
    rare.add(Array(repeating: 0, count: 999) + [3])
    #expect(rare.usual == 3)
    // No more than there is.
    var one = SignalExtent(units: 1)
    one.add([1.0001])
    #expect(one.usual == 1.0001)
  }

  private func quantile(_ share: Double, of values: [Float]) -> Float {
    var counts = MagnitudeCounts()
    // In parts, as a recording comes.
    for start in stride(from: 0, to: values.count, by: 7) {
      values[start..<min(start + 7, values.count)].withUnsafeBufferPointer { counts.add($0) }
    }
    return counts.quantile(share)
  }
}
