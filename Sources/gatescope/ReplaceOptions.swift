import ArgumentParser
import Files
import Inspector

/// Whether an output may take the place of a file, the same for every subcommand that writes a trace or
/// a part of one.
struct ReplaceOptions: ParsableArguments {
  @Flag(help: "Replace the file where it is there already.")
  var force = false

  /// Looks before a long recording; `write` looks again.
  func check(_ path: String) throws {
    if force || path == "-" { return }
    try naming(path) { try AtomicFile.check(newAt: path) }
  }

  /// Hands the end of the output to `body`; `-` is standard output.
  func write(to path: String, _ body: (any ByteSink) throws -> Void) throws {
    try naming(path) { try writeOutput(to: path, createNew: !force, body) }
  }

  private func naming(_ path: String, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch FileError.alreadyExists {
      throw OutputExists(path: path)
    }
  }
}

/// A file that would be replaced, and nobody has said that it may be.
struct OutputExists: Error, CustomStringConvertible {
  let path: String
  var description: String { "\(path): already exists; --force replaces it, or give another name" }
}
