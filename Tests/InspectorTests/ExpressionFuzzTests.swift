import Recurrent
import Testing

@testable import Inspector

/// Expressions that nobody would write.
@Suite struct ExpressionFuzzTests {
  private static let words = [
    "f", "c", "h", "o", "f[0]", "c[3]", "f[1..2]", "c[0,3]", "l1.fwd.", "l1.bwd.h[1]", "l0.c",
    "step",
    "token", "x", "lane", "(", ")", "(", ")", "[", "]", ",", ".", "..", "'", "!", "~", "==", "!=",
    "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "%", "\"a\"", "\"\\n\"", "\"depth\"",
    "lane(\"depth\")", "lane('in quotes')", "0", "1", "0.5", "1e300", "99999999999999999999",
    "any(",
    "all(", "count(", "min(", "max(", "mean(", "sum(", "abs(", "sqrt(", "log(", "exp(", "rise(",
    "fall(", "isnan(", " ", "\n", "é", "月", "\\", "\"", "=", "&", "\u{0}", "🏳️‍🌈",
  ]

  /// Whatever happens is an error inside the source, or an expression that can be evaluated.
  private static func feed(_ source: String, _ scope: ExpressionScope) -> Bool {
    do {
      let search = try SignalExpression(source).bound(to: scope)
      let hits = search.hits(in: 0..<10)
      #expect(hits == hits.sorted() && hits.allSatisfy { (0..<10).contains($0) })
      return true
    } catch {
      let count = source.unicodeScalars.count
      #expect(error.range.lowerBound <= count && error.range.upperBound <= count + 1, "\(source)")
      #expect(!error.range.isEmpty && !error.description.isEmpty, "\(source)")
      return false
    }
  }

  @Test(arguments: 1...4) func soupsOfWords(seed: UInt64) throws {
    var numbers = TestNumbers(seed: seed)
    let scope = ExpressionScope(trace: try ExpressionTrace.make(), lanes: ExpressionTrace.lanes)
    for _ in 0..<1500 {
      let count = 1 + Int(numbers.bits() % 14)
      let source = (0..<count).map { _ in
        Self.words[Int(numbers.bits()) % Self.words.count]
      }.joined()
      _ = Self.feed(source, scope)
    }
  }

  /// Calls of many values inside one another are wide, not deep.
  @Test func manyArguments() throws {
    var source = "c[0]"
    for _ in 0..<30 { source = "max(\(source)" + String(repeating: ",-9", count: 40) + ")" }
    #expect(source.count > 3500)
    let hits = try ExpressionTrace.search(source + " > 1").hits(in: 0..<40)
    #expect(try hits == ExpressionTrace.search("c[0] > 1").hits(in: 0..<40))
    #expect(!hits.isEmpty)
  }

  /// Good expressions with a few words taken out, doubled or put in.
  @Test(arguments: 1...4) func nearlyRight(seed: UInt64) throws {
    var numbers = TestNumbers(seed: seed)
    func pick(_ count: Int) -> Int { Int(numbers.bits()) % max(1, count) }
    let scope = ExpressionScope(trace: try ExpressionTrace.make(), lanes: ExpressionTrace.lanes)
    let good = (ExpressionTests.units + ExpressionTests.before + ExpressionTests.texts).map(
      \.source)
    var right = 0
    for _ in 0..<600 {
      var scalars = Array(good[pick(good.count)].unicodeScalars)
      for _ in 0...pick(2) {
        let place = pick(scalars.count)
        switch pick(3) {
        case 0 where !scalars.isEmpty: scalars.remove(at: place)
        case 1 where !scalars.isEmpty: scalars.insert(scalars[place], at: place)
        default:
          scalars.insert(contentsOf: Self.words[pick(Self.words.count)].unicodeScalars, at: place)
        }
      }
      if Self.feed(String(scalars: scalars), scope) { right += 1 }
    }
    // Otherwise nothing was ever evaluated.
    #expect(right > 30)
  }

  // MARK: - Against an evaluation value by value

  /// A random expression, as text and as what it means at one step.
  private struct Twin<Result> {
    let text: String
    let value: (Int) -> Result
  }

  private struct Grower {
    var numbers: TestNumbers
    let trace: Trace

    mutating func pick(_ count: Int) -> Int { Int(numbers.bits()) % count }

    /// What may be missing, nil, is so before the first step and where it is NaN.
    mutating func number(_ depth: Int) -> Twin<Double?> {
      let trace = trace
      switch depth == 0 ? pick(3) : pick(8) {
      case 0:
        let value = Double(pick(21) - 10) / 10
        return Twin(text: "(\(value))") { _ in value }
      case 1, 2:
        let signal = [Signal.z, .f, .i, .o, .c, .h][pick(6)]
        let unit = pick(4)
        return Twin(text: "\(signal.rawValue)[\(unit)]") { step in
          if step < 0 {
            let seed = trace.seed(track: 0, signal: signal)
            return step == -1 ? seed.map { Double($0[unit]) } : nil
          }
          let value = trace.value(track: 0, signal: signal, step: step, unit: unit)
          return value.isNaN ? nil : Double(value)
        }
      case 3:
        let inner = number(depth - 1)
        return Twin(text: "(\(inner.text))'") { inner.value($0 - 1) }
      case 4:
        let inner = number(depth - 1)
        return Twin(text: "abs(\(inner.text))") { inner.value($0).map { abs($0) } }
      case 5:
        let (left, right) = (number(depth - 1), number(depth - 1))
        return Twin(text: "max(\(left.text), \(right.text))") { step in
          guard let a = left.value(step), let b = right.value(step) else { return nil }
          return a > b ? a : b
        }
      default:
        let (left, right) = (number(depth - 1), number(depth - 1))
        let sign = ["+", "-", "*"][pick(3)]
        return Twin(text: "(\(left.text) \(sign) \(right.text))") { step in
          guard let a = left.value(step), let b = right.value(step) else { return nil }
          return sign == "+" ? a + b : sign == "-" ? a - b : a * b
        }
      }
    }

    mutating func condition(_ depth: Int) -> Twin<Bool?> {
      switch depth == 0 ? 0 : pick(7) {
      case 1:
        let inner = condition(depth - 1)
        return Twin(text: "!(\(inner.text))") { inner.value($0).map { !$0 } }
      case 2:
        let inner = condition(depth - 1)
        return Twin(text: "(\(inner.text))'") { inner.value($0 - 1) }
      case 3:
        let inner = condition(depth - 1)
        return Twin(text: "rise(\(inner.text))") { step in
          Self.both(inner.value(step), inner.value(step - 1).map { !$0 })
        }
      case 4:
        let inner = number(depth - 1)
        return Twin(text: "fall(\(inner.text))") { step in
          guard let now = inner.value(step), let then = inner.value(step - 1) else { return nil }
          return now < then
        }
      case 5, 6:
        let (left, right) = (condition(depth - 1), condition(depth - 1))
        let isAnd = pick(2) == 0
        return Twin(text: "(\(left.text) \(isAnd ? "&&" : "||") \(right.text))") { step in
          let (a, b) = (left.value(step), right.value(step))
          return isAnd ? Self.both(a, b) : Self.both(a.map { !$0 }, b.map { !$0 }).map { !$0 }
        }
      default:
        let (left, right) = (number(max(0, depth - 1)), number(max(0, depth - 1)))
        let sign = ["<", ">=", "==", "!="][pick(4)]
        return Twin(text: "\(left.text) \(sign) \(right.text)") { step in
          guard let a = left.value(step), let b = right.value(step) else { return nil }
          return sign == "<" ? a < b : sign == ">=" ? a >= b : sign == "==" ? a == b : a != b
        }
      }
    }

    private static func both(_ a: Bool?, _ b: Bool?) -> Bool? {
      a == false || b == false ? false : a == nil || b == nil ? nil : true
    }
  }

  @Test(arguments: 1...5) func blocksSayWhatEachValueSays(seed: UInt64) throws {
    let trace = try ExpressionTrace.make()
    var grower = Grower(numbers: TestNumbers(seed: seed), trace: trace)
    var found = 0
    for _ in 0..<100 {
      let twin = grower.condition(4)
      let search = try SignalExpression(twin.text).bound(to: ExpressionScope(trace: trace))
      let hits = search.hits(in: 0..<trace.length)
      #expect(hits == (0..<trace.length).filter { twin.value($0) == true }, "\(twin.text)")
      found += hits.count
    }
    #expect(found > 300)
  }
}
