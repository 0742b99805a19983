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
    "", "f", "f[5]", "f[5] 0.9", "f[5] = 0.9", "f[5] > ", "f[5] > x", "[5] > 1", "f[] > 1",
    "f]5[ > 1",
    "f[  ] > 1",
  ])
  func refusesWhatIsNone(text: String) {
    let error = #expect(throws: MalformedClaim.self) { try Claim(text) }
    #expect(error?.text == text)
  }

  @Test(arguments: [
    (">", [false, false, true]), (">=", [false, true, true]), ("<", [true, false, false]),
    ("<=", [true, true, false]),
  ])
  func comparesWithTheBound(relation: String, holds: [Bool]) throws {
    let claim = try Claim("f[0] \(relation) 0.5")
    #expect([0.4, 0.5, 0.6].map { claim.holds(for: $0) } == holds)
    #expect(!claim.holds(for: .nan))
  }
}
