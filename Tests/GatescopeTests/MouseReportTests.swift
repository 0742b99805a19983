import Screen
import Testing

@testable import CursesTerminal

/// The bytes that terminals send for the mouse.
@Suite struct MouseReportTests {
  private func event(_ text: String) -> MouseEvent? {
    var reports = MouseReports()
    reports.begin(isOld: false)
    var events = text.utf8.compactMap { reports.take($0) }
    #expect(!reports.isReading && events.count <= 1)
    return events.popLast()
  }

  @Test(
    arguments: [
      ("0;1;1M", MouseEvent(.press(.left), at: Point(x: 0, y: 0))),
      ("0;12;5m", MouseEvent(.release(.left), at: Point(x: 11, y: 4))),
      ("1;500;200M", MouseEvent(.press(.middle), at: Point(x: 499, y: 199))),
      ("2;3;4m", MouseEvent(.release(.right), at: Point(x: 2, y: 3))),
      ("32;3;4M", MouseEvent(.drag(.left), at: Point(x: 2, y: 3))),
      ("34;3;4M", MouseEvent(.drag(.right), at: Point(x: 2, y: 3))),
      ("64;3;4M", MouseEvent(.wheel(.up), at: Point(x: 2, y: 3))),
      ("65;3;4M", MouseEvent(.wheel(.down), at: Point(x: 2, y: 3))),
      ("66;3;4M", MouseEvent(.wheel(.left), at: Point(x: 2, y: 3))),
      ("67;3;4M", MouseEvent(.wheel(.right), at: Point(x: 2, y: 3))),
      ("4;3;4M", MouseEvent(.press(.left), at: Point(x: 2, y: 3), .shift)),
      ("28;3;4M", MouseEvent(.press(.left), at: Point(x: 2, y: 3), [.shift, .alt, .control])),
      ("69;3;4M", MouseEvent(.wheel(.down), at: Point(x: 2, y: 3), .shift)),
    ])
  func aReportIsAnEvent(_ text: String, _ expected: MouseEvent) {
    #expect(event(text) == expected)
  }

  /// Motion without a button, buttons 8 to 11, the wheel's release, places that are none, rubbish.
  @Test(arguments: [
    "35;3;4M", "128;3;4M", "64;3;4m", "0;0;1M", "0;1;0M", "0;1M", "0;1;1;1M", ";;M", "M", "m",
    "0;;1M", "0;1;1X", "q", "\u{1B}", "00000000000000000000M",
  ])
  func whatIsNoReportIsNothing(_ text: String) {
    var reports = MouseReports()
    reports.begin(isOld: false)
    for byte in text.utf8 { #expect(reports.take(byte) == nil) }
    #expect(!reports.isReading)
  }

  @Test(
    arguments: [
      ([32, 33, 33], MouseEvent(.press(.left), at: Point(x: 0, y: 0))),
      ([35, 43, 53], MouseEvent(.release(nil), at: Point(x: 10, y: 20))),
      ([64, 255, 200], MouseEvent(.drag(.left), at: Point(x: 222, y: 167))),
      ([97, 33, 34], MouseEvent(.wheel(.down), at: Point(x: 0, y: 1))),
      ([31, 33, 33], nil), ([32, 0, 33], nil), ([32, 32, 33], nil),
    ] as [([UInt8], MouseEvent?)])
  func threeBytesAreAnEvent(_ bytes: [UInt8], _ expected: MouseEvent?) {
    var reports = MouseReports()
    reports.begin(isOld: true)
    #expect(bytes.compactMap { reports.take($0) } == (expected.map { [$0] } ?? []))
    #expect(!reports.isReading)
  }

  @Test func aReportThatIsCutShortIsForgotten() {
    var reports = MouseReports()
    #expect(reports.take(UInt8(ascii: "M")) == nil)
    reports.begin(isOld: false)
    #expect(reports.take(UInt8(ascii: "0")) == nil && reports.isReading)
    #expect(reports.mayGoOn(with: UInt8(ascii: ";")) && !reports.mayGoOn(with: UInt8(ascii: "l")))
    reports.cancel()
    #expect(!reports.isReading)
    reports.begin(isOld: true)
    reports.begin(isOld: false)
    #expect("0;1;1M".utf8.compactMap { reports.take($0) }.count == 1)
  }
}
