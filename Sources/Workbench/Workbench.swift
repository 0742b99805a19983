import Figures
import Inspector
import ModelFiles
import Screen

/// The running program without a terminal: takes actions, carries out effects, renders frames. A
/// terminal drives it, or a test.
///
/// Not safe to share between threads.
public final class Workbench {
  public private(set) var state: State
  /// What fills the trace that is shown.
  private var recorder: TraceRecorder? { state.runs.shown.recorder }
  private let readText: (String) throws -> String
  private let exportTrace: (Trace, ExportRequest) throws -> ExportOutcome
  private let writeText: (String, String, Bool) throws -> ExportOutcome
  private let writeBytes: ([UInt8], String, Bool) throws -> ExportOutcome
  private let readModel: (String) throws -> TrainedModel
  private var waiting: [Effect] = []
  /// Those whose steps are computed before anybody asks for them.
  private var ahead: [Ahead] = []
  /// The one that was shown last.
  private var known: TraceRecorder?
  private var mayRecordAhead = false
  /// Steps that are recorded between two looks at the clock: some milliseconds, also of a large network.
  private let sliceSteps: Int

  private struct Ahead {
    let recorder: TraceRecorder
    /// The last step that is wanted.
    let last: Int
  }

  /// What an export came to.
  public enum ExportOutcome: Sendable {
    case written
    /// The file is there already and was left alone.
    case exists
  }

  /// - Parameters:
  ///   - state: what to begin with; the first step is recorded here.
  ///   - recorder: the one that fills the session's trace; nil where it is recorded already.
  ///   - readModel: reads a model file, for another run.
  ///   - readText: reads a text file, for changes.
  ///   - writeText: writes a text to a path, whole or not at all, and over a file only where it may.
  ///   - writeBytes: the same of what is no text.
  ///   - exportTrace: writes a trace, or the part that is asked for. The description of an error that
  ///     either throws is shown.
  public init(
    state: State, recorder: TraceRecorder?,
    readModel: @escaping (_ path: String) throws -> TrainedModel = {
      try ModelReader.read(path: $0)
    },
    readText: @escaping (_ path: String) throws -> String = { _ in throw NoFiles() },
    writeText:
      @escaping (_ text: String, _ path: String, _ mayReplace: Bool) throws -> ExportOutcome =
      { _, _, _ in .written },
    writeBytes:
      @escaping (_ bytes: [UInt8], _ path: String, _ mayReplace: Bool) throws -> ExportOutcome =
      { _, _, _ in .written },
    exportTrace: @escaping (Trace, ExportRequest) throws -> ExportOutcome
  ) {
    self.state = state
    self.state.runs.begin(with: recorder)
    known = recorder
    self.readText = readText
    self.writeText = writeText
    self.writeBytes = writeBytes
    self.readModel = readModel
    self.exportTrace = exportTrace
    let widest = state.trace.layout.map(\.units).max() ?? 1
    sliceSteps = max(1, min(32, (1 << 24) / max(1, widest * widest)))
    self.state.pending = .reach(step: 0)
    waiting = [.record(through: 0)]
    advance()
  }

  /// Whether something is left to be computed: call `advance` again, after a frame.
  public var isBusy: Bool { !waiting.isEmpty || !ahead.isEmpty }

  /// Computes a sequence that takes no time worth waiting for between the next frames, so that what a
  /// person sees first is whole: the future dimmed, colours that keep their meaning. Told by counting,
  /// so that it is the same on every machine; a longer one is computed as it is reached.
  public func recordAhead() {
    mayRecordAhead = true
    recordAhead([recorder] + state.otherRuns.map(\.recorder))
  }

  private func recordAhead(_ recorders: [TraceRecorder?]) {
    guard mayRecordAhead else { return }
    ahead += recorders.compactMap(\.self).filter {
      !$0.isComplete && $0.products <= Self.productsAhead
    }.map { Ahead(recorder: $0, last: $0.trace.length - 1) }
  }

  /// Another run is shown: what was seen of the one before, the future too, is wanted of it, slice by
  /// slice; what was on its way is wanted no more.
  private func noticeRun() {
    guard let recorder, recorder !== known else { return }
    let seen = [known, state.runs.main.recorder].compactMap { $0?.trace.recordedSteps }.max() ?? 0
    known = recorder
    ahead.removeAll { work in !state.otherRuns.contains { $0.recorder === work.recorder } }
    recordAhead([recorder])
    let last = min(seen, recorder.trace.length) - 1
    if last >= recorder.trace.recordedSteps, !ahead.contains(where: { $0.recorder === recorder }) {
      ahead.append(Ahead(recorder: recorder, last: last))
    }
  }

  /// Multiplications that take about a quarter of a second on one core.
  static let productsAhead = 400_000_000

  /// Whether the terminal has to be drawn anew; asking resets it.
  public private(set) var wantsRedraw = false

  /// Takes an action in. Effects that are quick are carried out at once.
  public func handle(_ action: Action) {
    let effects = update(&state, action)
    // A new place to reach, or none, ends the way to the old one.
    if state.pending == nil || effects.contains(where: \.isRecording) {
      waiting.removeAll(where: \.isRecording)
    }
    enqueue(effects)
    advance()
  }

  /// Works for about one frame.
  public func advance() {
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(8)
    while !waiting.isEmpty {
      perform(waiting.removeFirst(), until: end, clock)
      noticeRun()
      if clock.now >= end { return }
    }
    noticeRun()
    goAhead(until: end, clock)
  }

  private func goAhead(until end: ContinuousClock.Instant, _ clock: ContinuousClock) {
    guard let next = ahead.first else { return }
    let (recorder, last) = (next.recorder, next.last)
    while !recorder.record(through: last, limit: sliceSteps) && clock.now < end {}
    if recorder.trace.recordedSteps > last { ahead.removeFirst() }
    enqueue(update(&state, recorder === self.recorder ? .recorded : .otherRecorded))
  }

  /// Works until nothing is left, for tests and scripts.
  public func finish() {
    while isBusy { advance() }
  }

  /// The screen as it is now.
  public func frame() -> Grid { render(state, recordingProgress: recorder?.progress ?? 1) }

  /// Says that the terminal has been drawn anew.
  public func redrawn() { wantsRedraw = false }

  private func enqueue(_ effects: [Effect]) {
    // Work that takes the place of other work goes on in the other's slices.
    waiting += effects.filter { $0 != .goOn || !waiting.contains(.goOn) }
  }

  private func perform(
    _ effect: Effect, until end: ContinuousClock.Instant, _ clock: ContinuousClock
  ) {
    switch effect {
    case .record(let step):
      // The first slice always makes progress; the next ones stop when the frame's time is over.
      if let recorder {
        while !recorder.record(through: step, limit: sliceSteps) && clock.now < end {}
      }
      enqueue(update(&state, .recorded))
    case .export(let request):
      enqueue(update(&state, export(request)))
    case .writeScreen(let path, let mayReplace):
      let text = screenText(for: path)
      let instruction = Instruction(.screen, path, isForced: mayReplace)
      enqueue(update(&state, write(text, to: path, by: instruction)))
    case .writeFigure(let request):
      enqueue(update(&state, write(request)))
    case .writeLines(let lines, let path, let instruction):
      let text = lines.map { $0 + "\n" }.joined()
      enqueue(update(&state, write(text, to: path, by: instruction)))
    case .readWhatIf(let path):
      enqueue(update(&state, whatIf(at: path)))
    case .goOn:
      enqueue(update(&state, .goOn))
    case .surveyMore:
      enqueue(update(&state, .surveyMore))
    case .markHits:
      enqueue(update(&state, .markHits))
    case .openOthers(let requests, let isAdded):
      enqueue(update(&state, open(requests, isAdded: isAdded)))
    case .recordOther(let index, let step):
      if state.otherRuns.indices.contains(index), let recorder = state.otherRuns[index].recorder {
        while !recorder.record(through: step, limit: sliceSteps) && clock.now < end {}
      }
      enqueue(update(&state, .otherRecorded))
    case .flow:
      let opener = OtherRunOpener(session: state.session, readModel: readModel)
      state.flows.work(on: state.flowQuestion, state.session, opener) { clock.now >= end }
      enqueue(update(&state, .flowed))
    case .redraw:
      wantsRedraw = true
    }
  }

  private func export(_ request: ExportRequest) -> Action {
    do {
      let trace = state.session.trace
      let steps = try TraceSelection(request.options, of: trace).steps.count
      switch try exportTrace(trace, request) {
      case .written: return .exported(path: request.path, steps: steps)
      case .exists: return .exportExists(request)
      }
    } catch {
      return .exportFailed(message: "\(error)")
    }
  }

  /// Other runs are held by the state as the trace is: by reference, since they only grow.
  private func open(_ requests: [OtherRunRequest], isAdded: Bool) -> Action {
    do {
      let opener = OtherRunOpener(session: state.session, readModel: readModel)
      let runs = try requests.map { try opener.open($0) }
      state.otherRuns = (isAdded ? state.otherRuns : []) + runs
      ahead.removeAll { $0.recorder !== recorder }
      recordAhead(state.otherRuns.map(\.recorder))
      return .otherOpened
    } catch {
      return .otherFailed(message: "\(error)")
    }
  }

  private func whatIf(at path: String) -> Action {
    let name = Self.stem(of: path)
    do {
      return .whatIfRead(try WhatIfFile(text: readText(path)), name: name)
    } catch let error as WhatIfFileError {
      return .whatIfFailed(message: "\(path) \(error)")
    } catch {
      return .whatIfFailed(message: "\(error)")
    }
  }

  /// "dir/held.yml" → "held": of what a branch's name may have.
  public static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let stem = name.split(separator: ".").first.map(String.init) ?? name
    let kept = stem.unicodeScalars.filter {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-" || $0 == "_"
    }
    let text = String(String.UnicodeScalarView(kept.prefix(20)))
    return text.isEmpty ? "file" : text
  }

  /// Begins with changes in force.
  public func begin(with file: WhatIfFile, name: String) {
    handle(.whatIfRead(file, name: name))
    finish()
  }

  /// Nothing has been said of how to read files.
  public struct NoFiles: Error, CustomStringConvertible {
    public init() {}
    public var description: String { "no file can be read here" }
  }

  private func write(_ text: String, to path: String, by instruction: Instruction) -> Action {
    do {
      switch try writeText(text, path, instruction.isForced) {
      case .written: return .written(path: path)
      case .exists: return .fileExists(instruction, path: path)
      }
    } catch {
      return .writeFailed(message: "\(error)")
    }
  }

  /// What is seen, or what a request says of it, as a figure.
  ///
  /// - Throws: `FigureRefusal` where there is nothing to draw.
  public func figure(
    _ request: FigureRequest, theme: Theme.Name = .light
  ) throws(FigureRefusal) -> Figure {
    try FigureMaker(state, request, theme: theme).figure()
  }

  /// The trace, or a part of it, as a page of HTML that stands alone: what is recorded, with the screen's
  /// names, limits and order.
  ///
  /// - Throws: `FigureRefusal` where the part is not there.
  public func page(
    _ options: SelectionOptions, theme: Theme.Name = .light
  ) throws(FigureRefusal) -> String {
    do throws(SelectionError) {
      return TracePage(state, try TraceSelection(options, of: state.trace), theme: theme).text
    } catch {
      throw .selection(error)
    }
  }

  private func write(_ request: FigureRequest) -> Action {
    do {
      let scene = FigureLayout.scene(of: try figure(request))
      let bytes = try FigureFormat(forPath: request.path).bytes(of: scene)
      switch try writeBytes(bytes, request.path, request.mayReplace) {
      case .written: return .written(path: request.path)
      case .exists:
        return .fileExists(
          Instruction(.figure, request.text, isForced: false), path: request.path)
      }
    } catch {
      return .writeFailed(message: "\(error)")
    }
  }

  /// The screen as text: with its colours where the file is called `.ans`, else with glyphs that tell
  /// values without them.
  public func screenText(for path: String) -> String {
    let isColoured = path.hasSuffix(".ans")
    var shown = state
    shown.theme = Theme(
      state.theme.name, Capabilities(colors: isColoured ? .direct : .none, unicode: true),
      palette: state.theme.family)
    shown.message = nil
    let grid = render(shown, recordingProgress: recorder?.progress ?? 1)
    return isColoured ? grid.ansiText : grid.text + "\n"
  }
}
