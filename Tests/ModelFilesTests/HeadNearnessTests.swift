import Testing

@testable import ModelFiles

@Suite struct HeadNearnessTests {
  @Test func wholePartsComeFirstThenWords() {
    let near = HeadNearness("net.decoder_fc.weight", "net.decoder_rnn")
    #expect(near > HeadNearness("net.decoder_fc.weight", "net.encoder_rnn"))
    #expect(near < HeadNearness("net.decoder_rnn.fc.weight", "net.decoder_rnn"))
  }

  /// A name from a stranger's file may have any number of parts and words.
  @Test(arguments: [".", "_", "._"])
  func aHostileNameTakesNoMoreThanItsLength(_ joint: String) {
    let name = String(repeating: "a" + joint, count: 20_000)
    var paths = HeadNearness.Paths()
    paths.insert(name)
    #expect(paths.beginnings.count < 600)
    #expect(paths.beginnings.reduce(0) { $0 + $1.utf8.count } < 20 * name.utf8.count)
    _ = paths.nearest(to: name)
  }
}
