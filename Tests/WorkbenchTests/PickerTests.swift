import Screen
import Testing

@testable import Workbench

/// The list of demos: what keys and clicks choose.
@Suite struct PickerTests {
  private func list(_ width: Int, _ height: Int, count: Int = 9, selected: Int = 0) -> PickerState {
    PickerState(
      entries: (0..<count).map { .init(name: "name\($0)", title: "title", summary: "words") },
      selected: selected, width: width, height: height,
      theme: Theme(.dark, Capabilities(colors: .none, unicode: true)))
  }

  private func press(_ list: inout PickerState, _ x: Int, _ y: Int) {
    update(&list, .mouse(MouseEvent(.press(.left), at: Point(x: x, y: y))))
  }

  @Test(arguments: [(80, 12), (80, 24), (120, 40), (200, 60)])
  func aClickSelectsAndAnotherOpens(_ width: Int, _ height: Int) throws {
    for count in [9, 40] {
      var list = list(width, height, count: count, selected: 3)
      let rows = render(list).text.split(separator: "\n", omittingEmptySubsequences: false)
      for (y, row) in rows.enumerated() {
        guard let name = row.firstRange(of: "name") else { continue }
        let number = try #require(Int(row[name.upperBound...].prefix { $0.isNumber }))
        var clicked = list
        press(&clicked, 5, y)
        #expect(clicked.selected == number)
        #expect(clicked.outcome == (number == 3 ? .chosen(3) : nil))
        // Where it stands now may be elsewhere: a page may have been turned.
        press(&clicked, 5, PickerLayout(clicked).row(of: number))
        #expect(clicked.outcome == .chosen(number))
      }
      for (x, y) in [(5, 0), (5, 1), (-1, 5), (width, 5), (5, -1), (5, height)] {
        press(&list, x, y)
        #expect(list.selected == 3 && list.outcome == nil)
      }
    }
  }

  /// At 80 × 24 no summary of up to 77 columns is cut, and all begin in one column.
  @Test(arguments: [(30, 17), (62, 17), (70, 9), (77, 2)])
  func summariesAreWhole(_ length: Int, _ column: Int) {
    let long = "begin " + String(repeating: "x", count: length - 10) + " end"
    let list = PickerState(
      entries: (0..<9).map {
        .init(
          name: $0 == 6 ? "mackey-glass" : "name\($0)", title: "a title",
          summary: $0 == 4 ? long : "begin short", isFirst: $0 == 0)
      }, selected: 0, width: 80, height: 24,
      theme: Theme(.dark, Capabilities(colors: .none, unicode: true)))
    let screen = render(list)
    #expect(screen.text.contains(long))
    for entry in 0..<9 {
      let row = screen.text(row: PickerLayout(list).row(of: entry) + 1)
      #expect(row.prefix { $0 == " " }.count == column)
    }
    #expect(screen.text(row: 2).contains("a title  " + Words.startHere))
    #expect(screen.text.ranges(of: Words.startHere).count == 1)
  }

  @Test func theFootersKeysAndTheWheelDoTheSameAsKeys() throws {
    var list = list(80, 24)
    let wheel = MouseEvent(.wheel(.down), at: Point(x: 0, y: 0))
    for _ in 0..<2 { update(&list, .mouse(wheel)) }
    update(&list, .mouse(MouseEvent(.wheel(.up), at: Point(x: 0, y: 0))))
    #expect(list.selected == 1)
    let footer = Array(render(list).text(row: 23))
    func column(_ word: String) throws -> Int {
      try #require(footer.indices.first { String(footer[$0...].prefix(word.count)) == word })
    }
    press(&list, try column("choose"), 23)
    #expect(list.selected == 1 && list.outcome == nil)
    var other = list
    press(&other, try column("open"), 23)
    #expect(other.outcome == .chosen(1))
    press(&list, try column("q "), 23)
    #expect(list.outcome == .left)
  }

  /// Each entry says what it teaches where there are rows for it, else the selected one does, over the
  /// keys; where not even that has room, nobody.
  @Test(arguments: [(120, 40, 9), (120, 36, 1), (80, 24, 1), (80, 22, 1), (80, 12, 0)])
  func whatTheyTeachIsSaid(_ width: Int, _ height: Int, _ count: Int) {
    var list = PickerState(
      entries: (0..<9).map {
        .init(name: "name\($0)", title: "title", summary: "words", teaches: "idea \($0)")
      },
      selected: 4, width: width, height: height,
      theme: Theme(.dark, Capabilities(colors: .none, unicode: true)))
    for selected in [4, 8, 0] {
      list.selected = selected
      let rows = render(list).text.split(separator: "\n", omittingEmptySubsequences: false)
      let said = rows.filter { $0.contains("teaches: idea") }
      #expect(said.count == count)
      if count > 0 { #expect(said.contains { $0.contains("idea \(selected)") }) }
      // Nothing covers a name or the keys.
      if height > 12 {
        for name in 0..<9 { #expect(rows.contains { $0.contains("name\(name) ") }) }
      }
      #expect(rows.contains { $0.contains("choose") && $0.contains("quit") })
    }
    // A click on what it teaches chooses the entry, and a click on the line at the bottom nothing.
    let layout = PickerLayout(list)
    if count == 9 { #expect(layout.entry(atRow: layout.row(of: 2) + 2) == 2) }
    if let row = layout.teachingRow { #expect(layout.entry(atRow: row) == nil) }
  }
}
