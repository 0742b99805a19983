import ArgumentParser
import Files
import Inspector
import ModelFiles
import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `trace --sequences`: many sequences through one network, into one file or a part of several.
struct CorpusTrace {
  let modelPath: String
  let model: TrainedModel
  let options: SequenceOptions
  let selection: SelectionOptions
  let layout: CSVLayout
  let memory: Int?
  let output: String
  let replacing: ReplaceOptions

  /// - Parameter single: one sequence in place of a file of many.
  func run(single: InputSequence? = nil) throws {
    let expression = try options.condition.map { condition in
      try ExpressionFault.marking(condition) { () throws(ExpressionError) in
        try SignalExpression(condition)
      }
    }
    guard let shard = options.shard else {
      let format = try CorpusFormat(forPath: output, layout: layout)
      try replacing.check(output)
      try write(to: output, format, expression, single)
      return
    }
    let path = try folder(output) + shard.fileName
    if !replacing.force, access(path, F_OK) == 0 {
      Process.say("\(path): is there already, nothing to do; --force makes it anew")
      return
    }
    try write(to: path, .parquet, expression, nil)
  }

  private func write(
    to path: String, _ format: CorpusFormat, _ expression: SignalExpression?,
    _ single: InputSequence?
  ) throws {
    let interrupt = InterruptFlag()
    let sequences = try SequenceStream(self, single)
    let form = CorpusForm(
      format: format, reduction: options.reduce, condition: expression,
      hasIDs: sequences.hasIDs,
      metadata: [(key: "gatescope.model", value: Self.name(of: modelPath))],
      creator: "gatescope version \(Gatescope.configuration.version)")
    let recorder = BatchRecorder(
      network: model.network, state: model.initialState, symbols: model.vocabulary?.symbols,
      outputSymbols: model.outputSymbols,
      jobs: options.jobs ?? min(Processors.count, SequenceOptions.mostJobs),
      memory: memory ?? BatchRecorder.usualMemory)
    var next = try sequences.next()
    // One of more parts than there are sequences is empty, and there.
    if next == nil, options.shard == nil { throw sequences.nothing }
    let bar = CorpusBar(isSilent: path == "-" && isatty(STDOUT_FILENO) == 1)
    defer { bar.finish() }
    do {
      try replacing.write(to: path) { sink in
        let exporter = try faults {
          try CorpusExporter(
            recorder, form, selection, first: next?.input ?? sequences.example, path: path,
            to: sink
          ) { tally in
            if interrupt.isRaised { throw interrupt.exitCode }
            bar.show(tally, sequences.progress)
          }
        }
        while let sequence = next {
          if interrupt.isRaised { throw interrupt.exitCode }
          try exporter.add(sequence)
          next = try sequences.next()
        }
        try exporter.finish()
      }
    } catch ExportError.readerGone {
      // `| head` has seen enough, which is no failure.
    }
    bar.finish()
    sequences.sayBad()
  }

  private func faults<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as ExpressionError {
      throw ExpressionFault(source: options.condition ?? "", error: error)
    }
  }

  /// The folder of the parts, made where it is not there.
  private func folder(_ path: String) throws -> String {
    if mkdir(path, 0o777) != 0 {
      let code = errno
      var status = stat()
      guard code == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw FolderError(path: path, code: code)
      }
    }
    return path.hasSuffix("/") ? path : path + "/"
  }

  private static func name(of path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }
}

/// A folder for parts that cannot be one.
struct FolderError: Error, CustomStringConvertible {
  let path: String
  let code: Int32

  var description: String {
    code == EEXIST
      ? "\(path): is there and no folder; --shard writes its part into a folder"
      : "\(path): the folder cannot be made: \(String(cString: strerror(code)))"
  }
}
