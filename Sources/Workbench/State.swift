import Inspector
import Recurrent
import Screen

/// The views, in the order in which `v` goes through them.
public enum ViewKind: Sendable, CaseIterable {
  case lanes
  case cell
  case unit
  case text
  case table
  case compare
  case why
  case flow
}

/// Everything that the screen depends on. `update` changes it, `render` draws it.
public struct State {
  /// What is shown; another run of its model where something is changed.
  public internal(set) var session: Session
  /// The run without changes and those with some.
  var runs: ChangedRuns
  public var width: Int
  public var height: Int
  /// No terminal says how large the screen is; `size` does.
  public var isHeadless = false
  public var theme: Theme
  /// What the terminal has; the theme's may be less or more, as somebody has set it.
  private let terminal: Capabilities

  // Where the person is.
  public var view = ViewKind.lanes
  public var step = 0
  public var unit = 0
  /// An index into the trace's layout.
  public var track = 0
  /// The lane that was chosen, an index into the track's signals; nil before one was.
  public var chosenLane: Int?
  /// The lane of what the network says that is in hand, before that of a signal; it colours the text.
  public var saidInHand: ReadoutQuantity?
  /// The output whose units are shown; nil for the one that should come, or the likeliest.
  public var chosenOutput: Int?
  /// What can be undone.
  public var arrangement = Arrangement()
  public var history = ArrangementHistory()
  /// The units of the track that are shown, from the top down; nil for all by their numbers. It
  /// follows from the arrangement (`rearrange`).
  public internal(set) var shown: [Int]?
  /// What `back` and `forward` go through.
  public var places = PlaceHistory()
  /// What was searched for last.
  public var query: String?
  /// What `find` found; nil where the last search was for tokens.
  public var findings: Findings?
  /// Where playing and running stop.
  public var trigger: TraceSearch?
  /// Where a span of steps was begun; it goes to the step in hand.
  public var spanStart: Int?
  /// Where the same units are on as in a span; `n` and `N` go through them.
  public var matches: Matches?
  /// The stop that is shown, counted through the tour and those that it goes on to.
  public var tourStop: Int? {
    didSet {
      guard tourStop == nil, let ground = tourGround else { return }
      ground.leave(&self)
      tourGround = nil
    }
  }
  /// How things were before the tour; nil outside of one.
  var tourGround: TourGround?
  /// Lines that the stop still has to do.
  public var script: [String] = []

  /// How large lanes, steps and units are drawn.
  public var zoom = Zoom()
  public internal(set) var settings = Settings()
  /// Where a drag of the mouse began; nil while no button is held.
  public var drag: Drag?

  /// What the lane in hand is compared with, and how.
  public var comparison = ComparisonState()
  /// What the session's own run is compared with, `mostOtherRuns` at most.
  public var otherRuns: [OtherRun] = []

  /// What is asked of the value in hand, and how the person came there.
  public var why = WhyState()

  /// What is being typed at the end of the sequence.
  public internal(set) var typing: Typing?
  /// The value that was turned last, as long as nothing else has been done.
  var knob: Knob?

  // What is going on.
  public var isPlaying = false
  /// An index into `speeds`.
  public var speed = 2
  public var pending: PendingWork?
  public var prompt: Prompt?
  /// What is to be exported, while somebody fills it in.
  public var exportForm: ExportForm?
  /// What was typed in prompts before, the newest last, by their question.
  public var typed: [Prompt.Question: [String]] = [:]
  /// The command that the next key gives its letter, as `m a`.
  public var letterFor: Command?
  /// Whether the last key went through the places, so that Tab, which terminals send for ^I too, goes
  /// forth in them.
  public var isWalkingPlaces = false
  /// The zoom before `z`, as long as a `/` may follow: `z/` looks for an expression.
  public var zoomBeforeSlash: Zoom?
  /// The chosen line of the help; nil where it is not shown.
  public var help: Int? {
    didSet { if help == nil { helpFilter = nil } }
  }
  /// What the lines of the help must have in them; nil where nobody has typed anything.
  public var helpFilter: String?
  /// What was done.
  public var journal = Journal()
  /// Whether `markHits` is on its way.
  public var isMarking = false
  /// Whether the trigger has just stopped a motion.
  public var hasBroken = false
  public var message: Message?
  public var hasQuit = false
  /// How far the recorded values of each signal without bounds go, a track an entry: the legends' limits.
  /// While work goes on they stand still.
  public internal(set) var extents: [[Signal: SignalExtent]]
  /// The same of all steps that have been looked at so far.
  var surveyed: [[Signal: SignalExtent]]
  /// Steps that `surveyed` has seen.
  public internal(set) var surveyedSteps = 0

  /// What every unit did, by track, once all steps are recorded and somebody asked.
  public var statistics: [Int: [UnitStatistics]] = [:]
  /// How well units follow the lanes, by track; nil for lanes that are only read.
  public var following: [Int: [LaneFollowing?]] = [:]
  /// What the unit in hand did, for the views that show one alone.
  public internal(set) var measuredUnit: MeasuredUnit?
  /// Where the signal in hand is strongest.
  var foundPlaces: StrongPlaces?
  /// The units that have been measured so far, while more are to come.
  public var measuring: UnitSurvey?
  /// How well they follow what is known, which is measured after that.
  var followingSurvey: FollowingSurvey?
  /// Signals as they are seen from afar.
  public let overviews = Overviews()
  /// The order that is being found, in slices.
  public var ordering: UnitOrdering?
  /// The places that are being found, in slices.
  public var matching: SpanMatching?
  /// What the view `flow` asks, and what it has found.
  var flowAsked = FlowAsked()
  public internal(set) var flows = FlowBoard()
  /// The table's column by which `s` sorts.
  public var tableColumn = 0

  /// More than three runs side by side are too narrow to be read.
  public static let mostOtherRuns = 2
  /// Steps a second when playing.
  public static let speeds = [1, 2, 4, 8, 16, 30, 60]

  /// - Parameter theme: where the settings name none.
  public init(
    session: Session, width: Int, height: Int, theme: Theme, settings: Settings = Settings()
  ) {
    self.session = session
    runs = ChangedRuns(session)
    self.width = width
    self.height = height
    self.theme = theme
    terminal = theme.terminal
    journal.add(Instruction(.size, "\(width)x\(height)"))
    extents = session.extents ?? Array(repeating: [:], count: session.trace.layout.count)
    surveyed = extents
    adopt(settings)
  }

  /// Shows things as a person has set them.
  public mutating func adopt(_ settings: Settings) {
    self.settings = settings
    speed = Self.speeds.firstIndex(of: settings.speed) ?? speed
    theme = Theme(
      settings.theme ?? theme.name, settings.applied(to: terminal),
      palette: settings.palette ?? theme.family)
  }

  /// What the keys do.
  var keymap: Keymap { settings.keymap }

  /// Steps that are still being computed, and what then.
  public enum PendingWork: Sendable, Equatable {
    case reach(step: Int)
    /// On or back to a step, as far as the trigger lets; all up to `at` has been looked at, and until
    /// `through` is recorded it waits.
    case run(to: Int, through: Int, at: Int)
    case export(ExportRequest)
    /// Order the units of a track.
    case order(OrderKey, track: Int)
    /// Show only the units of a track that fit, once what they did has been measured.
    case filter(String, track: Int)
    /// The places where the same units are on as in a span.
    case match(SpanQuery)
    /// The next step that is wanted.
    case scan(Scan)
    /// Everything, for a view that shows everything.
    case reachAll
    /// What the lanes show of many steps a column.
    case overlook
    /// The other runs, as far as the cursor is.
    case reachOther
    /// The statistics of every unit of a track.
    case measure(track: Int)
    /// What a prediction rested on.
    case explain
    /// A long text that the network writes by itself, wanted by branches that are shown then.
    case write(Branches)
    /// What the view `flow` asks.
    case flow
  }

  public struct Message: Sendable, Equatable {
    public var text: String
    public var isError: Bool

    public init(text: String, isError: Bool) {
      self.text = text
      self.isError = isError
    }
  }

  var trace: Trace { session.trace }
  var currentTrack: TrackLayout { trace.layout[track] }

  /// The lane in hand, an index into the track's signals: the one that was chosen, else the first, or
  /// in the views that show one alone the memory.
  public var lane: Int {
    get {
      if let chosenLane { return chosenLane }
      switch view {
      case .text, .compare, .why, .flow:
        return currentTrack.signals.firstIndex(of: currentTrack.memory) ?? 0
      case .lanes, .cell, .unit, .table: return 0
      }
    }
    set { chosenLane = newValue }
  }

  var currentSignal: Signal { currentTrack.signals[lane] }
  var lastStep: Int { session.length - 1 }

  /// The ground-truth lane by which the units are ordered, the best first; nil for another order.
  var orderLane: Int? {
    guard case .lane(let lane) = arrangement[track: track].key else { return nil }
    return lane
  }

  /// How many units are shown.
  var shownCount: Int { shown?.count ?? currentTrack.units }

  /// The unit that stands at a place, from the top.
  func unit(at place: Int) -> Int { shown?[place] ?? place }

  /// Where the unit in hand stands, from the top.
  var placeOfUnit: Int { shown.map { $0.firstIndex(of: unit) ?? 0 } ?? unit }

  /// Begins with other runs beside the session's own.
  public mutating func begin(comparingWith runs: [OtherRun]) {
    otherRuns = runs
    comparison.target = .init(isOtherRun: true)
    view = .compare
  }

  /// What the step in hand is called.
  var stepNumber: Int { trace.stepNumber(at: step) }

  /// "step 23, P".
  var stepWords: String {
    let token = trace.tokenText(at: step).map { ", \(Glyphs.visible($0))" }
    return "step \(stepNumber)" + (token ?? "")
  }

  /// What the unit in hand is called.
  var unitNumber: Int { currentTrack.number(of: unit) }

  /// "unit 3 / 7"; of a part of the units, "unit 12 · 3 units here".
  var unitWords: String {
    currentTrack.unitNumbers == nil
      ? Words.unit(unit, last: currentTrack.units - 1)
      : Words.unit(unitNumber, ofSome: currentTrack.units)
  }

  /// "layer 0 forwards", or what a file calls it; empty where there is one only.
  var trackWords: String {
    if let name = currentTrack.name { return Glyphs.visible(name) }
    guard trace.layout.count > 1 else { return "" }
    let track = currentTrack.track
    return "layer \(track.layer) \(Words.name(of: track.direction))"
  }

  /// What a signal of the current track is called.
  func name(of signal: Signal) -> String {
    signal == .v
      ? currentTrack.name.map(Glyphs.visible) ?? ""
      : Words.name(of: signal, in: currentCell)
  }

  /// Which cell computed a signal; nil where a file holds h alone, which says nothing of it.
  func cell(of signal: TracedSignal) -> CellKind? {
    let isUnsaid =
      session.model == nil && signal.trace === trace && signal.layout.signals == [.h]
    return isUnsaid ? nil : signal.layout.cell
  }

  /// The same of the current track.
  var currentCell: CellKind? {
    cell(of: TracedSignal(trace, track: track, signal: currentTrack.signals[0]))
  }

  /// What values a signal of the current track can take. A file does not say which activations there
  /// were, so what lies outside of the usual ones' range has none.
  func range(of signal: Signal) -> SignalRange {
    let range = currentTrack.range(of: signal)
    guard session.model == nil, let extent = extents[track][signal] else { return range }
    return extent.limit > 1.001 ? .unbounded : range
  }

  /// What tells the run that is shown from others.
  var runName: String {
    let branch = arrangement.branches.current
    return branch == Branches.main ? session.name : "\(session.name) \(branch)"
  }

  /// The current step may still be on its way.
  var isRecorded: Bool { step < trace.recordedSteps }
}
