import Foundation
import ModelFiles
import Testing

/// The way to the root's texts, damaged at each step: libhdf5 crashes or loops on most of these.
@Suite struct HDF5DamageTests {
  struct Damage: CustomTestStringConvertible {
    let what: String
    var file = "lstm.h5"
    let offset: Int
    let bytes: [UInt8]
    var testDescription: String { what }
  }

  /// lstm.h5 is of superblock 0, its root's header at byte 96, its global heap at 2048; keras2.h5 of
  /// superblock 3, its root's header at 48, its heap at 179.
  private static let damages: [Damage] = [
    .init(what: "heap: signature", offset: 2048, bytes: latin("GCOM")),
    .init(what: "heap: version", offset: 2052, bytes: [7]),
    .init(what: "heap: beyond the file", offset: 2056, bytes: ones),
    .init(what: "heap: empty", offset: 2056, bytes: little(0, 8)),
    .init(
      what: "heap: ends in an object", offset: 2056, bytes: little(20, 8)),
    .init(
      what: "object: beyond the heap", offset: 2072, bytes: little(1 << 20, 8)),
    .init(what: "object: size overflows", offset: 2072, bytes: ones),
    .init(
      what: "object: shorter than the text", offset: 2072, bytes: little(2, 8)),
    .init(what: "object: is free space", offset: 2064, bytes: [0, 0]),
    .init(what: "object: another number", offset: 2064, bytes: [9, 9]),
    .init(
      what: "heap: beyond the file", file: "keras2.h5", offset: 187, bytes: ones),
  ]

  private static let ones = [UInt8](repeating: 0xFF, count: 8)

  @Test(arguments: damages)
  func isToldAsOne(_ damage: Damage) throws {
    var bytes = [UInt8](try Data(contentsOf: fixture("keras/\(damage.file)")))
    bytes.replaceSubrange(damage.offset..<damage.offset + damage.bytes.count, with: damage.bytes)
    #expect(
      message { _ = try ModelReader.read(bytes: bytes, path: "m.h5") }
        == "m.h5: HDF5: 'keras_version' cannot be read; truncated or damaged?")
  }

  @Test func readsAttributesThatStandInAFractalHeap() throws {
    let report = try ModelReader.report(path: fixture("keras/dense.h5").path)
    #expect(report.producer == "Keras 2.3.1, backend tensorflow")
    #expect(report.modules.map(\.problem) == [nil])
  }
}
