import Inspector
import Yams

/// A folder of demos/ as it was read: what to open, and what to say about it.
public struct Demo: Sendable {
  /// What enters the network.
  public enum Sequence: Sendable, Equatable {
    /// Text in the symbols of the model's vocabulary.
    case text(String)
    case tokens([Int])
    /// The path of a CSV file with a header row; columns `target…` are what should come out.
    case features(path: String)
  }

  /// How the model wrote its own text: character by character, each drawn from its probabilities.
  public struct Sampling: Sendable, Equatable, Decodable {
    /// What the text begins with; all that follows is the model's.
    public let start: String
    /// p is raised to 1 / temperature.
    public let temperature: Double
    public let seed: UInt64
  }

  /// The folder's name: "reber".
  public let name: String
  /// A few words: "embedded Reber grammar".
  public let title: String
  /// A line for a list of demos.
  public let summary: String
  /// What one knows after its tour, in a few words; nil where nobody has said it.
  public let teaches: String?
  /// The task of `gatescope train` that makes the model.
  public let task: String
  /// Its place in the list, from the easiest on.
  public let order: Int
  public let sequence: Sequence
  /// What the readout should give at each step, by name, where it is not the next token.
  public let expected: [String]?
  /// What `gatescope evaluate` has found as the model's mean error on fresh sequences: nats a
  /// prediction, or the root of the mean squared error.
  public let error: Double?
  /// Nil where the sequence was not written by the model.
  public let sampling: Sampling?
  public let lanes: [GroundTruthLane]
  public let tour: Tour
  public let folder: String
  /// Other models made for the same task, in the order in which the tour goes on to them.
  public let variants: [DemoVariant]
  /// What the demo's own model is called among them.
  public let ownVariant: String

  /// The path of the model, or of one of the others made for the same task: "gru".
  ///
  /// - Throws: `DemoError.unknownVariant`.
  public func modelPath(variant: String? = nil) throws(DemoError) -> String {
    guard let variant, variant != ownVariant || variants.isEmpty else {
      return folder + "/model.safetensors"
    }
    return try self.variant(variant).path
  }

  /// - Throws: `DemoError.unknownVariant`.
  private func variant(_ name: String) throws(DemoError) -> DemoVariant {
    guard let variant = variants.first(where: { $0.name == name }) else {
      throw .unknownVariant(demo: self.name, name: name, known: variantNames)
    }
    return variant
  }

  public var variantNames: [String] { variants.map(\.name).sorted() }

  /// The tour of the demo's own model, or of another that is open in its place.
  ///
  /// - Throws: `DemoError.unknownVariant`.
  public func tour(variant: String?) throws(DemoError) -> Tour {
    guard let variant, variant != ownVariant || variants.isEmpty else { return tour }
    return try self.variant(variant).tourAlone(own: ownVariant)
  }

  /// The tours that the demo's own goes on to: of each other model that has one, beside its own.
  public var laterTours: [TourPart] {
    tour.stops.isEmpty ? [] : variants.filter { !$0.stops.isEmpty }.map(\.tourBeside)
  }

  /// What can be opened beside a model of the demo: all others, paths by name.
  ///
  /// - Parameter variant: the model that is open; nil for the demo's own.
  public func others(than variant: String? = nil) -> [String: String] {
    var paths: [String: String] = [:]
    for other in variants where other.name != variant { paths[other.name] = other.path }
    if let variant, variant != ownVariant { paths[ownVariant] = folder + "/model.safetensors" }
    return paths
  }

  /// Reads `folder/demo.yml`.
  ///
  /// - Throws: `DemoError`, whose description is one line.
  public init(folder: String, language: String = "en") throws(DemoError) {
    self.folder = folder
    name = folder.split(separator: "/").last.map(String.init) ?? folder
    let path = folder + "/demo.yml"
    let file = try Self.decode(path, language: language)
    do throws(DemoFileProblem) {
      guard let words = file.words.value else { throw .missing("words.\(language)") }
      title = words.title
      summary = words.summary
      teaches = words.teaches
      sequence = try Self.sequence(file, folder: folder)
      lanes = try Self.lanes(file, language: language)
      tour = Tour(stops: try Self.stops(file.tour, "tour", language: language))
      if let number = tour.stops.firstIndex(where: { $0.with != nil && $0.view != .compare }) {
        throw .wrong("tour stop \(number + 1): `with` belongs to the view compare")
      }
      variants = try Self.variants(file, folder: folder, language: language)
    } catch {
      throw .malformed(path: path, reason: error.words)
    }
    task = file.task
    order = file.order ?? .max
    expected = file.expected
    error = file.error
    sampling = file.sampled
    ownVariant = file.own ?? "lstm"
  }

  private static func decode(
    _ path: String, language: String
  ) throws(DemoError) -> DemoFile {
    let yaml = try readText(path)
    var root: Node?
    do {
      // What a scalar is follows from what it is read as; to guess it by regular expressions first,
      // as Yams does on its own, takes longer than all the rest.
      root = try Parser(yaml: yaml, resolver: .basic).singleRoot()
      return try YAMLDecoder().decode(
        DemoFile.self, from: root ?? Node(""), userInfo: [.language: language])
    } catch {
      throw .malformed(path: path, reason: DemoFileFault.words(of: error, in: root))
    }
  }

  private static func sequence(_ file: DemoFile, folder: String) throws(DemoFileProblem)
    -> Sequence
  {
    switch (file.text, file.tokens, file.features) {
    case (let text?, nil, nil): return .text(text)
    case (nil, let tokens?, nil): return .tokens(tokens)
    case (nil, nil, let file?): return .features(path: folder + "/" + file)
    default: throw .wrong("one of text, tokens and features must be there")
    }
  }

  private static func lanes(_ file: DemoFile, language: String) throws(DemoFileProblem)
    -> [GroundTruthLane]
  {
    var lanes: [GroundTruthLane] = []
    for lane in file.lanes ?? [] {
      let length = lanes.first?.values.count ?? file.tokens?.count
      lanes.append(try lane.read(language: language, length: length))
    }
    return lanes
  }

  private static func stops(
    _ stops: [DemoFile.Stop]?, _ tour: String, language: String
  ) throws(DemoFileProblem) -> [TourStop] {
    var read: [TourStop] = []
    for (number, stop) in (stops ?? []).enumerated() {
      read.append(try stop.read(language: language, place: "\(tour) stop \(number + 1)"))
    }
    return read
  }

  private static func variants(
    _ file: DemoFile, folder: String, language: String
  ) throws(DemoFileProblem) -> [DemoVariant] {
    var variants: [DemoVariant] = []
    for variant in file.variants?.list ?? [] {
      guard !variants.contains(where: { $0.name == variant.name }) else {
        throw .wrong("variants: two are called '\(variant.name)'")
      }
      guard variant.name != (file.own ?? "lstm") else {
        throw .wrong(
          "variants: '\(variant.name)' is the demo's own model; `own` names it otherwise")
      }
      variants.append(
        DemoVariant(
          name: variant.name, title: variant.called?.value ?? variant.name,
          path: folder + "/" + variant.file,
          stops: try stops(variant.tour, "\(variant.name)'s tour", language: language)))
    }
    return variants
  }
}
