/// The least that reads the archives which `NPZExport` writes, to compare them with.
struct NPZReader {
  struct Array {
    var type: String
    var shape: [Int]
    var bytes: [UInt8]

    var floats: [Float] {
      bytes.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map {
          Float(bitPattern: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
        }
      }
    }

    var integers: [Int64] {
      bytes.withUnsafeBytes { bytes in
        (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self) }
      }
    }
  }

  struct Malformed: Error { var what: String }

  /// In the order in which they stand.
  var names: [String] = []
  var arrays: [String: Array] = [:]

  /// Walks the local headers, which here have their lengths in front.
  init(_ file: [UInt8]) throws {
    var place = 0
    func number(_ offset: Int, _ size: Int) throws -> Int {
      guard offset + size <= file.count else { throw Malformed(what: "ends at \(offset)") }
      return file[offset..<offset + size].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    while try number(place, 4) == 0x0403_4B50 {
      let size = try number(place + 18, 4)
      let nameEnd = place + 30 + (try number(place + 26, 2))
      let name = String(decoding: file[place + 30..<nameEnd], as: UTF8.self)
      let start = nameEnd + (try number(place + 28, 2))
      guard name.hasSuffix(".npy"), file[start] == 0x93, start % 1 == 0 else {
        throw Malformed(what: name)
      }
      let header = try number(start + 8, 2)
      guard (10 + header) % 64 == 0 else { throw Malformed(what: "\(name): not aligned") }
      let text = String(decoding: file[start + 10..<start + 10 + header], as: UTF8.self)
      let parts = text.split(separator: "'")
      let shape = text.split(separator: "(")[1].split(separator: ")")[0]
      let key = String(name.dropLast(4))
      names.append(key)
      arrays[key] = Array(
        type: String(parts[3]),
        shape: shape.split(separator: ",").compactMap { Int($0.filter(\.isNumber)) },
        bytes: Swift.Array(file[start + 10 + header..<start + size]))
      place = start + size
    }
  }
}
