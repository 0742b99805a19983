import Foundation
import ModelFiles
import Testing

/// Whatever becomes of a config, or of a file's end: a model or an error of one line.
@Suite struct KerasMutationTests {
  /// Pieces that mean something to the reader, put where they do not belong.
  private static let pieces: [[UInt8]] = [
    "\"", "{", "}", "[", "]", ",", ":", "\\ud800", "-1", "1e999", "null", "true", "\"LSTM\"",
    "[[[[[[[[", "NaN", "{\"a\":{\"a\":",
  ].map { Array($0.utf8) }

  @Test(arguments: 0..<2 as Range<UInt64>)
  func aDamagedConfigNeverCrashes(seed: UInt64) throws {
    var numbers = Numbers(seed: seed)
    let original = [UInt8](try Data(contentsOf: fixture("keras/lstm-linear.keras")))
    let marks = original.indices.filter { original[$0...].starts(with: Array("{\"module\"".utf8)) }
    let start = try #require(marks.first)
    var opened = 0
    var refused = 0
    for _ in 0..<150 {
      var bytes = original
      for _ in 0...numbers.below(3) {
        let place = start + numbers.below(1800)
        switch numbers.below(3) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: numbers.next())
        case 1: bytes[place] ^= 1 << UInt8(numbers.below(8))
        default:
          let piece = Self.pieces[numbers.below(Self.pieces.count)]
          bytes.replaceSubrange(place..<place + piece.count, with: piece)
        }
      }
      do {
        let model = try ModelReader.read(bytes: bytes, path: "m.keras")
        #expect(model.network.layers.count == 1)
        opened += 1
      } catch {
        if "\(error)".contains("\n") { Issue.record("two lines: \(error)") }
        refused += 1
      }
    }
    // Both ways were taken, or the test shows nothing.
    #expect(opened > 10)
    #expect(refused > 50)
  }

  @Test func everyTruncationIsToldAsOne() throws {
    let bytes = [UInt8](try Data(contentsOf: fixture("keras/keras2.h5")))
    for count in stride(from: 16, to: bytes.count, by: 499) {
      #expect(
        message { _ = try ModelReader.read(bytes: Array(bytes.prefix(count)), path: "m.h5") }
          == "m.h5: HDF5: its \(count) bytes are not a whole file; truncated or damaged?")
    }
  }
}
