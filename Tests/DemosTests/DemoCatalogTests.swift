import Demos
import Foundation
import Testing

/// A folder of demos that is there for one test.
private final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "gatescope-demos-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ yaml: String, demo: String) throws {
    try write(Data(yaml.utf8), demo: demo)
  }

  func write(_ yaml: Data, demo: String) throws {
    let folder = path + "/" + demo
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try yaml.write(to: URL(filePath: folder + "/demo.yml"))
  }

  func catalog() throws -> DemoCatalog {
    try DemoCatalog(environment: ["GATESCOPE_DEMOS": path], executable: "/bin/gatescope")
  }
}

private let words = "words: {en: {title: A title, summary: A line}}"

@Suite struct DemoCatalogTests {
  @Test func demosAreFoundAndRead() throws {
    let folder = try Folder()
    try folder.write("task: reber\ntext: BTX\n\(words)\n", demo: "reber")
    try folder.write("task: count\ntokens: [0, 1]\n\(words)\n", demo: "anbn")
    try folder.write("not read", demo: ".hidden")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/empty", withIntermediateDirectories: true)
    let catalog = try folder.catalog()
    #expect(catalog.folder == folder.path)
    #expect(catalog.names == ["anbn", "reber"])
    let demo = try catalog.demo(named: "reber")
    #expect(demo.name == "reber" && demo.title == "A title" && demo.summary == "A line")
    #expect(demo.task == "reber" && demo.sequence == .text("BTX"))
    #expect(try demo.modelPath() == folder.path + "/reber/model.safetensors")
    #expect(try catalog.demo(named: "anbn").sequence == .tokens([0, 1]))
  }

  @Test(arguments: ["", "no", "../reber", "reber/", ".hidden", "empty"])
  func anUnknownNameSaysWhichThereAre(_ name: String) throws {
    let folder = try Folder()
    try folder.write("task: reber\ntext: B\n\(words)\n", demo: "reber")
    try folder.write("task: reber\ntext: B\n\(words)\n", demo: ".hidden")
    try folder.write("task: reber\ntext: B\n\(words)\n", demo: "order")
    let error = #expect(throws: DemoError.self) { try folder.catalog().demo(named: name) }
    #expect(error == .unknown(name: name, known: ["order", "reber"]))
    let next = name == "reber/" ? "did you mean 'reber'?" : "there are: order, reber"
    #expect(error?.description == "there is no demo '\(name)'; \(next)")
  }

  @Test func theEnvironmentNamesTheFolderOrNothingDoes() throws {
    let folder = try Folder()
    let missing = folder.path + "/missing"
    let error = #expect(throws: DemoError.self) {
      try DemoCatalog(environment: ["GATESCOPE_DEMOS": missing], executable: "/bin/gatescope")
    }
    #expect(error == .noFolder(places: [missing]), "no other place is looked at")
    #expect(
      error?.description
        == "no demos found in \(missing); set GATESCOPE_DEMOS to the folder demos/")
    // A file is no folder.
    try folder.write("x", demo: "a")
    #expect(throws: DemoError.self) {
      try DemoCatalog(
        environment: ["GATESCOPE_DEMOS": folder.path + "/a/demo.yml"], executable: "/bin/gatescope")
    }
  }

  @Test(arguments: ["bin/gatescope", ".build/x86/debug/gatescope", "gatescope"])
  func theFolderStandsAboveTheProgramOrBesideIt(_ executable: String) throws {
    let folder = try Folder()
    try folder.write("task: a\ntext: B\n\(words)\n", demo: "demos/one")
    for environment in [[:], ["GATESCOPE_DEMOS": ""]] {
      let catalog = try DemoCatalog(
        environment: environment, executable: folder.path + "/" + executable)
      #expect(catalog.names == ["one"])
    }
  }

  @Test func anInstalledProgramHasThemInShare() throws {
    let folder = try Folder()
    try folder.write("task: a\ntext: B\n\(words)\n", demo: "share/gatescope/demos/one")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/bin", withIntermediateDirectories: true)
    let catalog = try DemoCatalog(environment: [:], executable: folder.path + "/bin/gatescope")
    #expect(catalog.names == ["one"])
  }

  /// Other models are a list with tours of their own, or names with files alone.
  @Test func variantsAreRead() throws {
    let folder = try Folder()
    try folder.write(
      """
      task: a
      text: B
      \(words)
      tour: [{step: 0, say: {en: own}}]
      variants:
        - name: rnn
          file: r.st
          called: {en: the plain network}
          tour: [{step: 1, view: unit, unit: 2, signal: h, with: c, say: {en: words}},
            {step: 2, view: compare, with: f, signal: u, do: [fit], say: {en: words}}]
        - {name: gru, file: g.st}
      """, demo: "new")
    try folder.write("task: a\ntext: B\n\(words)\nvariants: {z: z.st, b: b.st}", demo: "old")
    let demo = try folder.catalog().demo(named: "new")
    #expect(demo.variantNames == ["gru", "rnn"] && demo.variants.map(\.name) == ["rnn", "gru"])
    #expect(try demo.modelPath(variant: "rnn") == folder.path + "/new/r.st")
    #expect(try demo.modelPath(variant: "lstm") == demo.modelPath())
    let model = folder.path + "/new/model.safetensors"
    #expect(demo.others(than: "gru") == ["rnn": folder.path + "/new/r.st", "lstm": model])
    #expect(demo.others().keys.sorted() == ["gru", "rnn"])

    // Beside the demo's own all its stops compare with the own one's signal.
    let part = try #require(demo.laterTours.first)
    #expect(demo.laterTours.count == 1 && part.title == "the plain network")
    #expect(part.tour.stops.map(\.view) == [.compare, .compare])
    #expect(part.tour.stops.map(\.with) == ["variant rnn", "variant rnn"])
    #expect(part.tour.stops.map(\.signal) == ["c", "f"] && part.tour.stops[0].unit == 2)
    #expect(part.tour.stops[1].commands == ["fit"])
    // Alone it is seen as it says itself.
    let alone = try demo.tour(variant: "rnn").stops
    #expect(alone.map(\.view) == [.unit, .compare] && alone.map(\.signal) == ["h", "u"])
    #expect(alone[1].with == "variant lstm" && alone[1].commands == ["compare run f", "fit"])
    #expect(try demo.tour(variant: "gru").stops.isEmpty)
    #expect(try demo.tour(variant: "lstm") == demo.tour)
    #expect(try folder.catalog().demo(named: "old").variants.map(\.title) == ["b", "z"])
  }

  static let malformed: [(String, String)] = [
    ("", ""), ("just text", ""), ("[1, 2]", ""), ("task: [", ""), ("\t- x: {", ""),
    ("text: B\n\(words)", "task"), ("task: a\n\(words)", "one of text, tokens and features"),
    ("task: a\ntext: B\ntokens: [1]\n\(words)", "one of text, tokens and features"),
    ("task: a\ntext: B", "words"), ("task: a\ntext: B\nwords: {}", "words.en is missing"),
    ("task: a\ntext: B\nwords: {en: {title: T}}", "summary"),
    ("task: a\ntext: B\nwords: 7", ""), ("task: {b: c}\ntext: B\n\(words)", ""),
    (
      "task: a\ntokens: [1, x]\n\(words)",
      "line 2: tokens 2: expected a whole number, found 'x'"
    ), ("task: a\ntokens: [1.5]\n\(words)", "line 2: tokens 1: expected a whole number"),
    ("task: a\ntokens: 3\n\(words)", "line 2: tokens: expected a list, found '3'"),
    ("task: a\nerror: low\n\(words)", "line 2: error: expected a number, found 'low'"),
    ("task: [a]\n\(words)", "line 1: task: expected one value, found a list"),
    ("task: a\ntext: [", ", column "), ("task: a\ntask: b\n", "'task' stands twice"),
    (
      "task: a\ntokens: [1]\n\(words)\ntour:\n- step: 0\n  view: comparison\n  say: {en: a}",
      "tour 1, view: expected lanes, cell, unit, text, table, compare, why, flow, found 'comparison'"
    ),
    (
      "task: a\ntokens: [1]\n\(words)\ntour:\n- step: 0\n  say: {en: a}\n- step: 1",
      "tour 2: 'say' is missing"
    ),
    (
      "task: a\ntokens: [1]\nlanes: [{kind: odd, values: '1', name: {en: d}}]\n\(words)",
      "lane 'd': the kind is 'odd'"
    ),
    (
      "task: a\ntokens: [1]\nlanes: [{kind: flag, values: '1 0', name: {en: d}}]\n\(words)",
      "lane 'd': has 2 values, but the sequence 1 steps"
    ),
    (
      "task: a\ntokens: [1]\nlanes: [{kind: number, values: 'x', name: {en: d}}]\n\(words)",
      "lane 'd': step 0 is 'x'"
    ),
    (
      "task: a\ntokens: [1]\nlanes: [{kind: number, values: '1', name: {}}]\n\(words)",
      "a name in 'en'"
    ),
    ("task: a\ntext: B\ntour: [{step: 1, say: {}}]\n\(words)", "tour stop 1: say.en is missing"),
    (
      "task: a\ntext: B\ntour: [{step: 1, with: h, say: {en: x}}]\n\(words)",
      "tour stop 1: `with` belongs to the view compare"
    ),
    ("task: a\ntext: B\nvariants: [{file: b}]\n\(words)", "name"),
    (
      "task: a\ntext: B\nvariants: [{name: b, file: b}, {name: b, file: c}]\n\(words)",
      "variants: two are called 'b'"
    ),
    (
      "task: a\ntext: B\nvariants: [{name: lstm, file: b}]\n\(words)",
      "variants: 'lstm' is the demo's own model"
    ),
    (
      "task: a\ntext: B\nvariants: [{name: b, file: b, tour: [{step: 1, say: {}}]}]\n\(words)",
      "b's tour stop 1: say.en is missing"
    ),
    ("task: a\ntext: B\ntour: [{step: 1, view: 3d, say: {en: x}}]\n\(words)", ""),
    (
      "task: a\ntext: B\ntour: [{step: 1, say: {en: x}, claims: ['f 5 > 1']}]\n\(words)",
      "tour stop 1: 'f 5 > 1' is no claim"
    ),
  ]

  @Test(arguments: malformed)
  func aMalformedFileIsOneLine(_ yaml: String, _ reason: String) throws {
    let folder = try Folder()
    try folder.write(yaml, demo: "bad")
    let error = #expect(throws: DemoError.self) { try folder.catalog().demo(named: "bad") }
    let words = try #require(error).description
    #expect(words.hasPrefix(folder.path + "/bad/demo.yml: "))
    #expect(reason.isEmpty || words.contains(reason))
    #expect(!words.contains { $0.isNewline })
  }

  @Test func whatIsNoTextOrNotThereSaysSo() throws {
    let folder = try Folder()
    try folder.write(Data([0x74, 0xFF, 0xFE]), demo: "bytes")
    let path = folder.path + "/bytes/demo.yml"
    let error = #expect(throws: DemoError.self) { try folder.catalog().demo(named: "bytes") }
    #expect(error == .notUTF8(path: path))
    let missing = #expect(throws: DemoError.self) { try Demo(folder: folder.path + "/none") }
    #expect(missing == .unreadable(path: folder.path + "/none/demo.yml", code: ENOENT))
    // A folder opens, but cannot be read.
    try FileManager.default.createDirectory(
      atPath: folder.path + "/dir/demo.yml", withIntermediateDirectories: true)
    #expect(throws: DemoError.self) { try folder.catalog().demo(named: "dir") }
  }

  @Test(arguments: [
    ("f[5] > 0.9", "f", "5", Claim.Relation.above, Float(0.9)), ("c'[2]<0", "c'", "2", .below, 0),
    ("p[T] >= 0.5", "p", "T", .atLeast, 0.5), ("y[0] <= -1e3", "y", "0", .atMost, -1000),
  ])
  func claimsAreRead(
    _ text: String, _ quantity: String, _ place: String, _ relation: Claim.Relation, _ bound: Float
  ) throws {
    let claim = try Claim(text)
    #expect(claim.quantity == quantity && claim.place == place && claim.description == text)
    #expect(claim.relation == relation && claim.bound == bound)
    #expect(claim.holds(for: bound) == [.atLeast, .atMost].contains(relation))
    #expect(!claim.holds(for: .nan))
  }

  @Test(arguments: [
    "", "f", "f[5]", "f[5] > ", "f[5] > x", "[5] > 1", "f[] > 1", "f]5[ > 1", "f[5] == 1",
  ])
  func whatIsNoClaimIsRefused(_ text: String) {
    let error = #expect(throws: MalformedClaim.self) { try Claim(text) }
    #expect(error?.text == text)
  }
}
