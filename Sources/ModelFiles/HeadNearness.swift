/// How much of their paths names share with those of modules: whole parts first, then the words of the
/// next part, so that "decoder_fc" stands nearer to "decoder_rnn" than to "encoder_rnn".
struct HeadNearness: Comparable {
  private var parts: Int
  private var words: Int

  static func < (one: HeadNearness, two: HeadNearness) -> Bool {
    (one.parts, one.words) < (two.parts, two.words)
  }

  init(_ name: String, _ module: String) {
    var paths = Paths()
    paths.insert(module)
    self = paths.nearest(to: name)
  }

  private init(parts: Int, words: Int) {
    self.parts = parts
    self.words = words
  }

  /// The paths of many modules, of which the nearest to a name is found without asking each.
  struct Paths {
    /// "a.b" and "a.b.c_d_" of "a.b.c_d_e".
    private(set) var beginnings: Set<String> = []

    /// Every beginning is kept whole, so a hostile name of thousands of parts or words would take its
    /// length squared.
    private static let mostParts = 32
    private static let mostWords = 16

    mutating func insert(_ module: String) {
      var path = ""
      for part in module.split(separator: ".").prefix(Self.mostParts) {
        var words = path + "."
        for word in part.split(separator: "_").dropLast().prefix(Self.mostWords) {
          words += word + "_"
          beginnings.insert(words)
        }
        // The whole part as words, for a name that goes on where it ends: "encoder", "encoder_fc".
        beginnings.insert(path + "." + part + "_")
        path += "." + part
        beginnings.insert(path)
      }
    }

    func nearest(to name: String) -> HeadNearness {
      var path = ""
      var parts = 0
      for part in name.split(separator: ".") {
        guard beginnings.contains(path + "." + part) else {
          var words = path + "."
          var count = 0
          for word in part.split(separator: "_") {
            words += word + "_"
            guard beginnings.contains(words) else { break }
            count += 1
          }
          return HeadNearness(parts: parts, words: count)
        }
        path += "." + part
        parts += 1
      }
      return HeadNearness(parts: parts, words: 0)
    }
  }
}
