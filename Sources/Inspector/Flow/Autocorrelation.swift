#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds autocorrelation times: the first few lags sum by sum, what lasts longer by the Fourier transform
/// of the power spectrum (Wiener 1930, Khinchin 1934), all lags at once.
final class Autocorrelation {
  /// How many values a column has.
  let count: Int
  /// The last lag that is looked at: half of the steps.
  private var longest: Int { max(1, count / 2) }
  private lazy var transform = FourierTransform(atLeast: count + longest + 1)

  /// Lags that are summed one by one.
  static let few = 24

  init(count: Int) { self.count = count }

  /// After how many steps the correlation of a column with itself has first fallen to 1/e.
  ///
  /// - Parameter columns: one or two, each `count` numbers whose mean is zero and that are not all zero.
  func times(of columns: [[Double]]) -> [Double] {
    var times = columns.map { column in
      let power = Self.sum(column, lag: 0)
      return Self.crossing(of: power, lags: 1...min(Self.few, longest), before: 1) {
        Self.sum(column, lag: $0)
      }
    }
    guard longest > Self.few, times.contains(.infinity) else { return times }
    transform.correlate(columns[0], columns.count > 1 ? columns[1] : nil)
    for (index, column) in columns.enumerated() where times[index] == .infinity {
      let power = Self.sum(column, lag: 0)
      let sums = index == 0 ? transform.real.pointer : transform.imaginary.pointer
      times[index] = Self.crossing(
        of: power, lags: Self.few + 1...longest, before: Self.sum(column, lag: Self.few) / power
      ) { sums[$0] }
    }
    return times
  }

  /// Where the sums fall below the power's e-th part, between the two lags on whose sides that is.
  private static func crossing(
    of power: Double, lags: ClosedRange<Int>, before: Double, _ sum: (Int) -> Double
  ) -> Double {
    let threshold = exp(-1.0)
    var before = before
    for lag in lags {
      let now = sum(lag) / power
      if now < threshold {
        return Double(lag - 1) + (before - threshold) / (before - now)
      }
      before = now
    }
    return .infinity
  }

  /// Σ v_t v_{t+lag}.
  private static func sum(_ values: [Double], lag: Int) -> Double {
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return 0 }
      var parts = SIMD8<Double>.zero
      var place = 0
      let count = values.count - lag
      while place + 8 <= count {
        // Not `addProduct`, which is a call for every number where the processor may have no FMA.
        parts +=
          UnsafeRawPointer(base + place).loadUnaligned(as: SIMD8<Double>.self)
          * UnsafeRawPointer(base + place + lag).loadUnaligned(as: SIMD8<Double>.self)
        place += 8
      }
      var total = parts.sum()
      while place < count {
        total += base[place] * base[place + lag]
        place += 1
      }
      return total
    }
  }
}

/// The discrete Fourier transform of a power of two of complex numbers (Cooley & Tukey 1965): there with
/// decimation in frequency, back with decimation in time, so that nothing has to be put in order.
private final class FourierTransform {
  let real: DoubleBuffer
  let imaginary: DoubleBuffer
  private let size: Int
  /// cos and sin of the angles of every stage, the longest stage first: `half` of them from
  /// `size - 2 half` on.
  private let cosines: DoubleBuffer
  private let sines: DoubleBuffer

  init(atLeast count: Int) {
    var size = 8
    while size < count { size *= 2 }
    self.size = size
    real = DoubleBuffer(count: size)
    imaginary = DoubleBuffer(count: size)
    cosines = DoubleBuffer(count: size)
    sines = DoubleBuffer(count: size)
    var half = size / 2
    while half >= 1 {
      let start = size - 2 * half
      for index in 0..<half {
        let angle = Double.pi * Double(index) / Double(half)
        cosines.pointer[start + index] = cos(angle)
        sines.pointer[start + index] = sin(angle)
      }
      half /= 2
    }
  }

  /// Leaves Σ a_t a_{t+k} in `real` and the same of b in `imaginary`, for the lags k that do not come
  /// round: up to `size` less the columns' length.
  func correlate(_ a: [Double], _ b: [Double]?) {
    real.clear()
    imaginary.clear()
    a.withUnsafeBufferPointer { real.pointer.update(from: $0.baseAddress!, count: a.count) }
    if let b {
      b.withUnsafeBufferPointer { imaginary.pointer.update(from: $0.baseAddress!, count: b.count) }
    }
    forwards()
    // The transforms of a and b are told apart by Z(k) and Z(-k); their powers are real and even.
    let bits = size.trailingZeroBitCount
    let (re, im) = (real.pointer, imaginary.pointer)
    for k in 0...size / 2 {
      let one = Self.reversed(k, bits)
      let other = Self.reversed((size - k) & (size - 1), bits)
      let (aReal, aImaginary) = (re[one] + re[other], im[one] - im[other])
      let (bReal, bImaginary) = (im[one] + im[other], re[other] - re[one])
      let share = 0.25 / Double(size)
      let (ofA, ofB) = (
        share * (aReal * aReal + aImaginary * aImaginary),
        share * (bReal * bReal + bImaginary * bImaginary)
      )
      re[one] = ofA
      re[other] = ofA
      im[one] = ofB
      im[other] = ofB
    }
    backwards()
  }

  private static func reversed(_ number: Int, _ bits: Int) -> Int {
    var (number, reversed) = (number, 0)
    for _ in 0..<bits {
      reversed = reversed << 1 | number & 1
      number >>= 1
    }
    return reversed
  }

  /// Natural order in, reversed order out.
  private func forwards() {
    var half = size / 2
    while half >= 1 {
      stage(half) { re, im, otherRe, otherIm, c, s in
        let (dRe, dIm) = (re - otherRe, im - otherIm)
        re += otherRe
        im += otherIm
        otherRe = dRe * c + dIm * s
        otherIm = dIm * c - dRe * s
      }
      half /= 2
    }
  }

  /// Reversed order in, natural order out, with the angles turned round.
  private func backwards() {
    var half = 1
    while half < size {
      stage(half) { re, im, otherRe, otherIm, c, s in
        let (tRe, tIm) = (otherRe * c - otherIm * s, otherIm * c + otherRe * s)
        otherRe = re - tRe
        otherIm = im - tIm
        re += tRe
        im += tIm
      }
      half *= 2
    }
  }

  /// One stage: pairs `half` apart, four at a time where there are as many.
  @inline(__always)
  private func stage(
    _ half: Int,
    _ turn: (
      inout SIMD4<Double>, inout SIMD4<Double>, inout SIMD4<Double>, inout SIMD4<Double>,
      SIMD4<Double>, SIMD4<Double>
    ) -> Void
  ) {
    let (cosine, sine) = (cosines.pointer + size - 2 * half, sines.pointer + size - 2 * half)
    var start = 0
    while start < size {
      let (re, im) = (real.pointer + start, imaginary.pointer + start)
      if half >= 4 {
        var index = 0
        while index < half {
          var a = load(re + index)
          var b = load(im + index)
          var c = load(re + half + index)
          var d = load(im + half + index)
          turn(&a, &b, &c, &d, load(cosine + index), load(sine + index))
          store(a, re + index)
          store(b, im + index)
          store(c, re + half + index)
          store(d, im + half + index)
          index += 4
        }
      } else {
        for index in 0..<half {
          var a = SIMD4(repeating: re[index])
          var b = SIMD4(repeating: im[index])
          var c = SIMD4(repeating: re[half + index])
          var d = SIMD4(repeating: im[half + index])
          turn(
            &a, &b, &c, &d, SIMD4(repeating: cosine[index]), SIMD4(repeating: sine[index]))
          (re[index], im[index]) = (a[0], b[0])
          (re[half + index], im[half + index]) = (c[0], d[0])
        }
      }
      start += 2 * half
    }
  }

  @inline(__always)
  private func load(_ place: UnsafeMutablePointer<Double>) -> SIMD4<Double> {
    UnsafeRawPointer(place).loadUnaligned(as: SIMD4<Double>.self)
  }

  @inline(__always)
  private func store(_ value: SIMD4<Double>, _ place: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(place).storeBytes(of: value, as: SIMD4<Double>.self)
  }
}
