/// The texts among the attributes of a file's root group, read here and not by libhdf5.
///
/// Keras keeps its config there, as a text of variable length in a global heap. libhdf5 before 1.14 walks
/// a damaged heap beyond its end or for ever, and nearly everything that damage does to it is done
/// there; so the way to these texts is read with every offset proved. The format's chapters II to IV:
/// https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
struct HDF5RootTexts {
  /// By the attributes' names; those that are no single text are left out.
  private(set) var texts: [String: String] = [:]
  /// Attributes stand in a fractal heap, which is not read here.
  private(set) var areElsewhere = false

  private let file: HDF5Bytes
  private let wanted: [String]
  /// Blocks of the header that are still to be read.
  private var blocks: [Range<Int>] = []
  private var messagesLeft = 100_000

  /// - Throws: `HDF5Problem.unreadable` naming the attribute, or the root group as "/".
  init(_ bytes: UnsafeRawBufferPointer, named wanted: [String]) throws(HDF5Problem) {
    self.wanted = wanted
    guard let (file, root) = HDF5Bytes.open(bytes) else { throw .unreadable("/") }
    self.file = file
    guard let isNew = firstBlock(at: root) else { throw .unreadable("/") }
    var next = 0
    while next < blocks.count {
      try readMessages(blocks[next], isNew: isNew)
      next += 1
    }
  }

  // MARK: - Object headers

  /// Finds where the messages begin.
  ///
  /// - Returns: whether the header is of version 2; nil where there is none.
  private mutating func firstBlock(at root: Int) -> Bool? {
    if file.isAt(root, "OHDR") {
      guard file.number(root + 4, 1) == 2, let flags = file.number(root + 5, 1) else { return nil }
      headerFlags = flags
      let sizePlace = root + 6 + (flags & 0x20 > 0 ? 16 : 0) + (flags & 0x10 > 0 ? 4 : 0)
      let sizeWidth = 1 << (flags & 3)
      guard let size = file.number(sizePlace, sizeWidth),
        let block = file.range(sizePlace + sizeWidth, size)
      else { return nil }
      blocks = [block]
      return true
    }
    guard file.number(root, 1) == 1, let size = file.number(root + 8, 4),
      let block = file.range(root + 16, size)
    else { return nil }
    blocks = [block]
    return false
  }

  /// Of a header of version 2.
  private var headerFlags = 0

  private mutating func readMessages(_ block: Range<Int>, isNew: Bool) throws(HDF5Problem) {
    var place = block.lowerBound
    let headerSize = isNew ? 4 + (headerFlags & 4 > 0 ? 2 : 0) : 8
    while block.upperBound - place >= headerSize {
      // Blocks may name each other, or themselves.
      messagesLeft -= 1
      guard messagesLeft >= 0, let type = file.number(place, isNew ? 1 : 2),
        let size = file.number(place + (isNew ? 1 : 2), 2),
        let flags = file.number(place + (isNew ? 3 : 4), 1),
        let data = file.range(place + headerSize, size), data.upperBound <= block.upperBound
      else { throw .unreadable("/") }
      switch type {
      case 0x0C where flags & 2 == 0: try readAttribute(data)
      // An attribute that is shared stands elsewhere.
      case 0x0C: areElsewhere = true
      case 0x10: try addBlock(data, isNew: isNew)
      case 0x15: try readAttributeInfo(data)
      default: break
      }
      place = data.upperBound
    }
  }

  private mutating func addBlock(_ data: Range<Int>, isNew: Bool) throws(HDF5Problem) {
    guard let address = file.address(data.lowerBound),
      let size = file.number(data.lowerBound + file.offsetSize, file.lengthSize),
      var block = file.range(address, size)
    else { throw .unreadable("/") }
    if isNew {
      // A signature before the messages, a checksum after them.
      guard file.isAt(address, "OCHK"), block.count >= 8 else { throw .unreadable("/") }
      block = block.lowerBound + 4..<block.upperBound - 4
    }
    blocks.append(block)
  }

  /// Says whether there are attributes in a fractal heap.
  private mutating func readAttributeInfo(_ data: Range<Int>) throws(HDF5Problem) {
    guard let flags = file.number(data.lowerBound + 1, 1) else { throw .unreadable("/") }
    let heap = data.lowerBound + 2 + (flags & 1 > 0 ? 2 : 0)
    if file.address(heap) != nil { areElsewhere = true }
  }

  // MARK: - Attributes

  private mutating func readAttribute(_ message: Range<Int>) throws(HDF5Problem) {
    let start = message.lowerBound
    guard let version = file.number(start, 1), let flags = file.number(start + 1, 1),
      let nameSize = file.number(start + 2, 2), let typeSize = file.number(start + 4, 2),
      let spaceSize = file.number(start + 6, 2), (1...3).contains(version)
    else { throw .unreadable("/") }
    func padded(_ size: Int) -> Int { version == 1 ? (size + 7) / 8 * 8 : size }
    let name = start + (version == 3 ? 9 : 8)
    let type = name + padded(nameSize)
    let space = type + padded(typeSize)
    let data = space + padded(spaceSize)
    guard data <= message.upperBound, let text = file.text(name, nameSize) else {
      throw .unreadable("/")
    }
    guard wanted.contains(text) else { return }
    // Version 1 knows no shared types.
    if version > 1 && flags & 3 > 0 {
      areElsewhere = true
      return
    }
    guard file.isSingle(space, spaceSize) else { return }
    texts[text] = try value(of: text, type, typeSize, data..<message.upperBound)
  }

  /// Nil for what is no text.
  private func value(
    of name: String, _ type: Int, _ typeSize: Int, _ data: Range<Int>
  ) throws(HDF5Problem) -> String? {
    guard typeSize >= 8, let kind = file.number(type, 1), let bits = file.number(type + 1, 3),
      let size = file.number(type + 4, 4)
    else { throw .unreadable(name) }
    switch (kind & 0x0F, bits & 0x0F) {
    case (3, _):
      guard size <= data.count, let text = file.text(data.lowerBound, size) else {
        throw .unreadable(name)
      }
      return text
    case (9, 1):
      let heap = data.lowerBound + 4
      guard data.count >= 8 + file.offsetSize, let count = file.number(data.lowerBound, 4),
        let address = file.address(heap), let index = file.number(heap + file.offsetSize, 4),
        let object = file.heapObject(index, at: address), count <= object.count,
        let text = file.text(object.lowerBound, count)
      else { throw .unreadable(name) }
      return text
    default: return nil
    }
  }
}
