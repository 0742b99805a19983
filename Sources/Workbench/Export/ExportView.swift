import Inspector
import Screen

/// The form of an export: a field a row, what is wrong with it under it, and how much would be written.
struct ExportView {
  let state: State
  let form: ExportForm
  private let faults: [ExportForm.Field: String]
  /// Nil where something is wrong.
  private let size: ExportSize?

  /// Nil where nothing is to be exported.
  init?(_ state: State) {
    guard let form = state.exportForm else { return nil }
    self.state = state
    self.form = form
    let checked = form.checked(state)
    var faults = checked.faults
    size = checked.size
    // Nobody is told what is wrong with what is still being typed.
    if !form.isRefused, form.field.isText { faults[form.field] = nil }
    self.faults = faults
  }

  func draw(into grid: inout Grid, at body: Rect) {
    let theme = state.theme
    for x in body.x..<body.maxX { grid[x, body.y] = Cell("━", theme.faint) }
    grid.put(" \(Words.exportTitle) ", x: body.x + 3, y: body.y, theme.accent)
    for (field, y) in rows(in: body) { draw(field, y: y, body, into: &grid) }
    let line = countRow(in: body)
    if line < body.maxY { drawCount(y: line, body, into: &grid) }
  }

  // MARK: - Where things stand

  /// Rows of the fields: each has one under it for its fault where there is room, else only where it
  /// has one.
  private func rows(in body: Rect) -> [(field: ExportForm.Field, y: Int)] {
    let isRoomy = isRoomy(body)
    var y = body.y + (body.height >= form.fields.count + 6 ? 2 : 1)
    return form.fields.map { field in
      defer { y += isRoomy || faults[field] != nil ? 2 : 1 }
      return (field, y)
    }
  }

  private func isRoomy(_ body: Rect) -> Bool { body.height >= 2 * form.fields.count + 5 }

  private func countRow(in body: Rect) -> Int {
    let last = rows(in: body).last.map { $0.y + (faults[$0.field] == nil ? 1 : 2) } ?? body.y
    return last + (last + 1 < body.maxY ? 1 : 0)
  }

  private static let labelWidth = 11
  private func valueColumn(_ body: Rect) -> Int { body.x + 3 + Self.labelWidth }
  /// Columns of what is typed, before what is said of it.
  private func textWidth(_ body: Rect) -> Int { min(34, body.maxX - valueColumn(body) - 1) }

  // MARK: - Fields

  private func draw(
    _ field: ExportForm.Field, y: Int, _ body: Rect, into grid: inout Grid
  ) {
    let theme = state.theme
    let isInHand = field == form.field
    if isInHand { grid.put("▸", x: body.x + 1, y: y, theme.accent) }
    grid.put(
      Words.name(of: field), x: body.x + 3, y: y, isInHand ? theme.accent : theme.muted)
    let x = valueColumn(body)
    if field.isText {
      drawText(field, x: x, y: y, body, isInHand: isInHand, into: &grid)
    } else {
      let end = body.maxX - 2
      grid.put("◂", x: x, y: y, isInHand ? theme.accent : theme.faint)
      let words = choice(field).fitted(to: max(1, end - x - 3))
      let after = grid.put(words, x: x + 2, y: y, isInHand ? theme.text.with(.bold) : theme.text)
      grid.put("▸", x: after + 1, y: y, isInHand ? theme.accent : theme.faint)
    }
    if let fault = faults[field] {
      grid.put(fault.fitted(to: max(1, body.maxX - x)), x: x, y: y + 1, theme.bad)
    }
  }

  private func choice(_ field: ExportForm.Field) -> String {
    field == .layout
      ? Words.name(of: form.layout)
      : form.part.map { Words.name(of: $0) } ?? Words.exportAsBelow
  }

  private func drawText(
    _ field: ExportForm.Field, x: Int, y: Int, _ body: Rect, isInHand: Bool, into grid: inout Grid
  ) {
    let theme = state.theme
    let width = field == .file ? body.maxX - x - 1 : textWidth(body)
    let prompt = form.texts[field] ?? Prompt(.argument(of: .export))
    let box = (theme.capabilities.heatByColor ? theme.bar : theme.text).with(.underline)
    grid.fill(Rect(x: x, y: y, width: width, height: 1), with: Cell(" ", box))
    // What stands about the cursor is seen.
    var shown = prompt.text[...]
    func columns(_ part: ArraySlice<Unicode.Scalar>) -> Int {
      part.reduce(0) { $0 + $1.displayWidth }
    }
    while columns(shown[..<max(shown.startIndex, prompt.cursor)]) > width - 1, !shown.isEmpty {
      shown = shown.dropFirst()
    }
    if prompt.text.isEmpty {
      grid.put(
        Words.exportAll(field, state).fitted(to: width), x: x, y: y,
        theme.muted.on(box.background).with(box.attributes))
    } else {
      grid.put(
        String(String.UnicodeScalarView(shown)), x: x, y: y,
        isInHand ? box.with(.bold) : box, limit: width)
    }
    if isInHand {
      let place = max(shown.startIndex, min(prompt.cursor, shown.endIndex))
      grid.cursor = Point(x: x + columns(shown[..<place]), y: y)
    }
    let hint = Words.exportHint(field, state)
    if x + width + 2 + hint.displayWidth <= body.maxX {
      grid.put(hint, x: x + width + 2, y: y, theme.muted)
    }
  }

  // MARK: - How much

  private func drawCount(y: Int, _ body: Rect, into grid: inout Grid) {
    guard let size else { return }
    grid.put(
      Words.exportCount(size, state).fitted(to: body.width - 3), x: body.x + 3, y: y,
      state.theme.text)
  }

  // MARK: - The mouse

  /// The field of a row; at the marks beside a choice, the next or the one before.
  func hit(at place: Point, in body: Rect) -> Hit? {
    guard let (field, _) = rows(in: body).first(where: { $0.y == place.y }) else { return nil }
    let x = valueColumn(body)
    var change = 0
    if !field.isText, place.x >= x {
      let end = x + 2 + choice(field).displayWidth
      change = place.x < x + 2 ? -1 : place.x <= end + 1 ? 1 : 0
    }
    return Hit(.exportField(field, turn: change), in: body)
  }
}
