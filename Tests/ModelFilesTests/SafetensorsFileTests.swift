import Foundation
import ModelFiles
import Testing

/// One corruption, and the exact words that it must give.
struct Corruption: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var bytes: [UInt8]
  var message: String

  init(_ description: String, _ bytes: [UInt8], _ message: String) {
    testDescription = description
    self.bytes = bytes
    self.message = message
  }

  init(_ description: String, header: String, dataCount: Int = 0, _ message: String) {
    self.init(description, container(header, dataCount: dataCount), message)
  }
}

private func tensor(_ fields: String) -> String { "{\"a\":{\(fields)}}" }

private func pair(_ first: String, _ second: String) -> String {
  let type = "\"dtype\":\"F32\",\"shape\":[2],"
  return "{\"a\":{\(type)\"data_offsets\":\(first)},\"b\":{\(type)\"data_offsets\":\(second)}}"
}

private let whole = Array(container(pair("[0,8]", "[8,16]"), dataCount: 16))

private let containerCorruptions: [Corruption] = [
  .init("nothing", [], "is empty"),
  .init(
    "7 bytes", [1, 0, 0, 0, 0, 0, 0],
    "is only 7 bytes long; a safetensors file begins with 8 bytes of header length"),
  .init("no header", container(""), "header, byte 0: expected '{'"),
  .init(
    "length 2^63", container("{}", length: 1 << 63),
    "the header claims 9223372036854775808 bytes, but only 2 follow; "
      + "truncated, or not safetensors"),
  .init(
    "length 2^64-1", container("{}", length: .max),
    "the header claims 18446744073709551615 bytes, but only 2 follow; "
      + "truncated, or not safetensors"),
  .init(
    "length one too many", container("{}", length: 3),
    "the header claims 3 bytes, but only 2 follow; truncated, or not safetensors"),
  .init(
    "cut in the header", Array(whole[..<40]),
    "the header claims 108 bytes, but only 32 follow; truncated, or not safetensors"),
  .init(
    "cut in the data", Array(whole.dropLast()),
    "tensor 'b': its data ends at byte 16, but the file has 15; truncated?"),
  .init("more data", whole + [0], "bytes 16 to 17 of the data belong to no tensor"),
]

private let grammarCorruptions: [Corruption] = [
  .init("a list", header: "[]", "header, byte 0: expected '{'"),
  .init("white space first", header: " {}", "header, byte 0: expected '{'"),
  .init("unclosed", header: "{", "header, byte 1: expected a name in quotes"),
  .init("two objects", header: "{}{}", "header, byte 2: expected nothing more"),
  .init("NUL after it", header: "{}\0", "header, byte 2: expected nothing more"),
  .init(
    "a comma too many", header: "{\"__metadata__\":{},}",
    "header, byte 19: expected a name in quotes"),
  .init("no colon", header: "{\"a\"}", "header, byte 4: expected ':'"),
  .init(
    "an unclosed string", header: "{\"a", "header, byte 3: expected '\"' at the end of the string"),
  .init("a bad escape", header: "{\"\\x\"", "header, byte 2: expected an escape that JSON knows"),
  .init(
    "half a surrogate", header: "{\"\\ud800\"",
    "header, byte 2: expected an escape that JSON knows"),
  .init(
    "a line break in a name", header: "{\"a\nb\":1}",
    "header, byte 3: expected no control character in a string"),
  .init(
    "not UTF-8", container(Array("{\"".utf8) + [0xc3, 0x28] + Array("\":{}}".utf8)),
    "header, byte 4: expected valid UTF-8 before the end of the string"),
  .init(
    "a million levels", header: String(repeating: "{\"a\":", count: 1_000_000),
    "tensor 'a': unknown field 'a'; expected 'dtype', 'shape' and 'data_offsets'"),
  .init(
    "a million lists", header: "{\"a\":" + String(repeating: "[", count: 1_000_000),
    "header, byte 5: expected '{'"),
  .init(
    "lists in a shape", header: tensor("\"shape\":" + String(repeating: "[", count: 1_000_000)),
    "header, byte 15: expected a whole number"),
  .init(
    "a tensor twice",
    header: "{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},\"\\u0061\":{}}",
    "tensor 'a' stands in the header twice"),
  .init(
    "metadata twice", header: "{\"__metadata__\":{},\"__metadata__\":{}}",
    "tensor '__metadata__' stands in the header twice"),
  .init("metadata a list", header: "{\"__metadata__\":[]}", "header, byte 16: expected '{'"),
  .init(
    "metadata a number", header: "{\"__metadata__\":{\"k\":1}}",
    "header, byte 21: expected a string as the value of metadata 'k'"),
  .init(
    "a metadata key twice", header: "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}",
    "metadata 'k' stands in the header twice"),
  .init(
    "a name that commands the terminal",
    header: "{\"\\u001b[2J\\n\":{}}", "tensor '\\u{1b}[2J\\u{a}': has no 'dtype'"),
]

private let tensorCorruptions: [Corruption] = [
  .init(
    "no dtype", header: tensor("\"shape\":[],\"data_offsets\":[0,4]"),
    "tensor 'a': has no 'dtype'"),
  .init(
    "no shape", header: tensor("\"dtype\":\"F32\",\"data_offsets\":[0,4]"),
    "tensor 'a': has no 'shape'"),
  .init(
    "no offsets", header: tensor("\"dtype\":\"F32\",\"shape\":[]"),
    "tensor 'a': has no 'data_offsets'"),
  .init(
    "an unknown field", header: tensor("\"kind\":1"),
    "tensor 'a': unknown field 'kind'; expected 'dtype', 'shape' and 'data_offsets'"),
  .init(
    "dtype twice", header: tensor("\"dtype\":\"F32\",\"dtype\":\"F32\""),
    "tensor 'a': field 'dtype' stands there twice"),
  .init(
    "shape twice", header: tensor("\"shape\":[],\"shape\":[]"),
    "tensor 'a': field 'shape' stands there twice"),
  .init(
    "offsets twice", header: tensor("\"data_offsets\":[0,0],\"data_offsets\":[0,0]"),
    "tensor 'a': field 'data_offsets' stands there twice"),
  .init("an unknown dtype", header: tensor("\"dtype\":\"F31\""), "tensor 'a': unknown dtype 'F31'"),
  .init("dtype a number", header: tensor("\"dtype\":32"), "header, byte 14: expected a string"),
  .init(
    "a negative size", header: tensor("\"shape\":[-2]"),
    "tensor 'a': shape holds -2; expected whole numbers from 0 to 9223372036854775807"),
  .init(
    "a fraction", header: tensor("\"shape\":[2.5]"),
    "tensor 'a': shape holds 2.5; expected whole numbers from 0 to 9223372036854775807"),
  .init(
    "an exponent", header: tensor("\"shape\":[1e3]"),
    "tensor 'a': shape holds 1e3; expected whole numbers from 0 to 9223372036854775807"),
  .init(
    "a leading zero", header: tensor("\"shape\":[02]"),
    "tensor 'a': shape holds 02; expected whole numbers from 0 to 9223372036854775807"),
  .init(
    "2^63", header: tensor("\"shape\":[9223372036854775808]"),
    "tensor 'a': shape holds 9223372036854775808; "
      + "expected whole numbers from 0 to 9223372036854775807"),
  .init(
    "offsets negative", header: tensor("\"data_offsets\":[-4,0]"),
    "tensor 'a': data_offsets holds -4; expected whole numbers from 0 to 9223372036854775807"),
  .init(
    "one offset", header: tensor("\"data_offsets\":[0]"),
    "header, byte 21: expected two data_offsets"),
  .init(
    "three offsets", header: tensor("\"data_offsets\":[0,4,8]"),
    "header, byte 21: expected two data_offsets"),
  .init(
    "65 dimensions",
    header: tensor("\"shape\":[\(Array(repeating: "1", count: 65).joined(separator: ","))]"),
    "tensor 'a': has more than 64 dimensions"),
  .init(
    "a product that overflows",
    header: tensor("\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]"),
    "tensor 'a': a shape of (4294967296, 4294967296) is more than memory can hold"),
  .init(
    "a product that only in bytes overflows",
    header: tensor("\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,0]"),
    "tensor 'a': a shape of (2305843009213693952) is more than memory can hold"),
  .init(
    "half a byte",
    header: tensor("\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]"), dataCount: 2,
    "tensor 'a': (3) of F4 does not fill whole bytes"),
  .init(
    "offsets reversed",
    header: tensor("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]"), dataCount: 4,
    "tensor 'a': its data ends at 0, before it begins at 4"),
  .init(
    "too few bytes",
    header: tensor("\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,20]"), dataCount: 20,
    "tensor 'a': (2, 3) of F32 takes 24 bytes, but data_offsets give 20"),
  .init(
    "beyond the end",
    header: tensor("\"dtype\":\"U8\",\"shape\":[9000000000],\"data_offsets\":[0,9000000000]"),
    dataCount: 4,
    "tensor 'a': its data ends at byte 9000000000, but the file has 4; truncated?"),
  .init(
    "overlapping", header: pair("[0,8]", "[4,12]"), dataCount: 12,
    "tensor 'b': its data overlaps that of 'a'"),
  .init(
    "twice the same bytes", header: pair("[0,8]", "[0,8]"), dataCount: 8,
    "tensor 'b': its data overlaps that of 'a'"),
  .init(
    "a gap", header: pair("[0,8]", "[12,20]"), dataCount: 20,
    "bytes 8 to 12 of the data belong to no tensor"),
  .init(
    "a gap at the front", header: pair("[12,20]", "[4,12]"), dataCount: 20,
    "bytes 0 to 4 of the data belong to no tensor"),
]

@Suite struct SafetensorsFileTests {
  @Test(arguments: containerCorruptions + grammarCorruptions + tensorCorruptions)
  func refuses(_ corruption: Corruption) {
    let found = message { _ = try SafetensorsFile(bytes: corruption.bytes, path: "m") }
    #expect(found == "m: " + corruption.message)
  }

  @Test func refusesAHeaderBeyondTheFormatsLimit() {
    let bytes = [UInt8](repeating: 0x20, count: 100_000_010)
    var file = container("", length: 100_000_001)
    file += bytes
    #expect(
      message { _ = try SafetensorsFile(bytes: file, path: "m") }
        == "m: the header claims 100000001 bytes; the format allows 100000000")
  }

  @Test(arguments: 0..<whole.count)
  func refusesEveryTruncation(length: Int) {
    #expect(throws: ModelFileError.self) {
      try SafetensorsFile(bytes: Array(whole[..<length]), path: "m")
    }
  }

  @Test func readsWhatTheFormatAllows() throws {
    let header = """
      {"b":{"data_offsets":[4,8], "shape":[] ,"dtype":"F32"},\t"\\u8a69\\ud83d\\ude00\\n":
       {"dtype":"I32","shape":[1],"data_offsets":[0,4]},
       "none":{"dtype":"BOOL","shape":[3,0],"data_offsets":[8,8]},"__metadata__":{"k":"é/\\/"}}
      """
    let file = try SafetensorsFile(
      bytes: container(header + "   ", dataCount: 4) + [0, 0, 0x80, 0x3f], path: "m")
    #expect(file.tensors.map(\.name) == ["詩😀\n", "b", "none"])
    #expect(file.tensors.map(\.shape) == [[1], [], [3, 0]])
    #expect(file.metadata == ["k": "é//"])
    #expect(try file.floats("b") == [1])
    #expect(
      message { _ = try file.floats("詩😀\n") }
        == "m: tensor '詩😀\\u{a}': is of dtype I32; weights are read from F64, F32, F16, BF16 and F8"
    )
    #expect(message { _ = try file.floats("c") } == "m: there is no tensor 'c'")
    let empty = try SafetensorsFile(bytes: container("{}"), path: "m")
    #expect(empty.tensors.isEmpty)
  }

  @Test(arguments: ElementType.allCases)
  func opensEveryElementType(type: ElementType) throws {
    let count = type.bits
    let header = tensor(
      "\"dtype\":\"\(type.rawValue)\",\"shape\":[8],\"data_offsets\":[0,\(count)]")
    let file = try SafetensorsFile(bytes: container(header, dataCount: count), path: "m")
    let floats: Set<ElementType> = [
      .float64, .float32, .float16, .bfloat16, .float8e4m3, .float8e5m2, .float8e4m3fnuz,
      .float8e5m2fnuz,
    ]
    if floats.contains(type) {
      #expect(try file.floats("a") == [Float](repeating: 0, count: 8))
    } else {
      #expect(
        message { _ = try file.floats("a") }
          == "m: tensor 'a': is of dtype \(type.rawValue); "
          + "weights are read from F64, F32, F16, BF16 and F8")
    }
  }

  @Test func readsNoPathThatIsNotAFile() throws {
    let folder = NSTemporaryDirectory() + "/model-files-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let pipe = folder + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let empty = folder + "/empty"
    #expect(FileManager.default.createFile(atPath: empty, contents: nil))
    let rows = [
      (folder, "is a directory, not a model file"),
      (pipe, "is a pipe, not a model file"),
      ("/dev/zero", "is a device, not a model file"),
      (empty, "is empty"),
      (folder + "/none", "cannot open: No such file or directory"),
      (empty + "/none", "cannot open: Not a directory"),
      ("", "cannot open: No such file or directory"),
    ]
    for (path, words) in rows {
      #expect(message { _ = try ModelReader.read(path: path) } == "\(path): \(words)")
      #expect(message { _ = try SafetensorsFile(path: path) } == "\(path): \(words)")
    }
    if getuid() != 0 {
      chmod(empty, 0)
      #expect(
        message { _ = try ModelReader.read(path: empty) }
          == "\(empty): cannot open: Permission denied")
    }
  }
}
