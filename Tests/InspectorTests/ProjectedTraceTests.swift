import Recurrent
import Testing

@testable import Inspector

/// Where signals of one layer have different widths, and where directions are merged.
@Suite struct ProjectedTraceTests {
  @Test func oneRowAUnit() throws {
    let trace = try projectedTrace()
    let selection = try TraceSelection(SelectionOptions(steps: "1", signals: "c,m,h"), of: trace)
    #expect(
      try exported(trace, selection, .csv(.unit)).text == """
        step,token,layer,direction,unit,c,m,h
        1,,0,fwd,0,110.4,110.5,110.6
        1,,0,fwd,1,111.4,111.5,111.6
        1,,0,fwd,2,112.4,112.5,
        1,,1,fwd,0,,,210.6

        """)
  }

  @Test func oneRowAValue() throws {
    let trace = try projectedTrace()
    let selection = try TraceSelection(
      SelectionOptions(steps: "0", units: "1..2", signals: "m,h"), of: trace)
    #expect(
      try exported(trace, selection, .csv(.long)).text == """
        step,token,layer,direction,unit,signal,value
        0,,0,fwd,1,m,101.5
        0,,0,fwd,2,m,102.5
        0,,0,fwd,1,h,101.6

        """)
  }

  @Test func oneRowAStep() throws {
    let trace = try projectedTrace()
    let selection = try TraceSelection(
      SelectionOptions(units: "0,2", signals: "m,h"), of: trace)
    #expect(
      try exported(trace, selection, .csv(.wide)).text == """
        step,token,l0.fwd.m.0,l0.fwd.m.2,l0.fwd.h.0,l1.fwd.h.0
        0,,100.5,102.5,100.6,200.6
        1,,110.5,112.5,110.6,210.6

        """)
  }

  @Test func unitsPastTheEndAreNotThere() throws {
    let trace = try projectedTrace()
    let options = SelectionOptions(units: "2", signals: "o,h")
    let archive = try NPZReader(
      try exported(trace, try TraceSelection(options, of: trace), .npz).bytes)
    #expect(archive.names == ["l0_fwd_o", "x", "units"])
    #expect(archive.arrays["l0_fwd_o"]?.floats == [102.3, 112.3])
    let nothing = try TraceSelection(SelectionOptions(units: "2", signals: "h"), of: trace)
    #expect(throws: ExportError.nothingSelected) { try exported(trace, nothing, .csv(.unit)) }
  }

  @Test func anArrayHasTheSignalsWidth() throws {
    let shape = LayerShape(
      cell: .lstm, inputSize: 3, hiddenSize: 5, directions: [.backward], projectionSize: 2)
    let network = try randomNetwork(layers: [shape])
    let recorder = try TraceRecorder(network: network, input: .tokens([0, 2, 1, 1]))
    recorder.recordAll()
    let archive = try NPZReader(
      try exported(recorder.trace, .all(of: recorder.trace), .npz, network: network).bytes)
    #expect(
      archive.names
        == ["z", "f", "i", "o", "c", "m", "h"].map { "l0_bwd_\($0)" } + ["tokens", "x"])
    #expect(archive.arrays["l0_bwd_m"]?.shape == [4, 5])
    #expect(archive.arrays["l0_bwd_h"]?.shape == [4, 2])
    let m = try #require(archive.arrays["l0_bwd_m"]).floats
    let h = try #require(archive.arrays["l0_bwd_h"]).floats
    let projection = try #require(network.layers[0].weights[0].projection)
    for step in 0..<4 {
      for row in 0..<2 {
        let sum = (0..<5).reduce(Float(0)) { $0 + projection[row * 5 + $1] * m[step * 5 + $1] }
        #expect(abs(h[step * 2 + row] - sum) < 1e-6)
      }
    }
    #expect(recorder.trace.topHidden(at: 1) == [h[2], h[3]])
    #expect(recorder.trace.previous(track: 0, signal: .h, step: 1, unit: 1) == h[5])
    #expect(recorder.trace.previous(track: 0, signal: .h, step: 3, unit: 1) == 0)
  }

  /// In uneven slices, with what lies between two blocks of steps.
  @Test(arguments: MergeMode.allCases)
  func theNextLayerReadsWhatWasMerged(_ merge: MergeMode) throws {
    let below = LayerShape(
      cell: .lstm, inputSize: 3, hiddenSize: 5, directions: [.forward, .backward], merge: merge,
      projectionSize: 2)
    let above = LayerShape(cell: .gru, inputSize: below.outputSize, hiddenSize: 3)
    let network = try randomNetwork(layers: [below, above])
    let recorder = try TraceRecorder(
      network: network, input: .tokens((0..<75).map { $0 * $0 % 3 }))
    while !recorder.record(through: 74, limit: 7) {}
    let trace = recorder.trace
    let merged = (0..<75).flatMap { step -> [Float] in
      let shown = [0, 1].map { track in
        (0..<2).map { trace.value(track: track, signal: .h, step: step, unit: $0) }
      }
      let pairs = zip(shown[0], shown[1])
      switch merge {
      case .concatenate: return shown[0] + shown[1]
      case .sum: return pairs.map { $0 + $1 }
      case .multiply: return pairs.map { $0 * $1 }
      case .average: return pairs.map { ($0 + $1) / 2 }
      }
    }
    let alone = try TraceRecorder(
      network: try Network(layers: [network.layers[1]]),
      input: .features(merged, width: below.outputSize))
    alone.recordAll()
    for step in 0..<75 {
      #expect(trace.topHidden(at: step) == alone.trace.topHidden(at: step))
    }
  }

  @Test(arguments: [
    (MergeMode.concatenate, [1, 2, 4, 8] as [Float]), (.sum, [5, 10]), (.multiply, [4, 16]),
    (.average, [2.5, 5]),
  ])
  func theReadoutReadsWhatIsMerged(_ merge: MergeMode, _ merged: [Float]) throws {
    let layout = [Direction.forward, .backward].map {
      TrackLayout(track: Track(layer: 0, direction: $0), cell: .rnn, units: 2, merge: merge)
    }
    let trace = try handMadeTrace(layout, input: .tokens([0])) { track, _, _, unit in
      [[1, 2], [4, 8]][track][unit]
    }
    #expect(trace.topHidden(at: 0) == merged)
  }
}
