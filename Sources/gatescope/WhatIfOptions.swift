import ArgumentParser
import Inspector
import ModelFiles
import Recurrent
import Workbench

/// Changes to what the network does, the same for every subcommand that runs one.
struct WhatIfOptions: ParsableArguments {
  @Option(
    name: .customLong("what-if"),
    help: ArgumentHelp(
      "Change what the network does: a YAML list of lines such as f[12] = 0 @ 10..20; docs/what-if.md.",
      valueName: "file"))
  var file: String?

  /// The recording with the changes in force; as it is where there are none.
  ///
  /// - Throws: `WhatIfFault`, one line and marks under what is wrong.
  func applied(
    to recorder: TraceRecorder, of model: TrainedModel, memory: Int, alone: Bool = false
  ) throws -> TraceRecorder {
    guard let what = try read(for: model) else { return recorder }
    let run: ChangedRun
    do throws(ChangeListError) {
      run = try ChangedRun(
        what.whatIf.changes,
        in: ChangeScope(base: recorder, of: model))
    } catch {
      throw WhatIfFault(path: TextFile.name(of: file ?? ""), what.whatIf, error)
    }
    guard run.firstStep < .max else { return recorder }
    return try TraceRecorder(
      network: model.network, input: run.input, state: run.state,
      symbols: model.vocabulary?.symbols, outputSymbols: model.outputSymbols, memory: memory,
      alone: alone, interventions: run.interventions)
  }

  /// The file with a name for its branch.
  func named(for model: TrainedModel) throws -> (file: WhatIfFile, name: String)? {
    try read(for: model).map { ($0, file.map(Workbench.stem) ?? "") }
  }

  /// The file; nil where none was given.
  func read(for model: TrainedModel) throws -> WhatIfFile? {
    guard let file else { return nil }
    let name = TextFile.name(of: file)
    let text = try TextFile.read(file)
    do throws(WhatIfFileError) {
      let what = try WhatIfFile(text: text)
      try what.check(model.network)
      return what
    } catch {
      throw WhatIfFault(path: name, error)
    }
  }
}

/// What is wrong with a what-if: a line, and where it is known two more with marks.
struct WhatIfFault: Error, CustomStringConvertible {
  let description: String

  init(path: String, _ error: WhatIfFileError) {
    let message = "\(path): \(error)"
    description =
      error.place.map { marked(message, $0.source, at: $0.range) } ?? message
  }

  init(path: String, _ whatIf: WhatIf, _ error: ChangeListError) {
    let place = whatIf.place(ofActive: error.index)
    description = marked(
      "\(path): change \(place + 1): \(error.error)", whatIf.entries[place].change.source,
      at: error.error.range)
  }
}
