import Inspector
import Yams

/// demo.yml as it is written; docs/demos.md describes the fields. Prose is keyed by language.
struct DemoFile: Decodable {
  let task: String
  let order: Int?
  let text: String?
  let tokens: [Int]?
  let features: String?
  let expected: [String]?
  let error: Double?
  let sampled: Demo.Sampling?
  let own: String?
  let variants: Variants?
  let words: Spoken<Words>
  let lanes: [Lane]?
  let tour: [Stop]?

  struct Words: Decodable {
    let title: String
    let summary: String
    let teaches: String?
  }

  /// Other models: a list, or names with their files where there is nothing else to say.
  struct Variants: Decodable {
    let list: [Variant]

    init(from decoder: any Decoder) throws {
      if (try? decoder.unkeyedContainer()) != nil {
        list = try [Variant](from: decoder)
      } else {
        list = try [String: String](from: decoder).sorted { $0.key < $1.key }.map {
          Variant(name: $0.key, file: $0.value, called: nil, tour: nil)
        }
      }
    }
  }

  struct Variant: Decodable {
    let name: String
    let file: String
    let called: Spoken<String>?
    let tour: [Stop]?
  }

  struct Lane: Decodable {
    let kind: String
    /// A number or a sign a step, apart by blanks; `-` where nothing is known.
    let values: String
    let name: Spoken<String>
  }

  struct Stop: Decodable {
    let step: Int
    let view: TourStop.View?
    let layer: Int?
    let unit: Int?
    let signal: String?
    let with: String?
    let `do`: [String]?
    let claims: [String]?
    let say: Spoken<String>
  }
}

/// Prose, of which one language is read: the one that the decoder is told.
///
/// A dictionary of all would have Yams look at every key for anchors, by regular expressions that take
/// longer to make than the rest of the file to read.
struct Spoken<Value: Decodable>: Decodable {
  /// Nil where there is none in that language.
  let value: Value?

  init(from decoder: any Decoder) throws {
    let words = try decoder.container(keyedBy: Language.self)
    let language = decoder.userInfo[.language] as? String ?? "en"
    value = try words.decodeIfPresent(Value.self, forKey: Language(stringValue: language))
  }

  private struct Language: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }
}

extension CodingUserInfoKey {
  /// In which language prose is read: "en".
  static let language = CodingUserInfoKey(rawValue: "language")!
}

extension DemoFile.Lane {
  /// - Throws: a sentence that says which value cannot be read.
  func read(language: String, length: Int?) throws(DemoFileProblem) -> GroundTruthLane {
    guard let name = name.value else { throw .missing("lanes: a name in '\(language)'") }
    guard let kind = GroundTruthLane.Kind(rawValue: kind) else {
      throw .wrong("lane '\(name)': the kind is '\(self.kind)', not number, flag or symbol")
    }
    let words = values.split(whereSeparator: \.isWhitespace).map(String.init)
    if let length, words.count != length {
      throw .wrong("lane '\(name)': has \(words.count) values, but the sequence \(length) steps")
    }
    var symbols: [String] = []
    var numbers: [Float] = []
    for (step, word) in words.enumerated() {
      if word == "-" {
        numbers.append(.nan)
      } else if kind == .symbol {
        let index = symbols.firstIndex(of: word) ?? symbols.count
        if index == symbols.count { symbols.append(word) }
        numbers.append(Float(index))
      } else if let number = Float(word) {
        numbers.append(number)
      } else {
        throw .wrong("lane '\(name)': step \(step) is '\(word)', not a number or -")
      }
    }
    return GroundTruthLane(name: name, kind: kind, values: numbers, symbols: symbols)
  }
}

extension DemoFile.Stop {
  /// - Parameter place: which stop it is, for errors.
  func read(language: String, place: String) throws(DemoFileProblem) -> TourStop {
    guard let text = say.value else { throw .missing("\(place): say.\(language)") }
    var claims: [Claim] = []
    for claim in self.claims ?? [] {
      do {
        claims.append(try Claim(claim))
      } catch {
        throw .wrong("\(place): '\(claim)' is no claim such as f[5] > 0.9")
      }
    }
    return TourStop(
      step: step, view: view ?? .lanes, layer: layer ?? 0, unit: unit, signal: signal,
      with: with, text: text.split(whereSeparator: \.isWhitespace).joined(separator: " "),
      commands: self.do ?? [], claims: claims)
  }
}

/// What is wrong with a demo.yml, without its path.
enum DemoFileProblem: Error {
  case missing(String)
  case wrong(String)

  var words: String {
    switch self {
    case .missing(let what): "\(what) is missing"
    case .wrong(let what): what
    }
  }
}
