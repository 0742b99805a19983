import Files
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct SpoolTests {
  /// Pieces smaller and larger than what is gathered, read twice; nothing of it has a name.
  @Test func bytesComeBackInTheirOrder() throws {
    let path = "/tmp/spool-\(UInt64.random(in: .min ... .max))"
    #expect(mkdir(path, 0o700) == 0)
    defer { rmdir(path) }
    let spool = try Spool(for: path + "/file.npz")
    var expected: [UInt8] = []
    for size in [0, 1, 7, 70_000, 3, 65_536, 65_535, 1, 200_000] {
      let piece = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) }
      expected += piece
      try piece.withUnsafeBytes { try spool.write($0) }
    }
    #expect(spool.count == expected.count)
    for _ in 0..<2 {
      var found: [UInt8] = []
      try spool.read { found += $0 }
      #expect(found == expected)
    }
    // rmdir refuses a folder with anything in it.
    #expect(rmdir(path) == 0)
  }

  @Test func aFolderThatIsNotThereIsNamed() {
    #expect(
      throws: FileError.system(.create, path: "/nonexistent/file.npz", code: ENOENT)
    ) {
      try Spool(for: "/nonexistent/file.npz")
    }
  }
}
