import Foundation
import ModelFiles
import Testing

private func archive(
  _ change: (inout Archive) -> Void = { _ in }
) -> [UInt8] {
  var archive = Archive([
    .init("a/data.pkl", Pickle.whole(latin("}"))), .init("a/data/0", [1, 2, 3, 4]),
  ])
  change(&archive)
  return archive.bytes
}

private let whole = archive()

private let endCorruptions: [Corruption] = [
  .init(
    "the first four bytes", Array(whole[..<4]), "zip archive: its end record is missing; truncated?"
  ),
  .init(
    "cut in the data", Array(whole[..<50]), "zip archive: its end record is missing; truncated?"),
  .init(
    "cut in the end record", Array(whole.dropLast()),
    "zip archive: its end record is missing; truncated?"),
  .init(
    "bytes after the end", whole + [0], "zip archive: its end record is missing; truncated?"),
  .init(
    "a directory beyond the end", archive { $0.directoryOffset = 5000 },
    "zip archive: its directory should be 110 bytes from byte 5000, but must end before byte "
      + "\(whole.count - 22); truncated?"),
  .init(
    "a directory too long", archive { $0.directorySize = 111 },
    "zip archive: its directory should be 111 bytes from byte \(whole.count - 132), "
      + "but must end before byte \(whole.count - 22); truncated?"),
  .init(
    "a directory too short", archive { $0.directorySize = 109 },
    "zip archive: directory entry 1: expected a name and extra fields that end in the directory"),
  .init(
    "an entry too many", archive { $0.count = 3 },
    "zip archive: directory entry 2: expected an entry's header of 46 bytes"),
  .init(
    "an entry too few", archive { $0.count = 1 },
    "zip archive: directory entry 1: expected the end of the directory"),
  .init(
    "no entry", Archive([]).bytes,
    "zip archive: has neither PyTorch's data.pkl nor .npy arrays in it"),
  .init(
    "a ZIP64 end that is nowhere",
    {
      var bytes = archive { $0.zip64 = (2, 110, 0) }
      bytes.replaceSubrange(bytes.count - 34..<bytes.count - 26, with: little(1 << 62, 8))
      return bytes
    }(), "zip archive: its ZIP64 end record is not where it should be; truncated?"),
  .init(
    "2^40 entries in the ZIP64 end", archive { $0.zip64 = (1 << 40, 110, 0) },
    "zip archive: claims 1099511627776 entries; at most 200000 are read"),
  .init(
    "one of several disks",
    {
      var bytes = whole
      bytes[bytes.count - 18] = 1
      return bytes
    }(), "zip archive: is one part of several; join them first"),
]

private let entryCorruptions: [Corruption] = [
  .init(
    "a directory alone", Array(whole[(whole.count - 132)...]),
    "is not a known model format; " + readableFormats),
  .init(
    "a header elsewhere", archive { $0.entries[1].offset = 7 },
    "zip entry 'a/data/0': its header is not at byte 7"),
  .init(
    "another's header", archive { $0.entries[1].offset = 0 },
    "zip entry 'a/data/0': its header is not at byte 0"),
  .init(
    "a header beyond the file", archive { $0.entries[1].offset = 0x7fff_fff0 },
    "zip entry 'a/data/0': its header is not at byte 2147483632"),
  .init(
    "data into the directory", archive { $0.entries[1].packed = 5 },
    "zip entry 'a/data/0': its 5 bytes run past byte \(whole.count - 132), "
      + "where the directory begins"),
  .init(
    "entries that overlap", archive { $0.entries[0].packed = 20 },
    "zip entry 'a/data/0': overlaps 'a/data.pkl'"),
  .init(
    "stored, but of two sizes", archive { $0.entries[1].plain = 1 << 30 },
    "zip entry 'a/data/0': is stored as it is, but claims 1073741824 bytes in 4"),
  .init(
    "a bomb",
    archive {
      $0.entries[1].method = 8
      $0.entries[1].plain = 1 << 30
    }, "zip entry 'a/data/0': claims 1073741824 bytes in 4, more than a model shrinks"),
  .init(
    "many small bombs",
    Archive(
      (0..<20).map { number in
        var entry = Archive.Entry("a/data/\(number)", [0])
        entry.method = 8
        entry.plain = 1 << 20
        return entry
      }
    ).bytes, "zip entry 'a/data/16': claims 1048576 bytes in 1, more than a model shrinks"),
  .init(
    "encrypted", archive { $0.entries[0].flags = 0x809 }, "zip entry 'a/data.pkl' is encrypted"),
  .init(
    "packed by bzip2", archive { $0.entries[0].method = 12 },
    "zip entry 'a/data.pkl': is compressed by method 12; stored and deflated are read"),
  .init(
    "no deflate stream",
    archive {
      $0.entries[0].method = 8
      $0.entries[0].plain = 9
    }, "zip entry 'a/data.pkl': is damaged: its data or checksum is wrong"),
  .init(
    "a name twice", archive { $0.entries[1].name = "a/data.pkl" },
    "zip entry 'a/data.pkl' stands in the archive twice"),
  .init(
    "ZIP64 without its sizes", archive { $0.entries[1].plain = 0xffff_ffff },
    "zip entry 'a/data/0': its ZIP64 sizes are missing"),
  .init(
    "ZIP64 sizes beyond 2^63",
    archive {
      $0.entries[1].plain = 0xffff_ffff
      $0.entries[1].extra = little(1, 2) + little(8, 2) + [UInt8](repeating: 255, count: 8)
    }, "zip entry 'a/data/0': its ZIP64 sizes are missing"),
  .init(
    "Keras's archive", Archive([.init("config.json", []), .init("model.weights.h5", [])]).bytes,
    "HDF5: its 0 bytes are not a whole file; truncated or damaged?"),
]

@Suite struct ZipCorruptionTests {
  @Test(arguments: endCorruptions + entryCorruptions)
  func refuses(_ corruption: Corruption) {
    #expect(
      message { _ = try ModelReader.read(bytes: corruption.bytes, path: "m") }
        == "m: " + corruption.message)
  }

  /// A deflated entry that holds more, or other bytes, than the directory says.
  @Test(arguments: [-1, 1]) func refusesADeflatedEntryOfAnotherSize(change: Int) throws {
    var bytes = [UInt8](try Data(contentsOf: fixture("torch/deflated.pt")))
    let end = bytes.count - 22
    let directory = bytes[end + 16..<end + 20].reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(Array(bytes[directory..<directory + 4]) == latin("PK\u{1}\u{2}"))
    let size = bytes[directory + 24..<directory + 28].reversed().reduce(0) { $0 << 8 | Int($1) }
    bytes.replaceSubrange(directory + 24..<directory + 28, with: little(size + change, 4))
    let name = String(decoding: bytes[directory + 46..<directory + 60], as: UTF8.self)
    #expect(
      message { _ = try ModelReader.read(bytes: bytes, path: "m") }
        == "m: zip entry '\(name)': is damaged: its data or checksum is wrong")
  }
}
