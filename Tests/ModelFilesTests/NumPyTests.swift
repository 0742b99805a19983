import Foundation
import ModelFiles
import Recurrent
import Testing

private func npy(_ header: String, version: Int = 1, data: Int = 0, length: Int? = nil) -> [UInt8] {
  [0x93] + latin("NUMPY") + [UInt8(version), 0]
    + little(length ?? header.utf8.count, version == 1 ? 2 : 4) + Array(header.utf8)
    + [UInt8](repeating: 0, count: data)
}

private func header(_ type: String, _ shape: String, order: String = "False") -> String {
  "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n"
}

private func array(_ name: String, _ bytes: [UInt8], _ words: String) -> Corruption {
  .init(name, Archive([.init("w.npy", bytes)]).bytes, "array 'w': " + words)
}

private let corruptions: [Corruption] = [
  array("nothing", [], "does not begin as a .npy file does"),
  array("another magic", Array(repeating: 0, count: 80), "does not begin as a .npy file does"),
  array("version 4", npy("", version: 4), "is of .npy version 4; 1 to 3 are read"),
  array(
    "cut in the header", npy("{'descr'", length: 60),
    "its header takes 70 bytes, but there are 18; truncated?"),
  array(
    "a header of 4 GB", npy("{}", version: 2, length: 0xffff_ffff),
    "its header claims 4294967295 bytes; at most 10000 are read"),
  array("a header of no dictionary", npy("[]"), "header: expected '{'"),
  array("an expression", npy("{'descr': f()}"), "header: expected a text in quotes"),
  array(
    "an unknown key", npy("{'code': 1}"),
    "header: expected the keys 'descr', 'fortran_order' and 'shape', found 'code'"),
  array(
    "a key missing", npy("{'descr': '<f4', 'fortran_order': False}"),
    "header: expected 'descr', 'fortran_order' and 'shape'"),
  array("an unclosed text", npy("{'descr"), "header: expected a closing quote"),
  array("an unclosed shape", npy("{'shape': (3, 4"), "header: expected ')'"),
  array(
    "a shape below 0", npy(header("<f4", "(-1,)")), "header: expected whole numbers in the shape"),
  array(
    "a shape of words", npy(header("<f4", "(x,)")), "header: expected whole numbers in the shape"),
  array(
    "a shape beyond 2^63", npy(header("<f4", "(9223372036854775808,)")),
    "header: expected whole numbers in the shape"),
  array(
    "a hundred dimensions", npy(header("<f4", "(\(String(repeating: "1,", count: 100)))")),
    "header: expected at most 64 dimensions"),
  array(
    "a truth value of words", npy(header("<f4", "()", order: "Maybe")),
    "header: expected True or False"),
  array(
    "Python objects", npy(header("|O", "(1,)")),
    "its elements are '|O'; floats of 16, 32 and 64 bits and whole numbers are read"),
  array(
    "records", npy("{'descr': [('a', '<f4')]}"),
    "its elements are '[…]'; floats of 16, 32 and 64 bits and whole numbers are read"),
  array(
    "a product of 2^64", npy(header("<f4", "(4294967296, 4294967296)")),
    "a shape of (4294967296, 4294967296) is more than memory can hold"),
  array(
    "data cut short", npy(header("<f4", "(3, 4)"), data: 47),
    "(3, 4) takes 48 bytes, but there are 47; truncated?"),
  array(
    "data too long", npy(header("<f4", "(3, 4)"), data: 49),
    "(3, 4) takes 48 bytes, but there are 49; truncated?"),
  .init(
    "a weight of truth values",
    Archive([
      .init("weight_ih_l0.npy", npy(header("|b1", "(4, 1)"), data: 4)),
      .init("weight_hh_l0.npy", npy(header("<f4", "(4, 1)"), data: 16)),
    ]).bytes, "array 'weight_ih_l0': holds truth values where numbers are needed"),
]

@Suite struct NumPyTests {
  @Test(arguments: corruptions)
  func refuses(_ corruption: Corruption) {
    #expect(
      message { _ = try ModelReader.read(bytes: corruption.bytes, path: "m") }
        == "m: " + corruption.message)
  }

  /// Every whole-number type, and the layouts of Python 2 and of versions 2 and 3.
  @Test(arguments: [
    ("|i1", 1, 1), ("|u1", 1, 1), ("<i2", 2, 1), ("<u4", 4, 1), ("<i8", 8, 1), ("<u8", 8, 2),
    ("<u2", 2, 3), ("=i4", 4, 3),
  ])
  func readsWholeNumbers(type: String, width: Int, version: Int) throws {
    let numbers = (0..<4).flatMap { little($0 + 1, width) }
    let bytes = Archive([
      .init("weight_ih_l0.npy", npy(header(type, "(4L, 1L)"), version: version) + numbers),
      .init(
        "weight_hh_l0.npy",
        npy(header("<f4", "(4, 1)", order: "True"), version: version)
          + [UInt8](
            repeating: 0, count: 16)),
    ]).bytes
    let weights = try ModelReader.read(bytes: bytes, path: "m").network.layers[0].weights[0]
    // i f g o came in, z f i o went out.
    #expect(weights.inputWeights == [3, 2, 1, 4])
  }

  @Test func leavesOutArraysOfTexts() throws {
    let weights: [Archive.Entry] = [
      .init("weight_ih_l0.npy", npy(header("<f4", "(4, 1)"), data: 16)),
      .init("weight_hh_l0.npy", npy(header("<f4", "(4, 1)"), data: 16)),
    ]
    let words = Archive.Entry("words.npy", npy(header("<U3", "(2,)"), data: 24))
    let report = try ModelReader.report(bytes: Archive(weights + [words]).bytes, path: "m")
    #expect(report.leftOut == ["words"])
    #expect(report.modules.map(\.problem) == [nil])
    let typed = Archive.Entry("bias_ih_l0.npy", npy(header("<U3", "(4,)"), data: 48))
    #expect(
      message { _ = try ModelReader.read(bytes: Archive(weights + [typed]).bytes, path: "m") }
        == "m: array 'bias_ih_l0': its elements are '<U3'; floats of 16, 32 and 64 bits and whole "
        + "numbers are read")
  }

  @Test func refusesAFolderWithABrokenArray() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/npy-\(UUID())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(npy(header("<f4", "(2,)"), data: 4)).write(to: URL(fileURLWithPath: folder + "/w.npy"))
    #expect(
      message { _ = try ModelReader.read(path: folder) }
        == "\(folder): array 'w': (2) takes 8 bytes, but there are 4; truncated?")
    try Data().write(to: URL(fileURLWithPath: folder + "/w.npy"))
    #expect(message { _ = try ModelReader.read(path: folder) } == "\(folder)/w.npy: is empty")
  }
}
