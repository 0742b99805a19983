import Testing

extension CommandLineTests {
  /// One table: what was asked, what came at standard input, the exit status, and the words.
  @Suite struct BadInput {
    struct Case: CustomTestStringConvertible {
      let arguments: String
      var input: [UInt8] = []
      var status: Int32 = 1
      /// Standard error, whole, without "Error: ". Usage errors: its first line.
      let message: String
      var testDescription: String { arguments }
    }

    /// Files that the cases speak of, made in the folder where the program runs; `REBER` in the
    /// arguments is the model of the demo.
    private static func files() -> [(String, [UInt8])] {
      let pair = "\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\""
      return [
        ("empty.safetensors", []),
        ("short.safetensors", [16, 0, 0]),
        ("length.safetensors", ModelBytes.container("{}", length: 1 << 63)),
        (
          "overlap.safetensors",
          ModelBytes.container(
            "{\"a\":{\(pair):[0,8]},\"b\":{\(pair):[4,12]}}", data: Array(repeating: 0, count: 12))
        ),
        (
          "overflow.safetensors",
          ModelBytes.container(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}",
            data: Array(repeating: 0, count: 8))
        ),
        ("truncated.safetensors", ModelBytes.lstm().dropLast(10)),
        ("misfit.safetensors", ModelBytes.lstm(recurrent: [8, 3])),
        ("plain.safetensors", ModelBytes.lstm()),
        ("table.safetensors", ModelBytes.lstm(embedding: [4, 3])),
        ("notes.txt", Array("hello there, no model".utf8)),
        ("wide.csv", Array("a,b\n1,2\n".utf8)),
        ("words.csv", Array("a,b,c\n1,2,x\n".utf8)),
        ("open.csv", Array("a,b,c\n1,\"2,3\n".utf8)),
        ("nul.csv", Array("a,b,c\n1,2,3\0\n".utf8)),
        ("large.csv", Array("a,b,c\n1,1e400,3\n".utf8)),
        ("hexadecimal.csv", Array("a,b,c\n0x10,2,3\n".utf8)),
        ("crlf.replay", Array("go 1\r\ngo qqq\r\n".utf8)),
        ("batch.npy", ModelBytes.npy("<f4", "(2, 4, 3)", data: 96)),
        ("truncated.npy", ModelBytes.npy("<f4", "(4, 3)", data: 47)),
        ("objects.npy", ModelBytes.npy("|O", "(4, 3)", data: 96)),
        ("cube.npy", ModelBytes.npy("<f4", "(1, 1, 1, 3)", data: 12)),
        ("whole.npy", ModelBytes.npy("<i8", "(2,)", data: 16, value: 9)),
        ("short.vocab", Array("a\nb\n".utf8)),
        ("bad.json", Array("[\"a\", 1]".utf8)),
        ("twice.json", Array("{\"a\": 0, \"b\": 0}".utf8)),
        ("state.npy", ModelBytes.npy("<f4", "(1, 2)", data: 8)),
        ("twice.csv", Array("step,unit,h\n0,0,1\n0,0,1\n1,0,1\n1,1,1\n".utf8)),
        ("broken.hdf5", [0x89] + Array("HDF\r\n\u{1A}\nmore".utf8)),
        ("bad.dict", Array("the 0\ncat\n".utf8)),
        ("latin.txt", Array("BTB".utf8) + [0xE9] + Array("P".utf8)),
      ]
    }

    private static let models: [Case] = [
      .init(
        arguments: "open plain.safetensors --tokens 0 --against missing.pt --screen -",
        message: "missing.pt: cannot open: No such file or directory"),
      .init(
        arguments: "open plain.safetensors --tokens 0 --against-text a --screen -",
        message: "plain has no vocabulary, so it cannot read text"),
      .init(
        arguments: "trace missing.safetensors --tokens 0 -o -",
        message: "missing.safetensors: cannot open: No such file or directory"),
      .init(
        arguments: "trace empty.safetensors --tokens 0 -o -",
        message: "empty.safetensors: is empty"),
      .init(
        arguments: "trace short.safetensors --tokens 0 -o -",
        message: "short.safetensors: is only 3 bytes long; a safetensors file begins with 8 bytes "
          + "of header length"),
      .init(
        arguments: "trace length.safetensors --tokens 0 -o -",
        message: "length.safetensors: the header claims 9223372036854775808 bytes, but only 2 "
          + "follow; truncated, or not safetensors"),
      .init(
        arguments: "trace overlap.safetensors --tokens 0 -o -",
        message: "overlap.safetensors: tensor 'b': its data overlaps that of 'a'"),
      .init(
        arguments: "trace overflow.safetensors --tokens 0 -o -",
        message: "overflow.safetensors: tensor 'a': a shape of (4294967296, 4294967296) is more "
          + "than memory can hold"),
      .init(
        arguments: "open truncated.safetensors --tokens 0",
        message: "truncated.safetensors: tensor 'lstm.weight_hh_l0': its data ends at byte 160, "
          + "but the file has 150; truncated?"),
      .init(
        arguments: "trace misfit.safetensors --tokens 0 -o -",
        message: "misfit.safetensors: tensor 'lstm.weight_hh_l0': expected (8, 2), found (8, 3)"),
      .init(
        arguments: "trace notes.txt --tokens 0 -o -",
        message: "notes.txt: is not a known model format; Gatescope reads safetensors, "
          + "PyTorch (.pt, .pth, .bin, TorchScript), ONNX, "
          + "Keras (.keras, .h5, .weights.h5) and NumPy (.npz, a folder of .npy)"),
      .init(
        arguments: "trace folder.csv --tokens 0 -o -",
        message: "folder.csv: is a directory, not a model file"),
      .init(
        arguments: "trace plain.safetensors --module gru --tokens 0 -o -",
        message: "plain.safetensors: no recurrent module is named 'gru'; there are: 'lstm'"),
    ]

    private static let traces: [Case] = [
      .init(
        arguments: "view missing.npz",
        message: "missing.npz: cannot open: No such file or directory"),
      .init(arguments: "view folder.csv", message: "folder.csv: is a directory, not a trace"),
      .init(arguments: "view empty.safetensors", message: "empty.safetensors: is empty"),
      .init(
        arguments: "view plain.safetensors",
        message: "plain.safetensors: is no recorded trace: Gatescope views .npz, .npy, .csv and "
          + "HDF5; a model opens with 'gatescope open'"),
      .init(
        arguments: "view wide.csv",
        message: "wide.csv: has no signals: found 'a', 'b'; docs/trace-files.md says how they are "
          + "named"),
      .init(
        arguments: "view broken.hdf5",
        message: "broken.hdf5: HDF5: its 12 bytes are not a whole file; truncated or damaged?"),
      .init(
        arguments: "view truncated.npy",
        message: "truncated.npy: (4, 3) takes 48 bytes, but there are 47; truncated?"),
      .init(
        arguments: "view twice.csv", message: "twice.csv: line 3: step 0, unit 0 stands there twice"
      ),
      .init(
        arguments: "view state.npy --tokens whole.npy",
        message: "whole.npy: array 'tokens': expected 1 number, found 2"),
      .init(
        arguments: "view state.npy --tokens batch.npy",
        message: "batch.npy: has no array of token numbers, such as 'tokens' or 'words'"),
      .init(
        arguments: "view state.npy --vocab twice.json",
        message: "twice.json: token 0 is both 'a' and 'b'"),
      .init(
        arguments: "view state.npy --vocab bad.dict",
        message: "bad.dict: line 2: expected a symbol, a blank and its number"),
    ]

    private static let inputs: [Case] = [
      .init(
        arguments: "trace REBER --text BTXQ -o -",
        message: "--text: \"Q\" at position 3 is not in the model's vocabulary: B T P S X V E"),
      .init(
        arguments: "trace REBER --text-file - -o -", input: Array("B\nT".utf8),
        message: "standard input: \"\\n\" at position 1 is not in the model's vocabulary: "
          + "B T P S X V E"),
      .init(
        arguments: "trace REBER --text-file - -o -",
        message: "the input is empty; give at least one symbol"),
      .init(
        arguments: "trace REBER --text '' -o -",
        message: "the input is empty; give at least one symbol"),
      .init(
        arguments: "trace REBER --tokens '' -o -",
        message: "the input is empty; give at least one symbol"),
      .init(
        arguments: "trace REBER --tokens 1,x -o -",
        message: "--tokens: 'x' is not a whole number; write them as 3,1,4"),
      .init(
        arguments: "trace REBER --tokens 1, -o -",
        message: "--tokens: '' is not a whole number; write them as 3,1,4"),
      .init(
        arguments: "trace REBER --tokens 99999999999999999999 -o -",
        message: "--tokens: '99999999999999999999' is not a whole number; write them as 3,1,4"),
      .init(
        arguments: "trace REBER --tokens 0,7 -o -",
        message: "--tokens: step 1: token 7 is not one of the network's 7 (0 to 6)"),
      .init(
        arguments: "trace plain.safetensors --text AB -o -",
        message: "plain.safetensors: has no vocabulary, so it cannot read text; give --vocab, or "
          + "--tokens 3,1,4 or --features with 3 numbers a step"),
      .init(
        arguments: "trace table.safetensors --text AB -o -",
        message: "table.safetensors: has no vocabulary, so it cannot read text; give --vocab, or "
          + "--tokens 3,1,4"),
      .init(
        arguments: "trace ADDING --text AB -o -",
        message: "ADDING: reads 2 numbers a step (number, mark), not text; give them with "
          + "--features"),
      .init(
        arguments: "trace REBER --text-file latin.txt -o -",
        message: "latin.txt: is not UTF-8 at byte 3; convert it first"),
      .init(
        arguments: "trace REBER --text-file - -o -", input: [0x42, 0xC3],
        message: "standard input: is not UTF-8 at byte 1; convert it first"),
      .init(
        arguments: "trace plain.safetensors --features wide.csv -o -",
        message: "wide.csv: a step has 2 features, but the network takes 3"),
      .init(
        arguments: "trace plain.safetensors --features words.csv -o -",
        message: "words.csv: line 2, column 'c': 'x' is not a number"),
      .init(
        arguments: "trace plain.safetensors --features open.csv -o -",
        message: "open.csv: line 2: a quotation mark is not closed"),
      .init(
        arguments: "trace plain.safetensors --features nul.csv -o -",
        message: "nul.csv: line 2, column 'c': '3\\u{0}' is not a number"),
      .init(
        arguments: "trace plain.safetensors --features large.csv -o -",
        message: "large.csv: line 2, column 'b': '1e400' is more than 32 bits hold"),
      .init(
        arguments: "trace plain.safetensors --features hexadecimal.csv -o -",
        message: "hexadecimal.csv: line 2, column 'a': '0x10' is not a number"),
      .init(
        arguments: "trace plain.safetensors --features /dev/zero -o -",
        message: "/dev/zero: is longer than 3M, the most that is read; GATESCOPE_READ_LIMIT=4G "
          + "would allow more"),
      .init(
        arguments: "trace REBER --text-file /dev/urandom -o -",
        message: "/dev/urandom: is longer than 3M, the most that is read; GATESCOPE_READ_LIMIT=4G "
          + "would allow more"),
      .init(
        arguments: "train anbn --resume /dev/zero -o x.safetensors",
        message: "cannot go on from the checkpoint: /dev/zero: is longer than 3M, the most that is "
          + "read; GATESCOPE_READ_LIMIT=4G would allow more"),
      .init(
        arguments: "demo reber --replay crlf.replay --screen -",
        message: "crlf.replay: line 2: go qqq: qqq is no number from 0 on"),
      .init(
        arguments: "trace REBER --text-file nothing.txt -o -",
        message: "nothing.txt: cannot be read: No such file or directory"),
      .init(
        arguments: "trace REBER --text-file . -o -",
        message: ".: cannot be read: Is a directory"),
    ]

    private static let arrays: [Case] = [
      .init(
        arguments: "trace plain.safetensors --features batch.npy -o -",
        message: "batch.npy: (2, 4, 3) is read as 2 sequences; choose one with --batch 0 to 1, or "
          + "save one"),
      .init(
        arguments: "trace plain.safetensors --features batch.npy --batch 2 -o -",
        message: "batch.npy: there is no sequence 2 in it, only 0 to 1"),
      .init(
        arguments: "trace plain.safetensors --features words.csv --batch 0 -o -",
        message: "words.csv: is a table of one sequence, so --batch has nothing to choose from"),
      .init(
        arguments: "trace plain.safetensors --features truncated.npy -o -",
        message: "truncated.npy: (4, 3) takes 48 bytes, but there are 47; truncated?"),
      .init(
        arguments: "trace plain.safetensors --features objects.npy -o -",
        message: "objects.npy: its elements are '|O'; floats of 16, 32 and 64 bits and whole "
          + "numbers are read"),
      .init(
        arguments: "trace plain.safetensors --features cube.npy -o -",
        message: "cube.npy: expected (T, 3) or (B, T, 3), found (1, 1, 1, 3)"),
      .init(
        arguments: "trace plain.safetensors --features state.npy -o -",
        message: "state.npy: a step has 2 features, but the network takes 3"),
      .init(
        arguments: "trace REBER --tokens state.npy -o -",
        message: "state.npy: holds F32 where whole numbers are needed"),
      .init(
        arguments: "trace REBER --tokens whole.npy -o -",
        message: "whole.npy: step 0: token 651061555542690057 is not one of the network's 7 "
          + "(0 to 6)"),
      .init(
        arguments: "trace REBER --tokens nothing.npy -o -",
        message: "nothing.npy: cannot open: No such file or directory"),
      .init(
        arguments: "trace plain.safetensors --vocab short.vocab --text ab -o -",
        message: "short.vocab: has 2 symbols, but the network reads 3 tokens"),
      .init(
        arguments: "trace plain.safetensors --vocab bad.json --text ab -o -",
        message: "bad.json: byte 6: expected a symbol"),
      .init(
        arguments: "trace plain.safetensors --vocab twice.json --text ab -o -",
        message: "twice.json: token 0 is both 'a' and 'b'"),
      .init(
        arguments: "trace plain.safetensors --vocab latin.txt --text ab -o -",
        message: "latin.txt: is not UTF-8 at byte 3; convert it first"),
      .init(
        arguments: "trace plain.safetensors --state state.npy --tokens 0 -o -",
        message: "state.npy: there is no array 'l0_fwd_h', nor 'h' for all"),
      .init(
        arguments: "trace plain.safetensors --state notes.txt --tokens 0 -o -",
        message: "notes.txt: is neither a .npy file nor an .npz archive, by its first bytes"),
      .init(
        arguments: "trace plain.safetensors --tokens 0 --verify notes.txt",
        message: "notes.txt: is neither a .npy file nor an .npz archive, by its first bytes"),
      .init(
        arguments: "trace plain.safetensors --tokens 0 --verify missing.npz",
        message: "missing.npz: cannot open: No such file or directory"),
    ]

    private static let selections: [Case] = [
      .init(
        arguments: "trace REBER --text BTXSEB --steps 5..3 -o -",
        message: "--steps: '5..3' runs backwards; write the smaller number first"),
      .init(
        arguments: "trace REBER --text BTX --steps 3 -o -",
        message: "--steps: '3' is out of range; there are steps 0..2"),
      .init(
        arguments: "trace REBER --text BTX --steps x -o -",
        message: "--steps: cannot read 'x'; write A..B (B included), A.., ..B or A, from 0"),
      .init(
        arguments: "trace REBER --text BTX --units 99 -o -",
        message: "--units: '99' is out of range; there are units 0..7"),
      .init(
        arguments: "trace REBER --text BTX --layers 1 -o -",
        message: "--layers: '1' is out of range; there is only layer 0"),
      .init(
        arguments: "trace REBER --text BTX --signals q -o -",
        message:
          "--signals: no selected layer has a signal 'q'; "
          + "there is z,f,i,o,c,h,y,y_next,loss,entropy"),
    ]

    private static let outputs: [Case] = [
      .init(
        arguments: "trace REBER --text BT -o nowhere/x.csv",
        message: "nowhere/x.csv: cannot create: No such file or directory"),
      .init(
        arguments: "trace REBER --text BT -o folder.csv",
        message: "folder.csv: is a directory; give the name of a file"),
      .init(
        arguments: "trace REBER --text BT -o wide.csv",
        message: "wide.csv: already exists; --force replaces it, or give another name"),
      .init(
        arguments: "find REBER --text BT --where 1>0 -o wide.csv",
        message: "wide.csv: already exists; --force replaces it, or give another name"),
      // Before a model is read, which may take long.
      .init(
        arguments: "trace missing.pt --text BT -o wide.csv",
        message: "wide.csv: already exists; --force replaces it, or give another name"),
      .init(
        arguments: "trace REBER --text BT -o x.txt",
        message: "x.txt: the name must end in .csv or .npz, or be - for CSV on standard output"),
      .init(
        arguments: "open REBER --text BT",
        message: "standard input and output are not a terminal; `gatescope trace` records without "
          + "a screen"),
      .init(
        arguments: "demo reber",
        message: "standard input and output are not a terminal; `gatescope trace` records without "
          + "a screen"),
      .init(
        arguments: "train reber -o nowhere/x.safetensors",
        message: "nowhere/x.safetensors: cannot create: No such file or directory"),
    ]

    private static let names: [Case] = [
      .init(
        arguments: "train nothing -o x.safetensors", status: 64,
        message: "there is no task 'nothing'; "),
      .init(arguments: "demo nothing", status: 64, message: "there is no demo 'nothing'; "),
    ]

    private static let usage: [Case] = [
      .init(
        arguments: "train reber -o -", status: 64,
        message: "-o needs a file's name: a model is not written to standard output."),
      .init(
        arguments: "train reber -o m.npz", status: 64,
        message: "-o 'm.npz': the name must end in .safetensors, which it writes."),
      .init(
        arguments: "trace REBER --text B --tokens 1 -o -", status: 64,
        message: "Give one of --text, --text-file, --tokens and --features."),
      .init(
        arguments: "trace REBER --text B -o - --frobnicate", status: 64,
        message: "Unknown option '--frobnicate'"),
      .init(
        arguments: "trace REBER --text B", status: 64,
        message: "Give -o or --html with a file's name, --verify with an .npz, or several."),
      .init(
        arguments: "trace REBER --text B -o - --tolerance 1", status: 64,
        message: "--tolerance belongs to --verify."),
      .init(
        arguments: "trace REBER --text B --verify r.npz --force", status: 64,
        message: "--force belongs to -o and --html."),
      .init(
        arguments: "trace REBER --text B --verify r.npz --tolerance nan", status: 64,
        message: "--tolerance must be a number from 0 on."),
      .init(
        arguments: "trace REBER --text B --batch 1 -o -", status: 64,
        message: "--batch chooses from a .npy of --tokens or --features."),
      .init(
        arguments: "trace REBER --features a.npy --batch=-1 -o -", status: 64,
        message: "--batch counts from 0."),
      .init(
        arguments: "trace REBER --text-file - --vocab - -o -", status: 64,
        message: "Only one file can come from standard input."),
      .init(
        arguments: "trace REBER --text B --layout tall -o -", status: 64,
        message: "The value 'tall' is invalid for '--layout <layout>'. Please provide one of "
          + "'unit', 'long' or 'wide'."),
      .init(
        arguments: "trace REBER -o -", status: 64,
        message: "no input: give --text with the model's symbols (BTPSXVE), --text-file or "
          + "--tokens"),
      .init(
        arguments: "trace plain.safetensors -o -", status: 64,
        message: "no input: give --tokens 3,1,4 or --features with 3 numbers a step, or --text "
          + "with --vocab"),
      .init(
        arguments: "find ADDING --where 1>0", status: 64,
        message: "no input: give --features with 2 numbers a step (number, mark)"),
      .init(arguments: "trace", status: 64, message: "Missing expected argument '<model>'"),
      .init(arguments: "open", status: 64, message: "Missing expected argument '<model>'"),
    ]

    /// Shared by all cases: a failure must leave it as it was.
    private static let folder = Result {
      let folder = try TemporaryFolder()
      for (name, bytes) in files() { try folder.write(bytes, to: name) }
      try folder.makeFolder("folder.csv")
      return folder
    }

    private func standardError(_ example: Case) throws -> String {
      let folder = try Self.folder.get()
      let arguments = example.arguments.split(separator: " ").map { word in
        switch word {
        case "REBER": BuiltProgram.reberModel
        case "ADDING": BuiltProgram.addingModel
        case "''": ""
        default: String(word)
        }
      }
      let outcome = try BuiltProgram.run(
        arguments, input: example.input, environment: ["GATESCOPE_READ_LIMIT": "3M"], in: folder)
      #expect(outcome.end == .exited(example.status))
      #expect(outcome.output.isEmpty)
      #expect(try folder.names() == (Self.files().map(\.0) + ["folder.csv"]).sorted())
      #expect(try folder.read("notes.txt") == Array("hello there, no model".utf8))
      #expect(try folder.read("wide.csv") == Array("a,b\n1,2\n".utf8))
      return outcome.error.replacing(BuiltProgram.addingModel, with: "ADDING")
    }

    @Test(arguments: models + traces + inputs + arrays + selections + outputs)
    func failuresSayOneLine(example: Case) throws {
      #expect(try standardError(example) == "Error: \(example.message)\n")
    }

    /// The names that there are follow, and grow with the program.
    @Test(arguments: names)
    func unknownNamesAreAnsweredWithTheKnownOnes(example: Case) throws {
      let error = try standardError(example)
      #expect(error.hasPrefix("Error: \(example.message)there are"))
      #expect(error.contains("reber"))
      #expect(error.contains("\nUsage: gatescope "))
    }

    @Test(arguments: usage)
    func wrongUsageShowsTheUsage(example: Case) throws {
      let error = try standardError(example)
      #expect(error.hasPrefix("Error: \(example.message)\n"))
      #expect(error.contains("Usage: gatescope "))
    }

    @Test func weightsThatAreNotNumbersAreNamedAndStillWork() throws {
      let folder = try TemporaryFolder()
      try folder.write(ModelBytes.lstm(value: .nan), to: "nan.safetensors")
      let outcome = try BuiltProgram.run(
        ["trace", "nan.safetensors", "--tokens", "0", "-o", "-"], in: folder)
      #expect(outcome.end == .exited(0))
      #expect(
        outcome.error == """
          nan.safetensors: tensor 'lstm.weight_ih_l0' holds NaN or infinite numbers
          nan.safetensors: tensor 'lstm.weight_hh_l0' holds NaN or infinite numbers

          """)
      #expect(
        outcome.text.split(whereSeparator: \.isNewline).dropFirst() == [
          "0,0,0,fwd,0,nan,nan,nan,nan,nan,nan", "0,0,0,fwd,1,nan,nan,nan,nan,nan,nan",
        ])
    }

    /// Past the limit of the shell no byte of the old file may be lost.
    @Test func aFileThatCannotGrowLeavesTheOldOne() throws {
      let folder = try TemporaryFolder()
      let old = Array("old".utf8)
      try folder.write(old, to: "t.csv")
      let outcome = try BuiltProgram.shell(
        "ulimit -f 1; exec \"$G\" trace '\(BuiltProgram.reberModel)' "
          + "--text \(String(repeating: "BTXSE", count: 40)) -o t.csv --force", in: folder)
      #expect(outcome.end == .exited(1))
      #expect(outcome.error == "Error: t.csv: cannot write: File too large\n")
      #expect(try folder.read("t.csv") == old)
      #expect(try folder.names() == ["t.csv"])
    }

    @Test func demosThatAreNowhereAreSaidToBe() throws {
      let outcome = try BuiltProgram.run(
        ["demo"], environment: ["GATESCOPE_DEMOS": "/no/such/folder"])
      #expect(outcome.end == .exited(1))
      #expect(
        outcome.error == "Error: no demos found in /no/such/folder; set GATESCOPE_DEMOS to the "
          + "folder demos/\n")
    }
  }
}
