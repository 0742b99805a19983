import Foundation
import Recurrent
import Testing

@testable import Inspector

/// Python as a researcher has it: GATESCOPE_PYTHON names another than `python3`.
enum Python {
  static let interpreter = ProcessInfo.processInfo.environment["GATESCOPE_PYTHON"] ?? "python3"
  static let hasNumpyAndPandas = (try? run(["-c", "import numpy, pandas"]))?.status == 0

  static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [interpreter] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}

@Suite struct ReadBackTests {
  /// What `read_back.py` compares with.
  struct Reference: Encodable {
    struct Array: Encodable {
      var shape: [Int]
      var bits: [UInt32]
    }
    var symbols: [String: String]
    var csv: [String: String]
    var npz: [String]
    var arrays: [String: Array]
    var tokens: [Int]
    var steps: [Int]
    var units: [Int]
    var x: [[Float]]
  }

  /// What is hard to get through a CSV file.
  static let symbols = [
    "a", "NA", "nan", "", " ", " x", ",", "\"", "\"\"", "\n", "\r\n", "\r", "\t", "7", "1e5", "é",
    "e\u{301}", "👩‍🔬", "中", "#",
  ]

  @Test(.enabled(if: Python.hasNumpyAndPandas, "python3 has no numpy and pandas"))
  func pandasAndNumpyReadEveryBit() throws {
    let trace = try awkwardTrace()
    let selection = try TraceSelection(SelectionOptions(steps: "1..", units: "0,2..4"), of: trace)
    try withFolder { folder in
      var csv: [String: String] = [:]
      for layout in CSVLayout.allCases {
        csv[layout.rawValue] = "\(layout).csv"
        try TraceExporter()
          .write(trace, selection, .csv(layout), to: "\(folder)/\(layout).csv")
      }
      let x = LayerInput(width: 2) { step, x in
        x[0] = Float(step)
        x[1] = -0.5
      }
      // The second archive has every ZIP64 structure that a file of many gigabytes would have.
      for (name, limits) in [
        ("plain.npz", ZipWriter.Limits()), ("zip64.npz", ZipWriter.Limits(bytes: 300, members: 4)),
      ] {
        let sink = MemorySink()
        try NPZExport(trace: trace, selection: selection, input: x, limits: limits)
          .write(to: sink)
        try Data(sink.bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      }
      let steps = Array(selection.steps)
      let reference = Reference(
        symbols: Dictionary(
          uniqueKeysWithValues: steps.map { (String($0), trace.tokenText(at: $0)!) }),
        csv: csv, npz: ["plain.npz", "zip64.npz"], arrays: arrays(trace, selection),
        tokens: steps.map { trace.token(at: $0)! }, steps: steps, units: [0, 2, 3, 4],
        x: steps.map { [Float($0), -0.5] })
      let file = URL(fileURLWithPath: folder + "/reference.json")
      try JSONEncoder().encode(reference).write(to: file)
      let script = try #require(
        Bundle.module.path(forResource: "read_back", ofType: "py", inDirectory: "Fixtures"))
      let (status, output) = try Python.run([script, file.path])
      let count = reference.arrays.values.reduce(0) { $0 + $1.bits.count }
      #expect(status == 0)
      #expect(output == "\(5 * count + 2 * 2 * steps.count) values are equal\n")
    }
  }

  @Test func theArchiveHasZip64StructuresOnlyWhereItNeedsThem() throws {
    let trace = try awkwardTrace()
    func bytes(_ limits: ZipWriter.Limits) throws -> [UInt8] {
      let sink = MemorySink()
      try NPZExport(trace: trace, selection: .all(of: trace), input: nil, limits: limits)
        .write(to: sink)
      return sink.bytes
    }
    let endOfDirectory64: [UInt8] = [0x50, 0x4B, 6, 6]
    #expect(!(try bytes(ZipWriter.Limits())).contains(endOfDirectory64))
    #expect(try bytes(ZipWriter.Limits(members: 4)).contains(endOfDirectory64))
    #expect(try bytes(ZipWriter.Limits(bytes: 300)).contains(endOfDirectory64))
  }

  /// Every kind of Float32 in three tracks of different widths and cells.
  private func awkwardTrace() throws -> Trace {
    let layout = [
      TrackLayout(track: Track(layer: 0, direction: .forward), cell: .lstm, units: 6),
      TrackLayout(track: Track(layer: 0, direction: .backward), cell: .lstm, units: 6),
      TrackLayout(track: Track(layer: 1), cell: .gru, units: 3),
    ]
    var numbers = TestNumbers(seed: 11)
    let special: [Float] = [
      .nan, .infinity, -.infinity, -0.0, 0, 1, -1, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude, .leastNormalMagnitude, 0.1, 16_777_216,
    ]
    return try handMadeTrace(
      layout, input: .tokens(Array(Self.symbols.indices)), symbols: Self.symbols
    ) { _, _, step, unit in
      let bits = numbers.bits()
      return (step + unit) % 3 == 0
        ? special[Int(bits) % special.count] : Float(bitPattern: bits)
    }
  }

  private func arrays(_ trace: Trace, _ selection: TraceSelection) -> [String: Reference.Array] {
    var arrays: [String: Reference.Array] = [:]
    for track in selection.resolved(in: trace.layout) {
      for signal in track.signals {
        let all = trace.window(
          WindowRequest(
            track: track.index, signal: signal, steps: selection.steps,
            units: 0..<track.layout.units(of: signal)))
        let bits = selection.steps.flatMap { step in
          track.units(of: signal).joined().map { all[step, $0].bitPattern }
        }
        arrays["\(track.name(separator: "_"))_\(signal)"] = Reference.Array(
          shape: [selection.steps.count, track.unitCount(of: signal)], bits: bits)
      }
    }
    return arrays
  }
}
