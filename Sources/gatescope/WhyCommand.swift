import ArgumentParser
import Inspector
import ModelFiles
import Recurrent
import Screen
import Workbench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct WhyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Say where a value comes from: its causes as CSV.",
    discussion: """
      Of c[12] the writes and what is left of them, of f[12] what its sum is made of, of h[12] what it \
      does downstream, of y or y[SYMBOL] what the prediction rested on; docs/why.md has the formulas \
      and the columns.
      """)

  @OptionGroup var source: ModelArgument

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Reading") var reading: ReadingOptions

  @Option(
    name: .customLong("of"),
    help: ArgumentHelp(
      """
      The value: c[12], f[12], l1.bwd.h[3], y[SYMBOL]; with write, gate, out, gradient or integrated \
      before it for another question.
      """, valueName: "value"))
  var value: String

  @Option(help: ArgumentHelp("The step that is asked about; else the last.", valueName: "n"))
  var step: Int?

  @Option(
    help: ArgumentHelp(
      "Of a prediction: what each token gave, or the slope of every unit's states.",
      valueName: "token|unit"))
  var by: Grouping = .token

  @Option(
    help: ArgumentHelp(
      "Of a prediction: how many steps to go back.", valueName: "steps"))
  var window: Int?

  @Option(
    name: [.short, .customLong("to")],
    help: ArgumentHelp("Where to; - is standard output.", valueName: "file"))
  var output = "-"

  @OptionGroup var replacing: ReplaceOptions

  @OptionGroup var memory: MemoryOptions

  @OptionGroup var whatIf: WhatIfOptions

  enum Grouping: String, ExpressibleByArgument, CaseIterable { case token, unit }

  func validate() throws {
    if let step, step < 0 { throw ValidationError("--step counts from 0.") }
    if let window, window < 1 { throw ValidationError("--window needs at least one step.") }
  }

  func run() throws {
    try replacing.check(output)
    let recording = try Recording(source, reading, input, memory, whatIf)
    let (network, recorder) = (recording.model.network, recording.recorder)
    let asked = try request(recorder.trace, network)
    let step = try asked.step ?? self.step.map { try proved($0, recorder.trace) }
    let interrupt = InterruptFlag()
    do {
      try answer(
        asked, at: step ?? recorder.trace.length - 1, network, recorder, interrupt)
    } catch ExportError.readerGone {
      // `| head` has seen enough, which is no failure.
    }
  }

  // MARK: - What is asked

  private func request(_ trace: Trace, _ network: Network) throws -> WhyRequest {
    do throws(InstructionError) {
      let asked = try WhyRequest(parsing: value, of: trace, network: network)
      if asked.unit == nil, !asked.mode.isOfPrediction {
        throw InstructionError("which unit? write \(asked.signal?.rawValue ?? "c")[0]")
      }
      return asked
    } catch {
      throw WhyFault(source: value, error: error)
    }
  }

  private func proved(_ step: Int, _ trace: Trace) throws -> Int {
    guard step < trace.length else {
      throw WrongStep(step: step, last: trace.length - 1)
    }
    return step
  }

  // MARK: - The answer

  private func answer(
    _ asked: WhyRequest, at step: Int, _ network: Network, _ recorder: TraceRecorder,
    _ interrupt: InterruptFlag
  ) throws {
    var bar = ProgressBar(isSilent: output == "-" && isatty(STDOUT_FILENO) == 1)
    defer { bar.finish() }
    // What a push does to n a step later is known once that step is.
    let through = asked.mode == .out ? step + 1 : step
    while !recorder.record(through: through, limit: 256) {
      if interrupt.isRaised { throw interrupt.exitCode }
      bar.show(min(1, recorder.progress)) { "step \(recorder.trace.recordedSteps)" }
    }
    let trace = recorder.trace
    let track = asked.track ?? 0
    let (signal, unit) = (asked.signal ?? trace.layout[track].memory, asked.unit ?? 0)
    switch asked.mode {
    case .write:
      let memory = trace.layout[track].memory
      if trace.layout[track].cell.about.sum != nil, signal != memory {
        throw WhyError.notTheMemory(signal, memory: memory)
      }
      let writes = try StateWrites(trace, track: track, unit: unit, step: step)
      try write(trace) { try $0.write(writes) }
    case .gate:
      let split = try GateSplit(
        network, trace, track: track, signal: signal, unit: unit, step: step)
      try write(trace) { try $0.write(split) }
    case .out:
      let out = try Outgoing(
        network, trace, track: track, signal: signal, unit: unit, step: step)
      try write(trace) { try $0.write(out) }
    case .gradient, .integrated:
      let target = GradientTarget(step: step, output: expected(asked, step, trace, network))
      try explain(asked, target, network, trace, interrupt, &bar)
    }
  }

  /// The output that was named, else the next token, else the likeliest.
  private func expected(
    _ asked: WhyRequest, _ step: Int, _ trace: Trace, _ network: Network
  ) -> Int {
    if let output = asked.output { return output }
    if trace.readout?.quantities.contains(.loss) == true, step + 1 < trace.length,
      let next = trace.token(at: step + 1)
    {
      return next
    }
    return Int(max(0, trace.readout?.block(step..<step + 1).top.first ?? 0))
  }

  private func explain(
    _ asked: WhyRequest, _ target: GradientTarget, _ network: Network, _ trace: Trace,
    _ interrupt: InterruptFlag, _ bar: inout ProgressBar
  ) throws {
    if asked.mode == .integrated {
      let search = try IntegratedGradients(
        network, trace, target: target, window: window ?? IntegratedGradients.usualWindow)
      let answer = try advance(
        interrupt, &bar, progress: { search.progress },
        slice: { search.advance(products: Self.slice) })
      if !answer.isComplete {
        Process.say(
          "after \(answer.points) points the parts add up to \(answer.sum) of "
            + "\(answer.difference), which is more than 1 % off")
      }
      try write(trace) { try $0.write(parts: answer.parts, steps: answer.steps) }
      return
    }
    let pass = try GradientPass(network, trace, target: target, window: window ?? .max)
    let gradients = try advance(
      interrupt, &bar, progress: { pass.progress },
      slice: { pass.advance(products: Self.slice) })
    try write(trace) { export in
      switch by {
      case .token:
        try export.write(parts: gradients.inputTimesGradient, steps: gradients.steps)
      case .unit: try export.write(gradients)
      }
    }
  }

  private func advance<Answer>(
    _ interrupt: InterruptFlag, _ bar: inout ProgressBar, progress: () -> Double,
    slice: () -> Answer?
  ) throws -> Answer {
    while true {
      if let answer = slice() { return answer }
      if interrupt.isRaised { throw interrupt.exitCode }
      bar.show(progress()) { "going back" }
    }
  }

  /// Multiplications between two looks at the keyboard.
  private static let slice = 200_000_000

  private func write(_ trace: Trace, _ body: (WhyExport) throws -> Void) throws {
    try replacing.write(to: output) { try body(WhyExport(trace, to: $0)) }
  }
}

/// A value with its fault marked, in three lines.
struct WhyFault: Error, CustomStringConvertible {
  let source: String
  let error: InstructionError

  var description: String {
    marked("--of: \(error.message)", source, at: error.range ?? 0..<source.unicodeScalars.count)
  }
}

/// A step past the end.
struct WrongStep: Error, CustomStringConvertible {
  let step: Int
  let last: Int
  var description: String { "--step: there is no step \(step); the last is \(last)" }
}
