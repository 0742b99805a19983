import Inspector
import Recurrent
import Testing
import TraceFiles

/// What is wrong with a file is said in one line, and nothing that is in a file brings the reader down.
@Suite struct BadTraceTests {
  struct Table: Sendable, CustomTestStringConvertible {
    let text: String
    let message: String
    var testDescription: String { text }
    init(_ text: String, _ message: String) {
      self.text = text
      self.message = message
    }
  }

  private static let header = "step,token,layer,direction,unit,c,h\n"

  static let tables: [Table] = [
    Table(
      "hello",
      "is no recorded trace: Gatescope views .npz, .npy, .csv and HDF5; "
        + "a model opens with 'gatescope open'"),
    Table(header, "has no steps"),
    Table(
      "a,b\n1,2\n", "has no signals: found 'a', 'b'; docs/trace-files.md says how they are named"),
    Table("unit,h\n0,1\n", "has no column 'step'; docs/trace-files.md says which there are"),
    Table(
      "step,unit\n0,1\n",
      "has no signals: found 'step', 'unit'; "
        + "docs/trace-files.md says how they are named"),
    Table("step,unit,h,h\n0,1,1,1\n", "has two columns 'h'"),
    Table(header + "0,a,0,fwd,0,1\n", "line 2: has 6 fields, but the header 7"),
    Table(
      header + "0,a,0,fwd,0,1,2\n0,a,0,up,1,1,2\n",
      "line 3: column 'direction': expected fwd or bwd, found 'up'"),
    Table(
      header + "0,a,x,fwd,0,1,2\n",
      "line 2: column 'layer': expected a number from 0 on, found 'x'"),
    Table(
      header + "-1,a,0,fwd,0,1,2\n",
      "line 2: column 'step': expected a number from 0 on, found '-1'"),
    Table(
      header + "0,a,0,fwd,1.5,1,2\n",
      "line 2: column 'unit': expected a number from 0 on, found '1.5'"),
    Table(
      header + "0,a,0,fwd,9999999999999999999,1,2\n",
      "line 2: column 'unit': expected a number from 0 on, found '9999999999999999999'"),
    Table(header + "0,\"a\n\",0,fwd,0,1,x\n", "line 2: column 'h': 'x' is not a number"),
    Table(
      header + "0,\"a\n\",0,fwd,0,1,1\n1,b,0,fwd,0,1,x\n",
      "line 4: column 'h': 'x' is not a number"),
    Table(header + "0,\"a,0,fwd,0,1,2\n", "line 2: a quote is not closed"),
    Table(
      header + "0,\"a\"b,0,fwd,0,1,2\n",
      "line 2: expected a comma or the line's end after a quote"),
    Table(
      header + "0,a,0,fwd,0,1,2\n0,b,0,fwd,1,1,2\n",
      "line 3: step 0 has the token 'b', but 'a' before"),
    Table(
      header + "0,a,0,fwd,0,1,2\n0,a,0,fwd,1,1,2\n1,a,0,fwd,0,1,2\n",
      "layer 0 fwd: 2 steps of 2 units are 4 rows, but there are 3"),
    Table(
      header + "0,a,0,fwd,0,1,2\n0,a,0,fwd,0,1,2\n1,a,0,fwd,0,1,2\n1,a,0,fwd,1,1,2\n",
      "line 3: step 0, unit 0 stands there twice"),
    Table(
      header + "0,a,0,fwd,0,1,2\n0,a,1,fwd,0,1,2\n1,a,0,fwd,0,1,2\n",
      "layer 1 fwd: 2 steps of 1 unit are 2 rows, but there are 1"),
    Table("step,token,l0.fwd.h.0\n0,a,1\n0,a,1\n", "line 3: step 0 stands there twice"),
    Table(
      "step,unit,z,r\n0,0,1,1\n",
      "layer 0 fwd: has signals of an LSTM and of a GRU (z, r); "
        + "docs/trace-files.md says how they are named"),
    Table(
      "step,l0.fwd.c.0,l0.fwd.c.1,l0.fwd.f.0\n0,1,1,1\n",
      "layer 0 fwd, signal c: expected 1 unit, found 2"),
    Table(
      "step,l0.fwd.n.0,l0.fwd.n.1,l0.fwd.h.0\n0,1,1,1\n",
      "layer 0 fwd, signal h: expected 2 units, found 1"),
  ]

  @Test(arguments: tables)
  func aTableIsRefused(_ table: Table) {
    #expect(
      message { _ = try TraceReader.read(bytes: Array(table.text.utf8), path: "t.csv") }
        == "t.csv: " + table.message)
  }

  /// An archive of these arrays, as NumPy writes it.
  private static func archive(
    _ arrays: KeyValuePairs<String, (type: String, shape: String, data: [UInt8])>
  ) throws -> [UInt8] {
    try StoredArchive.bytes(
      arrays.map { name, array in
        (name + ".npy", StoredArchive.npy(array.type, array.shape, array.data))
      })
  }

  private static func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }

  @Test func anArchiveIsRefused() throws {
    let signal = (type: "<f4", shape: "(2, 3)", data: Self.zeros(24))
    let cases: [([UInt8], String)] = [
      (
        try Self.archive(["h": ("<f4", "(2, 3, 4)", Self.zeros(96))]),
        "array 'h': expected (T, H), found (2, 3, 4)"
      ),
      (
        try Self.archive(["h": signal, "c": ("<f4", "(3, 3)", Self.zeros(36))]),
        "array 'c': has 3 steps, but 'h' 2 steps"
      ),
      (try Self.archive(["h": ("<f4", "(0, 3)", [])]), "has no steps"),
      (
        try Self.archive(["h": ("<f4", "(2, 0)", [])]),
        "array 'h': expected (T, H), found (2, 0)"
      ),
      (
        try Self.archive(["h": signal, "c": ("<f4", "(2, 2)", Self.zeros(16))]),
        "layer 0 fwd, signal h: expected 2 units, found 3"
      ),
      (
        try Self.archive(["h": signal, "tokens": ("<i8", "(3,)", Self.zeros(24))]),
        "array 'tokens': expected 2 numbers, found 3"
      ),
      (
        try Self.archive(["h": signal, "tokens": ("<f4", "(2,)", Self.zeros(8))]),
        "array 'tokens': expected whole numbers"
      ),
      (
        try Self.archive(["h": signal, "steps": ("|u1", "(2,)", [3, 3])]),
        "array 'steps': expected numbers from 0 on, each larger than the one before"
      ),
      (
        try Self.archive(["h": signal, "steps": ("|i1", "(2,)", [255, 3])]),
        "array 'steps': expected numbers from 0 on, each larger than the one before"
      ),
      (
        try Self.archive(["h": signal, "units": ("|u1", "(2,)", [0, 3])]),
        "array 'units': expected 3 numbers, found 2"
      ),
      (
        try Self.archive(["h": ("|S3", "(2,)", Self.zeros(6))]),
        "array 'h': its elements are '|S3'; floats of 16, 32 and 64 bits and whole numbers are read"
      ),
      (
        try Self.archive(["lstm.weight_ih_l0": ("<f4", "(8, 3)", Self.zeros(96))]),
        "holds weights ('lstm.weight_ih_l0'), no trace; open it with 'gatescope open'"
      ),
      (
        try Self.archive(["h": ("<f4", "(9999999999, 9999999999)", [])]),
        "array 'h': a shape of (9999999999, 9999999999) is more than memory can hold"
      ),
      (
        Array("PK\u{3}\u{4} and no more".utf8), "zip archive: its end record is missing; truncated?"
      ),
      (
        [0x89] + Array("HDF\r\n\u{1A}\n".utf8),
        "HDF5: its 8 bytes are not a whole file; truncated or damaged?"
      ),
      ([], "is empty"),
    ]
    for (bytes, words) in cases {
      #expect(message { _ = try TraceReader.read(bytes: bytes, path: "t") } == "t: " + words)
    }
  }

  @Test func tokensOfAnotherFileMustFit() throws {
    let bytes = try fixtureBytes("bare.npz")
    #expect(
      message { _ = try TraceReader.read(bytes: bytes, path: "t", .init(tokens: [1, 2])) }
        == "t: array 'tokens': expected 5 numbers, found 2")
    let path = try fixture("bare.npz")
    #expect(
      message { _ = try TraceReader.tokens(path: path) }.hasSuffix(
        "bare.npz: has no array of token numbers, such as 'tokens' or 'words'"))
    #expect(
      message { _ = try TraceReader.read(path: "/tmp") } == "/tmp: is a directory, not a trace")
  }

  @Test func aVocabularyThatDoesNotFitIsSaid() throws {
    let bytes = try fixtureBytes("plain.npz")
    let short = try TraceReader.read(bytes: bytes, path: "t", .init(symbols: ["a", "b"]))
    #expect(short.warnings == ["token 2 has no symbol in the vocabulary"])
    #expect(short.trace.tokenText(at: 0) == "2" && short.trace.tokenText(at: 1) == "a")
    let none = try TraceReader.read(
      bytes: try fixtureBytes("bare.npz"), path: "t", .init(symbols: ["a"]))
    #expect(none.warnings == ["there are no tokens that could have symbols"])
    let table = Array("step,token,unit,h\n0,x,0,1\n".utf8)
    let other = try TraceReader.read(bytes: table, path: "t", .init(symbols: ["a"]))
    #expect(other.warnings == ["the vocabulary has no symbol 'x'"])
    #expect(other.trace.tokenText(at: 0) == "x")
  }

  /// Damage of one byte, and every length, end in a trace or in one line of words.
  @Test(arguments: ["plain.npz", "deflated.npz", "types.npz", "unknown.npz", "pandas.csv"])
  func damageIsSurvived(_ name: String) throws {
    let whole = try fixtureBytes(name)
    var numbers = Numbers(seed: 11)
    for round in 0..<240 {
      var damaged = whole
      if round % 3 == 0 {
        damaged.removeLast(Int(numbers.bits()) % whole.count)
      } else {
        for _ in 0..<round % 4 + 1 {
          damaged[Int(numbers.bits()) % whole.count] = UInt8(truncatingIfNeeded: numbers.bits())
        }
      }
      do {
        let read = try TraceReader.read(bytes: damaged, path: "t")
        for (index, layout) in read.trace.layout.enumerated() {
          for signal in layout.signals {
            _ = read.trace.window(
              WindowRequest(
                track: index, signal: signal, steps: 0..<read.trace.length,
                units: 0..<layout.units(of: signal)))
          }
        }
      } catch {
        let words = "\(error)"
        #expect(words.hasPrefix("t: ") && !words.contains("\n"))
      }
    }
  }
}
