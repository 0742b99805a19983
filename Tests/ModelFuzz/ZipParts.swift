/// A zip archive taken apart and written anew, as PyTorch writes it: entries stored, the sizes in the
/// directory.
struct ZipParts {
  struct Entry {
    var name: [UInt8]
    /// As it stands in the file.
    var bytes: [UInt8]
    var method: Int
    var plainSize: Int
    var checksum: Int
  }

  var entries: [Entry]

  init(entries: [Entry]) { self.entries = entries }

  /// Nil for what is no archive.
  init?(_ bytes: [UInt8]) {
    entries = []
    guard let end = bytes.places(of: "PK\u{5}\u{6}").last, let count = bytes.number(end + 10, 2),
      var place = bytes.number(end + 16, 4)
    else { return nil }
    for _ in 0..<count {
      guard let method = bytes.number(place + 10, 2), let checksum = bytes.number(place + 16, 4),
        let packed = bytes.number(place + 20, 4), let plain = bytes.number(place + 24, 4),
        let nameSize = bytes.number(place + 28, 2), let extra = bytes.number(place + 30, 2),
        let comment = bytes.number(place + 32, 2), let header = bytes.number(place + 42, 4),
        let localExtra = bytes.number(header + 28, 2)
      else { return nil }
      let start = header + 30 + nameSize + localExtra
      guard start + packed <= bytes.count, place + 46 + nameSize <= bytes.count else { return nil }
      entries.append(
        Entry(
          name: Array(bytes[place + 46..<place + 46 + nameSize]),
          bytes: Array(bytes[start..<start + packed]), method: method, plainSize: plain,
          checksum: checksum))
      place += 46 + nameSize + extra + comment
    }
  }

  /// The directory can lie by a number written somewhere in it.
  func bytes(lie: (inout [UInt8]) -> Void = { _ in }) -> [UInt8] {
    var data: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let place = data.count
      data += latin("PK\u{3}\u{4}") + little(20, 2) + little(0x808, 2) + little(entry.method, 2)
      data += little(0, 16) + little(entry.name.count, 2) + little(0, 2) + entry.name
      data += entry.bytes
      directory += latin("PK\u{1}\u{2}") + little(20, 2) + little(20, 2) + little(0x808, 2)
      directory += little(entry.method, 2) + little(0, 4) + little(entry.checksum, 4)
      directory += little(entry.bytes.count, 4) + little(entry.plainSize, 4)
      directory += little(entry.name.count, 2) + little(0, 12) + little(place, 4) + entry.name
    }
    lie(&directory)
    let start = data.count
    data += directory + latin("PK\u{5}\u{6}") + little(0, 4) + little(entries.count, 2)
    data += little(entries.count, 2) + little(directory.count, 4) + little(start, 4)
    return data + little(0, 2)
  }

  /// Changes an entry that is stored.
  mutating func change(_ index: Int, _ body: (inout [UInt8]) -> Void) {
    guard entries[index].method == 0 else { return }
    body(&entries[index].bytes)
    entries[index].plainSize = entries[index].bytes.count
  }
}
