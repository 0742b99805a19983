import ArgumentParser
import Figures
import Files
import Inspector
import ModelFiles
import Screen
import TraceFiles
import Workbench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct FigureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figure", abstract: "Draw a view for a paper, as SVG, PNG or PDF.",
    discussion: """
      The whole sequence of a model, a demo or a recorded trace as the screen shows it: the same values, \
      limits, colours, order and filter, with axes and a colour bar. docs/figures.md shows every view. On the screen :figure draws what is seen.
      """)

  @OptionGroup var source: ModelArgument

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Reading") var reading: ReadingOptions

  @Option(
    name: [.short, .customLong("to")],
    help: ArgumentHelp(
      """
      Where to: .svg, .png or .pdf by the name, .html for a page of the lanes that steps; - is standard \
      output, as SVG.
      """, valueName: "file"))
  var output: String

  @OptionGroup var replacing: ReplaceOptions

  @Option(help: "The view: lanes, cell, unit, text, compare, why or flow.")
  var view: ViewKind?

  @OptionGroup(title: "Figure") var look: FigureOptions

  @OptionGroup(title: "What is shown") var shown: ShownOptions

  @OptionGroup var memory: MemoryOptions

  @OptionGroup var whatIf: WhatIfOptions

  @OptionGroup(title: "Comparing") var comparison: ComparisonOptions

  private var format: FigureFormat {
    get throws { output == "-" ? .svg : try FigureFormat(forPath: output) }
  }

  func run() throws {
    let isPage = output.lowercased().hasSuffix(".html")
    let format: FigureFormat = isPage ? .svg : try format
    try replacing.check(output)
    let (session, model) = try session()
    for warning in session.warnings { Process.say("\(source.name): \(warning)") }
    let workbench = try session.workbench(
      look.settings, comparing: comparison.requests,
      whatIf: model.flatMap { try whatIf.named(for: $0) })
    let limits = look.limits.map {
      FigureInstruction(option: "--limits", instruction: Instruction(.set, "limits \($0)"))
    }
    for instruction in [limits].compactMap({ $0 })
      + shown.instructions(view: view, comparison: comparison)
    {
      try instruction.carryOut(on: workbench)
    }
    if isPage {
      let options = SelectionOptions(
        steps: shown.steps, units: shown.units, signals: shown.signals)
      try replacing.write(to: output) {
        try $0.write(Array(try workbench.page(options, theme: look.theme).utf8))
      }
      return
    }
    let figure = try drawn(by: workbench)
    if let tokens = figure.time?.tokens, !tokens.isEmpty, !FigureLayout.showsTokens(figure) {
      Process.say(
        "\(tokens.count) tokens have no room side by side; --steps A..B or a larger --width shows them"
      )
    }
    let scene = FigureLayout.scene(of: figure)
    let bytes = try format.bytes(of: scene, resolution: look.resolution)
    try replacing.write(to: output) { try $0.write(bytes) }
  }

  private func drawn(by workbench: Workbench) throws -> Figure {
    var request = FigureRequest(path: output)
    request.isAsSeen = false
    request.marksStep = shown.step != nil || shown.value != nil
    request.marksUnit = shown.unit != nil || workbench.state.view == .cell
    request.width = look.width
    request.columns = look.columns
    request.caption = look.caption
    request.steps = shown.steps
    request.signals = shown.signals
    request.units = shown.units
    return try workbench.figure(request, theme: look.theme)
  }

  // MARK: - What it is of

  /// - Returns: the model too, where there is one.
  private func session() throws -> (ScreenSession, TrainedModel?) {
    if isTrace {
      guard source.variant == nil else {
        throw ValidationError("--variant is another model of a demo, but \(source.name) is a file.")
      }
      guard whatIf.file == nil, comparison.requests.isEmpty else {
        throw ValidationError(
          "--what-if, --against and --against-text need a model; \(source.name) is a recorded trace."
        )
      }
      let (recorded, warnings) = try ViewCommand.read(source.name, vocab: input.vocab)
      let name = TraceNames.file(of: source.name)
      return (
        ScreenSession(recorded, name: name, warnings: recorded.warnings + warnings), nil
      )
    }
    let opened = try ModelOrDemo(source, reading, input)
    let sequence = try opened.sequence(input)
    let session = try ScreenSession(
      model: opened.model, input: sequence, memory: memory.bytes(isReplayed: true)
    ) { recorder in
      // What is known of a demo's sequence is not known of another.
      guard !input.isGiven, let demo = opened.demo else {
        return SessionFacts(
          name: TraceNames.stem(of: opened.path), title: opened.model.task ?? "",
          featureNames: opened.model.featureNames ?? [])
      }
      return try demo.session(recorder, variant: source.variant)
    }
    return (session, opened.model)
  }

  /// Whether it is a recorded trace: a file of a kind that they have, and nothing that a model would read.
  private var isTrace: Bool {
    let kinds = [".npz", ".npy", ".csv", ".h5", ".hdf5"]
    return !input.isGiven && kinds.contains { source.name.lowercased().hasSuffix($0) }
  }
}

/// How a figure looks.
struct FigureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How wide it is on paper: 84mm is a column, 174mm a page; cm, in and pt too.",
      valueName: "length"),
    transform: { try FigureRequest.width($0) })
  var width = Length.column

  @Option(help: ArgumentHelp("Heatmaps side by side; else as many as have room.", valueName: "n"))
  var columns: Int?

  @Option(help: ArgumentHelp("What stands above the figure.", valueName: "text"))
  var caption: String?

  @Option(help: "Light, as paper is, or another theme of the screen.")
  var theme: Theme.Name = .light

  @Option(help: "The colours of the heatmaps.")
  var palette: Palette.Family?

  @Option(
    help: ArgumentHelp(
      "How far c's colours reach, as :set limits has it: quantile, lane, unit, fixed, or a number.",
      valueName: "limits"))
  var limits: String?

  @Option(help: ArgumentHelp("Pixels an inch of a .png.", valueName: "dpi"))
  var resolution = 300.0

  func validate() throws {
    if let columns, !(1...8).contains(columns) {
      throw ValidationError("--columns is a number from 1 to 8.")
    }
    guard (30...2400).contains(resolution) else {
      throw ValidationError("--resolution is a number from 30 to 2400.")
    }
  }

  /// As a replay has them, but for what the options say: the person's own file does not count.
  var settings: Settings {
    var settings = Settings()
    settings.theme = theme
    settings.palette = palette
    return settings
  }
}

/// What of the trace is shown, and how it is arranged: what a person would type on the screen.
struct ShownOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Steps A to B, both counted in; A.. and ..B too.", valueName: "a..b"))
  var steps: String?

  @Option(help: ArgumentHelp("Signals, such as f,c,h.", valueName: "list"))
  var signals: String?

  @Option(help: ArgumentHelp("Units, such as 0..7,12.", valueName: "list"))
  var units: String?

  @Option(help: ArgumentHelp("The layer or direction: 1, l1.bwd.", valueName: "layer"))
  var layer: String?

  @Option(help: ArgumentHelp("The unit in hand.", valueName: "n"))
  var unit: String?

  @Option(
    help: ArgumentHelp(
      "The signal in hand: of the text, and what is compared.", valueName: "signal"))
  var lane: String?

  @Option(help: ArgumentHelp("The step in hand, which is marked; else the last.", valueName: "n"))
  var step: String?

  @Option(help: ArgumentHelp("The order of the units: activity, variance, …", valueName: "order"))
  var order: String?

  @Option(help: ArgumentHelp("Only units that fit, such as 'half-life>10'.", valueName: "filter"))
  var filter: String?

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp(
      "What the signal in hand is compared with, as :compare has it.", valueName: "what"))
  var other: String?

  @Flag(help: "Compare by the difference.")
  var difference = false

  @Option(
    name: .customLong("of"),
    help: ArgumentHelp("Why is it that? c[3], f[3] @ 20, y[SYMBOL].", valueName: "value"))
  var value: String?

  @Option(
    name: .customLong("do"),
    help: ArgumentHelp(
      "A line as the screen takes it after :, before it is drawn; may be given again.",
      valueName: "line"))
  var lines: [String] = []

  /// In the order in which they lead to what was asked for.
  func instructions(view: ViewKind?, comparison: ComparisonOptions) -> [FigureInstruction] {
    var list: [FigureInstruction] = []
    func add(_ option: String, _ command: Command, _ argument: String?) {
      guard let argument else { return }
      list.append(.init(option: "--" + option, instruction: Instruction(command, argument)))
    }
    // Everything is recorded first.
    list.append(.init(option: "", instruction: Instruction(.lastStep)))
    add("layer", .layer, layer)
    add("order", .order, order)
    add("filter", .filter, filter)
    add("lane", .lane, lane)
    add("unit", .unit, unit)
    if let step {
      list.append(.init(option: "--step", instruction: Instruction(.go, step)))
    }
    let hasOther = other != nil || difference || !comparison.requests.isEmpty
    let meant = view ?? (value != nil ? .why : hasOther ? .compare : nil)
    if let meant { add("view", .view, meant.name) }
    add("with", .compare, other)
    if difference {
      list.append(.init(option: "--difference", instruction: Instruction(.difference)))
    }
    add("of", .why, value)
    for line in lines { list.append(.init(option: "--do", line: line)) }
    return list
  }
}

/// A line that a person would have typed, and the option that says it.
struct FigureInstruction {
  let option: String
  private let line: String

  init(option: String, line: String) {
    (self.option, self.line) = (option, line)
  }

  init(option: String, instruction: Instruction) {
    self.init(option: option, line: instruction.description)
  }

  func carryOut(on workbench: Workbench) throws {
    do throws(ReplayError) {
      try workbench.replay([line])
    } catch {
      throw Failure(description: "\(option): \(error.reason)")
    }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }
}

extension ScreenSession {
  /// The program without a terminal, with everything recorded that is short.
  func workbench(
    _ settings: Settings, comparing requests: [OtherRunRequest],
    whatIf: (file: WhatIfFile, name: String)?
  ) throws -> Workbench {
    let environment = Process.environment
    let readModel = { path in
      try ComparisonOptions.model(at: Self.expanded(path, environment))
    }
    try prove(whatIf)
    let opener = OtherRunOpener(session: session, readModel: readModel)
    let others = try requests.map { try opener.open($0) }
    var state = State(
      session: session, width: 160, height: 50,
      theme: Theme(.light, Capabilities(colors: .direct, unicode: true)), settings: settings)
    state.isHeadless = true
    if !others.isEmpty { state.begin(comparingWith: others) }
    let workbench = Workbench(
      state: state, recorder: recorder, readModel: readModel,
      readText: { try TextFile.read(Self.expanded($0, environment)) },
      exportTrace: { _, _ in .written })
    if let whatIf { workbench.begin(with: whatIf.file, name: whatIf.name) }
    workbench.recordAhead()
    workbench.finish()
    return workbench
  }
}

extension ViewKind: ExpressibleByArgument {
  public init?(argument: String) {
    guard let view = Self.allCases.first(where: { $0.name == argument }) else { return nil }
    self = view
  }

  public static var allValueStrings: [String] { allCases.map(\.name) }
}

extension ByteSink {
  func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }
}
