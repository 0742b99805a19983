import Foundation
import Testing

extension CommandLineTests {
  /// What brings libhdf5 1.10 down must be a sentence here. Another version may read such a file, so
  /// `DamageProbeTests` proves the guard itself.
  @Suite struct DamagedKeras {
    struct Edit: CustomTestStringConvertible {
      let file: String
      let offset: Int
      let bytes: [UInt8]
      var testDescription: String { "\(file) at \(offset)" }
    }

    @Test(arguments: [
      // The local heap of a group's names claims 2⁶⁴ - 1 bytes: free() of a pointer that is none.
      Edit(file: "both.h5", offset: 16320, bytes: Array(repeating: 0xFF, count: 8))
    ])
    func isASentence(_ edit: Edit) throws {
      let folder = try TemporaryFolder()
      let fixtures = BuiltProgram.repository + "/Tests/ModelFilesTests/Fixtures/keras/"
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: fixtures + edit.file)))
      bytes.replaceSubrange(edit.offset..<edit.offset + edit.bytes.count, with: edit.bytes)
      try folder.write(bytes, to: "damaged.h5")
      for arguments in [
        ["info", "damaged.h5"], ["trace", "damaged.h5", "--tokens", "0", "-o", "-"],
      ] {
        let outcome = try BuiltProgram.run(arguments, in: folder)
        let isTold =
          outcome.end == .exited(1) && outcome.error.hasPrefix("Error: damaged.h5: ")
          && outcome.error.filter { $0 == "\n" }.count == 1
        let isRead = outcome.end == .exited(0) && outcome.error.isEmpty
        #expect(isTold || isRead, "\(outcome.end): \(outcome.error)")
      }
    }
  }
}
