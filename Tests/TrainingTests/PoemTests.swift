import Recurrent
import Testing

@testable import Training

@Suite struct PoemTests {
  @Test(arguments: [
    ("一二三四五，一二三四五。\n", 5), ("一二三四五六七，一二三四五六七。\n", 7),
    ("一二三四五，一二三四五。一二三四五，一二三四五。\n", 5),
    ("一二三四五，一二三四五。", nil), ("一二三四五。一二三四五，\n", nil), ("\n", nil), ("", nil),
    ("一二三四五，一二三四五六七。\n", nil), ("一二三四，一二三四。\n", nil),
    ("一二三四五，\n", nil), ("一二三四五，一二三四五。一\n", nil),
    ("一二三四五，一二三四五。一二三四五，\n", nil), ("一二\n三四五，一二三四五。\n", nil),
    ("一二三四五,一二三四五。\n", nil),
  ])
  func theFormOfAPoem(_ poem: String, _ length: Int?) {
    #expect(PoemForm.lineLength(of: poem) == length)
  }

  @Test func aNetworkThatKnowsNothingWritesNoPoems() throws {
    let vocabulary = Vocabulary(["\n", "，", "。", "山", "水"])
    let network = try TextTests.uniform(5)
    let figures = try PoemForm.figures(of: network, vocabulary, seed: 1)
    #expect(figures[0].goal == .atLeast(0.95))
    #expect(figures[0].value < 0.05)
    #expect(figures == (try PoemForm.figures(of: network, vocabulary, seed: 1)))
  }

  @Test func aVocabularyWithoutALineBreakIsRefused() throws {
    let error = #expect(throws: TrainingError.self) {
      try PoemForm.figures(of: TextTests.uniform(1), Vocabulary(["山"]), seed: 1)
    }
    #expect(error?.description == "the vocabulary has no symbol for a line break")
  }

  @Test func sequencesEndWithTheirEndOrAreCut() throws {
    let pass = try BackwardPass(TextTests.uniform(3))
    var random = RandomSource(seed: 2)
    let sequences = try Sampler(temperature: 1, longest: 6).sequences(
      pass, count: 200, start: 0, end: 2, random: &random)
    #expect(sequences.count == 200)
    for sequence in sequences {
      #expect(sequence.last == 2 || sequence.count == 6)
      #expect(!sequence.dropLast().contains(2))
    }
    // A third end at once.
    #expect((40...95).contains(sequences.count { $0.count == 1 }))
  }

  /// A readout that prefers symbol 1: by e to 1 at temperature 1, by e² to 1 at one half.
  @Test(arguments: [(Float(1), 0.731), (Float(0.5), 0.881), (Float(0.05), 1.0)])
  func aLowTemperaturePrefersTheLikely(_ temperature: Float, _ share: Double) throws {
    let base = try TextTests.uniform(2)
    let network = try Network(
      layers: base.layers,
      readout: Readout(
        inputSize: 1, outputSize: 2, weights: [0, 0], bias: [0, 1], activation: .softmax))
    var random = RandomSource(seed: 3)
    let sequences = try Sampler(temperature: temperature, longest: 20).sequences(
      BackwardPass(network), count: 100, start: 0, end: -1, random: &random)
    let all = sequences.joined()
    let found = Double(all.count { $0 == 1 }) / Double(all.count)
    #expect(all.count == 2000 && abs(found - share) < 0.03)
  }
}
