import Inspector

/// What the view `flow` is asked beside the track in hand.
struct FlowAsked: Equatable {
  /// T, the step from which one looks back; nil for the last that the track reads.
  var end: Int?
  /// The step that reads something else; nil for the first that the track reads.
  var swapped: Int?
  /// What it reads then; nil for the token that changes h most.
  var token: Int?
}

/// The same of one track, with everything that was left open.
struct FlowQuestion: Hashable {
  /// An index into `Trace.layout`.
  let track: Int
  let end: Int
  let swapped: Int
  let token: Int?
}

extension State {
  /// What the view asks now. A step that is swapped after T is as if T were the last.
  var flowQuestion: FlowQuestion {
    let isForward = currentTrack.track.direction == .forward
    let (first, last) = isForward ? (0, lastStep) : (lastStep, 0)
    return FlowQuestion(
      track: track, end: flowAsked.end ?? last, swapped: flowAsked.swapped ?? first,
      token: flowAsked.token)
  }
}
