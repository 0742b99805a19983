/// How strongly the state at one step of a track hangs on its own state some steps before: the norms of
/// ∂c_T/∂c_s and ∂h_T/∂h_s by the lag T - s, where they vanish or explode (Hochreiter 1991; Pascanu,
/// Mikolov & Bengio 2013, *On the difficulty of training recurrent neural networks*).
///
/// All are natural logarithms, since the norms leave what a number can hold: -∞ is nothing at all, NaN
/// what has not been computed or comes of weights that are no numbers. An entry a lag, from 0 on.
public struct GradientFlow: Sendable, Equatable {
  /// Of one state, c or h.
  public struct Curve: Sendable, Equatable {
    /// The spectral norm: by how much the change of the state is stretched at most. Of many units at
    /// some lags only, and while it is being found from below.
    public internal(set) var norms: [Double]
    /// The mean over the units of |∂c_T[k]/∂c_s|, the length of the gradient of one value.
    public internal(set) var means: [Double]
    /// Of how many units that mean is.
    public internal(set) var meanUnits: Int
  }

  /// The step T, a position in the input.
  public let step: Int
  /// How far back it goes.
  public let longest: Int
  /// Nil where the cell has no c.
  public internal(set) var cell: Curve?
  public internal(set) var hidden: Curve
  /// LSTM: ∏ f over the lag, of the unit where it is largest, and the mean over all units: what
  /// ∂c_T/∂c_s would be if only the way through c counted (Gers, Schmidhuber & Cummins 2000).
  public internal(set) var kept: Kept?

  public struct Kept: Sendable, Equatable {
    public internal(set) var largest: [Double]
    public internal(set) var means: [Double]
  }

  init(step: Int, longest: Int, hasCell: Bool) {
    self.step = step
    self.longest = longest
    let blank = Curve(
      norms: Array(repeating: .nan, count: longest + 1),
      means: Array(repeating: .nan, count: longest + 1), meanUnits: 0)
    cell = hasCell ? blank : nil
    hidden = blank
    kept = hasCell ? Kept(largest: blank.norms, means: blank.norms) : nil
  }

  /// Of how much the curves are, where they are not of all.
  public struct Sample: Sendable, Equatable {
    /// Of how many units, evenly apart, the mean is, and of how many of them there are.
    public let units: Int
    public let of: Int
    /// At how many of the lags 0…`longest` there is a norm.
    public let lags: Int
    public let longest: Int

    /// "mean over 16 of 256 units; norms at 57 of 10001 lags".
    public var words: String {
      "mean over \(units) of \(of) units; norms at \(lags) of \(longest + 1) lags"
    }
  }
  /// Nil where every unit and every lag counts.
  public internal(set) var sample: Sample?

  /// What the cell carries: ∂c_T/∂c_s where there is a c, else ∂h_T/∂h_s.
  public var memory: Curve { cell ?? hidden }
}

/// Which lags have a spectral norm: all up to 16, then each a fifth more than the one before, and round
/// ones.
enum FlowLags {
  private static let round = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]

  static func sampled(upTo longest: Int) -> [Int] {
    var lags = Array(0...min(16, longest))
    while let last = lags.last, last < longest {
      lags.append(min(max(last + 1, last * 6 / 5), longest))
    }
    return Set(lags + round.filter { $0 <= longest }).sorted()
  }
}
