import Recurrent
import Testing

@testable import Inspector

/// What is wrong, and what the marks stand under: `¦` before and behind it in the source.
@Suite struct ExpressionErrorTests {
  struct Case: CustomTestStringConvertible {
    let source: String
    let range: Range<Int>
    let message: String
    var track = 0
    var testDescription: String { source }

    init(_ marked: String, _ message: String, track: Int = 0) {
      let parts = marked.split(separator: "¦", omittingEmptySubsequences: false)
      source = parts.joined()
      let start = parts[0].unicodeScalars.count
      range = start..<start + max(1, parts[1].unicodeScalars.count)
      self.message = message
      self.track = track
    }
  }

  static let reading: [Case] = [
    Case("¦¦", "the expression is empty; write one such as h[0] > 0.5"),
    Case("¦ ¦  ", "the expression is empty; write one such as h[0] > 0.5"),
    Case("f[0] <¦¦", "expected a value, but the expression ends"),
    Case("f[0] < ¦)¦", "')' closes nothing"),
    Case("f[0] < 1¦)¦", "')' closes nothing"),
    Case("¦(¦f[0] < 1", "'(' is never closed"),
    Case("any¦(¦f", "'(' is never closed"),
    Case("f¦[¦0", "'[' is never closed"),
    Case("f¦[¦0..", "'[' is never closed"),
    Case("f[¦]¦ < 1", "']' closes nothing"),
    Case("f[0 ¦1¦] < 1", "expected ] or another unit, found '1'"),
    Case("f[¦1.5¦] < 1", "expected a unit's number, found '1.5'"),
    Case("f[¦-¦1] < 1", "expected a unit's number, found '-'"),
    Case("f[0] ¦=¦ 1", "'=' is not known; did you mean '=='?"),
    Case("f[0] ¦≤¦ 1", "'≤' is not known; did you mean '<='?"),
    Case("f[0] < 1 ¦&¦ c[0] > 1", "'&' is not known; did you mean '&&'?"),
    Case("f[0] < 1 ¦and¦ c[0] > 1", "'and' is not known; did you mean '&&'?"),
    Case("¦not¦ f[0] < 1", "'not' is not known; did you mean '!'?"),
    Case("f[0] ¦§¦ 1", "\"§\" means nothing here"),
    Case("f[0] ¦f¦[1]", "expected an operator such as && or <, found 'f'"),
    Case("token == ¦\"¦a", "the text has no closing quote"),
    Case("token == ¦'¦", "the text has no closing quote"),
    Case(
      "token == \"¦\\q¦\"",
      "\\q is no escape; there are \\n \\t \\r \\0 \\\\ \\\" \\' and \\u{4E00}"),
    Case(
      "token == \"¦\\u{D800}¦\"",
      "\\u{D800} is no escape; there are \\n \\t \\r \\0 \\\\ \\\" \\' and \\u{4E00}"),
    Case("f[0] < ¦1e999¦", "the number is too large"),
    Case("0.1 < f[0] ¦<¦ 0.9", "comparisons do not chain; write 0.1 < f[0] && f[0] < 0.9"),
    Case("(f)¦[¦0] > 1", "only signals, x, p and y have units in [ ]"),
    Case("l0¦.3¦ > 1", "expected an operator such as && or <, found '.3'"),
    Case("l0.¦(¦3) > 1", "expected a name, found '('"),
  ]

  static let names: [Case] = [
    Case("¦q¦[0] > 1", "there is no 'q'; there is z, f, i, o, c, h, step, token"),
    Case("¦F¦[0] > 1", "there is no 'F'; did you mean 'f'?"),
    Case("¦steps¦ > 1", "there is no 'steps'; did you mean 'step'?"),
    Case("¦g¦[0] > 1", "PyTorch's g is called z here"),
    Case("¦z¦[0] > 1", "PyTorch's z is called u here", track: 1),
    Case("¦u¦[0] > 1", "an LSTM has no signal u; it has z, f, i, o, c, h"),
    Case("l1.fwd.¦c¦[0] > 1", "a GRU has no signal c; it has r, u, n, h"),
    Case("¦l2¦.h[0] > 1", "there is no layer l2; there are l0 to l1"),
    Case(
      "¦l99999999999999999999¦.h[0] > 1",
      "there is no layer l99999999999999999999; "
        + "there are l0 to l1"),
    Case("l0.¦bwd¦.h[0] > 1", "layer 0 has no bwd; it has fwd"),
    Case("¦l1.h[0]¦ > 1", "layer 1 reads both ways; write l1.fwd.h or l1.bwd.h"),
    Case("¦k¦.h[0] > 1", "there is no 'k'; there is l0, fwd, bwd, l0.fwd"),
    Case("l0.¦fwd¦.fwd.h[0] > 1", "there is no 'fwd'; there is l0, fwd, bwd, l0.fwd"),
    Case("¦l0.step¦ > 1", "step belongs to no layer; write step alone"),
    Case("¦step[0]¦ > 1", "step has no units; write step alone"),
    Case("f[¦99¦] < 1", "unit 99 of 4; there is f[0] to f[3]"),
    Case("f[0,2..¦4¦] < 1", "unit 4 of 4; there is f[0] to f[3]"),
    Case("f[¦99999999999999999999¦] < 1", "unit 99999999999999999999 of 4; there is f[0] to f[3]"),
    Case("any(f[¦3..1¦]) < 1", "3..1 runs backwards; write the smaller number first"),
    Case("any(f[1,¦0..2¦]) < 1", "unit 1 is there twice"),
    Case("¦x[0]¦ > 1", "tokens enter this network, not numbers; write token"),
    Case("¦rise¦ c[0]", "rise is a function; write rise(…)"),
    Case("¦rise¦ > 1", "rise is a function; write rise(…)"),
    Case("¦f¦(0) > 1", "f is no function; write f[0] for its unit 0"),
    Case(
      "¦avg¦(f) > 1",
      "there is no function 'avg'; there is any, all, count, min, max, mean, sum, "
        + "abs, sqrt, log, exp, rise, fall, isnan, lane"),
    Case("¦rises¦(c[0])", "there is no function 'rises'; did you mean 'rise'?"),
    Case("¦depth¦ > 1", "there is no 'depth'; did you mean lane(\"depth\")?"),
    Case("lane(¦\"dept\"¦) > 1", "there is no lane \"dept\"; did you mean \"depth\"?"),
    Case(
      "lane(¦\"x\"¦) > 1", "there is no lane \"x\"; there is \"depth\", \"in quotes\", \"next\""),
    Case("lane(¦depth¦) > 1", "lane takes a name in quotes, such as lane(\"depth\")"),
    Case("¦lane()¦ > 1", "lane takes a name in quotes, such as lane(\"depth\")"),
    Case("lane(\"next\") == ¦\"c\"¦", "lane \"next\" is never \"c\"; there is \"a\", \"b\""),
    Case("token == ¦\"A\"¦", "no token is \"A\"; did you mean \"a\"?"),
    Case(
      "token == ¦\"zzz\"¦",
      "no token is \"zzz\"; there is \"a\", \"b\", \"ing\", \"\\n\", "
        + "\"sing\", \"月\""),
    Case("token ~ ¦\"xy\"¦", "no text of the vocabulary contains \"xy\""),
    Case("lane('next') ~ ¦\"xy\"¦", "no text of lane \"next\" contains \"xy\""),
  ]

  static let kinds: [Case] = [
    Case("¦f[0]¦", "f[0] is a number, not a condition; compare it: f[0] > 0.5"),
    Case("!¦f[0]¦ > 1", "f[0] is a number, not a condition; compare it: f[0] > 0.5"),
    Case("step > 1 && ¦token¦", "token is a text, not a condition; compare it: token == \"a\""),
    Case(
      "¦f > 0.9¦",
      "f > 0.9 is said of 4 units; write any(f > 0.9), all(f > 0.9) or one unit, "
        + "f[0]"),
    Case(
      "¦l0.c[1..2] > 0.9¦",
      "l0.c[1..2] > 0.9 is said of 2 units; write any(l0.c[1..2] > 0.9), "
        + "all(l0.c[1..2] > 0.9) or one unit, l0.c[1]"),
    Case("¦f¦", "f is 4 values, not a condition; compare it: f > 0.5"),
    Case("¦any(f)¦", "any(f) must be compared at once: any(f) > 0.5"),
    Case("abs(¦any(f)¦) > 1", "any(f) must be compared at once: any(f) > 0.5"),
    Case("¦any(f)¦ * 2 > 1", "any(f) must be compared at once: any(f) > 0.5"),
    Case(
      "any(f) > ¦i¦",
      "any(f) is compared with one value, but i has several; for the same unit "
        + "of both write any(f > i)"),
    Case(
      "any(f) > ¦all(i)¦",
      "any(f) is compared with one value, but all(i) has several; for the "
        + "same unit of both write any(f > i)"),
    Case(
      "any(¦f[0]¦) > 1",
      "any looks at several units, but f[0] is a number; write any(h) or "
        + "any(h[0..3])"),
    Case(
      "mean(¦f[0]¦) > 1",
      "mean looks at several units, but f[0] is a number; write mean(h) or "
        + "mean(h[0..3])"),
    Case("mean(¦f > 1¦) > 1", "f > 1 is 4 values, not a number"),
    Case("count(¦f¦) > 1", "count takes a condition: count(f > 0.5)"),
    Case("any(¦f[0..1] > i¦)", "f[0..1] has 2 units, but i has 4 units"),
    Case("¦abs()¦ > 1", "abs takes one value, not none"),
    Case("¦abs(1, 2)¦ > 1", "abs takes one value, not 2"),
    Case("¦max()¦ > 1", "max takes one value or more, not none"),
    Case("¦token < \"a\"¦", "texts are compared with ==, != and ~, not <"),
    Case("¦f[0] == \"a\"¦", "f[0] is a number, but \"a\" is a text"),
    Case("¦(f[0] > 1) == (i[0] > 1)¦", "f[0] > 1 is a condition, but i[0] > 1 is a condition"),
    Case("1 + ¦\"a\"¦ > 1", "\"a\" is a text, not a number"),
    Case("token ~ ¦3¦", "~ looks for a text in quotes, but 3 is none; write token ~ \"ing\""),
    Case(
      "¦f[0]¦ ~ \"a\"",
      "~ looks into token, top or a lane of texts, not f[0]; write token ~ \"ing\""),
    Case(
      "¦(l1.fwd.h[0] - l1.bwd.h[0])¦' > 1",
      "l1.fwd.h[0] - l1.bwd.h[0] reads both ways, so its "
        + "step before is not one; write ' at each signal"),
  ]

  @Test(arguments: reading + names + kinds)
  func faultsAreNamedAndMarked(example: Case) throws {
    let error = try #require(throws: ExpressionError.self) {
      try ExpressionTrace.search(example.source, track: example.track)
    }
    #expect(error.description == example.message)
    #expect(error.range == example.range)
  }

  @Test func withoutAVocabularyTokensAreNumbers() throws {
    let trace = try handMadeTrace(
      [ExpressionTrace.layout[0]], input: .tokens([3, 1, 3])
    ) { _, _, _, _ in 0 }
    let scope = ExpressionScope(trace: trace)
    #expect(try SignalExpression("token == 3").bound(to: scope).hits(in: 0..<3) == [0, 2])
    let error = #expect(throws: ExpressionError.self) {
      try SignalExpression("token == \"3\"").bound(to: scope)
    }
    #expect(
      error?.description
        == "the model has no vocabulary, so no token is \"3\"; write its number: token == 3")
    let lane = #expect(throws: ExpressionError.self) {
      try SignalExpression("lane(\"a\") > 1").bound(to: scope)
    }
    #expect(lane?.description == "there are no lanes here; demos have them")
  }

  @Test func numericInputsHaveNoTokens() throws {
    let trace = try handMadeTrace(
      [ExpressionTrace.layout[0]], input: .features([0, 0, 0], width: 1)
    ) { _, _, _, _ in 0 }
    let scope = ExpressionScope(trace: trace)
    for (source, message) in [
      ("token == 1", "numbers enter this network, not tokens; write x[0] for the first of them"),
      ("x[1] > 0", "input 1 of 1; there is only x[0]"),
      ("x > 0", "x > 0 is said of all units; write any(x > 0), all(x > 0) or one unit, x[0]"),
    ] {
      let error = #expect(throws: ExpressionError.self) {
        try SignalExpression(source).bound(to: scope)
      }
      #expect(error?.description == message)
    }
  }

  /// A file of a trace may not hold what entered, or only the tokens' symbols.
  @Test func recordedTracesKnowLess() throws {
    let whole = try handMadeTrace(
      [ExpressionTrace.layout[0]], input: .tokens([0, 1, 0])
    ) { _, _, _, _ in 0 }
    let values = RecordedValues(whole)
    func scope(_ input: InputSequence?) -> ExpressionScope {
      ExpressionScope(
        trace: Trace(
          recorded: whole.layout, values: values, input: input, symbols: ["a", "b"],
          hasTokenNumbers: false, beginsWithZeros: [false]))
    }
    for (source, input, message) in [
      ("any(x) > 0", nil, "the trace does not say what entered the network"),
      ("token == 'a'", nil, "the trace does not say what entered the network"),
      (
        "token == 1", .tokens([0, 1, 0]),
        "the trace has the tokens' symbols, not their numbers; write token == \"a\""
      ),
    ] as [(String, InputSequence?, String)] {
      let error = #expect(throws: ExpressionError.self) {
        try SignalExpression(source).bound(to: scope(input))
      }
      #expect(error?.description == message)
    }
    func hits(_ source: String) throws -> [Int] {
      try SignalExpression(source).bound(to: scope(.tokens([0, 1, 0]))).hits(in: 0..<3)
    }
    #expect(try hits("token == 'a'") == [0, 2])
    #expect(try hits("token != token'") == [1, 2])
    // Steps 4, 5 and 9: nobody knows what was before 4 and 9.
    let part = ExpressionScope(
      trace: Trace(
        recorded: whole.layout, values: values, input: .tokens([0, 1, 0]), symbols: ["a", "b"],
        stepNumbers: [4, 5, 9], beginsWithZeros: [false]))
    for (source, expected) in [
      ("c[0]' == 0", [1]), ("!(c[0]' == 1)", [1]), ("rise(token == 'a')", []),
      ("fall(token == 'a')", [1]), ("token' == 'a'", [1]), ("!rise(c[0])", [1]),
      ("step >= 5", [1, 2]), ("(c[0] + 1)' == 1 || step == 9", [1, 2]),
    ] {
      let found = try SignalExpression(source).bound(to: part).hits(in: 0..<3)
      #expect(found == expected, "\(source)")
    }
    // Nobody knows the state before the first step.
    #expect(try hits("c[0]' == 0") == [1, 2])
  }

  /// Brackets, signs, chains and arguments without end are refused, not recursed into.
  @Test(arguments: [
    String(repeating: "(", count: 3000), String(repeating: "-", count: 3000) + "1 > 0",
    String(repeating: "!", count: 100) + "(1 > 0)",
    "1" + String(repeating: "+1", count: 1500) + ">0",
    "1" + String(repeating: "'", count: 3000) + ">0",
    String(repeating: "abs(", count: 500) + "1" + String(repeating: ")", count: 500),
    String(repeating: "rise(", count: 80) + "c[0]" + String(repeating: ")", count: 80),
    "f[" + String(repeating: "0..", count: 900), String(repeating: "1", count: 3000) + " > 0",
    String(repeating: "\"", count: 3999), String(repeating: "x", count: 4001),
    String(repeating: "l", count: 3000) + "[0] > 1",
  ])
  func whatIsTooMuchIsRefused(source: String) throws {
    let error = #expect(throws: ExpressionError.self) { try ExpressionTrace.search(source) }
    #expect((error?.description.unicodeScalars.count ?? 0) < 400)
  }

  @Test func marksStandUnderWideSigns() throws {
    let error = ExpressionError(.strange("?"), at: 3..<5)
    let marks = error.marks(under: "月a月bc") { $0 == "月" ? 2 : 1 }
    #expect(marks.indent == 5)
    #expect(marks.length == 2)
    let end = error.marks(under: "月a月") { $0 == "月" ? 2 : 1 }
    #expect(end.indent == 5)
    #expect(end.length == 1)
  }
}
