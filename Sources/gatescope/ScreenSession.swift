import ArgumentParser
import CursesTerminal
import Files
import Inspector
import ModelFiles
import Recurrent
import Screen
import TraceFiles
import Workbench

struct ScreenOptions: ParsableArguments {
  @Option(help: "What the screen looks like; dark or light is told from COLORFGBG where it is set.")
  var theme: Theme.Name?

  @Option(help: "The colours of the heatmaps.")
  var palette: Palette.Family?

  @Option(
    help: ArgumentHelp(
      "How many colours: auto, 24bit, 256, 16, 8 or none.",
      discussion: "auto asks COLORTERM and terminfo; NO_COLOR means none.", valueName: "colors"))
  var colors: ColorChoice?

  @Flag(
    inversion: .prefixedNo,
    help: "Clicks and the wheel; text is then selected with Shift held, in most terminals.")
  var mouse: Bool?

  @Option(
    help: ArgumentHelp(
      "Do what the file's lines say, without a terminal; :record writes such a file.",
      valueName: "file"))
  var replay: String?

  @Option(
    name: .customLong("screen"),
    help: ArgumentHelp(
      "Write the last screen as text, without a terminal; as .ans with its colours.",
      valueName: "file"))
  var screenFile: String?

  @Option(help: ArgumentHelp("The screen's size without a terminal.", valueName: "WxH"))
  var size: ScreenSize?

  /// Whether there is to be no terminal.
  var isHeadless: Bool { replay != nil || screenFile != nil }

  func validate() throws {
    if size != nil && !isHeadless {
      throw ValidationError("--size belongs to --replay and --screen; a terminal has its own.")
    }
  }

  /// What the flags say over what `settings` says.
  func applied(to settings: Settings) -> Settings {
    var settings = settings
    settings.theme = theme ?? settings.theme
    settings.palette = palette ?? settings.palette
    settings.colors = colors ?? settings.colors
    settings.mouse = mouse ?? settings.mouse
    return settings
  }

  /// The theme for a terminal, by the settings and by its ground.
  static func theme(
    _ settings: Settings, _ environment: [String: String], _ capabilities: Capabilities
  ) -> Theme {
    Theme(
      settings.theme ?? name(from: environment), capabilities, palette: settings.palette)
  }

  /// COLORFGBG is "foreground;background" in the numbers of the sixteen colours.
  private static func name(from environment: [String: String]) -> Theme.Name {
    guard let last = environment["COLORFGBG"]?.split(separator: ";").last,
      let background = Int(last)
    else { return .dark }
    return background == 7 || background >= 9 ? .light : .dark
  }
}

extension Theme.Name: ExpressibleByArgument {}
extension Palette.Family: ExpressibleByArgument {}
extension ColorChoice: ExpressibleByArgument {}

/// "120x40".
struct ScreenSize: ExpressibleByArgument {
  var width = 80
  var height = 24

  init() {}

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1],
      (1...1000).contains(width), (1...1000).contains(height)
    else { return nil }
    self.width = width
    self.height = height
  }
}

/// Names that are made from a file's.
enum TraceNames {
  /// "dir/trace.npz" → "trace.npz".
  static func file(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// "dir/model.safetensors" → "model".
  static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }
}

/// Runs the workbench on a terminal: events in, frames out, until the person leaves.
struct ScreenSession {
  let session: Session
  /// Nil where everything is recorded already.
  let recorder: TraceRecorder?
  private let exporter: TraceExporter
  let warnings: [String]

  /// A model that steps through an input.
  ///
  /// - Throws: `NetworkError` where they do not fit, and what `facts` throws.
  init(
    model: TrainedModel, input: InputSequence, memory: Int = MemorySize.usual.bytes,
    facts: (TraceRecorder) throws -> SessionFacts
  ) throws {
    let recorder = try TraceRecorder(
      network: model.network, input: input, state: model.initialState,
      symbols: model.vocabulary?.symbols, outputSymbols: model.outputSymbols, memory: memory)
    let facts = try facts(recorder)
    session = Session(
      model: model, trace: recorder.trace, name: facts.name, title: facts.title,
      exportName: "\(facts.name.split(separator: " ").first ?? "trace").csv", lanes: facts.lanes,
      tour: facts.tour, laterTours: facts.laterTours, featureNames: facts.featureNames,
      expected: facts.expected,
      targets: facts.targets, variants: facts.variants, extents: facts.extents,
      recallSeconds: RecallTimes.seconds)
    self.recorder = recorder
    exporter = TraceExporter(network: model.network)
    warnings = model.caveats
  }

  /// A trace that was recorded before.
  init(_ recorded: RecordedTrace, name: String, warnings: [String]) {
    session = Session(recorded: recorded.trace, name: name)
    recorder = nil
    exporter = TraceExporter(input: recorded.input)
    self.warnings = warnings
  }

  /// - Throws: `TerminalError` before anything is drawn; an `ExitCode` after a signal.
  ///
  /// - Parameter memory: what a flag says of it.
  func run(
    _ options: ScreenOptions, comparing comparison: ComparisonOptions? = nil,
    whatIf: (file: WhatIfFile, name: String)? = nil, memory: MemorySize? = nil
  ) throws {
    let environment = Process.environment
    let readModel = { path in
      try ComparisonOptions.model(at: Self.expanded(path, environment))
    }
    try prove(whatIf)
    let opener = OtherRunOpener(session: session, readModel: readModel)
    let others = try comparison?.requests.map { try opener.open($0) } ?? []
    if options.isHeadless {
      try Replay(
        session: session, recorder: recorder, others: others, readModel: readModel,
        exporter: export(environment), whatIf: whatIf
      ).run(options, environment)
      return
    }
    let file = SettingsReader.read(environment)
    var settings = options.applied(to: file.settings)
    settings.memory = memory ?? settings.memory
    CursesTerminal.lastWords = LastWords.afterScreen
    let terminal = try CursesTerminal(environment: environment, mouse: settings.mouse)
    defer { terminal.close() }
    // Whoever holds the terminal does not wait for somebody else.
    PipeWaiting.givesUp = { $0 > 1 }
    let size = terminal.size
    var state = State(
      session: session, width: size.width, height: size.height,
      theme: ScreenOptions.theme(settings, environment, terminal.capabilities),
      settings: settings)
    terminal.colors = state.theme.terminal.colors
    if !others.isEmpty { state.begin(comparingWith: others) }
    // What stops nothing is said until a key is pressed.
    if let warning = warnings.first ?? file.summary {
      state.message = .init(text: warning, isError: true)
    }
    let workbench = Workbench(
      state: state, recorder: recorder, readModel: readModel,
      readText: { try TextFile.read(Self.expanded($0, environment)) },
      writeText: { text, path, mayReplace in
        guard path != "-" else { throw FileNameError.standardOutput }
        return try Replay.write(text, to: Self.expanded(path, environment), mayReplace)
      },
      writeBytes: { bytes, path, mayReplace in
        try Replay.write(bytes, to: Self.expanded(path, environment), mayReplace)
      },
      exportTrace: export(environment))
    if let whatIf { workbench.begin(with: whatIf.file, name: whatIf.name) }
    workbench.recordAhead()
    let end = loop(workbench, terminal)
    terminal.close()
    for problem in file.problems { Process.say("\(problem)") }
    if let signal = end { throw ExitCode(128 + signal) }
  }

  /// Says what is wrong with changes before the screen is drawn.
  func prove(_ whatIf: (file: WhatIfFile, name: String)?) throws {
    guard let whatIf, let model = session.model, let recorder else { return }
    do throws(ChangeListError) {
      _ = try ChangedRun(whatIf.file.whatIf.changes, in: ChangeScope(base: recorder, of: model))
    } catch {
      throw WhatIfFault(path: whatIf.name, whatIf.file.whatIf, error)
    }
  }

  /// - Returns: the signal that ended the program, nil where the person did.
  private func loop(_ workbench: Workbench, _ terminal: CursesTerminal) -> Int32? {
    var clock = PlayClock()
    var pace = FramePace()
    terminal.show(workbench.frame())
    while !workbench.state.hasQuit {
      let timeout = workbench.isBusy ? 0 : clock.timeout(for: workbench.state, now: .now)
      var hasInput = false
      for input in terminal.wait(timeout: timeout) {
        hasInput = true
        switch input {
        case .event(let event):
          workbench.handle(Action(event))
        case .suspend: terminal.suspend()
        case .end(let signal): return signal
        }
      }
      terminal.isMouseOn = workbench.state.settings.mouse
      recorder?.memory = workbench.state.settings.memory.bytes
      terminal.colors = workbench.state.theme.terminal.colors
      if let action = clock.due(for: workbench.state, now: .now) { workbench.handle(action) }
      if workbench.isBusy { workbench.advance() }
      if workbench.wantsRedraw {
        terminal.redraw()
        workbench.redrawn()
      }
      if pace.isDue(isBusy: workbench.isBusy, hasInput: hasInput) {
        terminal.show(workbench.frame())
      }
    }
    return nil
  }

  private func export(_ environment: [String: String])
    -> (Trace, ExportRequest) throws -> Workbench.ExportOutcome
  {
    let exporter = exporter
    return { trace, request in
      let path = Self.expanded(request.path, environment)
      let format = try TraceFormat(forPath: path, layout: request.layout)
      guard path != "-" else { throw FileNameError.standardOutput }
      do {
        try exporter.write(
          trace, TraceSelection(request.options, of: trace, for: format), format, to: path,
          createNew: !request.mayReplace)
        return .written
      } catch FileError.alreadyExists {
        return .exists
      }
    }
  }

  private enum FileNameError: Error, CustomStringConvertible {
    case standardOutput
    var description: String { "- is the screen itself; give a file's name" }
  }

  /// A leading ~/ as the shell would read it.
  static func expanded(_ path: String, _ environment: [String: String]) -> String {
    guard path.hasPrefix("~/"), let home = environment["HOME"] else { return path }
    return home + path.dropFirst()
  }
}

/// When a frame is drawn: at once for what somebody did, and while work goes on ten times a second, so that
/// neither the work nor the line to the terminal is kept busy by its progress.
struct FramePace {
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant?
  private static let interval = Duration.milliseconds(100)

  mutating func isDue(isBusy: Bool, hasInput: Bool) -> Bool {
    let now = clock.now
    if isBusy, !hasInput, let last, now < last + Self.interval { return false }
    last = now
    return true
  }
}
