import Foundation
import Testing

@testable import Files

/// A folder of its own for each test, gone afterwards.
final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/files-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func at(_ name: String) -> String { path + "/" + name }

  func put(_ text: String, in name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: at(name)))
  }

  func text(of name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: at(name))), as: UTF8.self)
  }

  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}

@Suite struct AtomicFileTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  @Test func appearsOnlyWhenCommitted() throws {
    let file = try AtomicFile(path: folder.at("a"))
    try file.write("one ")
    try file.write([UInt8]("two".utf8))
    #expect(!(try folder.names().contains("a")))
    try file.commit()
    try file.commit()
    #expect(try folder.text(of: "a") == "one two")
    #expect(try folder.names() == ["a"])
  }

  @Test func keepsTheOldFileWhenDiscarded() throws {
    try folder.put("old", in: "a")
    do {
      let file = try AtomicFile(path: folder.at("a"))
      try file.write("new")
    }
    #expect(try folder.text(of: "a") == "old")
    let file = try AtomicFile(path: folder.at("a"))
    try file.write("new")
    file.discard()
    #expect(try folder.text(of: "a") == "old")
    #expect(try folder.names() == ["a"])
  }

  @Test(arguments: [1, 1000, 262_144, 700_001])
  func writesInOrderWhateverTheSizes(chunk: Int) throws {
    let file = try AtomicFile(path: folder.at("a"))
    let bytes = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    var sent = 0
    let end = chunk == 1 ? 300_000 : bytes.count
    while sent < end {
      let next = min(sent + chunk, end)
      try file.write(Array(bytes[sent..<next]))
      sent = next
    }
    #expect(file.count == UInt64(end))
    try file.commit()
    let read = try Data(contentsOf: URL(fileURLWithPath: folder.at("a")))
    #expect(read == Data(bytes[..<end]))
  }

  @Test func overwritesWhatWasWritten() throws {
    let file = try AtomicFile(path: folder.at("a"))
    try file.write([UInt8](repeating: 0x2e, count: 300_000))
    try file.write("tail")
    try file.overwrite(at: 1, [0x41])
    try file.overwrite(at: 299_999, [0x42, 0x43])
    try file.write("!")
    try file.commit()
    let read = try Data(contentsOf: URL(fileURLWithPath: folder.at("a")))
    #expect(read.count == 300_005)
    #expect(Array(read[0..<3]) == [0x2e, 0x41, 0x2e])
    #expect(String(decoding: read[299_998...], as: UTF8.self) == ".BCail!")
  }

  @Test func keepsThePermissionsOfTheReplacedFile() throws {
    try folder.put("old", in: "a")
    chmod(folder.at("a"), 0o640)
    let file = try AtomicFile(path: folder.at("a"))
    try file.commit()
    var status = stat()
    #expect(stat(folder.at("a"), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
    #expect(status.st_size == 0)
  }

  @Test func replacesTheFileBehindALinkAndNotTheLink() throws {
    try folder.put("old", in: "real")
    symlink("real", folder.at("link"))
    symlink("fresh", folder.at("dangling"))
    for name in ["link", "dangling"] {
      let file = try AtomicFile(path: folder.at(name))
      try file.write("new")
      try file.commit()
    }
    #expect(try folder.text(of: "real") == "new")
    #expect(try folder.text(of: "fresh") == "new")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.at("link")) == "real")
    #expect(try folder.names() == ["dangling", "fresh", "link", "real"])
  }

  @Test func aNewFileReplacesNothing() throws {
    let path = folder.at("a")
    let file = try AtomicFile(path: path, createNew: true)
    try file.write("mine")
    // Somebody else comes first, between the opening and the commit.
    try folder.put("theirs", in: "a")
    #expect(throws: FileError.alreadyExists(path: path)) { try file.commit() }
    #expect(throws: FileError.alreadyExists(path: path)) { try file.commit() }
    #expect(throws: FileError.alreadyExists(path: path)) {
      try AtomicFile(path: path, createNew: true)
    }
    #expect(try folder.text(of: "a") == "theirs")
    #expect(try folder.names() == ["a"])
    let other = try AtomicFile(path: folder.at("b"), createNew: true)
    try other.write("mine")
    try other.commit()
    #expect(try folder.text(of: "b") == "mine")
    #expect(try folder.names() == ["a", "b"])
  }

  @Test func whatWouldBeReplacedIsToldBefore() throws {
    try folder.put("old", in: "a")
    #expect(throws: FileError.alreadyExists(path: folder.at("a"))) {
      try AtomicFile.check(newAt: folder.at("a"))
    }
    #expect(throws: FileError.isDirectory(path: folder.at("."))) {
      try AtomicFile.check(newAt: folder.at("."))
    }
    try AtomicFile.check(newAt: folder.at("b"))
    #expect(try folder.names() == ["a"] && folder.text(of: "a") == "old")
    // Nothing is replaced by what goes into a device.
    let device = try AtomicFile(path: "/dev/null", createNew: true)
    try device.write("gone")
    try device.commit()
  }

  @Test func writesStraightToDevices() throws {
    let file = try AtomicFile(path: "/dev/null")
    #expect(!file.isSeekable)
    try file.write([UInt8](repeating: 1, count: 1_000_000))
    #expect(throws: FileError.notSeekable(path: "/dev/null")) {
      try file.overwrite(at: 0, [1])
    }
    var status = stat()
    #expect(stat("/dev/null", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func writesStraightIntoAPipe() throws {
    let path = folder.at("fifo")
    #expect(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    let file = try AtomicFile(path: path)
    try file.write("abc")
    try file.overwrite(at: 1, [0x58])
    try file.commit()
    var bytes = [UInt8](repeating: 0, count: 8)
    #expect(read(reader, &bytes, 8) == 3)
    #expect(Array(bytes[..<3]) == Array("aXc".utf8))
    close(reader)
    #expect(try folder.names() == ["fifo"])
  }

  #if os(Linux)
    @Test func aFullDiskIsAnError() throws {
      let file = try AtomicFile(path: "/dev/full")
      try file.write("abc")
      let error = FileError.system(.write, path: "/dev/full", code: ENOSPC)
      #expect(throws: error) { try file.commit() }
      #expect(throws: error) { try file.write("more") }
      #expect(error.description == "/dev/full: cannot write: No space left on device")
    }
  #endif

  @Test func refusesWhatIsNotAFile() throws {
    let directory = folder.path
    #expect(throws: FileError.isDirectory(path: directory)) { try AtomicFile(path: directory) }
    let missing = folder.at("no/such/folder")
    #expect(throws: FileError.system(.create, path: missing, code: ENOENT)) {
      try AtomicFile(path: missing)
    }
    #expect(throws: FileError.system(.create, path: "", code: ENOENT)) { try AtomicFile(path: "") }
    try folder.put("", in: "a")
    let below = folder.at("a/b")
    #expect(throws: FileError.system(.open, path: below, code: ENOTDIR)) {
      try AtomicFile(path: below)
    }
  }
}
