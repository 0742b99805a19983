import Foundation
import Testing

@testable import Files

/// Nothing unfinished outlives the one who wrote it, and nobody waits for ever for a pipe. One after the
/// other: what is waited for is the process's.
@Suite(.serialized) struct LeftoverTests {
  let folder: Folder

  init() throws { folder = try Folder() }

  #if os(Linux)
    /// Also not while it is written, so that no signal can leave it.
    @Test func anUnfinishedFileHasNoName() throws {
      try folder.put("old", in: "a")
      let file = try AtomicFile(path: folder.at("a"))
      try file.write([UInt8](repeating: 1, count: 1 << 20))
      #expect(try folder.names() == ["a"])
      try file.commit()
      #expect(try folder.names() == ["a"])
      #expect(try folder.text(of: "a").utf8.count == 1 << 20)
    }
  #endif

  @Test func whatAKillLeftGoesWithTheNextFile() throws {
    let names = [
      ".unfinished-1f.tmp", ".unfinished-xyz.tmp", ".unfinished-.tmp", ".unfinished-1f", "1f.tmp",
      ".unfinished-11111111111111111.tmp", ".unfinished-ffffffffffffffff.tmp",
    ]
    for name in names { try folder.put("half", in: name) }
    try FileManager.default.createDirectory(
      atPath: folder.at(".unfinished-2.tmp"), withIntermediateDirectories: false)
    let file = try AtomicFile(path: folder.at("a"))
    try file.commit()
    let left = names.filter {
      ![".unfinished-1f.tmp", ".unfinished-ffffffffffffffff.tmp"].contains($0)
    }
    #expect(try folder.names() == ([".unfinished-2.tmp", "a"] + left).sorted())
  }

  @Test func whatSomebodyStillWritesStays() throws {
    let name = ".unfinished-1f.tmp"
    try folder.put("half", in: name)
    let writer = systemOpen(folder.at(name), O_WRONLY | O_CLOEXEC, 0)
    Leftovers.hold(writer)
    try AtomicFile(path: folder.at("a")).commit()
    #expect(try folder.names() == [name, "a"])
    // Programs that other tests start meanwhile have a copy of the descriptor, and with it the lock.
    flock(writer, LOCK_UN)
    close(writer)
    try AtomicFile(path: folder.at("a")).commit()
    #expect(try folder.names() == ["a"])
  }

  @Test func theHandlersRemoveWhatIsNoted() throws {
    try folder.put("half", in: "x")
    try folder.put("half", in: "y")
    Leftovers.note(folder.at("x"))
    Leftovers.note(folder.at("y"))
    Leftovers.forget(folder.at("y"))
    Leftovers.removeAll()
    Leftovers.forget(folder.at("x"))
    #expect(try folder.names() == ["y"])
  }

  /// The reader that goes away is an error of the write; SIGPIPE would end the tests.
  @Test func aReaderThatLeavesIsAnError() throws {
    let path = try pipe()
    let reader = systemOpen(path, O_RDONLY | O_NONBLOCK, 0)
    let file = try AtomicFile(path: path)
    close(reader)
    try file.write("abc")
    #expect(throws: FileError.system(.write, path: path, code: EPIPE)) { try file.commit() }
  }

  @Test func aPipeThatNobodyReadsIsGivenUp() throws {
    let path = try pipe()
    PipeWaiting.givesUp = { $0 > 0.05 }
    defer { PipeWaiting.givesUp = { _ in false } }
    #expect(throws: FileError.noReader(path: path)) { try AtomicFile(path: path) }
    let reader = systemOpen(path, O_RDONLY | O_NONBLOCK, 0)
    defer { close(reader) }
    let file = try AtomicFile(path: path)
    #expect(throws: FileError.stuck(path: path)) {
      try file.write([UInt8](repeating: 0, count: 1 << 20))
    }
  }

  @Test func aReaderThatComesLateGetsAll() throws {
    let path = try pipe()
    let reading = Thread {
      let reader = systemOpen(path, O_RDONLY, 0)
      var block = [UInt8](repeating: 0, count: 1 << 16)
      while read(reader, &block, block.count) > 0 { usleep(100) }
      close(reader)
    }
    reading.start()
    let file = try AtomicFile(path: path)
    try file.write([UInt8](repeating: 0, count: 1 << 20))
    try file.commit()
    #expect(file.count == 1 << 20)
  }

  private func pipe() throws -> String {
    let path = folder.at("fifo")
    try #require(mkfifo(path, 0o600) == 0)
    return path
  }
}
