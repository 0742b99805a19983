import Foundation
import ModelFiles
import Recurrent
import Testing

/// Whatever becomes of a file's bytes: a model or an error of one line, never a crash.
@Suite struct MutationTests {
  /// Pieces that mean something to the reader, put where they do not belong.
  private static let pieces: [[UInt8]] = [
    "\"", "{", "}", "[", "]", ",", ":", "\\", "\\ud800", "-1", "0", "99999999999999999999",
    "9223372036854775807", "null", "\"F16\"", "\"I64\"", "\"a\":{}", "_reverse", "_l1", "\u{0}",
    "[[[[[[[[", "\"dtype\":\"F32\",",
  ].map { Array($0.utf8) }

  private static func mutated(_ original: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
    var bytes = original
    for _ in 0...numbers.below(3) where !bytes.isEmpty {
      // Most of what can go wrong stands in the header.
      let bound = numbers.below(4) == 0 ? bytes.count : min(bytes.count, original.count / 2)
      let place = numbers.below(bound)
      switch numbers.below(6) {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: numbers.next())
      case 1: bytes[place] ^= 1 << UInt8(numbers.below(8))
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + numbers.below(8)))
      case 3: bytes.insert(contentsOf: pieces[numbers.below(pieces.count)], at: place)
      case 4: bytes.removeSubrange(place...)
      default: bytes[place] = UInt8(ascii: "0") + UInt8(numbers.below(10))
      }
    }
    // Half of them get a header length that fits again, so that they come past the first check.
    if numbers.below(2) == 0, bytes.count > 8 {
      let change = bytes.count - original.count
      var length = original[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
      length = max(0, min(bytes.count - 8, length + change))
      for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
    }
    return bytes
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func neverCrashes(seed: UInt64) throws {
    var numbers = Numbers(seed: seed)
    let originals = [
      [UInt8](try Data(contentsOf: fixture("gru.safetensors"))),
      try ModelWriter.bytes(
        TrainedModel(
          network: try network(.lstm, peepholes: true),
          vocabulary: Vocabulary(["a", "b", "c", "d"]), task: "t")),
    ]
    var opened = 0
    var refused = 0
    for round in 0..<1500 {
      let bytes = Self.mutated(originals[round % 2], &numbers)
      do {
        let model = try ModelReader.read(bytes: bytes, path: "m.safetensors")
        #expect(model.network.tokenCount > 0)
        opened += 1
      } catch {
        if error.description.contains("\n") { Issue.record("two lines: \(error)") }
        refused += 1
      }
    }
    // Both ways were taken, or the test shows nothing.
    #expect(opened > 30)
    #expect(refused > 500)
  }
}
