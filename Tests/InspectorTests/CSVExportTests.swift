import Recurrent
import Testing

@testable import Inspector

@Suite struct CSVExportTests {
  @Test func oneRowAUnit() throws {
    let trace = try mixedTrace()
    let selection = try TraceSelection(SelectionOptions(steps: "1..2", signals: "c,n,h"), of: trace)
    #expect(
      try exported(trace, selection, .csv(.unit)).text == """
        step,token,layer,direction,unit,c,n,h
        1,",",0,fwd,0,10.4,,10.8
        1,",",0,fwd,1,11.4,,11.8
        1,",",0,bwd,0,110.4,,110.8
        1,",",0,bwd,1,111.4,,111.8
        1,",",1,fwd,0,,210.7,210.8
        2,"\r\n",0,fwd,0,20.4,,20.8
        2,"\r\n",0,fwd,1,21.4,,21.8
        2,"\r\n",0,bwd,0,120.4,,120.8
        2,"\r\n",0,bwd,1,121.4,,121.8
        2,"\r\n",1,fwd,0,,220.7,220.8

        """)
  }

  @Test func oneRowAValue() throws {
    let trace = try mixedTrace()
    let selection = try TraceSelection(SelectionOptions(steps: "0", signals: "o,u"), of: trace)
    #expect(
      try exported(trace, selection, .csv(.long)).text == """
        step,token,layer,direction,unit,signal,value
        0,a,0,fwd,0,o,0.3
        0,a,0,fwd,1,o,1.3
        0,a,0,bwd,0,o,100.3
        0,a,0,bwd,1,o,101.3
        0,a,1,fwd,0,u,200.6

        """)
  }

  @Test func oneRowAStep() throws {
    let trace = try mixedTrace()
    let selection = try TraceSelection(SelectionOptions(units: "1", signals: "z,h"), of: trace)
    #expect(
      try exported(trace, selection, .csv(.wide)).text == """
        step,token,l0.fwd.z.1,l0.fwd.h.1,l0.bwd.z.1,l0.bwd.h.1
        0,a,1.0,1.8,101.0,101.8
        1,",",11.0,11.8,111.0,111.8
        2,"\r\n",21.0,21.8,121.0,121.8

        """)
  }

  @Test func everythingIsTheDefault() throws {
    let trace = try mixedTrace()
    let lines = try exported(trace, .all(of: trace), .csv(.unit)).text.split(separator: "\n")
    #expect(lines[0] == "step,token,layer,direction,unit,z,f,i,o,c,r,u,n,h")
    #expect(lines[1] == "0,a,0,fwd,0,0.0,0.1,0.2,0.3,0.4,,,,0.8")
    #expect(lines[5] == "0,a,1,fwd,0,,,,,,200.5,200.6,200.7,200.8")
  }

  @Test func numericInputHasNoToken() throws {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .rnn, units: 1)]
    let trace = try handMadeTrace(layout, input: .features([1, 2, 3, 4], width: 2)) {
      _, _, step, _ in Float(step)
    }
    #expect(
      try exported(trace, .all(of: trace), .csv(.unit)).text
        == "step,token,layer,direction,unit,h\n0,,0,fwd,0,0.0\n1,,0,fwd,0,1.0\n")
  }

  @Test func tokensWithoutASymbolAreNumbers() throws {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .rnn, units: 1)]
    let trace = try handMadeTrace(layout, input: .tokens([0, 7]), symbols: ["a"]) { _, _, _, _ in 0
    }
    #expect(
      try exported(trace, .all(of: trace), .csv(.wide)).text
        == "step,token,l0.fwd.h.0\n0,a,0.0\n1,7,0.0\n")
  }

  @Test func severalRangesOfUnitsAcrossBlocks() throws {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .rnn, units: 4000)]
    let trace = try handMadeTrace(layout, input: .tokens(Array(repeating: 0, count: 300))) {
      _, _, step, unit in Float(step * 4000 + unit)
    }
    let selection = try TraceSelection(SelectionOptions(units: "0,2..1500,3999"), of: trace)
    var lines = try exported(trace, selection, .csv(.unit)).text.split(separator: "\n").dropFirst()
    #expect(lines.count == 300 * 1501)
    for step in 0..<300 {
      for unit in [0] + Array(2...1500) + [3999] {
        let line = lines.removeFirst()
        if line != "\(step),0,0,fwd,\(unit),\(Float(step * 4000 + unit))" {
          Issue.record("step \(step), unit \(unit): \(line)")
          return
        }
      }
    }
  }

  @Test(arguments: [
    ("a", "a"), ("a b", "a b"), ("é", "é"), ("👩‍🔬", "👩‍🔬"), (",", "\",\""), ("\"", "\"\"\"\""),
    ("say \"hi\"", "\"say \"\"hi\"\"\""), ("\n", "\"\n\""), ("\r", "\"\r\""), ("\r\n", "\"\r\n\""),
    (" ", "\" \""), (" a", "\" a\""), ("a\t", "\"a\t\""), ("\u{3000}", "\"\u{3000}\""),
    ("", "\"\""),
  ])
  func quoting(_ token: String, _ field: String) {
    #expect(String(decoding: csvField(token), as: UTF8.self) == field)
  }

  static let digitTable: [(Float, String)] = [
    (1, "1.0"), (0, "0.0"), (-0.0, "-0.0"), (0.1, "0.1"), (0.333_333_34, "0.33333334"),
    (16_777_216, "16777216.0"), (.leastNonzeroMagnitude, "1e-45"),
    (Float.leastNormalMagnitude.nextDown, "1.1754942e-38"),
    (-.leastNormalMagnitude, "-1.1754944e-38"), (.greatestFiniteMagnitude, "3.4028235e+38"),
    (Float.nan, "nan"), (Float(bitPattern: 0xFFC0_0001), "nan"),
    (Float.infinity, "inf"), (-Float.infinity, "-inf"),
  ]

  @Test(arguments: digitTable)
  func digits(_ value: Float, _ digits: String) {
    #expect(written { $0.append(value) } == digits)
  }

  /// Every Float32 was compared with Swift's digits once; here some of each exponent.
  @Test func everyKindOfFloatReadsBackToTheBit() {
    var numbers = TestNumbers(seed: 5)
    let values = (0..<20_000).map { _ in Float(bitPattern: numbers.bits()) }
    let text = written { text in
      for value in values {
        text.append(value)
        text.append(UInt8(ascii: " "))
      }
    }
    for (value, digits) in zip(values, text.split(separator: " ")) {
      let read = Float(digits)
      if read?.bitPattern != value.bitPattern && !(value.isNaN && digits == "nan") {
        Issue.record("\(value.bitPattern) was written as \(digits)")
      }
      if !value.isNaN && value.description != digits {
        Issue.record("\(value.description) was written as \(digits)")
      }
    }
  }

  @Test func valuesBehindCommas() {
    let values: [Float] = [0.5, -1, 3e9]
    let text = written { text in values.withUnsafeBufferPointer { text.append($0) } }
    #expect(text == ",0.5,-1.0,3e+09")
  }

  @Test(arguments: [0, 7, 10, -3, 1_000_000_000, 1_234_567_890, .max, .min])
  func integers(_ number: Int) {
    #expect(written { $0.append(number) } == String(number))
  }

  private func written(_ body: (inout TextBuffer) -> Void) -> String {
    var text = TextBuffer(capacity: 2)
    body(&text)
    return String(decoding: text.bytes, as: UTF8.self)
  }
}
