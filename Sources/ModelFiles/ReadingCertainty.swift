import Recurrent

/// Something that a file leaves open, and how it was taken.
public struct ReadingGuess: Codable, Sendable, Equatable {
  /// "tanh, as tensors do not show what an RNN applies".
  public var what: String
  /// What a person would say otherwise: "--activation relu". Nil where nothing but the file's owner
  /// can tell.
  public var otherwise: String?
  /// For the screen, in a word: "tanh?". Empty where the guess shows elsewhere.
  public var mark: String
  /// Whether the model's warnings say it.
  var isWarned = false

  private enum CodingKeys: String, CodingKey { case what, otherwise, mark }

  public init(_ what: String, otherwise: String? = nil, mark: String = "") {
    self.what = what
    self.otherwise = otherwise
    self.mark = mark
  }

  init(_ what: String, otherwise: String? = nil, mark: String = "", isWarned: Bool) {
    self.init(what, otherwise: otherwise, mark: mark)
    self.isWarned = isWarned
  }

  /// "tanh, as … (else --activation relu)".
  public var words: String { what + (otherwise.map { " (else \($0))" } ?? "") }
}

/// How sure the reading of a module is.
public struct ReadingCertainty: Codable, Sendable, Equatable {
  /// What it rests on, the weakest part of it.
  public enum Basis: String, Codable, Sendable {
    /// The file itself says it: a graph, a config, a class, Gatescope's own metadata.
    case stated
    /// The names and shapes of tensors, as PyTorch's state_dicts have them.
    case named
    /// Something was taken for granted.
    case guessed
  }

  public var basis: Basis
  /// What was taken for granted.
  public var guesses: [ReadingGuess]
  /// The command that compares with what the model's own framework computes.
  public var verification: String

  /// "guessed: tanh, as … (else --activation relu)".
  public var words: String {
    switch basis {
    case .stated: "stated by the file"
    case .named: "by names and shapes"
    case .guessed: "guessed: " + guesses.map(\.words).joined(separator: "; ")
    }
  }

  init(_ model: TrainedModel, path: String, choices: ModelChoices) {
    guesses = model.guesses
    basis = !model.guesses.isEmpty ? .guessed : model.isStated ? .stated : .named
    let input = model.network.embedding == nil ? "--features" : "--tokens"
    let module = model.module.isEmpty || choices.isOnlyModule ? [] : ["--module", model.module]
    verification =
      (["gatescope", "trace", path] + module + choices.arguments
      + [input, "ref.npz", "--verify", "ref.npz"]).map(Self.shellWord).joined(separator: " ")
  }

  /// In quotes where a shell would take it apart.
  private static func shellWord(_ word: String) -> String {
    let plain = printable(word, upTo: 1000)
    let isPlain = plain.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || "_-./:,=+@%".unicodeScalars.contains(scalar)
    }
    return isPlain && !plain.isEmpty
      ? plain
      : "'"
        + plain.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        + "'"
  }
}

extension TrainedModel {
  /// What a person should read before the numbers: the warnings, and what was guessed.
  public var caveats: [String] {
    let unsaid = guesses.filter { !$0.isWarned }
    return unsaid.isEmpty
      ? warnings : warnings + ["guessed: " + unsaid.map(\.words).joined(separator: "; ")]
  }
}

extension CellKind {
  /// "an LSTM".
  var withArticle: String { about.withArticle }
}
