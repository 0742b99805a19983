import Recurrent

/// What a file tells of a module beside its tensors. A whole module tells its class; a state_dict of
/// PyTorch's at least which modules there are.
struct ModuleFacts: Equatable {
  /// "torch.nn.modules.rnn.LSTM".
  var className: String?
  /// Of what is derived from PyTorch's RNNBase: "GRU", "RNN_RELU".
  var mode: String?
}

/// What kind of cell a module is by the name of its class, which counts before any shape: an LSTM of
/// 1997 has the shapes of a GRU.
enum CellClaim: Equatable {
  /// PyTorch's own class.
  case own(CellKind)
  /// A class derived from PyTorch's, which may do more.
  case derived(CellKind, className: String)
  /// Another package's class of just that name.
  case alike(CellKind, className: String)
  /// A class of which nothing is known.
  case foreign(className: String)
  /// Nothing is said.
  case silent

  init(_ facts: ModuleFacts?) {
    guard let facts, let className = facts.className else {
      self = .silent
      return
    }
    // "__torch__.torch.nn.modules.rnn.___torch_mangle_3.LSTM" of TorchScript.
    let parts = className.split(separator: ".").filter {
      $0 != "__torch__" && !$0.hasPrefix("___torch_mangle_")
    }
    let base = parts.last.map(String.init) ?? className
    let name = parts.joined(separator: ".")
    let kind = Self.kinds[base]
    let derived = facts.mode.flatMap { Self.modes[$0] }
    if parts.first == "torch", let found = kind ?? derived {
      self = .own(found)
    } else if let derived {
      self = .derived(derived, className: name)
    } else if let kind {
      self = .alike(kind, className: name)
    } else {
      self = .foreign(className: name)
    }
  }

  private static let kinds: [String: CellKind] = [
    "LSTM": .lstm, "LSTMCell": .lstm, "GRU": .gru, "GRUCell": .gru, "RNN": .rnn, "RNNCell": .rnn,
  ]

  private static let modes: [String: CellKind] = [
    "LSTM": .lstm, "GRU": .gru, "RNN_TANH": .rnn, "RNN_RELU": .rnn,
  ]
}

/// The kind of a module's cell as far as names tell it, and how sure that is.
struct CellReading {
  typealias Problem = ModelFileError.Problem

  /// Nil where only shapes tell it.
  let kind: CellKind?
  /// Whether the file says it in so many words.
  let isStated: Bool
  /// Names without `_l0` are those of any package's cells.
  private let isUnlayered: Bool
  private let module: String
  private let claim: CellClaim
  private let asked: CellKind?
  /// The modules inside it that have no tensors, which PyTorch's own cells have not; nil where the
  /// file does not list modules.
  private let parts: [String]?

  /// - Parameters:
  ///   - shapes: the kind that the shapes have; nil where they are none's.
  ///   - modules: every module of the file by name, where it lists them.
  /// - Throws: a class that is not stepped.
  init(
    module: String, facts: ModuleFacts?, modules: [String]?, isUnlayered: Bool,
    shapes: CellKind?, asked: CellKind?
  ) throws(Problem) {
    self.module = module
    self.isUnlayered = isUnlayered
    self.asked = asked
    claim = CellClaim(facts)
    let prefix = module.isEmpty ? "" : module + "."
    parts = modules.map { names in
      names.filter { name in
        name.hasPrefix(prefix) && name.count > prefix.count
          && !name.lowercased().contains("drop") && !name.contains("parametrizations")
      }
    }
    if let asked {
      kind = asked
      isStated = claim == .own(asked)
      return
    }
    switch claim {
    case .own(let found):
      kind = found
      isStated = true
    case .derived(let found, _), .alike(let found, _):
      kind = found
      isStated = false
    case .foreign(let name):
      throw .foreignClass(module: module, name: name, shapes: shapes)
    case .silent:
      kind = nil
      isStated = false
    }
  }

  /// Why a module whose kind only shapes tell should not be stepped by them; nil where it may.
  func doubt(_ found: CellKind) -> Problem? {
    guard asked == nil, kind == nil, isUnlayered else { return nil }
    if let parts, !parts.isEmpty {
      return .foreignParts(module: module, parts: parts, shapes: found)
    }
    // torchrecurrent names its cells so, and some of them differ from PyTorch's in nothing that a
    // state_dict shows.
    let path = module.split(separator: ".")
    guard path.last?.allSatisfy(\.isNumber) ?? false, path.dropLast().last == "cells",
      found != .lstm || parts == nil
    else { return nil }
    return .ambiguousCell(module: module, found)
  }

  /// What is taken for granted.
  func guess(_ found: CellKind) -> ReadingGuess? {
    let words = found.withArticle
    let mark = found.rawValue.uppercased() + "?"
    switch claim {
    case _ where asked != nil:
      switch claim {
      case .derived(_, let name), .alike(_, let name), .foreign(let name):
        return ReadingGuess(
          "\(words) as --cell says, though its class is \(quoted(name))", mark: mark)
      case .own(let own):
        return own == found
          ? nil
          : ReadingGuess(
            "\(words) as --cell says, though its class is PyTorch's \(own.rawValue.uppercased())",
            mark: mark)
      case .silent: return nil
      }
    case .derived(_, let name):
      return ReadingGuess(
        "\(words) as PyTorch's, which its class \(quoted(name)) is derived from", mark: mark)
    case .alike(_, let name):
      return ReadingGuess(
        "\(words) as PyTorch's, by the name of its class \(quoted(name))", mark: mark)
    case .own, .foreign: return nil
    case .silent:
      guard isUnlayered else { return nil }
      return ReadingGuess("\(words) as told by shapes alone", mark: mark, isWarned: true)
    }
  }

  /// The warning of what shapes alone tell.
  func warning(_ found: CellKind) -> String? {
    guard guess(found)?.isWarned ?? false else { return nil }
    return (module.isEmpty ? "it" : quoted(module))
      + " is \(found.withArticle) as told by shapes alone; --verify proves it"
  }
}
