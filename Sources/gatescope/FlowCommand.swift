import ArgumentParser
import Inspector
import ModelFiles
import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct FlowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flow",
    abstract: "Print how far back a step reaches: gradients and memory by the lag, as CSV.",
    discussion: """
      Back from --from the norms of the gradients of c and h; forth from --swap how far the states \
      differ once another token was read there. With --pace how fast c and h are, a row a unit. \
      docs/flow.md has the columns.
      """)

  @OptionGroup var source: ModelArgument

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Reading") var reading: ReadingOptions

  @Option(help: ArgumentHelp("The layer, such as 1 or l0.bwd; the first.", valueName: "layer"))
  var layer: String?

  @Option(
    help: ArgumentHelp("From which step one looks back; the last.", valueName: "step"))
  var from: Int?

  @Option(help: ArgumentHelp("How many steps back at most.", valueName: "count"))
  var back: Int?

  @Option(
    help: ArgumentHelp("Which step reads something else; the first.", valueName: "step"))
  var swap: Int?

  @Option(
    help: ArgumentHelp(
      "What it reads, a symbol or a number; what changes h most.", valueName: "token"))
  var by: String?

  @Flag(help: "How fast c and h of every unit are, in place of the lags.")
  var pace = false

  @Option(
    name: [.short, .customLong("to")],
    help: ArgumentHelp("Where to; - is standard output.", valueName: "file"))
  var output = "-"

  @OptionGroup var replacing: ReplaceOptions

  @OptionGroup var memory: MemoryOptions

  func validate() throws {
    if let back, back < 1 { throw ValidationError("--back \(back): a count from 1 on is needed.") }
    if pace && (from != nil || back != nil || swap != nil || by != nil) {
      throw ValidationError("--pace looks at every step; it goes with none of the others.")
    }
  }

  func run() throws {
    try replacing.check(output)
    let recording = try Recording(source, reading, input, memory)
    let (network, recorder) = (recording.model.network, recording.recorder)
    let trace = recorder.trace
    let track = try self.track(in: trace)
    let isForward = trace.layout[track].track.direction == .forward
    let end = try step("--from", from, trace) ?? (isForward ? trace.length - 1 : 0)
    let swapped = try step("--swap", swap, trace) ?? (isForward ? 0 : trace.length - 1)
    var token = try token(recording.model, trace)
    let interrupt = InterruptFlag()
    var bar = ProgressBar(isSilent: output == "-" && isatty(STDOUT_FILENO) == 1)
    func work(_ words: String, _ share: @autoclosure () -> Double, _ slice: () -> Bool) throws {
      while !slice() {
        if interrupt.isRaised {
          bar.finish()
          throw interrupt.exitCode
        }
        bar.show(share()) { words }
      }
    }
    try work("recording", recorder.progress) {
      recorder.record(through: trace.length - 1, limit: 256)
    }
    do {
      if pace {
        let study = PaceStudy(of: trace, track: track)
        try work("measuring", study.progress) { study.advance(budget: 4_000_000) }
        bar.finish()
        guard let report = study.report else { return }
        try replacing.write(to: output) {
          try FlowExport(to: $0).write(report) { trace.layout[track].number(of: $0) }
        }
        return
      }
      if let layer = network.layers.first(where: { !$0.shape.cell.isClassic }) {
        throw ValidationError("\(WhyError.notOf(layer.shape.cell, what: "gradients")); --pace is.")
      }
      let gradients = GradientStudy(
        network: network, trace: trace, track: track, step: end, longest: back)
      try work("following gradients", gradients.progress) {
        gradients.advance(budget: 200_000_000)
      }
      token =
        token ?? ReachStudy.mostTelling(network: network, trace: trace, step: swapped)
      var reach: ReachStudy?
      if token != nil || trace.token(at: swapped) == nil {
        let study = try ReachStudy(
          network: network, trace: trace, track: track, step: swapped, token: token,
          through: max(end, swapped))
        try work("running again", study.progress) { study.advance(limit: 256) }
        reach = study
      }
      bar.finish()
      try replacing.write(to: output) { try FlowExport(to: $0).write(gradients.flow, reach?.reach) }
    } catch ExportError.readerGone {
      // `| head` has seen enough, which is no failure.
    }
  }

  // MARK: - What was asked

  private func track(in trace: Trace) throws -> Int {
    guard let layer else { return 0 }
    let names = trace.layout.map { "l\($0.track.layer).\($0.track.direction.rawValue)" }
    if let number = Int(layer),
      let track = trace.layout.firstIndex(where: { $0.track.layer == number })
    {
      return track
    }
    guard let track = names.firstIndex(of: layer) else {
      throw FlowFault(
        what: "--layer \(layer): there is no such layer; there is "
          + names.joined(separator: ", "))
    }
    return track
  }

  private func step(_ option: String, _ step: Int?, _ trace: Trace) throws -> Int? {
    guard let step else { return nil }
    guard (0..<trace.length).contains(step) else {
      throw FlowFault(
        what: "\(option) \(step): there is no such step; the sequence has 0 to \(trace.length - 1)")
    }
    return step
  }

  private func token(_ model: TrainedModel, _ trace: Trace) throws -> Int? {
    guard let by else { return nil }
    guard case .tokens = trace.input else {
      throw FlowFault(what: "--by \(by): numbers enter here; without --by the step reads zeros")
    }
    guard let token = model.vocabulary?.symbols.firstIndex(of: by) ?? Int(by),
      (0..<model.network.tokenCount).contains(token)
    else {
      throw FlowFault(
        what: "--by \(by): no such token; there are 0 to \(model.network.tokenCount - 1), "
          + "or the vocabulary's symbols")
    }
    return token
  }
}

/// Something that was asked and is not there.
private struct FlowFault: Error, CustomStringConvertible {
  let what: String
  var description: String { what }
}
