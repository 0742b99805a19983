import CLSTMKernel
import Demos
import Inspector
import ModelFiles
import Recurrent
import Testing

/// Where a tour says that the network wrote its text itself, it did: sampled again as demo.yml says,
/// the text comes out letter by letter. After a model, a seed or a temperature has been changed the
/// failure prints the text that belongs in demo.yml.
@Suite struct SampledTextTests {
  private static let sampled = ReplayedDemo.names.filter {
    (try? ReplayedDemo.catalog?.demo(named: $0))?.sampling != nil
  }

  @Test(arguments: sampled) func theNetworkWroteItsText(name: String) throws {
    let replayed = try ReplayedDemo(name)
    let sampling = try #require(replayed.demo.sampling)
    let vocabulary = try #require(replayed.model.vocabulary)
    guard case .text(let text) = replayed.demo.sequence else {
      Issue.record("a text expected")
      return
    }
    defer { gs_use_kernel(nil) }
    for kernel in ["portable", "avx2", "avx512"] where gs_use_kernel(kernel) != 0 {
      var generator = try SymbolGenerator(
        replayed.model.network,
        choice: TokenChoice(temperature: sampling.temperature, seed: sampling.seed))
      var tokens = try vocabulary.tokens(of: sampling.start)
      generator.read(tokens)
      while tokens.count < text.unicodeScalars.count { tokens.append(try generator.next()) }
      let written = tokens.map { vocabulary.symbols[$0] }.joined()
      #expect(written == text, "with \(kernel)")
    }
  }

  /// The texts that a tour calls the network's own.
  @Test func thereAreSuchTexts() { #expect(Self.sampled == ["shakespeare", "tang"]) }

  /// What the tours say of their ticks: the unit's forget gate shuts at every line break, and nowhere
  /// else.
  @Test(arguments: [("shakespeare", 101, 13), ("tang", 121, 8)])
  func aForgetGateShutsAtTheLineBreaks(_ name: String, _ unit: Int, _ count: Int) throws {
    let trace = try ReplayedDemo(name).trace
    let shut = (0..<trace.length).filter {
      trace.value(track: 0, signal: .f, step: $0, unit: unit) < 0.1
    }
    #expect(shut == (0..<trace.length).filter { trace.tokenText(at: $0) == "\n" })
    #expect(shut.count == count)
  }
}
