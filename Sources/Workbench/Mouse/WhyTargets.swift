import Screen

extension WhyView {
  /// A kind of question, a step under the sequence, or a cause: a click chooses it, and another one
  /// follows it.
  func hit(at place: Point, in body: Rect) -> Hit? {
    let layout = layout(in: body)
    if place.y == layout.tabs {
      return Self.tabs(from: body.x, width: body.width).first {
        ($0.x..<$0.x + $0.text.displayWidth).contains(place.x)
      }.map {
        Hit(
          .instruction(Instruction(.why, $0.mode.rawValue)),
          in: Rect(x: body.x, y: place.y, width: body.width, height: 1))
      }
    }
    if let tokens = layout.tokens, (layout.bars.y...tokens).contains(place.y) {
      let area = Rect(
        x: body.x, y: layout.bars.y, width: body.width, height: layout.bars.height + 1)
      return StripLayout(state, x: body.x, width: body.width).hit(at: place, in: area)
    }
    let seen = seenRows(layout, count: ranked.count)
    let row = place.y - layout.causes.y - 1
    guard (0..<seen.count).contains(row) else { return nil }
    let change = seen.lowerBound + row - state.whyRow
    let instruction =
      change == 0
      ? Instruction(.tourNext)
      : Instruction(change > 0 ? .nextUnit : .previousUnit, String(abs(change)))
    guard change != 0 || state.tourStop == nil else { return nil }
    return Hit(.instruction(instruction), in: layout.causes)
  }
}
