import Demos
import Testing

@Suite struct ClaimTests {
  @Test(arguments: [
    ("f[5] > 0.9", "f", "5", Claim.Relation.above, Float(0.9)),
    ("c'[2]<0", "c'", "2", .below, 0),
    ("p[T] >= .5", "p", "T", .atLeast, 0.5),
    (" y[0] <= -1e-3 ", "y", "0", .atMost, -0.001),
    ("p[]] > 0.5", "p", "]", .above, 0.5),
    ("p[，] > 0.5", "p", "，", .above, 0.5),
    ("p[ ] > 0.5", "p", " ", .above, 0.5),
    ("p[\n] > 0.5", "p", "\n", .above, 0.5),
    ("f[ 5 ]>0.9", "f", "5", .above, 0.9),
  ])
  func readsTheGrammar(
    text: String, quantity: String, place: String, relation: Claim.Relation, bound: Float
  ) throws {
    let claim = try Claim(text)
    #expect(claim.quantity == quantity)
    #expect(claim.place == place)
    #expect(claim.relation == relation)
    #expect(claim.bound == bound)
  }

  @Test(arguments: [
    "", "f", "f[5]", "f[5] 0.9", "f[5] == 0.9", "f[5] > ", "f[5] > x", "[5] > 1", "f[] > 1",
    "f]5[ > 1",
    "f[  ] > 1", "f[5]@ > 1", "f[5]@x > 1", "f[5]@-1 > 1", ".f[5] > 1", "a.[5] > 1", "a.b.f[5] > 1",
  ])
  func refusesWhatIsNone(text: String) {
    let error = #expect(throws: MalformedClaim.self) { try Claim(text) }
    #expect(error?.text == text)
  }

  @Test(arguments: [
    ("=", [false, true, false]), (">", [false, false, true]), (">=", [false, true, true]),
    ("<", [true, false, false]),
    ("<=", [true, true, false]),
  ])
  func comparesWithTheBound(relation: String, holds: [Bool]) throws {
    let claim = try Claim("f[0] \(relation) 0.5")
    #expect([0.4, 0.5, 0.6].map { claim.holds(for: $0) } == holds)
    #expect(!claim.holds(for: .nan))
  }

  /// As a person rounds, with as many decimals as the claim has.
  @Test(arguments: [
    ("c[0] = -1.01", Float(-1.006), true), ("c[0] = -1.01", -1.016, false),
    ("c[0] = 1.0", 1.04, true), ("c[0] = 1", 1.4, true), ("c[0] = 1", 1.6, false),
    ("c[0] = 0.00", -0.004, true), ("c[0] = 0.00", 0.006, false), ("c[0] = 1.00", .nan, false),
  ])
  func roundsAsItIsWritten(text: String, value: Float, holds: Bool) throws {
    #expect(try Claim(text).holds(for: value) == holds)
  }

  @Test func namesAnotherStep() throws {
    let claim = try Claim("c'[48]@12 > 3")
    #expect(claim.quantity == "c'" && claim.place == "48" && claim.step == 12)
    #expect(claim.relation == .above && claim.bound == 3)
    #expect(try Claim("p[@]@7 = 0.20").place == "@")
    #expect(try Claim("c[48] > 3").step == nil)
    let other = try Claim("rnn.p[.] = 0.25")
    #expect(other.model == "rnn" && other.quantity == "p" && other.place == ".")
    #expect(claim.model == nil)
  }
}
