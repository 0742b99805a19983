import Recurrent
import Testing

@testable import Inspector

@Suite struct NPZExportTests {
  @Test func everyArrayEqualsTheTraceToTheBit() throws {
    let network = try randomNetwork(
      layers: [
        LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 5, isBidirectional: true),
        LayerShape(cell: .gru, inputSize: 10, hiddenSize: 2),
      ], embedding: 4)
    let recorder = try TraceRecorder(network: network, input: .tokens([3, 0, 1, 1, 2, 0, 3]))
    recorder.recordAll()
    let trace = recorder.trace
    let sink = try exported(trace, .all(of: trace), .npz, network: network)
    let archive = try NPZReader(sink.bytes)
    #expect(
      archive.names == [
        "l0_fwd_z", "l0_fwd_f", "l0_fwd_i", "l0_fwd_o", "l0_fwd_c", "l0_fwd_h", "l0_bwd_z",
        "l0_bwd_f", "l0_bwd_i", "l0_bwd_o", "l0_bwd_c", "l0_bwd_h", "l1_fwd_r", "l1_fwd_u",
        "l1_fwd_n", "l1_fwd_h", "tokens", "x",
      ])
    for (index, track) in trace.layout.enumerated() {
      for signal in track.signals {
        let name = "l\(track.track.layer)_\(track.track.direction.rawValue)_\(signal)"
        let window = trace.window(
          WindowRequest(track: index, signal: signal, steps: 0..<7, units: 0..<track.units))
        let array = try #require(archive.arrays[name])
        #expect(array.type == "<f4")
        #expect(array.shape == [7, track.units])
        #expect(array.floats.map(\.bitPattern) == window.values.map(\.bitPattern), "\(name)")
      }
    }
    let tokens = try #require(archive.arrays["tokens"])
    #expect(tokens.type == "<i8")
    #expect(tokens.shape == [7])
    #expect(tokens.integers == [3, 0, 1, 1, 2, 0, 3])
    let x = try #require(archive.arrays["x"])
    let table = try #require(network.embedding).weights
    #expect(x.shape == [7, 3])
    let rows: [ArraySlice<Float>] = tokens.integers.map { token in
      let start = Int(token) * 3
      return table[start..<start + 3]
    }
    #expect(x.floats == Array(rows.joined()))
  }

  /// Into a file all arrays are written at once, as the steps are recorded: the same bytes.
  @Test(arguments: [.init(), ZipWriter.Limits(bytes: 300, members: 3)])
  func inOnePassTheBytesAreTheSame(_ limits: ZipWriter.Limits) throws {
    let network = try randomNetwork(layers: TraceRecorderTests.causal)
    let input = TraceRecorderTests.inputs[1]
    func recorder() throws -> TraceRecorder { try TraceRecorder(network: network, input: input) }
    let whole = try recorder()
    whole.recordAll()
    let selection = try TraceSelection(
      SelectionOptions(steps: "3..38", units: "0,2"), of: whole.trace)
    let pipe = MemorySink()
    try NPZExport(
      trace: whole.trace, selection: selection, input: LayerInput(network, input), limits: limits
    ).write(to: pipe)
    let growing = try recorder()
    let file = MemoryFile()
    try NPZExport(
      trace: growing.trace, selection: selection, input: LayerInput(network, input),
      reach: { growing.record(through: $0 - 1) }, limits: limits
    ).write(to: file)
    #expect(file.bytes == pipe.bytes)
    #expect(growing.trace.recordedSteps == 39)
  }

  private final class MemoryFile: PatchableSink {
    var bytes: [UInt8] = []
    let isSeekable = true
    func write(_ bytes: UnsafeRawBufferPointer) { self.bytes += bytes }
    func extend(by count: UInt64) {
      bytes += Array(repeating: UInt8(ascii: "?"), count: Int(count))
    }
    func overwrite(at offset: UInt64, _ bytes: UnsafeRawBufferPointer) {
      self.bytes.replaceSubrange(Int(offset)..<Int(offset) + bytes.count, with: bytes)
    }
  }

  /// However many bytes come at once, by folding or by tables.
  @Test func theChecksumIsTheSameInAnyPieces() {
    var numbers = TestNumbers(seed: 4)
    let bytes = (0..<5_000).map { _ in UInt8(truncatingIfNeeded: numbers.bits()) }
    bytes.withUnsafeBytes { bytes in
      for _ in 0..<300 {
        let start = Int(numbers.bits()) % 4_000
        let part = UnsafeRawBufferPointer(
          rebasing: bytes[start..<start + Int(numbers.bits()) % 1_000])
        var (byTables, atOnce, inTwo) = (CRC32(), CRC32(), CRC32())
        byTables.updateByTables(part)
        atOnce.update(part)
        let cut = part.count / 3
        inTwo.update(UnsafeRawBufferPointer(rebasing: part[..<cut]))
        inTwo.update(UnsafeRawBufferPointer(rebasing: part[cut...]))
        #expect(atOnce.value == byTables.value && inTwo.value == byTables.value)
      }
    }
  }

  @Test func aSelectionNarrowsEveryArray() throws {
    let trace = try mixedTrace()
    let selection = try TraceSelection(
      SelectionOptions(steps: "1..2", units: "1", signals: "f,h"), of: trace)
    let archive = try NPZReader(try exported(trace, selection, .npz).bytes)
    #expect(
      archive.names
        == ["l0_fwd_f", "l0_fwd_h", "l0_bwd_f", "l0_bwd_h", "tokens", "steps", "units"])
    #expect(archive.arrays["l0_bwd_f"]?.shape == [2, 1])
    #expect(archive.arrays["l0_bwd_f"]?.floats == [111.1, 121.1])
    #expect(archive.arrays["tokens"]?.integers == [1, 2])
    #expect(archive.arrays["steps"]?.integers == [1, 2])
    #expect(archive.arrays["units"]?.integers == [1])
  }

  @Test func whatEntersLayer0() throws {
    let shape = LayerShape(cell: .rnn, inputSize: 3, hiddenSize: 1)
    let network = try randomNetwork(layers: [shape])
    let oneHot = try TraceRecorder(network: network, input: .tokens([2, 0]))
    oneHot.recordAll()
    let archive = try NPZReader(
      try exported(oneHot.trace, .all(of: oneHot.trace), .npz, network: network).bytes)
    #expect(archive.arrays["x"]?.floats == [0, 0, 1, 1, 0, 0])

    let features = try TraceRecorder(
      network: network, input: .features([1, 2, 3, 4, 5, 6], width: 3))
    features.recordAll()
    var selection = TraceSelection.all(of: features.trace)
    selection.steps = 1..<2
    let numeric = try NPZReader(try exported(features.trace, selection, .npz).bytes)
    #expect(numeric.arrays["x"]?.floats == [4, 5, 6])
    #expect(numeric.arrays["tokens"] == nil)
    #expect(numeric.arrays["steps"]?.integers == [1])
  }

  @Test func theSameTraceIsTheSameBytes() throws {
    let trace = try mixedTrace()
    let first = try exported(trace, .all(of: trace), .npz).bytes
    #expect(try exported(trace, .all(of: trace), .npz).bytes == first)
  }

  @Test func arraysLongerThanABlock() throws {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .rnn, units: 3000)]
    let trace = try handMadeTrace(layout, input: .tokens(Array(0..<200))) { _, _, step, unit in
      Float(step * 3000 + unit)
    }
    let archive = try NPZReader(try exported(trace, .all(of: trace), .npz).bytes)
    let array = try #require(archive.arrays["l0_fwd_h"])
    #expect(array.shape == [200, 3000])
    #expect(array.floats == (0..<600_000).map(Float.init))
  }

  // The check value of CRC-32/ISO-HDLC in every catalogue of checksums, and the ends of a slice.
  @Test(arguments: [("", 0), ("a", 0xE8B7_BE43), ("123456789", 0xCBF4_3926)] as [(String, UInt32)])
  func checksums(_ text: String, _ expected: UInt32) {
    var crc = CRC32()
    Array(text.utf8).withUnsafeBytes { crc.update($0) }
    #expect(crc.value == expected)
    var pieces = CRC32()
    for byte in text.utf8 { withUnsafeBytes(of: byte) { pieces.update($0) } }
    #expect(pieces.value == expected)
  }
}
