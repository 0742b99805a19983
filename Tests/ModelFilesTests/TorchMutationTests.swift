import Foundation
import ModelFiles
import Testing

/// Whatever becomes of the bytes of a PyTorch or NumPy file: a model or an error of one line.
@Suite struct TorchMutationTests {
  /// Pieces of pickles, archives and headers, put where they do not belong.
  private static let pieces: [[UInt8]] = [
    "cos\nsystem\n", "R", "b", "(", "t", "u", "Q", "0", "\u{81}", "\u{94}", "}", "]", "a", "e",
    "J\u{ff}\u{ff}\u{ff}\u{7f}", "J\0\0\0\u{80}", "\u{8a}\u{8}\0\0\0\0\0\0\0\u{80}", "h\0", "q\0",
    "X\u{ff}\u{ff}\u{ff}\u{7f}", "PK\u{1}\u{2}", "PK\u{5}\u{6}", "PK\u{3}\u{4}",
    "\u{ff}\u{ff}\u{ff}\u{ff}", "-1", "'", "(9223372036854775807,)", "True", "\u{8}\0",
  ].map(latin)

  private static func mutated(_ original: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
    var bytes = original
    for _ in 0...numbers.below(3) where bytes.count > 16 {
      let place = numbers.below(bytes.count)
      let piece = pieces[numbers.below(pieces.count)]
      switch numbers.below(7) {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: numbers.next())
      case 1: bytes[place] ^= 1 << UInt8(numbers.below(8))
      // Written over, so that an archive's offsets still fit.
      case 2, 3:
        for (index, byte) in piece.enumerated() where place + index < bytes.count {
          bytes[place + index] = byte
        }
      case 4:
        let count = min(1 + numbers.below(8), bytes.count - place)
        let from = numbers.below(bytes.count - count)
        bytes.replaceSubrange(place..<place + count, with: bytes[from..<from + count])
      case 5: bytes.insert(contentsOf: piece, at: place)
      default: bytes.removeSubrange(place..<min(bytes.count, place + 1 + numbers.below(8)))
      }
    }
    return bytes
  }

  /// A pickle in an archive that is whole, so that most mutations come as far as the pickle.
  private static func repacked(_ pickle: [UInt8]) -> [UInt8] {
    Archive([
      .init("a/data.pkl", pickle), .init("a/data/0", [UInt8](repeating: 1, count: 400)),
    ]).bytes
  }

  private static let pickles: [[UInt8]] = {
    let matrix = Pickle.tensor([8, 3], storage: Pickle.storage(100))
    let square = Pickle.tensor([8, 2], offset: 9, storage: Pickle.storage(100))
    let state = Pickle.dictionary(["lstm.weight_ih_l0": matrix, "lstm.weight_hh_l0": square])
    let vocabulary = latin("](") + "abc".flatMap { Pickle.text(String($0)) } + latin("e")
    let checkpoint = Pickle.dictionary([
      "model": latin("cmy\nNet\n)\u{81}") + Pickle.dictionary(["_modules": state]) + latin("b"),
      "itos": vocabulary,
    ])
    return [Pickle.whole(state), Pickle.whole(checkpoint)]
  }()

  @Test(arguments: 0..<4 as Range<UInt64>)
  func neverCrashes(seed: UInt64) throws {
    var numbers = Numbers(seed: seed)
    var originals: [[UInt8]] = []
    for name in [
      "state.pt", "state-legacy.pt", "views-legacy.pt", "checkpoint.pt", "module.pt", "deflated.pt",
      "other-root.pt", "traced.pt", "arrays.npz", "packed.npz", "protocol-4.pt",
    ] {
      originals.append([UInt8](try Data(contentsOf: fixture("torch/\(name)"))))
    }
    for name in ["norm-old.pt", "fastai.pth", "average-key.pt", "derived.pt", "spectral-new.pt"] {
      originals.append([UInt8](try Data(contentsOf: fixture("readings/\(name)"))))
    }
    var opened = 0
    var refused = 0
    for round in 0..<750 {
      let bytes =
        round % 2 == 0
        ? Self.repacked(Self.mutated(Self.pickles[round / 2 % 2], &numbers))
        : Self.mutated(originals[round / 2 % originals.count], &numbers)
      do {
        let model = try ModelReader.read(bytes: bytes, path: "m.pt")
        #expect(model.network.tokenCount > 0)
        _ = try ModelReader.report(bytes: bytes, path: "m.pt")
        opened += 1
      } catch {
        if "\(error)".contains("\n") { Issue.record("two lines: \(error)") }
        refused += 1
      }
    }
    // Both ways were taken, or the test shows nothing.
    #expect(opened > 30)
    #expect(refused > 300)
  }
}
