/// What is fuzzed: each kind of file that strangers send, and how it is taken apart.
enum FuzzFormat: String, CaseIterable {
  case safetensors, torch, legacy, onnx, numpy, state, vocabulary, table, config, keras

  /// libhdf5 may crash; then the guard must see it.
  var isRisky: Bool { self == .keras }

  /// The fixtures of the format below the folder of fixtures, by folder and ending.
  var fixtures: [(folder: String, endings: [String])] {
    switch self {
    case .safetensors:
      [
        ("", [".safetensors"]), ("readings", [".safetensors"]),
        ("spellings", [".safetensors", ".tar"]),
      ]
    case .torch: [("torch", [".pt", ".pth", ".bin", ".ckpt"]), ("readings", [".pt", ".pth"])]
    case .legacy:
      [("torch", ["legacy.pt", "legacy.bin"]), ("containers", [".pkl", ".pt"])]
    case .onnx: [("onnx", [".onnx"]), ("containers", [".onnx"])]
    case .numpy:
      [
        ("torch", [".npz"]), ("torch/folder", [".npy"]), ("spellings", [".npz", ".zip"]),
      ]
    case .config: [("keras", [".keras"]), ("containers", [".keras"])]
    case .keras:
      [("keras", [".keras", ".h5"]), ("readings", [".h5"]), ("containers", [".keras", ".h5"])]
    case .state, .vocabulary, .table: []
    }
  }

  /// Samples that are no fixtures, by the names that they are read under.
  var samples: [(name: String, bytes: [UInt8])] {
    switch self {
    case .state:
      [
        ("state.npz", Samples.archive(["h": ("(1, 2)", 2), "c": ("(1, 1, 2)", 2)])),
        ("state.npz", Samples.archive(["l0_fwd_h": ("(2,)", 2), "l0_fwd_c": ("(2,)", 2)])),
        ("x.npy", Samples.array("(4, 3)", count: 12)),
        ("x.npy", Samples.array("(2, 4, 3)", count: 24)),
      ]
    case .vocabulary:
      [
        ("v.json", latin(#"["a", "b", "c"]"#)), ("v.txt", latin("a\nb\r\nc\n")),
        ("v.json", Array(#"{"<pad>": 0, "a": 1, "春\n\u00e9\ud83d\ude00": 2}"#.utf8)),
        ("v.json", latin(#"{"a": 1, "b": 2}"#)), ("v.txt", Array("[PAD]\n春\n眠\n".utf8)),
      ]
    case .table:
      [
        ("t.csv", latin("a,b,c\n1,2,3\n-1e-3,.5,1e30\n")),
        ("t.csv", latin("\"a \"\"b\"\"\",c\r\n1,nan\r\n\"2\",inf\r\n")),
      ]
    case .safetensors, .torch, .legacy, .onnx, .numpy, .config, .keras: []
    }
  }

  /// Texts that mean something to the reader.
  var pieces: [[UInt8]] {
    let json = [
      "\"", "{", "}", "[", "]", ",", ":", "\\", "\\ud800", "-1", "0", "1e999", "null", "true",
      "99999999999999999999", "9223372036854775807", "[[[[[[[[", "{\"a\":{\"a\":",
    ]
    let zip = ["PK\u{1}\u{2}", "PK\u{5}\u{6}", "PK\u{3}\u{4}", "PK\u{6}\u{6}", "PK\u{6}\u{7}"]
    let header = [
      "'<f8'", "'|O'", "'>i2'", "True", "(9223372036854775807,)", "(0,)", "()", "'shape': ", "\n",
    ]
    let texts: [String] =
      switch self {
      case .safetensors:
        json + ["\"F16\"", "\"I64\"", "\"a\":{}", "_reverse", "_l1", "\"dtype\":\"F32\",", "\0"]
      case .torch, .legacy:
        zip + [
          "cos\nsystem\n", "ccollections\nOrderedDict\n", "ctorch._utils\n_rebuild_tensor_v2\n",
          "R",
          "b", "(", "t", "u", "s", "Q", "0", "1", "2", "\u{81}", "\u{85}", "\u{86}", "\u{87}",
          "\u{94}", "\u{93}", "}", "]", ")", "a", "e", "N", "\u{88}", "h\0", "q\0", "j\0\0\0\0",
          "J\u{ff}\u{ff}\u{ff}\u{7f}", "J\0\0\0\u{80}", "\u{8a}\u{8}\0\0\0\0\0\0\0\u{80}",
          "X\u{ff}\u{ff}\u{ff}\u{7f}", "\u{8a}\u{ff}", "U\u{5}vocab", ".",
        ]
      case .onnx:
        [
          "\u{ff}\u{ff}\u{ff}\u{ff}\u{7f}", "LSTM", "GRU", "Loop", "Slice", "Concat", "Reshape",
          "\0",
        ]
      case .numpy, .state: zip + header
      case .vocabulary: json + ["\n", "\r\n", "\u{ff}", "\""]
      case .table: [",", "\n", "\"", "\r", "nan", "1e999", "-", "0x1p3", " ", "\u{ff}"]
      case .config:
        json + ["\"LSTM\"", "\"Bidirectional\"", "\"units\": 4611686018427387904", "NaN"]
      case .keras: ["TREE", "SNOD", "HEAP", "GCOL", "OHDR", "OCHK", "FRHP", "BTHD", "\0\0\0\0"]
      }
    return texts.map(latin)
  }
}

/// Arrays of zeros as NumPy writes them.
enum Samples {
  static func array(_ shape: String, count: Int) -> [UInt8] {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }"
    header += String(repeating: " ", count: 117 - header.count) + "\n"
    return [0x93] + latin("NUMPY\u{1}\0") + little(header.count, 2) + latin(header)
      + [UInt8](repeating: 0, count: 4 * count)
  }

  static func archive(_ arrays: KeyValuePairs<String, (shape: String, count: Int)>) -> [UInt8] {
    ZipParts(
      entries: arrays.map { name, array in
        let bytes = self.array(array.shape, count: array.count)
        return .init(
          name: latin("\(name).npy"), bytes: bytes, method: 0, plainSize: bytes.count, checksum: 0)
      }
    ).bytes()
  }
}
