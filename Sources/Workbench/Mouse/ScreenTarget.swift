import Screen

/// What stands at a place on the screen, as far as a click there means something.
enum ScreenTarget: Sendable, Equatable {
  /// A part of the trace.
  case spot(Spot)
  case view(ViewKind)
  /// A column of the table, by its index among all.
  case column(Int)
  case instruction(Instruction)
  /// A line of the help, by its place among those that do something.
  case help(Int)
  /// A field of the export's form; at the marks beside a choice, the next or the one before.
  case exportField(ExportForm.Field, turn: Int)

  /// As much of a value's place as the screen names there: a heatmap's cell all three, a unit's
  /// number no step, a token only the step.
  struct Spot: Sendable, Equatable {
    var lane: Int?
    var unit: Int?
    var step: Int?
  }
}

/// A target, with the part of the screen that it belongs to: a drag that began there stays in it.
struct Hit: Sendable, Equatable {
  let target: ScreenTarget
  let area: Rect

  init(_ target: ScreenTarget, in area: Rect) {
    self.target = target
    self.area = area
  }

  init(lane: Int? = nil, unit: Int? = nil, step: Int? = nil, in area: Rect) {
    self.init(.spot(.init(lane: lane, unit: unit, step: step)), in: area)
  }
}

extension Hit {
  /// What the state shows at a place, told by the layouts that draw it; nil where nothing is, or
  /// nothing that a click could mean.
  init?(at place: Point, in state: State) {
    let screen = Rect(x: 0, y: 0, width: state.width, height: state.height)
    guard screen.contains(place), hasRoom(state), let hit = Self.find(place, state) else {
      return nil
    }
    self = hit
  }

  private static func find(_ place: Point, _ state: State) -> Hit? {
    if let form = ExportView(state) { return form.hit(at: place, in: FrameLayout(state).body) }
    if place.y == 0 { return TitleBar(state: state).hit(at: place) }
    if place.y == state.height - 1 {
      return FooterBar(state: state, progress: 1).hit(at: place)
    }
    let frame = FrameLayout(state)
    if state.help != nil { return HelpView(state: state).hit(at: place, in: frame.helpArea) }
    if frame.tour.contains(place) { return TourBox(state)?.hit(at: place, in: frame.tour) }
    if frame.matches.contains(place) {
      return MatchBox(state)?.hit(at: place, in: frame.matches)
    }
    if frame.sequence.contains(place) {
      return StripLayout(state, x: frame.sequence.x, width: frame.sequence.width)
        .hit(at: place, in: frame.sequence)
    }
    if frame.prediction.contains(place) {
      return NumericReadout(state)?.hit(at: place, in: frame.prediction)
    }
    guard frame.body.contains(place) else { return nil }
    switch state.view {
    case .lanes: return LanesView(state: state).hit(at: place, in: frame.body)
    case .cell: return CellView(state: state).hit(at: place, in: frame.body)
    case .unit: return UnitView(state: state).hit(at: place, in: frame.body)
    case .text: return TextView(state: state).hit(at: place, in: frame.body)
    case .table: return TableView(state: state).hit(at: place, in: frame.body)
    case .compare: return CompareView(state: state).hit(at: place, in: frame.body)
    case .why: return WhyView(state: state).hit(at: place, in: frame.body)
    case .flow: return FlowView(state: state).hit(at: place, in: frame.body)
    }
  }
}
