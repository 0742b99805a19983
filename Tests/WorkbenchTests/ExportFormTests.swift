import Inspector
import Recurrent
import Screen
import Testing

@testable import Workbench

/// The form of an export: what it proposes, how it is filled in, and the line that comes of it.
@Suite struct ExportFormTests {
  /// Keys in the form, and the line that is carried out after Enter.
  @Test(
    arguments: [
      ([], "trace.csv"), (["tab"], "trace.csv"),
      (["right"], "trace.csv --units 0"), (["space", "right"], "trace.csv --signals z"),
      (["left"], "trace.csv --signals y"), (["right", "left"], "trace.csv"),
      (["tab", "4..9"], "trace.csv --steps 4..9"),
      (["tab", "4 .. 9"], "trace.csv --steps 4..9"),
      (
        ["down", "3", "down", "0..2,7", "down", "f,c"],
        "trace.csv --steps 3 --units 0..2,7 --signals f,c"
      ),
      (["up", "up", "right"], "trace.csv --layout wide"),
      (["backtab", "backtab", "right", "right"], "trace.csv --layout long"),
      (["up", "up", "left"], "trace.npz"), (["up", "up", "left", "right"], "trace.csv"),
      (["up", "clear", "a b.npz"], "a b.npz"), (["up", "clear", " a b.CSV "], "a b.CSV"),
      (["up", "up", "right", "down", "clear", "t.npz"], "t.npz"),
    ] as [([String], String)])
  func theFieldsMakeALine(_ words: [String], _ line: String) throws {
    var state = try Scene.letters().recordedState()
    // From the file on to the first field.
    #expect(press(&state, ["e", .tab] + pressed(words)) == [])
    let effects = press(&state, [.enter])
    guard case .export(let request)? = effects.first else {
      Issue.record("\(state.exportForm?.faults(state) ?? [:])")
      return
    }
    #expect(request.text == line)
    #expect(state.exportForm == nil)
    #expect(state.journal.lines.last == "export \(line)")
    // What a person could have typed asks for the same.
    var typed = try Scene.letters().recordedState()
    #expect(press(&typed, keys(":export \(line)") + [.enter]) == effects)
  }

  /// The words stand for keys; all others are typed.
  private func pressed(_ words: [String]) -> [Key] {
    let named: [String: Key] = [
      "tab": .tab, "backtab": .backTab, "right": .right, "left": .left, "space": " ", "up": .up,
      "down": .down, "clear": .control("u"),
    ]
    return words.flatMap { word in named[word].map { [$0] } ?? keys(word) }
  }

  @Test func aSpanIsTheProposalForSteps() throws {
    var state = try Scene.letters().recordedState()
    _ = press(&state, keys("llVle"))
    #expect(state.exportForm?.text(of: .steps) == "2..3")
    #expect(render(state).text.contains("2 steps × 8 units × 6 signals, 16 rows, about"))
    // Emptied it means all steps, though there is a span.
    let effects = press(&state, [.tab, .tab, .control("u"), .enter])
    guard case .export(let request)? = effects.first else { throw CancellationError() }
    #expect(request.options.steps == "0..")
    _ = update(&state, .exported(path: "trace.csv", steps: 30))
    _ = press(&state, keys("jjE"))
    #expect(state.exportForm?.text(of: .file) == "trace-unit2.csv")
    #expect(state.exportForm?.text(of: .units) == "2")
    #expect(state.exportForm?.part == .unit(2, layer: nil))
  }

  /// A fault stands under its field, and the field is gone to.
  @Test(
    arguments: [
      (["tab", "99"], ExportForm.Field.steps, "out of range"),
      (["tab", "9..3"], .steps, "runs backwards"), (["tab", "x"], .steps, "cannot read"),
      (["tab", "tab", "8"], .units, "out of range"),
      (["tab", "tab", "tab", "q"], .signals, "no selected layer has a signal 'q'"),
      (["up", "clear"], .file, "a name is needed"), (["up", "clear", "-"], .file, "the screen"),
      (["up", "clear", "a --units 3.csv"], .file, "options"),
      (["up", "clear", "a.txt"], .file, "must end in .csv or .npz"),
    ] as [([String], ExportForm.Field, String)])
  func aFaultStandsUnderItsField(
    _ words: [String], _ field: ExportForm.Field, _ message: String
  ) throws {
    var state = try Scene.letters().recordedState()
    _ = press(&state, ["e", .tab] + pressed(words))
    #expect(!render(state).text.contains(message), "not while it is typed")
    _ = press(&state, [.tab])
    #expect(render(state).text.contains(message), "but once it is left")
    #expect(press(&state, [.enter]) == [])
    #expect(state.exportForm?.field == field)
    let rows = render(state).text.split(separator: "\n", omittingEmptySubsequences: false)
    let row = try #require(rows.firstIndex { $0.contains("▸ \(Words.name(of: field))") })
    #expect(rows[row + 1].contains(message), "\(rows[row + 1])")
    #expect(!rows.contains { $0.contains(" about ") })
  }

  @Test func escapeLeavesAndNothingIsWritten() throws {
    var state = try Scene.letters().recordedState()
    let before = state.journal
    #expect(press(&state, ["e", .tab, .tab, "7", .escape]) == [])
    #expect(state.exportForm == nil && state.message?.text == Words.exportKept)
    #expect(state.journal == before && state.step == 0)
    // A key of a view is typed, a paste too.
    _ = press(&state, ["e", .control("u")])
    _ = press(&state, keys("q2?:"))
    _ = update(&state, .paste("a\nb"))
    #expect(state.exportForm?.text(of: .file) == "q2?:ab")
    #expect(state.view == .lanes && !state.hasQuit)
  }

  @Test func anExistingFileIsAskedAbout() throws {
    let scene = try Scene.letters()
    var written: [ExportRequest] = []
    let workbench = scene.workbench(
      scene.state(),
      export: { request in
        written.append(request)
        return written.count == 1 ? .exists : .written
      })
    workbench.type("e")
    workbench.press(.tab, .right, .enter)
    #expect(workbench.frame().text.contains("trace.csv exists. Replace it?"))
    workbench.type("y")
    #expect(written.count == 2 && written[1].mayReplace && written[1].options.units == "0")
  }

  /// Clicks choose a field; at the marks beside a choice they change it.
  @Test(arguments: [(60, 16), (80, 24), (120, 40)])
  func aClickChoosesAField(_ width: Int, _ height: Int) throws {
    let scene = try Scene.letters()
    scene.recorder.recordAll()
    var state = scene.state(width: width, height: height)
    _ = update(&state, .recorded)
    _ = press(&state, ["e"])
    func click(_ text: String, in row: String) throws {
      let lines = render(state).text.split(separator: "\n", omittingEmptySubsequences: false)
      let y = try #require(lines.firstIndex { $0.contains(row) })
      let scalars = Array(lines[y].unicodeScalars)
      let x = try #require(scalars.lastIndex { String($0) == text })
      _ = update(&state, .mouse(MouseEvent(.press(.left), at: Point(x: x, y: y))))
    }
    for field in [ExportForm.Field.file, .signals, .units, .steps] {
      let name = Words.name(of: field)
      try click(String(name.last!), in: " \(name)  ")
      #expect(state.exportForm?.field == field)
    }
    try click("▸", in: " layout ")
    #expect(state.exportForm?.layout == .wide)
    try click("◂", in: " layout ")
    #expect(state.exportForm?.layout == .unit)
    try click("▸", in: " what ")
    #expect(state.exportForm?.part == .unit(0, layer: nil))
    // Elsewhere nothing is lost.
    _ = update(&state, .mouse(MouseEvent(.press(.left), at: Point(x: 1, y: 0))))
    #expect(state.exportForm?.part == .unit(0, layer: nil) && state.view == .lanes)
  }
}

/// What is told of a file before it is written is what is then in it.
@Suite struct ExportSizeTests {
  private final class Bytes: ByteSink {
    var bytes: [UInt8] = []
    func write(_ more: UnsafeRawBufferPointer) { bytes += more }
  }

  @Test(
    arguments: [
      SelectionOptions(), .init(steps: "3..9"), .init(units: "2,5..6"), .init(signals: "f,c"),
      .init(steps: "4", units: "1", signals: "h"), .init(signals: "y"),
      .init(signals: "c,loss,entropy"), .init(signals: "loss"),
    ],
    [TraceFormat.csv(.unit), .csv(.long), .csv(.wide), .npz])
  func rowsAreCountedAndBytesTold(_ options: SelectionOptions, _ format: TraceFormat) throws {
    let scene = try Scene.letters()
    scene.recorder.recordAll()
    let trace = scene.session.trace
    let network = scene.session.model?.network
    let selection = try TraceSelection(options, of: trace, for: format)
    let size = try ExportSize(selection, of: trace, format, network: network)
    let sink = Bytes()
    try TraceExporter(network: network).write(trace, selection, format, to: sink)
    if let rows = size.rows {
      #expect(rows == sink.bytes.count { $0 == UInt8(ascii: "\n") } - 1)
    }
    #expect(size.steps == selection.steps.count)
    let error = abs(Double(size.bytes - sink.bytes.count)) / Double(sink.bytes.count)
    // Of arrays all steps are as long as each other.
    #expect(error < (format == .npz ? 0.03 : 0.1), "\(size.bytes), not \(sink.bytes.count)")
  }

  /// Before the steps are there, by those that are.
  @Test func itIsToldBeforeEverythingIsRecorded() throws {
    let scene = try Scene.letters()
    scene.recorder.record(through: 4)
    let trace = scene.session.trace
    let network = scene.session.model?.network
    let early = try ExportSize(.all(of: trace), of: trace, .csv(.unit), network: network)
    scene.recorder.recordAll()
    let late = try ExportSize(.all(of: trace), of: trace, .csv(.unit), network: network)
    #expect(early.rows == late.rows && early.rows == 30 * 8)
    #expect(abs(Double(early.bytes - late.bytes)) < 0.1 * Double(late.bytes))
  }
}
