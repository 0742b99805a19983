/// What names tell of heads, and what is said where they tell too little; for every format alike.
enum HeadWords {
  typealias Role = ModelFileError.Role

  /// What the name tells; the part nearest to its end decides ("decoder.embedding.weight").
  static func role(of name: String) -> Role? {
    let readoutWords = [
      "readout", "linear", "head", "decoder", "dense", "classif", "logits", "predict", "generator",
      "output", "h2o", "hidden2",
    ]
    for part in name.lowercased().split(separator: ".").reversed() {
      if part.contains("emb") || ["wte", "lookup", "encoder"].contains(part) { return .embedding }
      if readoutWords.contains(where: { part.contains($0) }) || part == "out"
        || part.hasSuffix("_out") || part.hasPrefix("out_") || part.hasPrefix("fc")
      {
        return .readout
      }
    }
    return nil
  }

  /// - Parameters:
  ///   - names: in quotes.
  ///   - things: what the format calls them.
  static func several(_ role: Role, _ names: [String], things: String = "tensors") -> String {
    "several \(things) could be the \(role.rawValue): \(list(names)); none is taken; "
      + "choose one with --\(role.rawValue) NAME"
  }

  /// Heads that stand as near to another module.
  static func shared(_ role: Role, _ names: [String], choose name: String) -> String {
    "\(list(names)) could be the \(role.rawValue), but "
      + (names.count == 1 ? "stands" : "stand")
      + " as near to another recurrent module; none is taken; choose "
      + (names.count == 1 ? "it" : "one") + " with --\(role.rawValue) " + quoted(name)
  }

  static func either(_ name: String) -> String {
    "tensor \(quoted(name)) could be the embedding or the readout; neither is taken; "
      + "say which with --embedding or --readout \(quoted(name))"
  }

  /// What is taken for granted where a file does not say what follows the readout.
  static func softmax(_ name: String?) -> ReadingGuess {
    ReadingGuess(
      "softmax after the readout" + (name.map { " \(quoted($0))" } ?? "")
        + ", as the file does not say what follows it",
      otherwise: "--output sigmoid or linear")
  }

  /// Where a person says what follows a readout that is not there.
  static let noOutput = "no readout is taken, so --output changes nothing"

  private static func list(_ names: [String]) -> String {
    names.prefix(8).joined(separator: ", ")
      + (names.count > 8 ? " … (\(names.count) in all)" : "")
  }
}
