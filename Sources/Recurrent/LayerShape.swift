/// What a recurrent layer is, without its weights.
public struct LayerShape: Sendable, Hashable {
  public var cell: CellKind
  /// I, the length of x.
  public var inputSize: Int
  /// H, the number of units in one direction.
  public var hiddenSize: Int
  /// The directions in which the sequence is read, each with weights of its own; forward first. A
  /// layer may read backwards alone.
  public var directions: [Direction]
  /// What becomes of both directions' h.
  public var merge: MergeMode
  /// LSTM only: P, the length of h = P m where the output is projected (Sak et al. 2014; PyTorch's
  /// `proj_size`); nil where it is not.
  public var projectionSize: Int?
  /// LSTM only: f is 1 - i (Greff et al. 2015; ONNX's `input_forget`). The rows of f in W, R and the
  /// biases, and its peepholes, stay where they are and are not looked at.
  public var isCoupled: Bool
  /// The sums that enter the gates' and the candidate's activations are first bounded to
  /// -clip…clip; nil for no bounds. ONNX's `clip`, as ONNX Runtime has it: an LSTM's c is not
  /// bounded on its way to h.
  public var clip: Float?
  public var activations: CellActivations
  /// GRU only: whether r is applied to h' before R, n = act(W x + R (r ⊙ h') + b), as the paper and
  /// ONNX's `linear_before_reset` 0 have it, rather than to R h' + b_R.
  public var resetsBefore: Bool
  /// Of a described cell: whole numbers that its weights do not show, such as how many heads it has.
  public var options: [String: Int] = [:]

  public init(
    cell: CellKind, inputSize: Int, hiddenSize: Int, directions: [Direction] = [.forward],
    merge: MergeMode = .concatenate, projectionSize: Int? = nil, isCoupled: Bool = false,
    clip: Float? = nil, activations: CellActivations = .standard, resetsBefore: Bool = false
  ) {
    self.cell = cell
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.directions = directions
    self.merge = merge
    self.projectionSize = projectionSize
    self.isCoupled = isCoupled
    self.clip = clip
    self.activations = activations
    self.resetsBefore = resetsBefore
  }

  public init(cell: CellKind, inputSize: Int, hiddenSize: Int, isBidirectional: Bool) {
    self.init(
      cell: cell, inputSize: inputSize, hiddenSize: hiddenSize,
      directions: isBidirectional ? [.forward, .backward] : [.forward])
  }

  public var isBidirectional: Bool {
    get { directions.count > 1 }
    set { directions = newValue ? [.forward, .backward] : [.forward] }
  }

  /// G·H, the rows of W and R.
  public var gateRows: Int { definition?.inputRows(self) ?? cell.gates.count * hiddenSize }

  /// The rows and columns of R.
  public var recurrentMatrix: (rows: Int, columns: Int) {
    definition?.recurrentSize(self) ?? (gateRows, recurrentSize)
  }

  /// How a described cell is stepped.
  var definition: (any CellDefinition.Type)? {
    if case .described(let cell) = cell { cell.definition } else { nil }
  }

  /// How many numbers a step hands to the next beside h: H for c.
  public var carriedSize: Int { cell.about.carried.count * hiddenSize }

  /// Where they begin in a row of signals.
  public var carriedOffset: Int {
    guard let first = cell.about.carried.first else { return 0 }
    return (cell.signals.firstIndex(of: first) ?? 0) * hiddenSize
  }

  /// The length of h, in one direction: P with a projection, else H.
  public var recurrentSize: Int { projectionSize ?? hiddenSize }

  /// What the layer hands to the next: the length of h, or with both directions side by side twice
  /// that (forward first).
  public var outputSize: Int {
    switch merge {
    case .concatenate: recurrentSize * directions.count
    case .sum, .multiply, .average: recurrentSize
    }
  }

  /// What a step computes, in the order in which a trace stores it.
  public var signals: [Signal] { cell.signals(isProjected: projectionSize != nil) }

  /// How many values a signal has: one a unit, but for a projected h.
  public func units(of signal: Signal) -> Int { signal == .h ? recurrentSize : hiddenSize }

  /// How many values a step of one direction has, all signals together.
  public var signalsLength: Int { (signals.count - 1) * hiddenSize + recurrentSize }

  /// Multiplications of a step's products, all directions together.
  public var productsPerStep: Int {
    let projection = projectionSize.map { $0 * hiddenSize } ?? 0
    let recurrent = recurrentMatrix
    return directions.count
      * (gateRows * inputSize + recurrent.rows * recurrent.columns + projection)
  }

  /// What values a signal can take, for a colour scale.
  public func range(of signal: Signal) -> SignalRange {
    activations.range(of: signal, cell: cell, isProjected: projectionSize != nil)
  }

  /// Whether the cell is the one that the fused kernels and the backward pass know: sigmoid and tanh,
  /// no clip, no projection, own forget gate, reset after the product.
  public var isStandard: Bool { variations.isEmpty }
}

/// The order in which a layer reads the sequence.
public enum Direction: String, Sendable, CaseIterable, Hashable {
  case forward = "fwd"
  case backward = "bwd"
}
