import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Work on millions of numbers that a person waits for, as when a model is opened: on all processors, and
/// with few page faults. What is small is done at once.
public enum LargeWork {
  /// Numbers of a part: 2 MB, a huge page.
  private static let part = 1 << 19

  /// Does parts of 0..<count.
  ///
  /// - Parameters:
  ///   - weight: how many numbers one of `count` stands for.
  ///   - body: gets each part once, on any thread.
  public static func parts(of count: Int, weight: Int = 1, _ body: (Range<Int>) -> Void) {
    guard count > 0 else { return }
    let size = max(1, part / max(1, weight))
    guard count > 2 * size else { return body(0..<count) }
    let parts = (count + size - 1) / size
    withoutActuallyEscaping(body) { body in
      let shared = SharedBody(body: body)
      DispatchQueue.concurrentPerform(iterations: parts) { index in
        shared.body(index * size..<min((index + 1) * size, count))
      }
    }
  }

  /// What each thread calls with a part of its own.
  private struct SharedBody: @unchecked Sendable {
    let body: (Range<Int>) -> Void
  }

  /// An array of `count` numbers.
  ///
  /// - Parameter body: writes the numbers of a part, from its first on.
  public static func array(
    count: Int, _ body: (_ part: Range<Int>, _ target: UnsafeMutablePointer<Float>) -> Void
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { values, initialized in
      if let base = values.baseAddress {
        advise(base, count)
        parts(of: count) { body($0, base + $0.lowerBound) }
      }
      initialized = count
    }
  }

  /// Whether all are numbers, and none is infinite.
  public static func areFinite(_ values: [Float]) -> Bool {
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return true }
      let marks = UnsafeMutablePointer<Float>.allocate(capacity: values.count / part + 1)
      marks.initialize(repeating: 0, count: values.count / part + 1)
      defer { marks.deallocate() }
      parts(of: values.count) { range in
        // 0 · x is 0, or NaN where x is none.
        var sums = SIMD16<Float>.zero
        var place = range.lowerBound
        while place + 16 <= range.upperBound {
          sums += 0 * UnsafeRawPointer(base + place).loadUnaligned(as: SIMD16<Float>.self)
          place += 16
        }
        var sum = sums.sum()
        while place < range.upperBound {
          sum += 0 * base[place]
          place += 1
        }
        marks[range.lowerBound / part] = sum
      }
      return (0...values.count / part).allSatisfy { marks[$0] == 0 }
    }
  }

  /// Exchanges two parts of an array that do not overlap.
  public static func exchange(_ values: inout [Float], _ first: Int, _ second: Int, count: Int) {
    precondition(first + count <= second && second + count <= values.count)
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      parts(of: count) { range in
        let (one, other) = (base + first, base + second)
        for place in range { swap(&one[place], &other[place]) }
      }
    }
  }

  /// Asks for huge pages, of which there are 512 times fewer to fault in. Advice only.
  private static func advise(_ base: UnsafeMutablePointer<Float>, _ count: Int) {
    #if canImport(Glibc)
      let huge = 2 << 20
      let (start, size) = (Int(bitPattern: base), count * MemoryLayout<Float>.stride)
      let first = (start + huge - 1) / huge * huge
      guard start + size >= first + huge, let place = UnsafeMutableRawPointer(bitPattern: first)
      else { return }
      madvise(place, (start + size - first) / huge * huge, MADV_HUGEPAGE)
    #endif
  }
}
