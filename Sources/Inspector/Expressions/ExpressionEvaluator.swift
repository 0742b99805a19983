import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Computes the nodes of an expression for a block of steps at once.
///
/// What cannot be said is NaN among numbers: the value before the first step (but for the states, which
/// have a seed), what is unknown in a lane, and NaN itself.
struct ExpressionEvaluator {
  let trace: Trace
  let lanes: [GroundTruthLane]
  let texts: [String]

  // MARK: - Numbers

  /// The values of a node; `steps` may reach beyond the trace at either end.
  func numbers(_ node: NumberNode, _ steps: Range<Int>) -> Column<Double> {
    switch node {
    case .constant(let value): return Column(constant: value)
    case .step:
      return Column(
        steps.map { $0 >= 0 && $0 < trace.length ? Double(trace.stepNumber(at: $0)) : .nan })
    case .token: return tokenNumbers(steps)
    case .lane(let lane):
      let values = lanes[lane].values
      return Column(steps.map { values.indices.contains($0) ? Double(values[$0]) : .nan })
    case .input(let units): return input(units, steps)
    case .signal(let track, let signal, let units):
      return self.signal(track, signal, units, steps)
    case .outputs(let units): return outputs(units, steps)
    case .readout(let quantity): return said(quantity, steps)
    case .top: return tops(steps).map { $0 < 0 ? .nan : Double($0) }
    case .mapped(let function, let inner): return map(function, numbers(inner, steps))
    case .combined(let operation, let left, let right):
      return combine(operation, numbers(left, steps), numbers(right, steps), steps.count)
    case .reduced(let reduction, let inner):
      return reduce(reduction, numbers(inner, steps), steps.count)
    case .counted(let inner): return count(truths(inner, steps), steps.count)
    case .shifted(let inner, let by):
      return known(numbers(inner, steps.shifted(by: by)), steps, by, orElse: .nan)
    }
  }

  /// A file may leave out steps, so that what stands before a step is not the step before.
  private func known<Value>(
    _ before: Column<Value>, _ steps: Range<Int>, _ by: Int, orElse missing: Value
  ) -> Column<Value> {
    guard let numbers = trace.stepNumbers, let first = numbers.first, let last = numbers.last,
      last - first != numbers.count - 1
    else { return before }
    return before.replacing(steps.count, with: missing) { row in
      let (step, other) = (steps.lowerBound + row, steps.lowerBound + row + by)
      guard numbers.indices.contains(step), numbers.indices.contains(other) else { return false }
      return abs(numbers[step] - numbers[other]) != abs(by)
    }
  }

  private func tokenNumbers(_ steps: Range<Int>) -> Column<Double> {
    guard case .tokens(let tokens) = trace.input else { return Column(constant: .nan) }
    return Column(steps.map { tokens.indices.contains($0) ? Double(tokens[$0]) : .nan })
  }

  private func input(_ units: [Range<Int>], _ steps: Range<Int>) -> Column<Double> {
    guard case .features(let values, let width) = trace.input else {
      return Column(constant: .nan)
    }
    var numbers: [Double] = []
    let count = units.reduce(0) { $0 + $1.count }
    numbers.reserveCapacity(steps.count * count)
    for step in steps {
      for unit in units.joined() {
        numbers.append(
          step >= 0 && step < trace.length ? Double(values[step * width + unit]) : .nan)
      }
    }
    return Column(numbers, width: count)
  }

  private func signal(
    _ track: Int, _ signal: Signal, _ units: [Range<Int>], _ steps: Range<Int>
  ) -> Column<Double> {
    let width = units.reduce(0) { $0 + $1.count }
    let recorded = steps.clamped(to: 0..<trace.recordedSteps)
    var numbers = [Double](repeating: .nan, count: steps.count * width)
    var column = 0
    for part in units {
      let first = (recorded.lowerBound - steps.lowerBound) * width + column
      copy(
        WindowRequest(track: track, signal: signal, steps: recorded, units: part),
        into: &numbers, from: first, stride: width)
      column += part.count
    }
    if let seed = seed(track, signal) {
      let before = trace.layout[track].track.direction == .forward ? -1 : trace.length
      if steps.contains(before) {
        for (column, unit) in units.joined().enumerated() where unit < seed.count {
          numbers[(before - steps.lowerBound) * width + column] = Double(seed[unit])
        }
      }
    }
    return Column(numbers, width: width)
  }

  private func copy(
    _ request: WindowRequest, into numbers: inout [Double], from first: Int, stride: Int
  ) {
    if request.steps.isEmpty { return }
    let window = trace.window(request)
    let count = request.units.count
    window.values.withUnsafeBufferPointer { values in
      numbers.withUnsafeMutableBufferPointer { numbers in
        for row in 0..<request.steps.count {
          for column in 0..<count {
            numbers[first + row * stride + column] = Double(values[row * count + column])
          }
        }
      }
    }
  }

  /// What stands before the first step that a layer reads.
  private func seed(_ track: Int, _ signal: Signal) -> [Float]? {
    trace.seed(track: track, signal: signal)
  }

  private func map(_ function: ElementFunction, _ values: Column<Double>) -> Column<Double> {
    switch function {
    case .negative: values.map { -$0 }
    case .abs: values.map { $0.magnitude }
    case .sqrt: values.map { $0.squareRoot() }
    #if canImport(Glibc)
      case .log: values.map { Glibc.log($0) }
      case .exp: values.map { Glibc.exp($0) }
    #else
      case .log: values.map { Darwin.log($0) }
      case .exp: values.map { Darwin.exp($0) }
    #endif
    }
  }

  private func combine(
    _ operation: Arithmetic, _ left: Column<Double>, _ right: Column<Double>, _ steps: Int
  ) -> Column<Double> {
    switch operation {
    case .plus: left.combined(with: right, steps) { $0 + $1 }
    case .minus: left.combined(with: right, steps) { $0 - $1 }
    case .times: left.combined(with: right, steps) { $0 * $1 }
    case .divided: left.combined(with: right, steps) { $0 / $1 }
    case .modulo: left.combined(with: right, steps) { $0.truncatingRemainder(dividingBy: $1) }
    case .minimum: left.combined(with: right, steps, smaller)
    case .maximum: left.combined(with: right, steps, greater)
    }
  }

  private func reduce(
    _ reduction: Reduction, _ values: Column<Double>, _ steps: Int
  ) -> Column<Double> {
    switch reduction {
    case .minimum: values.reduced(steps) { $0.dropFirst().reduce($0[0], smaller) }
    case .maximum: values.reduced(steps) { $0.dropFirst().reduce($0[0], greater) }
    case .mean: values.reduced(steps) { $0.reduce(0, +) / Double($0.count) }
    case .sum: values.reduced(steps) { $0.reduce(0, +) }
    }
  }

  private func count(_ truths: Column<Truth>, _ steps: Int) -> Column<Double> {
    truths.reduced(steps) { row in
      var count = 0.0
      for truth in row {
        if truth == .unknown { return .nan }
        if truth == .yes { count += 1 }
      }
      return count
    }
  }

  // MARK: - Conditions

  func truths(_ node: TruthNode, _ steps: Range<Int>) -> Column<Truth> {
    switch node {
    case .compared(let comparison, let left, let right):
      return compare(comparison, numbers(left, steps), numbers(right, steps), steps.count)
    case .sameText(let left, let right):
      return numbers(of: left, steps).combined(with: numbers(of: right, steps), steps.count) {
        $0 < 0 || $1 < 0 ? .unknown : Truth($0 == $1)
      }
    case .isAmong(let isAmong, let text):
      return numbers(of: text, steps).map { $0 < 0 ? .unknown : Truth(isAmong[Int($0)]) }
    case .isNaN(let inner): return numbers(inner, steps).map { Truth($0.isNaN) }
    case .not(let inner): return truths(inner, steps).map { !$0 }
    case .and(let left, let right):
      return truths(left, steps).combined(with: truths(right, steps), steps.count) { min($0, $1) }
    case .or(let left, let right):
      return truths(left, steps).combined(with: truths(right, steps), steps.count) { max($0, $1) }
    case .quantified(.any, let inner):
      return truths(inner, steps).reduced(steps.count) { $0.reduce(.no) { max($0, $1) } }
    case .quantified(.all, let inner):
      return truths(inner, steps).reduced(steps.count) { $0.reduce(.yes) { min($0, $1) } }
    case .becomes(let holds, let inner, let before):
      let both = truths(inner, steps.extended(by: before)).neighbours(steps.count, before)
      let then = known(both.before, steps, before, orElse: .unknown)
      return both.now.combined(with: then, steps.count) { now, then in
        holds ? min(now, !then) : min(!now, then)
      }
    case .moves(let comparison, let inner, let before):
      let both = numbers(inner, steps.extended(by: before)).neighbours(steps.count, before)
      let then = known(both.before, steps, before, orElse: .nan)
      return compare(comparison, both.now, then, steps.count)
    case .shifted(let inner, let by):
      return known(truths(inner, steps.shifted(by: by)), steps, by, orElse: .unknown)
    }
  }

  private func compare(
    _ comparison: Comparison, _ left: Column<Double>, _ right: Column<Double>, _ steps: Int
  ) -> Column<Truth> {
    switch comparison {
    case .equal: left.combined(with: right, steps) { Truth($0 == $1, $0, $1) }
    case .unequal: left.combined(with: right, steps) { Truth($0 != $1, $0, $1) }
    case .less: left.combined(with: right, steps) { Truth($0 < $1, $0, $1) }
    case .atMost: left.combined(with: right, steps) { Truth($0 <= $1, $0, $1) }
    case .greater: left.combined(with: right, steps) { Truth($0 > $1, $0, $1) }
    case .atLeast: left.combined(with: right, steps) { Truth($0 >= $1, $0, $1) }
    }
  }

  // MARK: - Texts

  /// The number of the text at each step; -1 where there is none.
  func numbers(of node: TextNode, _ steps: Range<Int>) -> Column<Int32> {
    switch node {
    case .literal(let number): return Column(constant: number)
    case .token(let numbers):
      guard case .tokens(let tokens) = trace.input else { return Column(constant: -1) }
      return Column(
        steps.map { step in
          guard tokens.indices.contains(step), numbers.indices.contains(tokens[step]) else {
            return -1
          }
          return numbers[tokens[step]]
        })
    case .top(let numbers):
      return tops(steps).map { numbers.indices.contains(Int($0)) ? numbers[Int($0)] : -1 }
    case .lane(let lane, let numbers):
      let values = lanes[lane].values
      return Column(
        steps.map { step in
          guard values.indices.contains(step), values[step].isFinite,
            let index = Int(exactly: values[step]), numbers.indices.contains(index)
          else { return -1 }
          return numbers[index]
        })
    case .shifted(let inner, let by):
      return known(numbers(of: inner, steps.shifted(by: by)), steps, by, orElse: -1)
    }
  }
}

/// NaN where either is, which Swift's `min` does not promise.
private func smaller(_ a: Double, _ b: Double) -> Double {
  a < b || a.isNaN ? a : b
}

private func greater(_ a: Double, _ b: Double) -> Double {
  a > b || a.isNaN ? a : b
}

extension Range<Int> {
  fileprivate func shifted(by distance: Int) -> Range<Int> {
    lowerBound + distance..<upperBound + distance
  }

  /// With the step before as well.
  fileprivate func extended(by before: Int) -> Range<Int> {
    before < 0 ? lowerBound + before..<upperBound : lowerBound..<upperBound + before
  }
}
