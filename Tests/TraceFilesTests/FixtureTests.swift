import Inspector
import Recurrent
import Testing
import TraceFiles

/// Files that NumPy, h5py and pandas have written.
@Suite struct FixtureTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let file: String
    /// A track a text: the cell, its signals, its units, and the name of what is no signal.
    let tracks: [String]
    var tokens: [String]?
    var warnings: [String] = []
    var testDescription: String { file }
  }

  private static let letters = ["2", "0", "1", "1", "2"]

  static let cases: [Case] = [
    Case(file: "plain.npz", tracks: ["layer 0 fwd lstm zfioch 3"], tokens: letters),
    Case(file: "deflated.npz", tracks: ["layer 0 fwd lstm zfioch 3"], tokens: letters),
    Case(file: "types.npz", tracks: ["layer 0 fwd lstm zfioch 3"]),
    Case(file: "bare.npz", tracks: ["layer 0 fwd lstm ch 3"]),
    Case(file: "gru.npz", tracks: ["layer 0 fwd gru runh 3"]),
    Case(
      file: "unknown.npz", tracks: ["layer 0 fwd rnn v 3 hidden", "layer 1 fwd rnn v 2 logits"],
      tokens: letters,
      warnings: ["'other' is left out: (7, 2)", "'labels' holds no numbers and is left out"]),
    Case(file: "states.npy", tracks: ["layer 0 fwd rnn v 3 values"]),
    Case(
      file: "lstmvis/states.hdf5", tracks: ["layer 0 fwd lstm ch 3", "layer 1 fwd lstm ch 2"]),
    Case(file: "packed.hdf5", tracks: ["layer 0 fwd lstm c 3"], tokens: letters),
    Case(
      file: "pandas.csv", tracks: ["layer 0 fwd lstm zfioch 3", "layer 1 fwd lstm zfioch 3"],
      tokens: ["c", "a", "b", "b", "c"]),
  ]

  @Test(arguments: cases)
  func isATrace(_ file: Case) throws {
    let read = try TraceReader.read(path: try fixture(file.file))
    let trace = read.trace
    #expect(
      trace.layout.map { layout in
        [
          "\(layout.track)", layout.cell.rawValue, layout.signals.map(\.rawValue).joined(),
          "\(layout.units)", layout.name,
        ].compactMap { $0 }.joined(separator: " ")
      } == file.tracks)
    #expect(trace.length == 5)
    #expect(file.tokens == (trace.tokenText(at: 0) == nil ? nil : (0..<5).map(trace.text)))
    #expect(read.warnings == file.warnings)
    for (index, layout) in trace.layout.enumerated() {
      for (place, signal) in layout.signals.enumerated() {
        check(trace, index, signal, kind: kind(signal, place: place, layout, file.file))
      }
    }
  }

  /// Which of the rule's numbers an array has.
  private func kind(
    _ signal: Signal, place: Int, _ layout: TrackLayout, _ file: String
  ) -> Int {
    if layout.name == "values" { return 4 }
    if layout.name != nil { return layout.track.layer }
    return layout.cell == .gru ? place : Array("zfioch").firstIndex(of: Character(signal.rawValue))!
  }

  /// (64 k + 8 t + u) / 64, exactly; the table has one field that is no number.
  private func check(_ trace: Trace, _ track: Int, _ signal: Signal, kind: Int) {
    let units = 0..<trace.layout[track].units(of: signal)
    let window = trace.window(
      WindowRequest(track: track, signal: signal, steps: 0..<trace.length, units: units))
    for step in 0..<trace.length {
      for unit in units {
        let expected = Float(64 * kind + 8 * step + unit) / 64
        let isHole = window[step, unit].isNaN && signal == .h && step == 0 && unit == 2
        #expect(window[step, unit] == expected || isHole)
      }
    }
    // A part of it is the same.
    let part = trace.window(
      WindowRequest(track: track, signal: signal, steps: 2..<4, units: 1..<units.upperBound))
    #expect(part[3, 1] == window[3, 1])
  }

  @Test func lstmVisHasWordsInOtherFiles() throws {
    let path = try fixture("lstmvis/states.hdf5")
    let beside = TraceReader.companions(of: path)
    #expect(beside.tokens == (try fixture("lstmvis/train.hdf5")))
    #expect(beside.symbols == (try fixture("lstmvis/words.dict")))
    let tokens = try TraceReader.tokens(path: beside.tokens ?? "")
    let trace = try TraceReader.read(
      path: path, .init(symbols: ["the", "cat", "<eos>"], tokens: tokens)
    ).trace
    #expect((0..<5).map(trace.text) == ["<eos>", "the", "cat", "cat", "<eos>"])
    // Nothing is looked for beside a file of another kind.
    let other = TraceReader.companions(of: try fixture("lstmvis/words.dict"))
    #expect(other.tokens == nil && other.symbols == nil)
  }

  @Test func whatIsBeforeTheFirstStepIsOnlySaidWhereItIsKnown() throws {
    // The rule's numbers are no LSTM's: they begin with no zeros.
    let invented = try TraceReader.read(path: try fixture("plain.npz")).trace
    #expect(invented.previous(track: 0, signal: .c, step: 0, unit: 1) == nil)
    #expect(invented.previous(track: 0, signal: .c, step: 1, unit: 1) == 4.015625)

    let (trace, network) = try Recording.all[0].trace()
    let file = try exported(trace, .all(of: trace), .npz, network: network)
    let whole = try TraceReader.read(bytes: file, path: "t").trace
    #expect(whole.previous(track: 0, signal: .c, step: 0, unit: 1) == 0)
    #expect(whole.previous(track: 0, signal: .h, step: 0, unit: 1) == 0)

    let late = try exported(
      trace, TraceSelection(.init(steps: "3..5", signals: "c,h"), of: trace), .npz)
    let narrowed = try TraceReader.read(bytes: late, path: "t").trace
    #expect(narrowed.previous(track: 0, signal: .c, step: 0, unit: 1) == nil)
    #expect(narrowed.previous(track: 0, signal: .z, step: 1, unit: 1) == nil)

    let gaps = "step,unit,c,h\n2,0,1,0.5\n4,0,2,0.25\n"
    let table = try TraceReader.read(bytes: Array(gaps.utf8), path: "t").trace
    #expect(table.previous(track: 0, signal: .c, step: 1, unit: 0) == nil)
    #expect(table.stepNumbers == [2, 4])
    #expect([0, 2, 3, 4, 9].map(table.step(numbered:)) == [0, 0, 1, 1, 1])
  }
}

/// How far c may be from i · z, or h from (1 - u) n, where a sequence still begins with zeros.
@Suite struct BeginningTests {
  @Test(arguments: [
    ("0.25", true), ("0.2524", true), ("0.2526", false), ("0.2474", false), ("nan", true),
  ])
  func aMemoryThatIsWhatWasWritten(_ c: String, _ isZero: Bool) throws {
    let text = "step,unit,z,f,i,o,c,h\n0,0,0.5,0.5,0.5,0.5,\(c),0.1\n1,0,0.5,0.5,0.5,0.5,0.3,0.1\n"
    let trace = try TraceReader.read(bytes: Array(text.utf8), path: "t").trace
    #expect(trace.previous(track: 0, signal: .c, step: 0, unit: 0) == (isZero ? 0 : nil))
  }

  /// The larger the value, the more half precision leaves open.
  @Test(arguments: [("8", true), ("8.017", true), ("8.019", false)])
  func halfPrecisionOfALargeOne(_ c: String, _ isZero: Bool) throws {
    let text = "step,unit,z,f,i,o,c,h\n0,0,8,0.5,1,0.5,\(c),0.1\n"
    let trace = try TraceReader.read(bytes: Array(text.utf8), path: "t").trace
    #expect(trace.previous(track: 0, signal: .c, step: 0, unit: 0) == (isZero ? 0 : nil))
  }
}

extension Trace {
  func text(_ step: Int) -> String { tokenText(at: step) ?? "" }
}
