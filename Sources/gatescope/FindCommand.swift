import ArgumentParser
import Inspector
import ModelFiles
import Recurrent
import Screen

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct FindCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "find", abstract: "Print the steps at which an expression over signals holds.",
    discussion: """
      For example --where 'f[12] < 0.1 && rise(c[12])'; docs/expressions.md has the rest. A row a \
      step as CSV, with what the expression speaks of.
      """)

  @OptionGroup var source: ModelArgument

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Reading") var reading: ReadingOptions

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("The expression.", valueName: "expression"))
  var condition: String

  @Option(help: ArgumentHelp("Steps A to B, both counted in; A.. and ..B too.", valueName: "a..b"))
  var steps: String?

  @Option(
    name: [.short, .customLong("to")],
    help: ArgumentHelp("Where to; - is standard output.", valueName: "file"))
  var output = "-"

  @OptionGroup var replacing: ReplaceOptions

  @OptionGroup var memory: MemoryOptions

  @OptionGroup var whatIf: WhatIfOptions

  func run() throws {
    // Before a long recording, and before the model is read.
    let expression = try faults { () throws(ExpressionError) in try SignalExpression(condition) }
    try replacing.check(output)
    let recorder = try Recording(source, reading, input, memory, whatIf).recorder
    let wanted = try TraceSelection(SelectionOptions(steps: steps), of: recorder.trace).steps
    let search = try faults { () throws(ExpressionError) in
      try expression.bound(to: ExpressionScope(trace: recorder.trace))
    }
    let interrupt = InterruptFlag()
    do {
      try replacing.write(to: output) { try write(search, wanted, recorder, interrupt, to: $0) }
    } catch ExportError.readerGone {
      // `| head` has seen enough, which is no failure.
    }
  }

  /// Records and searches by turns, so that the first hits come early and ^C is heeded.
  private func write(
    _ search: TraceSearch, _ steps: Range<Int>, _ recorder: TraceRecorder,
    _ interrupt: InterruptFlag, to sink: any ByteSink
  ) throws {
    var bar = ProgressBar(isSilent: output == "-" && isatty(STDOUT_FILENO) == 1)
    let export = try HitsExport(search, to: sink)
    var (next, hits) = (steps.lowerBound, 0)
    while next < steps.upperBound {
      if interrupt.isRaised {
        bar.finish()
        try export.flush()
        throw interrupt.exitCode
      }
      recorder.record(
        through: min(next + Self.slice, steps.upperBound) - 1, limit: Self.slice)
      let ready = min(recorder.trace.recordedSteps, steps.upperBound, next + Self.slice)
      if ready > next {
        let found = try export.write(next..<ready)
        if found > 0 { try export.flush() }
        hits += found
        next = ready
      }
      bar.show(min(1, recorder.progress)) {
        "step \(recorder.trace.recordedSteps) of \(recorder.trace.length)  \(hits) found"
      }
    }
    try export.flush()
    bar.finish()
  }

  /// Steps between two looks at the keyboard: a quarter of a second where a step is large.
  private static let slice = 256

  /// What is wrong with the expression, the expression, and marks under the fault.
  private func faults<Result>(
    _ body: () throws(ExpressionError) -> Result
  ) throws(ExpressionFault) -> Result {
    try ExpressionFault.marking(condition, body)
  }
}

/// An expression with its fault marked, in three lines.
struct ExpressionFault: Error, CustomStringConvertible {
  let source: String
  let error: ExpressionError

  /// Runs what may find a fault in an expression of the command line.
  static func marking<Result>(
    _ source: String, _ body: () throws(ExpressionError) -> Result
  ) throws(ExpressionFault) -> Result {
    do {
      return try body()
    } catch {
      throw ExpressionFault(source: source, error: error)
    }
  }

  var description: String { marked("--where: \(error)", source, at: error.range) }
}
