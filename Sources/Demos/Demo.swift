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
    public let temperature: Float
    public let seed: UInt64
  }

  /// The folder's name: "reber".
  public let name: String
  /// A few words: "embedded Reber grammar".
  public let title: String
  /// A line for a list of demos.
  public let summary: String
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
  private let variants: [String: String]

  /// The path of the model, or of one of the others made for the same task: "gru".
  ///
  /// - Throws: `DemoError.unknownVariant`.
  public func modelPath(variant: String? = nil) throws(DemoError) -> String {
    guard let variant else { return folder + "/model.safetensors" }
    guard let file = variants[variant] else {
      throw .unknownVariant(demo: name, name: variant, known: variants.keys.sorted())
    }
    return folder + "/" + file
  }

  public var variantNames: [String] { variants.keys.sorted() }

  /// Reads `folder/demo.yml`.
  ///
  /// - Throws: `DemoError`, whose description is one line.
  public init(folder: String, language: String = "en") throws(DemoError) {
    self.folder = folder
    name = folder.split(separator: "/").last.map(String.init) ?? folder
    let path = folder + "/demo.yml"
    let file = try Self.decode(path)
    do throws(DemoFileProblem) {
      guard let words = file.words[language] else { throw .missing("words.\(language)") }
      title = words.title
      summary = words.summary
      sequence = try Self.sequence(file, folder: folder)
      lanes = try Self.lanes(file, language: language)
      tour = try Self.tour(file, language: language)
    } catch {
      throw .malformed(path: path, reason: error.words)
    }
    task = file.task
    order = file.order ?? .max
    expected = file.expected
    error = file.error
    sampling = file.sampled
    variants = file.variants ?? [:]
  }

  private static func decode(_ path: String) throws(DemoError) -> DemoFile {
    let yaml = try readText(path)
    do {
      // What a scalar is follows from what it is read as; to guess it by regular expressions first,
      // as Yams does on its own, takes longer than all the rest.
      let root = try Parser(yaml: yaml, resolver: .basic).singleRoot()
      return try YAMLDecoder().decode(DemoFile.self, from: root ?? Node(""))
    } catch {
      let line = "\(error)".split(whereSeparator: \.isNewline).prefix(3).joined(separator: " ")
      throw .malformed(path: path, reason: line)
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

  private static func tour(_ file: DemoFile, language: String) throws(DemoFileProblem) -> Tour {
    var stops: [TourStop] = []
    for (number, stop) in (file.tour ?? []).enumerated() {
      stops.append(try stop.read(language: language, number: number + 1))
    }
    return Tour(stops: stops)
  }
}
