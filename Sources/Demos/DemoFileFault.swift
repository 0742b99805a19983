import Files
import Yams

/// What is wrong with a demo.yml before anything is known of the demo: the line, the key, and what was
/// expected there.
enum DemoFileFault {
  /// - Parameter root: what could be read as YAML.
  static func words(of error: any Error, in root: Node?) -> String {
    switch error {
    case let error as DecodingError: words(of: error, in: root)
    case let error as YamlError: words(of: error)
    default: "cannot be read as YAML"
    }
  }

  private static func words(of error: YamlError) -> String {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      "line \(mark.line), column \(mark.column): \(problem)"
    case .duplicatedKeysInMapping(let names, let context):
      "line \(context.mark.line): '\(names.first ?? "")' stands twice"
    case .reader, .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      "cannot be read as YAML"
    }
  }

  private static func words(of error: DecodingError, in root: Node?) -> String {
    switch error {
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return place(context.codingPath, root)
        + "expected \(words(of: type)), found \(found(context.codingPath, root))"
    case .keyNotFound(let key, let context):
      return place(context.codingPath, root) + "'\(key.stringValue)' is missing"
    case .dataCorrupted(let context):
      let path = context.codingPath
      let expected =
        path.last?.stringValue == "view"
        ? TourStop.View.allCases.map(\.rawValue).joined(separator: ", ") : "something else"
      return place(path, root) + "expected \(expected), found \(found(path, root))"
    @unknown default: return "cannot be read as a demo"
    }
  }

  /// "line 12: tour 3, step: ".
  private static func place(_ path: [any CodingKey], _ root: Node?) -> String {
    var names: [String] = []
    for key in path {
      if let index = key.intValue, let list = names.popLast() {
        names.append("\(list) \(index + 1)")
      } else {
        names.append(key.stringValue)
      }
    }
    let line = node(path, root).line.map { "line \($0): " } ?? ""
    return line + (names.isEmpty ? "" : names.joined(separator: ", ") + ": ")
  }

  private static func found(_ path: [any CodingKey], _ root: Node?) -> String {
    switch node(path, root).node {
    case .scalar(let scalar)?: "'\(excerpt(scalar.string, limit: 40).text)'"
    case .sequence?: "a list"
    case .mapping?: "a map"
    case .alias?, nil: "nothing"
    }
  }

  /// What stands at a path, and the line of the last part of the path that is there.
  private static func node(_ path: [any CodingKey], _ root: Node?) -> (node: Node?, line: Int?) {
    var (node, line) = (root, root?.mark?.line)
    for key in path {
      if let index = key.intValue, let list = node?.sequence {
        node = list.indices.contains(index) ? list[index] : nil
      } else {
        let entry = node?.mapping?.first { $0.key.string == key.stringValue }
        line = entry?.key.mark?.line ?? line
        node = entry?.value
      }
      line = node?.mark.map { max($0.line, line ?? 1) } ?? line
    }
    return (node, line)
  }

  private static func words(of type: Any.Type) -> String {
    if type is Int.Type { return "a whole number" }
    if type is Double.Type { return "a number" }
    if type is Node.Sequence.Type { return "a list" }
    if type is Node.Mapping.Type { return "names with values" }
    if type is Node.Scalar.Type { return "one value" }
    return "a text"
  }
}
