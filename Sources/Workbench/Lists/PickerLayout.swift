import Screen

/// Where the list of demos stands: as many rows an entry as there is room for, and a page of the
/// entries with the selected one on it.
struct PickerLayout {
  let inset: Int
  let top: Int
  let rowsEach: Int
  let entries: Range<Int>
  /// Where it says what the selected one teaches, if the entries do not each say so themselves.
  let teachingRow: Int?
  /// Rows of an entry with a title, a summary, what it teaches and a blank.
  static let taughtRows = 4
  /// Where the longest summary would have to begin to be whole.
  private let wholeSummary: Int

  init(_ state: PickerState) {
    wholeSummary = state.width - 1 - (state.entries.map(\.summary.displayWidth).max() ?? 0)
    inset = state.width >= 100 ? 4 : 2
    let isAiry = state.height >= 3 * state.entries.count + 6
    let teaches = state.entries.contains { $0.teaches != nil }
    let isTaught = teaches && state.height >= Self.taughtRows * state.entries.count + 4
    rowsEach =
      isTaught
      ? Self.taughtRows : isAiry ? 3 : state.height >= 2 * state.entries.count + 5 ? 2 : 1
    top = isAiry ? 3 : 2
    let visible = max(1, (state.height - top - 1) / rowsEach)
    let first = Paging.first(
      showing: state.selected, visible: visible, count: state.entries.count)
    entries = first..<min(first + visible, state.entries.count)
    // A blank above it, the footer under it.
    let row = state.height - 2
    teachingRow = teaches && !isTaught && top + entries.count * rowsEach < row ? row : nil
  }

  /// Summaries stand under the titles, further left where one of them would else be cut.
  func summaryColumn(_ nameWidth: Int) -> Int {
    max(inset, min(inset + nameWidth, wholeSummary))
  }

  func row(of entry: Int) -> Int { top + (entry - entries.lowerBound) * rowsEach }

  /// The entry in a row; nil in the blanks between and around them.
  func entry(atRow y: Int) -> Int? {
    guard y >= top else { return nil }
    let (place, row) = (y - top).quotientAndRemainder(dividingBy: rowsEach)
    let entry = entries.lowerBound + place
    return entries.contains(entry) && row < max(2, rowsEach - 1) ? entry : nil
  }
}

/// A click selects an entry, and opens the selected one; the wheel goes through the list.
func point(_ state: inout PickerState, _ event: MouseEvent) {
  switch event.kind {
  case .wheel(.up): update(&state, .key(.up))
  case .wheel(.down): update(&state, .key(.down))
  case .press(.left):
    if event.place.y == state.height - 1 {
      if let key = PickerFooter(state).key(atColumn: event.place.x) { update(&state, .key(key)) }
    } else if (0..<state.width).contains(event.place.x),
      let entry = PickerLayout(state).entry(atRow: event.place.y)
    {
      if entry == state.selected { state.outcome = .chosen(entry) }
      state.selected = entry
    }
  case .press, .release, .drag, .wheel: break
  }
}

/// The keys in the last line of the list, and where they stand.
struct PickerFooter {
  struct Item {
    let x: Int
    let keys: String
    let words: String
    let key: Key?
  }

  let items: [Item]

  init(_ state: PickerState) {
    var x = 1
    items = Words.pickerKeys.map { keys, words, key in
      let item = Item(x: x, keys: keys, words: words, key: key)
      x += keys.displayWidth + 1 + words.displayWidth + 3
      return item
    }
  }

  /// The key whose label stands in a column.
  func key(atColumn x: Int) -> Key? {
    items.first { item in
      (item.x..<item.x + item.keys.displayWidth + 1 + item.words.displayWidth).contains(x)
    }?.key
  }
}
