import Yams

/// A folder of demos/ as it was read: what to open, and what to say about it.
public struct Demo: Sendable {
  /// The folder's name: "reber".
  public let name: String
  /// A few words: "embedded Reber grammar".
  public let title: String
  /// A line for a list of demos.
  public let summary: String
  /// The task of `gatescope train` that makes the model.
  public let task: String
  /// What is read, as text.
  public let text: String
  public let folder: String

  public var modelPath: String { folder + "/model.safetensors" }

  /// Reads `folder/demo.yml`.
  ///
  /// - Throws: `DemoError`, whose description is one line.
  public init(folder: String) throws(DemoError) {
    self.folder = folder
    name = folder.split(separator: "/").last.map(String.init) ?? folder
    let path = folder + "/demo.yml"
    let yaml = try readText(path)
    let file: DemoFile
    do {
      file = try YAMLDecoder().decode(DemoFile.self, from: yaml)
    } catch {
      throw .malformed(path: path, reason: oneLine(error))
    }
    guard let words = file.words["en"] else {
      throw .malformed(path: path, reason: "words.en is missing")
    }
    title = words.title
    summary = words.summary
    task = file.task
    text = file.text
  }
}

/// demo.yml as it is written; docs/demos.md describes the fields. Prose is keyed by language.
private struct DemoFile: Decodable {
  let task: String
  let text: String
  let words: [String: DemoWords]
}

private struct DemoWords: Decodable {
  let title: String
  let summary: String
}

private func oneLine(_ error: any Error) -> String {
  "\(error)".split(whereSeparator: \.isNewline).prefix(3).joined(separator: " ")
}
