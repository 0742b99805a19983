import Recurrent
import Testing

@testable import Inspector

@Suite struct ExpressionTests {
  struct Case: CustomTestStringConvertible {
    let source: String
    var track = 0
    /// The same in Swift, where a comparison with NaN is false.
    let holds: @Sendable (Values) -> Bool
    var testDescription: String { source }

    init(_ source: String, track: Int = 0, _ holds: @escaping @Sendable (Values) -> Bool) {
      self.source = source
      self.track = track
      self.holds = holds
    }
  }

  static let numbers: [Case] = [
    Case("f[0] < 0.1") { $0.f(0) < 0.1 },
    Case("f[0]<=0.5") { $0.f(0) <= 0.5 },
    Case("c[3] > 1") { $0.c(3) > 1 },
    Case("c[3] >= 1e0") { $0.c(3) >= 1 },
    Case("o[1] == 0.5") { $0.o(1) == 0.5 },
    Case("o[1] != .5") { $0.o(1) != 0.5 },
    Case("0.5 < h[2]") { 0.5 < $0.h(2) },
    Case("c[0] + c[1] * 2 > 1") { $0.c(0) + $0.c(1) * 2 > 1 },
    Case("(c[0] + c[1]) * 2 > 1") { ($0.c(0) + $0.c(1)) * 2 > 1 },
    Case("c[0] - c[1] - c[2] > 0") { $0.c(0) - $0.c(1) - $0.c(2) > 0 },
    Case("c[0] / i[0] > 3") { $0.c(0) / $0.i(0) > 3 },
    Case("-c[0] > 0.5") { -$0.c(0) > 0.5 },
    Case("--c[0] > - -0.5") { $0.c(0) > 0.5 },
    Case("c[0] % 0.7 < 0") { $0.c(0).truncatingRemainder(dividingBy: 0.7) < 0 },
    Case("step % 10 == 0") { $0.t % 10 == 0 },
    Case("step >= 12 && step < 15") { (12..<15).contains($0.t) },
    Case("abs(c[2]) > 1.5") { abs($0.c(2)) > 1.5 },
    Case("sqrt(c[2]) > 1") { $0.c(2).squareRoot() > 1 },
    Case("exp(c[2]) < 0.5") { $0.c(2) < -0.6931471805599453 },
    Case("log(f[1]) > log(0.7)") { $0.f(1) > 0.7 },
    Case("max(f[0], i[0], 0.5) == i[0]") { $0.i(0) >= max($0.f(0), 0.5) },
    Case("min(f[0], i[0]) < 0.1") { min($0.f(0), $0.i(0)) < 0.1 },
    Case("1 < 2") { _ in true },
    Case("2 < 1 || 1 == 2") { _ in false },
  ]

  static let logic: [Case] = [
    Case("f[0] < 0.3 && i[0] > 0.6") { $0.f(0) < 0.3 && $0.i(0) > 0.6 },
    Case("f[0] < 0.3 || i[0] > 0.6") { $0.f(0) < 0.3 || $0.i(0) > 0.6 },
    Case("f[0] < .3 || i[0] > .6 && o[0] > .5") { $0.f(0) < 0.3 || $0.i(0) > 0.6 && $0.o(0) > 0.5 },
    Case("(f[0] < .3 || i[0] > .6) && o[0] > .5") {
      ($0.f(0) < 0.3 || $0.i(0) > 0.6) && $0.o(0) > 0.5
    },
    Case("!(f[0] < 0.3)") { !($0.f(0) < 0.3) },
    Case("!!(f[0] < 0.3)") { $0.f(0) < 0.3 },
    Case("!(max(h) > .9)") { v in !(0..<4).contains { v.h($0) > 0.9 } },
    Case("mean(i) < 0.3 || step % 10 == 0") { v in
      (0..<4).reduce(0) { $0 + v.i($1) } / 4 < 0.3 || v.t % 10 == 0
    },
  ]

  static let units: [Case] = [
    Case("any(o) > 0.95") { v in (0..<4).contains { v.o($0) > 0.95 } },
    Case("0.95 < any(o)") { v in (0..<4).contains { v.o($0) > 0.95 } },
    Case("any(o > 0.95)") { v in (0..<4).contains { v.o($0) > 0.95 } },
    Case("all(o) > 0.2") { v in (0..<4).allSatisfy { v.o($0) > 0.2 } },
    Case("!all(o > 0.2)") { v in !(0..<4).allSatisfy { v.o($0) > 0.2 } },
    Case("any(o[1..2]) > 0.9") { v in (1...2).contains { v.o($0) > 0.9 } },
    Case("any(o[2..]) > 0.9") { v in (2...3).contains { v.o($0) > 0.9 } },
    Case("any(o[..1]) > 0.9") { v in (0...1).contains { v.o($0) > 0.9 } },
    Case("any(o[3,0..1]) > 0.9") { v in [0, 1, 3].contains { v.o($0) > 0.9 } },
    Case("any(o[1, 3] > i[0, 2])") { $0.o(1) > $0.i(0) || $0.o(3) > $0.i(2) },
    Case("any(o[3, 1] > i[0, 2])") { $0.o(3) > $0.i(0) || $0.o(1) > $0.i(2) },
    Case("all(o > i[0])") { v in (0..<4).allSatisfy { v.o($0) > v.i(0) } },
    Case("any(o > i && z > 0.5)") { v in
      (0..<4).contains { v.o($0) > v.i($0) && v.z($0) > 0.5 }
    },
    Case("any(o > 0.9 && step > 20)") { v in v.t > 20 && (0..<4).contains { v.o($0) > 0.9 } },
    Case("any(o > mean(o) + 0.5)") { v in
      let mean = (0..<4).reduce(0) { $0 + v.o($1) } / 4
      return (0..<4).contains { v.o($0) > mean + 0.5 }
    },
    Case("count(o > 0.5) == 3") { v in (0..<4).count { v.o($0) > 0.5 } == 3 },
    Case("count(!(o > 0.5)) >= 3") { v in (0..<4).count { v.o($0) <= 0.5 } >= 3 },
    Case("sum(c) > 3") { v in (0..<4).reduce(0) { $0 + v.c($1) } > 3 },
    Case("min(c) < -1.5") { v in (0..<4).contains { v.c($0) < -1.5 } },
    Case("max(abs(c)) > 1.9") { v in (0..<4).contains { abs(v.c($0)) > 1.9 } },
    Case("max(max(f[0], i)) > 0.9") { v in max(v.f(0), (0..<4).map { v.i($0) }.max()!) > 0.9 },
    Case("mean(o[0]*z) > 0.4") { v in (0..<4).reduce(0) { $0 + v.o(0) * v.z($1) } / 4 > 0.4 },
  ]

  static let before: [Case] = [
    Case("abs(c[3] - c[3]') > 1") { abs($0.c(3) - $0.old.c(3)) > 1 },
    Case("c'[3] == 3") { $0.old.c(3) == 3 },
    Case("h[2]' < -1") { $0.old.h(2) < -1 },
    Case("f[0]' > 0.5") { $0.t > 0 && $0.old.f(0) > 0.5 },
    Case("!(f[0]' > 0.5)") { $0.t > 0 && !($0.old.f(0) > 0.5) },
    Case("f[0]'' > 0.5") { $0.t > 1 && $0.old.old.f(0) > 0.5 },
    Case("f''[0] > 0.5") { $0.t > 1 && $0.old.old.f(0) > 0.5 },
    Case("(c[0] + c[1])' > 1") { $0.old.c(0) + $0.old.c(1) > 1 },
    Case("(f[0] > 0.5 && i[0] > 0.5)'") { $0.t > 0 && $0.old.f(0) > 0.5 && $0.old.i(0) > 0.5 },
    Case("step' == 4") { $0.t == 5 },
    Case("f[0]' > 0.5 || step == 0") { $0.t == 0 || $0.old.f(0) > 0.5 },
    Case("f[0]' > 0.5 && step == 0") { _ in false },
    Case("rise(c[1])") { $0.c(1) > $0.old.c(1) },
    Case("fall(c[1])") { $0.c(1) < $0.old.c(1) },
    Case("rise(f[1])") { $0.t > 0 && $0.f(1) > $0.old.f(1) },
    Case("rise(c[1] > 0)") { $0.c(1) > 0 && !($0.old.c(1) > 0) },
    Case("fall(c[1] > 0)") { !($0.c(1) > 0) && $0.old.c(1) > 0 },
    Case("rise(f[1] > 0.5)") { $0.t > 0 && $0.f(1) > 0.5 && !($0.old.f(1) > 0.5) },
    Case("any(rise(c > 0))") { v in (0..<4).contains { v.c($0) > 0 && v.old.c($0) <= 0 } },
    Case("any(c)' > 1.9") { v in (0..<4).contains { v.old.c($0) > 1.9 } },
    Case("any(c - c') > 3") { v in (0..<4).contains { v.c($0) - v.old.c($0) > 3 } },
    Case("count(fall(h)) == 4") { v in (0..<4).allSatisfy { v.h($0) < v.old.h($0) } },
    Case("rise(fall(c[1]))") { v in
      v.t > 0 && v.c(1) < v.old.c(1) && !(v.old.c(1) < v.old.old.c(1))
    },
  ]

  static let names: [Case] = [
    Case("l0.c[3] > 1") { $0.c(3) > 1 },
    Case("l0.fwd.c[3] > 1") { $0.c(3) > 1 },
    Case("fwd.c[3] > 1") { $0.c(3) > 1 },
    Case("l1.fwd.h[2] > 0.5") { $0.fwd(.h, 2) > 0.5 },
    Case("h[2] > 0.5", track: 1) { $0.fwd(.h, 2) > 0.5 },
    Case("bwd.u[2] > 0.5", track: 1) { $0.bwd(.u, 2) > 0.5 },
    Case("u[2] > 0.5", track: 2) { $0.bwd(.u, 2) > 0.5 },
    Case("l1.fwd.n[0] > l0.c[0]") { $0.fwd(.n, 0) > $0.c(0) },
    Case("rise(l1.bwd.h[1])") { $0.bwd(.h, 1) > $0.new.bwd(.h, 1) },
    Case("h[1]' == -1", track: 2) { $0.new.bwd(.h, 1) == -1 },
    Case("l1.bwd.u[1]' > 0.5") { $0.t < 39 && $0.new.bwd(.u, 1) > 0.5 },
    Case("l1.fwd.h[1]' > l1.bwd.h[1]'") { v in
      (v.t == 0 ? -1 : v.old.fwd(.h, 1)) > v.new.bwd(.h, 1)
    },
  ]

  static let texts: [Case] = [
    Case("token == \"\\n\"") { $0.token == "\n" },
    Case("token == '\\n'") { $0.token == "\n" },
    Case("token != \"a\"") { $0.token != "a" },
    Case("\"月\" == token") { $0.token == "月" },
    Case("token == \"\\u{6708}\"") { $0.token == "月" },
    Case("token ~ \"ing\"") { $0.token.hasSuffix("ing") },
    Case("token' == 'a' && token == 'b'") { $0.t > 0 && $0.old.token == "a" && $0.token == "b" },
    Case("token == token'") { $0.t > 0 && $0.old.token == $0.token },
    Case("token == 3") { $0.token == "\n" },
    Case("token < 2") { ["a", "b"].contains($0.token) },
    Case("rise(token == 'a')") { $0.t > 0 && $0.token == "a" && $0.old.token != "a" },
    Case("lane(\"depth\") >= 3") { $0.t != 20 && $0.t % 5 >= 3 },
    Case("!(lane(\"depth\") >= 3)") { $0.t != 20 && $0.t % 5 < 3 },
    Case("lane('in quotes')") { $0.t % 7 > 3 },
    Case("!lane('in quotes') && step > 9") { $0.t % 7 <= 3 && $0.t > 9 },
    Case("rise(lane('in quotes'))") { $0.t > 0 && $0.t % 7 == 4 },
    Case("lane('in quotes') == 1") { $0.t % 7 > 3 },
    Case("lane('next') == 'b'") { $0.t % 2 == 1 && $0.t < 30 },
    Case("lane('next') != 'b'") { $0.t % 2 == 0 && $0.t < 30 && $0.t != 4 },
    Case("lane('next') == token") { $0.t < 30 && $0.t != 4 && $0.token == ["a", "b"][$0.t % 2] },
    Case("lane('next') ~ ''") { $0.t < 30 && $0.t != 4 },
  ]

  /// Steps at which f[2] is NaN, 9, or was, are no hits but where nothing hangs on it.
  static let notNumbers: [Case] = [
    Case("f[2] > 0.5") { $0.f(2) > 0.5 },
    Case("!(f[2] > 0.5)") { $0.f(2) <= 0.5 },
    Case("f[2] != 0.5") { $0.t != 9 && $0.f(2) != 0.5 },
    Case("f[2] == f[2]") { $0.t != 9 },
    Case("isnan(f[2])") { $0.t == 9 },
    Case("any(isnan(f))") { $0.t == 9 },
    Case("f[2] > 0.5 || step == 9") { $0.t == 9 || $0.f(2) > 0.5 },
    Case("any(f) > 0.9") { v in (0..<4).contains { v.f($0) > 0.9 } },
    Case("all(f) >= 0") { $0.t != 9 },
    Case("mean(f) >= 0") { $0.t != 9 },
    Case("max(f) >= 0") { $0.t != 9 },
    Case("min(f) >= 0") { $0.t != 9 },
    Case("min(f[2], 0) <= 0") { $0.t != 9 },
    Case("min(0, f[2]) <= 0") { $0.t != 9 },
    Case("count(f > -1) == 4") { $0.t != 9 },
    Case("rise(f[2])") { $0.t > 0 && $0.f(2) > $0.old.f(2) },
    Case("rise(f[2] > 0)") { v in v.t > 0 && v.f(2) > 0 && v.old.f(2) <= 0 },
  ]

  @Test(arguments: numbers + logic + units + before + names + texts + notNumbers)
  func hitsAreWhereSwiftSaysSo(example: Case) throws {
    let search = try ExpressionTrace.search(example.source, track: example.track)
    let expected = (0..<ExpressionTrace.length).filter { example.holds(Values(t: $0)) }
    #expect(search.hits(in: 0..<ExpressionTrace.length) == expected)
    // As slices, in both directions, step by step.
    #expect([0..<7, 7..<8, 8..<40].flatMap { search.hits(in: $0) } == expected)
    #expect((0..<ExpressionTrace.length).filter { search.holds(at: $0) } == expected)
    #expect(search.firstHit(in: 0..<40) == expected.first)
    #expect(search.lastHit(in: 0..<40) == expected.last)
    #expect(search.lastHit(in: 3..<17) == expected.last { (3..<17).contains($0) })
  }

  /// What is printed says the same.
  @Test(arguments: numbers + logic + units + before + names + texts + notNumbers)
  func anExpressionReadsBackFromItsText(example: Case) throws {
    let first = try SignalExpression(example.source)
    let second = try SignalExpression(first.syntax.description)
    #expect(second.syntax.description == first.syntax.description)
    let search = try ExpressionTrace.search(first.syntax.description, track: example.track)
    let expected = (0..<ExpressionTrace.length).filter { example.holds(Values(t: $0)) }
    #expect(search.hits(in: 0..<ExpressionTrace.length) == expected)
  }

  @Test(arguments: [
    ("(a + b) - (c - d)", "a + b - (c - d)"), ("!(a > 1)", "!(a > 1)"), ("(a)'", "a'"),
    ("(a + 1)'", "(a + 1)'"), ("(-a)'", "(-a)'"), ("-(a')", "-a'"), ("a'[1]", "a[1]'"),
    ("(a > 1) == b", "(a > 1) == b"), ("a || (b && c)", "a || b && c"),
    ("a[01, 2 .. 3]", "a[01,2..3]"),
    ("max(1, 2.50)", "max(1, 2.5)"), ("'it\\'s'", "\"it's\""),
  ])
  func textHasTheLeastBrackets(source: String, text: String) throws {
    #expect(try SignalExpression(source).syntax.description == text)
  }

  @Test func stepsThatAreNotRecordedAreNoHits() throws {
    let trace = try handMadeTrace(
      [ExpressionTrace.layout[0]], input: .tokens(Array(repeating: 0, count: 10)),
      recordedSteps: 6
    ) { _, _, _, _ in 1 }
    let search = try SignalExpression("c[0] == 1").bound(to: ExpressionScope(trace: trace))
    #expect(search.hits(in: 0..<10) == Array(0..<6))
    #expect(search.hits(in: 4..<100) == [4, 5])
    #expect(search.hits(in: 7..<9).isEmpty)
    #expect(search.lastHit(in: 0..<10) == 5)
    #expect(!search.holds(at: 8))
  }

  @Test func numericInputsAreX() throws {
    let trace = try handMadeTrace(
      [ExpressionTrace.layout[0]], input: .features([0, 1, 2, 3, 4, 5], width: 2)
    ) { _, _, _, _ in 0 }
    func hits(_ source: String) throws -> [Int] {
      try SignalExpression(source).bound(to: ExpressionScope(trace: trace)).hits(in: 0..<3)
    }
    #expect(try hits("x[1] >= 3") == [1, 2])
    #expect(try hits("sum(x) == 1") == [0])
    #expect(try hits("x[0]' == 0") == [1])
  }

  /// More steps than a block has, with the step before across its edge.
  @Test func blocksJoinWithoutASeam() throws {
    let length = 40_000
    let layout = [TrackLayout(track: Track(layer: 0), cell: .rnn, units: 2)]
    let trace = try handMadeTrace(layout, input: .tokens(Array(repeating: 0, count: length))) {
      _, _, step, unit in Float((step + unit) % 2)
    }
    let search = try SignalExpression("rise(h[0]) && h[1]' == 1").bound(
      to: ExpressionScope(trace: trace))
    let expected = (0..<length).filter { $0 % 2 == 1 }
    #expect(search.hits(in: 0..<length) == expected)
    #expect(search.lastHit(in: 0..<length - 1) == length - 3)
  }
}
