import ArgumentParser
import ModelFiles
import TraceFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What this program starts to see whether an HDF5 file brings libhdf5 down; nobody types it.
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe-file", shouldDisplay: false)

  /// What the file will be read for.
  enum Purpose: String, ExpressibleByArgument {
    case model, report, trace, tokens
  }

  @Argument var purpose: Purpose
  @OptionGroup var reading: ReadingOptions
  @Argument var path: String

  func run() throws {
    _exit(
      DamageProbe.answer {
        switch purpose {
        case .model: _ = try reading.model(at: path)
        case .report: _ = try reading.report(of: path)
        case .trace: _ = try TraceReader.read(path: path)
        case .tokens: _ = try TraceReader.tokens(path: path)
        }
      })
  }

  /// - Parameter options: `reading`, as the person gave them.
  /// - Throws: `ModelFileError` for a file that would end this process, or never be read.
  static func check(
    _ path: String, _ purpose: Purpose, _ options: [String] = []
  ) throws(ModelFileError) {
    let words = [configuration.commandName ?? "", purpose.rawValue] + options + ["--"]
    try DamageProbe(executable: Process.executable, arguments: words).check(path)
  }
}
