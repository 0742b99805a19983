import Recurrent
import Testing

@testable import Inspector

@Suite struct TraceSelectionTests {
  /// Two directions of 12 LSTM units, then 5 RNN units, 300 steps.
  static let layout = [
    TrackLayout(track: Track(layer: 0, direction: .forward), cell: .lstm, units: 12),
    TrackLayout(track: Track(layer: 0, direction: .backward), cell: .lstm, units: 12),
    TrackLayout(track: Track(layer: 1), cell: .rnn, units: 5),
  ]

  static func parse(_ options: SelectionOptions) throws(SelectionError) -> TraceSelection {
    try TraceSelection(options, layout: layout, length: 300)
  }

  @Test func withoutOptionsItIsEverything() throws {
    let all = try Self.parse(SelectionOptions())
    #expect(all == .all(layout: Self.layout, length: 300))
    #expect(all.steps == 0..<300)
    #expect(all.tracks == [0, 1, 2])
    #expect(all.units == [0..<12])
    #expect(all.signals == [.z, .f, .i, .o, .c, .h])
  }

  @Test(arguments: [
    ("5..9", 5..<10), ("5..5", 5..<6), ("5", 5..<6), ("290..", 290..<300), ("..9", 0..<10),
    ("0..299", 0..<300),
  ])
  func steps(_ text: String, _ expected: Range<Int>) throws {
    #expect(try Self.parse(SelectionOptions(steps: text)).steps == expected)
  }

  @Test(arguments: [
    ("0", [0, 1]), ("1", [2]), ("1,0", [0, 1, 2]), ("0..1", [0, 1, 2]), ("0,0", [0, 1]),
  ])
  func layers(_ text: String, _ expected: [Int]) throws {
    #expect(try Self.parse(SelectionOptions(layers: text)).tracks == expected)
  }

  @Test(arguments: [
    ("0..7,11", [0..<8, 11..<12]), ("11,0..7", [0..<8, 11..<12]), ("3,4,5", [3..<6]),
    ("0..7,2..3", [0..<8]), ("..", nil), ("10..", [10..<12]),
  ])
  func units(_ text: String, _ expected: [Range<Int>]?) {
    #expect((try? Self.parse(SelectionOptions(units: text)).units) == expected)
  }

  @Test(arguments: [("f,c,h", [Signal.f, .c, .h]), ("h,c,f,h", [.f, .c, .h]), ("h", [.h])])
  func signals(_ text: String, _ expected: [Signal]) throws {
    #expect(try Self.parse(SelectionOptions(signals: text)).signals == expected)
  }

  @Test func aTrackHasWhatItHasOfASelection() throws {
    let selection = try Self.parse(SelectionOptions(units: "3..7,11", signals: "c,h"))
    let tracks = selection.resolved(in: Self.layout)
    #expect(tracks.map(\.units) == [[3..<8, 11..<12], [3..<8, 11..<12], [3..<5]])
    #expect(tracks.map(\.signals) == [[.c, .h], [.c, .h], [.h]])
    let noneOfTheSecondLayer = try Self.parse(SelectionOptions(signals: "c"))
    #expect(noneOfTheSecondLayer.resolved(in: Self.layout).map(\.index) == [0, 1])
  }

  static let form = "write A..B (B included), A.., ..B or A, from 0"

  @Test(arguments: [
    (SelectionOptions(steps: "x"), "--steps: cannot read 'x'; \(form)"),
    (SelectionOptions(steps: ""), "--steps: cannot read ''; \(form)"),
    (SelectionOptions(steps: ".."), "--steps: cannot read '..'; \(form)"),
    (SelectionOptions(steps: "-1"), "--steps: cannot read '-1'; \(form)"),
    (SelectionOptions(steps: "1...3"), "--steps: cannot read '1...3'; \(form)"),
    (SelectionOptions(steps: "1..2..3"), "--steps: cannot read '1..2..3'; \(form)"),
    (SelectionOptions(units: "1,,2"), "--units: cannot read ''; \(form)"),
    (
      SelectionOptions(steps: "9..3"),
      "--steps: '9..3' runs backwards; write the smaller number first"
    ),
    (
      SelectionOptions(steps: "5..300"),
      "--steps: '5..300' is out of range; there are steps 0..299"
    ),
    (
      SelectionOptions(steps: "99999999999999999999"),
      "--steps: '99999999999999999999' is out of range; there are steps 0..299"
    ),
    (SelectionOptions(layers: "2"), "--layers: '2' is out of range; there are layers 0..1"),
    (SelectionOptions(units: "0,12"), "--units: '12' is out of range; there are units 0..11"),
    (
      SelectionOptions(layers: "1", units: "5"),
      "--units: '5' is out of range; there are units 0..4"
    ),
    (
      SelectionOptions(signals: "f,q"),
      "--signals: no selected layer has a signal 'q'; there is z,f,i,o,c,h"
    ),
    (
      SelectionOptions(signals: ""),
      "--signals: no selected layer has a signal ''; there is z,f,i,o,c,h"
    ),
    (
      SelectionOptions(layers: "1", signals: "c"),
      "--signals: no selected layer has a signal 'c'; there is h"
    ),
  ])
  func errorsSayWhatThereIs(_ options: SelectionOptions, _ message: String) {
    let error = #expect(throws: SelectionError.self) { try Self.parse(options) }
    #expect(error?.description == message)
  }
}
