import Inspector
import Recurrent
import Yams

/// The file of a what-if: a YAML list of changes, or a map with the model that they were made for.
///
/// ```yaml
/// model: 8d2f0c11        # the checksum of its weights; may be left out
/// changes:
///   - f[12] = 0 @ 10..20
///   - off: o *= 0.5      # kept, and not in force
/// ```
public struct WhatIfFile: Sendable, Equatable {
  public var whatIf: WhatIf
  /// `Network.checksum` in hexadecimal; nil where the file does not say.
  public var model: String?

  public init(_ whatIf: WhatIf, model: String? = nil) {
    self.whatIf = whatIf
    self.model = model
  }

  public init(_ whatIf: WhatIf, for network: Network) {
    self.init(whatIf, model: Self.mark(of: network))
  }

  static func mark(of network: Network) -> String {
    let digits = String(network.checksum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// More changes than anybody writes; each costs at every step that it concerns.
  public static let mostChanges = 1000

  /// - Throws: `WhatIfFileError`.
  public init(text: String) throws(WhatIfFileError) {
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw .noYAML(line: (error as? YamlError)?.line ?? 1)
    }
    var list = root
    model = nil
    if let mapping = root?.mapping {
      list = nil
      for (key, value) in mapping {
        switch key.string {
        case "model": model = value.scalar?.string
        case "changes": list = value
        default:
          throw .unknownEntry(key.string ?? "?", line: key.mark?.line ?? 1)
        }
      }
    }
    guard let list else { throw .noChanges }
    // "changes:" with nothing behind it is an empty list.
    if list.scalar?.string.isEmpty == true {
      whatIf = WhatIf()
      return
    }
    guard let items = list.sequence else { throw .noChanges }
    guard items.count <= Self.mostChanges else { throw .tooMany(items.count) }
    var entries: [WhatIf.Entry] = []
    for item in items {
      let line = item.mark?.line ?? 1
      var source = item.scalar?.string
      var isOn = true
      if let mapping = item.mapping, mapping.count == 1, let (key, value) = mapping.first {
        source = key.string == "off" ? value.scalar?.string : nil
        isOn = false
      }
      guard let source else { throw .noChange(line: line) }
      do throws(ChangeError) {
        entries.append(WhatIf.Entry(try Change(source), isOn: isOn))
      } catch {
        throw .change(source, error, line: line)
      }
    }
    whatIf = WhatIf(entries)
  }

  /// - Throws: `WhatIfFileError.anotherModel` where the file was made for another one.
  public func check(_ network: Network) throws(WhatIfFileError) {
    guard let model else { return }
    let mark = Self.mark(of: network)
    if model.lowercased() != mark { throw .anotherModel(model, this: mark) }
  }

  /// As it is written; what is read from it is the same.
  public var text: String { lines.map { $0 + "\n" }.joined() }

  var lines: [String] {
    var lines = model.map { ["model: '\($0)'"] } ?? []
    lines.append(whatIf.entries.isEmpty ? "changes: []" : "changes:")
    for entry in whatIf.entries {
      let quoted = entry.change.source.replacing("'", with: "''")
      lines.append("  - " + (entry.isOn ? "" : "off: ") + "'\(quoted)'")
    }
    return lines
  }
}

/// Why a file is no what-if. The cases carry the facts; the words are `description`, one line.
public enum WhatIfFileError: Error, Equatable {
  case noYAML(line: Int)
  case noChanges
  case tooMany(Int)
  case unknownEntry(String, line: Int)
  case noChange(line: Int)
  case change(String, ChangeError, line: Int)
  case anotherModel(String, this: String)

  /// The text that the fault stands in, and where.
  public var place: (source: String, range: Range<Int>)? {
    if case .change(let source, let error, _) = self { (source, error.range) } else { nil }
  }
}

extension WhatIfFileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noYAML(let line): "line \(line) is no YAML; a what-if is a list: - f[12] = 0 @ 10..20"
    case .noChanges: "there is no list of changes; write one a line: - f[12] = 0 @ 10..20"
    case .tooMany(let count):
      "there are \(count) changes; \(WhatIfFile.mostChanges) is the most"
    case .unknownEntry(let name, let line):
      "line \(line): there is no entry '\(name)'; a what-if has model and changes"
    case .noChange(let line): "line \(line) is no change; write - f[12] = 0, or - off: f[12] = 0"
    case .change(_, let error, let line): "line \(line): \(error)"
    case .anotherModel(let model, let this):
      "was made for another model (weights \(model), these are \(this)); remove its line model: "
        + "to use it all the same"
    }
  }
}

extension YamlError {
  fileprivate var line: Int? {
    switch self {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      mark.line
    case .duplicatedKeysInMapping(_, let context): context.mark.line
    case .reader, .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded: nil
    }
  }
}
