import Inspector
import Recurrent
import Testing
import TraceFiles

/// What a readout said comes back out of every file as it went in.
@Suite struct ReadoutRoundTripTests {
  static func trace(outputs: Int) throws -> Trace {
    var numbers = Numbers(seed: 11)
    let shape = LayerShape(cell: .lstm, inputSize: outputs, hiddenSize: 3)
    let network = try Network(
      layers: [
        Layer(
          shape: shape,
          weights: [
            LayerWeights(
              inputWeights: numbers.values(12 * outputs), recurrentWeights: numbers.values(36))
          ])
      ],
      readout: Readout(
        inputSize: 3, outputSize: outputs, weights: numbers.values(outputs * 3), bias: nil,
        activation: .softmax))
    let recorder = try TraceRecorder(
      network: network, input: .tokens((0..<40).map { $0 * 7 % outputs }),
      symbols: (0..<outputs).map { "s\($0)" })
    recorder.recordAll()
    return recorder.trace
  }

  private static let formats: [TraceFormat] = [.npz] + CSVLayout.allCases.map { .csv($0) }

  @Test(arguments: [4, 300], [nil, "2..5"]) func everyFormat(outputs: Int, steps: String?) throws {
    let trace = try Self.trace(outputs: outputs)
    let said = try #require(trace.readout)
    for signals in ["h,y", "h,loss", "c,y_next,entropy"] {
      let options = SelectionOptions(steps: steps, signals: signals)
      let selection = try TraceSelection(options, of: trace)
      for format in Self.formats {
        let first = try exported(trace, selection, format)
        let read = try TraceReader.read(bytes: first, path: "t")
        #expect(read.warnings == [], "\(format)")
        let readout = try #require(read.trace.readout, "\(format)")
        #expect(readout.quantities == selection.readout)
        for quantity in selection.readout where quantity != .y {
          let expected = said.values(quantity, selection.steps)
          let found = readout.values(quantity, 0..<selection.steps.count)
          #expect(found.map(\.bitPattern) == expected.map(\.bitPattern), "\(format) \(quantity)")
        }
        var again = TraceSelection.all(of: read.trace)
        again.readout = readout.quantities
        #expect(try exported(read.trace, again, format) == first, "\(format) \(signals)")
      }
    }
  }

  @Test func aTablesOutputsKeepTheirNumbers() throws {
    let trace = try Self.trace(outputs: 4)
    let selection = try TraceSelection(SelectionOptions(signals: "h,y"), of: trace)
    let read = try TraceReader.read(
      bytes: exported(trace, selection, .csv(.unit)), path: "t"
    ).trace
    // Its tokens are numbered as they come, which its outputs are not.
    #expect(read.readout?.symbols == nil)
    let search = try SignalExpression("p[2] > 0.3").bound(to: ExpressionScope(trace: read))
    let same = try SignalExpression(#"p["s2"] > 0.3"#).bound(to: ExpressionScope(trace: trace))
    #expect(search.hits(in: 0..<40) == same.hits(in: 0..<40))
  }

  @Test func somebodysYOfLabelsIsNoReadout() throws {
    // y: (T) of int64, as a file of labels has it.
    let table = "step,token,layer,direction,unit,h\n0,a,0,fwd,0,0.5\n"
    let read = try TraceReader.read(bytes: Array(table.utf8), path: "t")
    #expect(read.trace.readout == nil)
  }

  @Test(arguments: [
    (
      "step,token,layer,direction,unit,h,y\n0,a,0,fwd,0,0.5,\n0,a,,,0,,0.5\n0,a,,,0,,0.5\n",
      "t: line 4: step 0, unit 0 stands there twice"
    ),
    ("step,token,layer,direction,unit,h,y\n0,a,0,fwd,0,0.5,\n0,a,,,x,,0.5\n", "t: line 3"),
    ("step,token,layer,direction,unit,h,y\n0,a,0,fwd,0,0.5,\n0,a,,,99999999,,0.5\n", "t: line 3"),
    (
      "step,token,layer,direction,unit,h,loss\n0,a,0,fwd,0,0.5,\n0,a,,,,,1\n0,a,,,,,1\n",
      "t: line 4"
    ),
    ("step,token,layer,direction,unit,h,loss\n0,a,0,fwd,0,0.5,\n0,a,,,,,q\n", "t: line 3"),
    ("step,l0.fwd.h.0,y_top.0,y_top_id.0\n0,1,0.5,-3\n", "t: line 2"),
    ("step,l0.fwd.h.0,y_top.0,y_top_id.0\n0,1,0.5,1e30\n", "t: line 2"),
  ])
  func damagedTablesAreNamed(_ table: String, _ begin: String) {
    let text = message { _ = try TraceReader.read(bytes: Array(table.utf8), path: "t") }
    #expect(text.hasPrefix(begin), "\(text)")
  }
}
