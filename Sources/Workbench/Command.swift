/// What a person can ask for; a key is bound to one of these.
public enum Command: String, Sendable, CaseIterable {
  case stepForward = "step-forward"
  case stepBack = "step-back"
  case firstStep = "first-step"
  case lastStep = "last-step"
  case pageForward = "page-forward"
  case pageBack = "page-back"
  case nextUnit = "next-unit"
  case previousUnit = "previous-unit"
  case nextLane = "next-lane"
  case previousLane = "previous-lane"
  case nextTrack = "next-layer"
  case previousTrack = "previous-layer"
  case nextView = "next-view"
  case lanesView = "lanes"
  case cellView = "cell"
  case unitView = "unit"
  case textView = "text"
  case tableView = "table"
  case play
  case faster
  case slower
  case export
  case order
  case search
  case searchNext = "search-next"
  case searchBack = "search-back"
  case nextChange = "next-change"
  case previousChange = "previous-change"
  case tour
  case tourNext = "tour-next"
  case tourBack = "tour-back"
  case help
  case cancel
  case redraw
  case quit

  /// Whether a count before the key (`12l`) means something.
  var takesCount: Bool {
    switch self {
    case .stepForward, .stepBack, .firstStep, .lastStep, .pageForward, .pageBack, .nextUnit,
      .previousUnit, .nextLane, .previousLane, .nextTrack, .previousTrack:
      true
    case .nextView, .lanesView, .cellView, .unitView, .textView, .tableView, .play, .faster,
      .slower, .export, .order, .tour,
      .tourNext, .tourBack, .search, .searchNext, .searchBack,
      .nextChange, .previousChange, .help, .cancel, .redraw, .quit:
      false
    }
  }
}
