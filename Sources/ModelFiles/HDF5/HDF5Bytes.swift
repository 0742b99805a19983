/// An HDF5 file's bytes, read by proved offsets.
struct HDF5Bytes {
  /// How wide addresses and lengths are.
  let offsetSize: Int
  let lengthSize: Int
  private let bytes: UnsafeRawBufferPointer

  /// Reads the superblock.
  ///
  /// - Returns: the file and the address of its root group; nil for what libhdf5 does not write.
  static func open(_ bytes: UnsafeRawBufferPointer) -> (HDF5Bytes, root: Int)? {
    guard bytes.count > 16 else { return nil }
    let isNew = bytes[8] >= 2
    let sizes = isNew ? 9 : 13
    let file = HDF5Bytes(bytes, offsetSize: Int(bytes[sizes]), lengthSize: Int(bytes[sizes + 1]))
    guard [2, 4, 8].contains(file.offsetSize), [2, 4, 8].contains(file.lengthSize) else {
      return nil
    }
    // Base, extension, end; or base, free space, end, driver, then the root's entry: name, header.
    let addresses = isNew ? 12 : bytes[8] == 0 ? 24 : 28
    let root = addresses + (isNew ? 3 : 5) * file.offsetSize
    guard bytes[8] <= 3, file.number(addresses, file.offsetSize) == 0,
      let address = file.address(root)
    else { return nil }
    return (file, address)
  }

  private init(_ bytes: UnsafeRawBufferPointer, offsetSize: Int, lengthSize: Int) {
    self.bytes = bytes
    self.offsetSize = offsetSize
    self.lengthSize = lengthSize
  }

  /// A little-endian number; nil beyond the file or an `Int`.
  func number(_ place: Int, _ width: Int) -> Int? {
    guard let range = range(place, width) else { return nil }
    var number: UInt64 = 0
    for byte in bytes[range].reversed() { number = number << 8 | UInt64(byte) }
    return Int(exactly: number)
  }

  /// An address in the file; nil where it lies outside, as one that is not defined does.
  func address(_ place: Int) -> Int? {
    number(place, offsetSize).flatMap { $0 < bytes.count ? $0 : nil }
  }

  /// Nil where it leaves the file.
  func range(_ place: Int, _ count: Int) -> Range<Int>? {
    guard place >= 0, count >= 0, place <= bytes.count, count <= bytes.count - place else {
      return nil
    }
    return place..<place + count
  }

  func isAt(_ place: Int, _ signature: StaticString) -> Bool {
    guard let range = range(place, signature.utf8CodeUnitCount) else { return false }
    return bytes[range].elementsEqual(
      UnsafeBufferPointer(start: signature.utf8Start, count: signature.utf8CodeUnitCount))
  }

  /// To the first zero, or as long as there is room.
  func text(_ place: Int, _ count: Int) -> String? {
    range(place, count).map { String(decoding: bytes[$0].prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// Whether a dataspace is of one element.
  func isSingle(_ place: Int, _ size: Int) -> Bool {
    guard size >= 4, let version = number(place, 1), let rank = number(place + 1, 1) else {
      return false
    }
    // Version 2 tells an empty one from one without dimensions.
    if version == 2 && number(place + 3, 1) == 2 { return false }
    let start = version == 1 ? 8 : 4
    guard start + rank * lengthSize <= size else { return false }
    return (0..<rank).allSatisfy { number(place + start + $0 * lengthSize, lengthSize) == 1 }
  }

  /// An object of a global heap's collection.
  func heapObject(_ index: Int, at address: Int) -> Range<Int>? {
    guard isAt(address, "GCOL"), number(address + 4, 1) == 1,
      let size = number(address + 8, lengthSize), let heap = range(address, size)
    else { return nil }
    // Everything in a collection is padded to 8.
    let headerSize = (8 + lengthSize + 7) / 8 * 8
    var place = address + headerSize
    while heap.upperBound - place >= headerSize {
      guard let found = number(place, 2), let size = number(place + 8, lengthSize),
        let object = range(place + headerSize, size), object.upperBound <= heap.upperBound
      else { return nil }
      // The rest is free.
      if found == 0 { return nil }
      if found == index { return object }
      place = object.lowerBound + (size + 7) / 8 * 8
    }
    return nil
  }
}
