import Screen

/// The keys that the footer names, and where they stand: those that work here and have room.
struct FooterKeys {
  struct Item {
    /// The keys' labels with what they do: one, or two that are opposites.
    let keys: [(label: String, instruction: Instruction)]
    let words: String
    let instruction: Instruction
    let rank: Int
    var x = 0

    /// Arrows stand close: ←→, but [ ].
    var separator: String { keys.allSatisfy { Self.arrows.contains($0.label) } ? "" : " " }
    var label: String { keys.map(\.label).joined(separator: separator) }
    var width: Int { label.displayWidth + 1 + words.displayWidth }

    private static let arrows = ["←", "→", "↑", "↓"]
  }

  let items: [Item]

  /// - Parameter room: the columns for all of them, from column 1 on.
  init(_ state: State, room: Int) {
    var items = state.keymap.bindings.filter { $0.isOfUse(state) }.compactMap {
      Self.item($0, state)
    }
    func width(_ items: [Item]) -> Int {
      items.map(\.width).reduce(1, +) + 2 * max(0, items.count - 1)
    }
    while width(items) > room, let last = items.indices.max(by: { items[$0].rank < items[$1].rank })
    {
      items.remove(at: last)
    }
    let gap = width(items) + items.count - 1 <= room ? 3 : 2
    var x = 1
    for index in items.indices {
      items[index].x = x
      x += items[index].width + gap
    }
    self.items = items
  }

  /// Nil where the binding has no place in the footer, or no key any more.
  private static func item(_ binding: Keymap.Binding, _ state: State) -> Item? {
    let keymap = state.keymap
    guard let footer = binding.footer, let key = binding.keys.first else { return nil }
    var keys = [(label: key.label, instruction: binding.instruction)]
    if let opposite = footer.opposite.map({ Instruction($0) }),
      let first = keymap.keys(of: opposite).first
    {
      keys.insert((first.label, opposite), at: 0)
    }
    return Item(
      keys: keys,
      words: state.view == .why && binding.instruction.command == .nextUnit
        ? Words.causeInFooter : footer.words, instruction: binding.instruction, rank: footer.rank)
  }

  /// What the key or the word in a column stands for.
  func instruction(atColumn x: Int) -> Instruction? {
    guard let item = items.first(where: { ($0.x..<$0.x + $0.width).contains(x) }) else {
      return nil
    }
    var start = item.x
    for key in item.keys {
      let end = start + key.label.displayWidth
      if (start..<end).contains(x) { return key.instruction }
      start = end + item.separator.displayWidth
    }
    return item.instruction
  }
}
