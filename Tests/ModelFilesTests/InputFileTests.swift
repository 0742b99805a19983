import ModelFiles
import Recurrent
import Testing

/// Sequences, vocabularies and initial states from files.
@Suite struct InputFileTests {
  private static func header(_ type: String, _ shape: String, isFortran: Bool = false) -> [UInt8] {
    let order = isFortran ? "True" : "False"
    let text = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + text.utf8
  }

  private static func floats(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
  }

  static func npy(_ shape: String, _ values: [Float]) -> [UInt8] {
    header("<f4", shape) + floats(values)
  }

  static func archive(_ arrays: KeyValuePairs<String, [UInt8]>) -> [UInt8] {
    Archive(arrays.map { .init("\($0.key).npy", $0.value) }).bytes
  }

  @Test func tablesAreReadByScalars() throws {
    let table = try FeatureTable(text: "a,b\r\n1,2\n3,4\r\n", path: "t.csv")
    #expect(table.names == ["a", "b"])
    #expect(table.values == [1, 2, 3, 4])
    #expect(
      message { _ = try FeatureTable(text: "a\u{1b}[2J,b\n1,\rx\n", path: "t.csv") }
        == "t.csv: line 2, column 'b': '\\u{d}x' is not a number")
    #expect(
      message { _ = try FeatureTable(text: "a\u{1b}[2J,b\nx,1\n", path: "t.csv") }
        == "t.csv: line 2, column 'a\\u{1b}[2J': 'x' is not a number")
  }

  private func file(_ bytes: [UInt8]) throws -> NumPyFile { try NumPyFile(bytes: bytes, path: "a") }

  @Test(
    arguments: [
      ("(2, 3)", 3, nil, [0, 1, 2, 3, 4, 5]), ("(1, 2, 3)", 3, nil, [0, 1, 2, 3, 4, 5]),
      ("(2, 1, 3)", 3, 1, [3, 4, 5]), ("(1, 2, 3)", 3, 0, [0, 1, 2, 3, 4, 5]),
      ("(6,)", 1, nil, [0, 1, 2, 3, 4, 5]), ("(6, 1)", 1, nil, [0, 1, 2, 3, 4, 5]),
      ("(2, 3)", 1, 1, [3, 4, 5]), ("(2, 3, 1)", 1, 0, [0, 1, 2]),
    ] as [(String, Int, Int?, [Float])])
  func shapesOfNumbers(shape: String, width: Int, batch: Int?, expected: [Float]) throws {
    let array = try file(Self.npy(shape, [0, 1, 2, 3, 4, 5]))
    #expect(
      try InputArray.features(array, width: width, batch: batch)
        == .features(expected, width: width))
  }

  @Test(
    arguments: [
      (
        "(2, 1, 3)", 3, nil,
        "(2, 1, 3) is read as 2 sequences; choose one with --batch 0 to 1, or save one"
      ),
      ("(2, 1, 3)", 3, 2, "there is no sequence 2 in it, only 0 to 1"),
      ("(1, 2, 3)", 3, 1, "there is no sequence 1 in it, only 0"),
      ("(2, 3)", 3, 0, "(2, 3) is one sequence, so --batch has nothing to choose from"),
      ("(6,)", 3, nil, "expected (T, 3) or (B, T, 3), found (6)"),
      ("(6,)", 1, 0, "(6) is one sequence, so --batch has nothing to choose from"),
      ("(1, 1, 2, 3)", 3, nil, "expected (T, 3) or (B, T, 3), found (1, 1, 2, 3)"),
    ] as [(String, Int, Int?, String)])
  func shapesThatDoNotFit(shape: String, width: Int, batch: Int?, expected: String) throws {
    let array = try file(Self.npy(shape, [0, 1, 2, 3, 4, 5]))
    #expect(
      message { _ = try InputArray.features(array, width: width, batch: batch) } == "a: " + expected
    )
  }

  @Test(arguments: ["(0, 2, 3)", "(0, 3)", "(2, 0, 3)"])
  func emptyArraysHoldNothing(shape: String) throws {
    let array = try file(Self.header("<f4", shape))
    switch Result(catching: { try InputArray.features(array, width: 3, batch: nil) }) {
    case .success(let sequence): #expect(sequence.count == 0)
    case .failure(let error): #expect("\(error)".hasPrefix("a: \(shape) "))
    }
  }

  /// 1 and 258 in each type, in C's order and in Fortran's, which for one axis are alike.
  @Test(
    arguments: [
      ("<i2", [1, 0, 2, 1]), (">i2", [0, 1, 1, 2]), ("<u4", [1, 0, 0, 0, 2, 1, 0, 0]),
      (">i8", [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2]),
      (">f4", [0x3F, 0x80, 0, 0, 0x43, 0x81, 0, 0]), ("<f2", [0, 0x3C, 8, 0x5C]),
      (">f8", [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0x40, 0x70, 0x20, 0, 0, 0, 0, 0]),
    ] as [(String, [UInt8])])
  func typesAndByteOrders(type: String, data: [UInt8]) throws {
    for isFortran in [false, true] {
      let array = try file(Self.header(type, "(2,)", isFortran: isFortran) + data)
      #expect(try InputArray.features(array, width: 1) == .features([1, 258], width: 1))
      if array.isInteger("") {
        #expect(try InputArray.tokens(array) == .tokens([1, 258]))
      } else {
        #expect(
          message { _ = try InputArray.tokens(array) }.hasSuffix("where whole numbers are needed"))
      }
    }
  }

  @Test func fortranOrderIsTurned() throws {
    let array = try file(
      Self.header("<f4", "(2, 3)", isFortran: true) + Self.floats([0, 3, 1, 4, 2, 5]))
    #expect(
      try InputArray.features(array, width: 3) == .features([0, 1, 2, 3, 4, 5], width: 3))
  }

  @Test func batchesOfTokens() throws {
    let array = try file(Self.header("|u1", "(2, 3)") + [0, 1, 2, 3, 4, 5])
    #expect(try InputArray.tokens(array, batch: 1) == .tokens([3, 4, 5]))
    #expect(
      message { _ = try InputArray.tokens(array) }
        == "a: (2, 3) is read as 2 sequences; choose one with --batch 0 to 1, or save one")
  }

  /// Larger than any Int: no token, and no trap.
  @Test func anEnormousTokenIsNoTrap() throws {
    let array = try file(Self.header("<u8", "(1,)") + [UInt8](repeating: 255, count: 8))
    #expect(try InputArray.tokens(array) == .tokens([.max]))
  }

  @Test func anArchiveHasXOrOneArray() throws {
    let x = Self.npy("(1, 2)", [1, 2])
    let h = Self.npy("(1, 2)", [3, 4])
    #expect(
      try InputArray.features(file(Self.archive(["h": h, "x": x])), width: 2)
        == .features([1, 2], width: 2))
    #expect(
      try InputArray.features(file(Self.archive(["h": h])), width: 2)
        == .features([3, 4], width: 2))
    #expect(
      message { _ = try InputArray.tokens(file(Self.archive(["h": h, "x": x]))) }
        == "a: has several arrays ('h', 'x'), and none is named 'tokens'")
  }

  @Test(
    arguments: [
      [], [0x50], Array("PK".utf8), [0x93] + Array("NUMPY".utf8), Array("a,b\n".utf8),
    ] as [[UInt8]])
  func whatIsNoArrayIsRefused(bytes: [UInt8]) {
    #expect(throws: ModelFileError.self) { try NumPyFile(bytes: bytes, path: "a") }
  }

  @Test(arguments: [
    (#"["a","b","\n"]"#, "v", ["a", "b", "\n"]), (#" { "b" : 1, "a":0 }"#, "v", ["a", "b"]),
    (#"{"b":2,"a":1}"#, "v.json", ["", "a", "b"]),
    ("a\nb c\r\n\u{e9}", "v", ["a", "b c", "\u{e9}"]),
    ("a\n\nb\n", "v", ["a", "", "b"]), ("[PAD]\n{\n", "v", ["[PAD]", "{"]),
    (" \nx\n", "v", [" ", "x"]),
  ])
  func vocabularies(text: String, path: String, expected: [String]) throws {
    let vocabulary = try VocabularyFile.vocabulary(
      text: text, path: path, count: expected.count)
    #expect(vocabulary.symbols == expected)
  }

  @Test(arguments: [
    ("a\nb", "v", "has 2 symbols, but the network reads 3 tokens"),
    ("", "v", "has 0 symbols, but the network reads 3 tokens"),
    ("[]", "v", "has 0 symbols, but the network reads 3 tokens"),
    (#"["a"]"#, "v.json", "has 1 symbol, but the network reads 3 tokens"),
    (#"["a","b","c"] x"#, "v.json", "byte 14: expected nothing more"),
    (#"["a",["b"]]"#, "v.json", "byte 5: expected a symbol"),
    (#"{"a":"b"}"#, "v.json", "byte 5: expected a token number"),
    ("a\nb\nc", "v.json", "byte 0: expected '['"),
    (#"{"a":0,"b":0}"#, "v", "token 0 is both 'a' and 'b'"),
    (#"{"a":0,"a":1}"#, "v", "'a' stands in it twice"),
    (#"{"a":0,"b":2}"#, "v", "token 1 has no symbol, but token 2 has"),
    (#"{"a":1,"b":3}"#, "v", "token 2 has no symbol, but token 3 has"),
    (#"{"a":-1}"#, "v", "'a' has no token number"), (#"{"a":1.5}"#, "v", "'a' has no token number"),
    (
      #"{"a":9223372036854775807}"#, "v",
      "token 1 has no symbol, but token 9223372036854775807 has"
    ),
  ])
  func vocabulariesThatAreNone(text: String, path: String, expected: String) {
    #expect(
      message { _ = try VocabularyFile.vocabulary(text: text, path: path, count: 3) }
        == "\(path): \(expected)")
  }

  /// Two layers, both ways in the first: an LSTM of 2 units.
  private func network(_ cell: CellKind = .lstm) throws -> Network {
    let layers = [true, false].map { isBidirectional in
      LayerShape(
        cell: cell, inputSize: isBidirectional ? 1 : 4, hiddenSize: 2,
        isBidirectional: isBidirectional)
    }
    return try Network(
      layers: layers.map { shape in
        try Layer(
          shape: shape,
          weights: shape.directions.map { _ in
            LayerWeights(
              inputWeights: Array(repeating: 0, count: shape.gateRows * shape.inputSize),
              recurrentWeights: Array(repeating: 0, count: shape.gateRows * 2))
          })
      })
  }

  @Test(arguments: ["(3, 2)", "(3, 1, 2)"])
  func statesOfAllLayersInPyTorchsOrder(shape: String) throws {
    let bytes = Self.archive([
      "h": Self.npy(shape, [1, 2, 3, 4, 5, 6]), "c": Self.npy(shape, [7, 8, 9, 10, 11, 12]),
    ])
    let state = try StateFile.state(file(bytes), for: network())
    #expect(
      state.tracks == [
        .init(hidden: [1, 2], cell: [7, 8]), .init(hidden: [3, 4], cell: [9, 10]),
        .init(hidden: [5, 6], cell: [11, 12]),
      ])
    let gru = try StateFile.state(file(bytes), for: network(.gru))
    #expect(gru.tracks.map(\.hidden) == [[1, 2], [3, 4], [5, 6]])
    #expect(gru.tracks.allSatisfy { $0.cell == nil })
  }

  @Test func statesByName() throws {
    let bytes = Self.archive([
      "l1_fwd_h": Self.npy("(2,)", [5, 6]), "l0_bwd_h": Self.npy("(1, 2)", [3, 4]),
      "l0_fwd_h": Self.npy("(2,)", [1, 2]), "more": Self.npy("(1,)", [0]),
    ])
    let state = try StateFile.state(file(bytes), for: network(.rnn))
    #expect(state.tracks.map(\.hidden) == [[1, 2], [3, 4], [5, 6]])
  }

  @Test func statesThatDoNotFit() throws {
    let h = Self.npy("(3, 2)", [1, 2, 3, 4, 5, 6])
    let cases: [([UInt8], String)] = [
      (Self.archive(["h": h]), "there is no array 'l0_fwd_c', nor 'c' for all"),
      (Self.archive(["c": h]), "there is no array 'l0_fwd_h', nor 'h' for all"),
      (
        Self.archive(["h": h, "c": Self.npy("(2, 3)", [1, 2, 3, 4, 5, 6])]),
        "array 'c': expected (3, 2), found (2, 3)"
      ),
      (
        Self.archive(["h": h, "l1_fwd_h": h]),
        "has both 'h', for all layers, and 'l1_fwd_h'; keep one"
      ),
      (
        Self.archive(["l0_fwd_h": h, "c": h, "l0_bwd_h": h, "l1_fwd_h": h]),
        "array 'l0_fwd_h': expected (2), found (3, 2)"
      ),
    ]
    for (bytes, expected) in cases {
      let network = try network()
      #expect(
        message { _ = try StateFile.state(file(bytes), for: network) } == "a: " + expected)
    }
  }
}
