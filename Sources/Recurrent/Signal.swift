/// A quantity that a cell computes at every timestep, one value a unit.
///
/// The names and the order are those of the screen and of every file that Gatescope writes. What a
/// signal is to a cell, its `CellDescription` says: n is a GRU's candidate and an sLSTM's normaliser.
public enum Signal: Sendable, CaseIterable, Hashable {
  /// LSTM candidate, tanh(W_z x + R_z h' + b_z), in -1…1. PyTorch calls it g, Keras c.
  case z
  /// LSTM forget gate, in 0…1.
  case f
  /// LSTM input gate, in 0…1.
  case i
  /// LSTM output gate, in 0…1.
  case o
  /// LSTM cell state, the slow memory, unbounded.
  case c
  /// GRU reset gate, in 0…1.
  case r
  /// GRU update gate, in 0…1: the share of h' that is kept. PyTorch and Keras call it z.
  case u
  /// GRU candidate, in -1…1.
  case n
  /// LSTM with a projection only: o ⊙ tanh c before it, in -1…1.
  case m
  /// Hidden state, what the layer shows, in -1…1.
  case h
  /// No cell's: the values of an array in somebody's file that has none of these names.
  case v
  /// One of another name, of a cell of the table or of somebody's file.
  case named(NamedSignal)

  /// Those that need no other name.
  public static let allCases: [Signal] = [.z, .f, .i, .o, .c, .r, .u, .n, .m, .h, .v]

  /// What it is called everywhere: "z", "ff1".
  public var rawValue: String {
    switch self {
    case .z: "z"
    case .f: "f"
    case .i: "i"
    case .o: "o"
    case .c: "c"
    case .r: "r"
    case .u: "u"
    case .n: "n"
    case .m: "m"
    case .h: "h"
    case .v: "v"
    case .named(let signal): signal.name
    }
  }

  /// The signal of a name that some cell of Gatescope's has; nil for others.
  public init?(rawValue: String) {
    guard let found = Self.byName[rawValue] else { return nil }
    self = found
  }

  private static let byName: [String: Signal] = {
    let all = allCases + DescribedCell.all.flatMap { $0.description.signals.map(\.signal) }
    return Dictionary(all.map { ($0.rawValue, $0) }) { first, _ in first }
  }()
}

/// A signal with a name of its own.
public struct NamedSignal: Sendable, Hashable {
  /// A letter and letters, digits or `_` after it: "ff1".
  public let name: String
  /// Which of the six colours of lines it has.
  public let line: Int

  public init(_ name: String, line: Int = 5) {
    self.name = name
    self.line = line
  }

  public static func == (a: NamedSignal, b: NamedSignal) -> Bool { a.name == b.name }
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Sequence<Signal> {
  /// Each once, in the order in which files have them: the letters, then other names as they come,
  /// h last.
  public var inOrder: [Signal] {
    var named: [Signal] = []
    var letters: Set<Signal> = []
    for signal in self {
      if case .named = signal {
        if !named.contains(signal) { named.append(signal) }
      } else {
        letters.insert(signal)
      }
    }
    let last: [Signal] = [.h, .v]
    return Signal.allCases.filter { letters.contains($0) && !last.contains($0) } + named
      + last.filter(letters.contains)
  }
}

/// The values that a signal can take.
public enum SignalRange: Sendable, Hashable {
  /// 0…1: a gate.
  case unit
  /// -1…1: the output of a tanh.
  case signedUnit
  /// Any real number.
  case unbounded
}
