import Recurrent

/// Where a file keeps what a readout said.
public protocol RecordedReadout: AnyObject {
  /// O, or how many are known.
  var outputs: Int { get }
  /// What the file holds of it.
  var quantities: [ReadoutQuantity] { get }
  /// - Precondition: the steps exist.
  func block(_ steps: Range<Int>) -> ReadoutBlock
}

/// What a network says at every step of a trace: y, and the loss and entropy that follow from it.
///
/// A whole y is kept in files and shown up to `wholeOutputs` outputs, of more the `topCount`
/// likeliest. Not safe to share between threads, as its trace is not.
public final class TraceReadout {
  /// O.
  public let outputs: Int
  /// Nil where a file does not say.
  public let activation: Readout.Activation?
  /// What each output stands for, where that is known.
  public let symbols: [String]?
  /// What can be asked for, in the order of files.
  public let quantities: [ReadoutQuantity]
  /// About how many values are looked at for a step.
  public let valuesPerStep: Int

  private enum Source {
    case computed(ComputedReadout)
    case recorded(any RecordedReadout)
  }

  private unowned let trace: Trace
  private let source: Source
  private var last: ReadoutBlock?
  // What has one value a step, by blocks of `chunk` steps, as somebody first looks at them.
  private var chunks: [Int: [ReadoutQuantity: [Float]]] = [:]
  /// Steps that `survey` has seen.
  private var surveyed = 0

  /// Outputs up to which files hold the whole of y.
  public static let wholeOutputs = 256
  /// How many are held of a larger one.
  public static let topCount = 10

  private static let chunk = 64

  init(_ readout: Readout, symbols: [String]?, predictsNext: Bool, of trace: Trace) {
    self.trace = trace
    outputs = readout.outputSize
    activation = readout.activation
    self.symbols = symbols
    switch readout.activation {
    case .softmax: quantities = predictsNext ? ReadoutQuantity.allCases : [.y, .entropy]
    case .sigmoid, .linear: quantities = [.y]
    }
    valuesPerStep = max(1, readout.outputSize * max(1, readout.inputSize / 16))
    source = .computed(ComputedReadout(readout: readout, predictsNext: predictsNext))
  }

  init(_ readout: any RecordedReadout, symbols: [String]?, of trace: Trace) {
    self.trace = trace
    outputs = readout.outputs
    activation = nil
    self.symbols = symbols?.count == readout.outputs ? symbols : nil
    quantities = readout.quantities
    valuesPerStep = max(1, readout.outputs)
    source = .recorded(readout)
  }

  /// Whether files hold all outputs, not only the likeliest.
  public var isWhole: Bool { outputs <= Self.wholeOutputs }

  /// The output of a symbol; nil where there is none of it.
  public func output(_ symbol: String) -> Int? {
    symbols?.firstIndex { $0.utf8.elementsEqual(symbol.utf8) }
  }

  /// What is said at some recorded steps. Costs `valuesPerStep` each.
  public func block(_ steps: Range<Int>) -> ReadoutBlock {
    precondition(steps.lowerBound >= 0 && steps.upperBound <= trace.recordedSteps)
    if let last, last.steps == steps { return last }
    let block =
      switch source {
      case .computed(let readout): readout.block(steps, of: trace)
      case .recorded(let readout): readout.block(steps)
      }
    // A screen asks for the same step many times.
    if steps.count == 1 { last = block }
    return block
  }

  /// How many steps a block may have that takes little memory.
  public var blockSteps: Int { max(1, (1 << 16) / max(1, outputs)) }

  /// A quantity with one value a step, over recorded steps; what was looked at once is kept.
  public func values(_ quantity: ReadoutQuantity, _ steps: Range<Int>) -> [Float] {
    precondition(steps.lowerBound >= 0 && steps.upperBound <= trace.recordedSteps)
    var values: [Float] = []
    values.reserveCapacity(steps.count)
    for part in steps.split(at: Self.chunk) {
      let chunk = chunk(part.lowerBound / Self.chunk, of: quantity)
      let first = part.lowerBound % Self.chunk
      values += chunk[first..<first + part.count]
    }
    return values
  }

  /// Looks at the steps that nobody has looked at, in slices.
  ///
  /// - Parameter budget: about how many values may be looked at.
  /// - Returns: whether every recorded step has been looked at.
  public func survey(budget: Int) -> Bool {
    var left = max(budget / valuesPerStep, 1)
    while surveyed < trace.recordedSteps, left > 0 {
      let end = min((surveyed / Self.chunk + 1) * Self.chunk, trace.recordedSteps)
      _ = chunk(surveyed / Self.chunk, of: .loss)
      left -= end - surveyed
      surveyed = end
    }
    return surveyed == trace.recordedSteps
  }

  private func chunk(_ index: Int, of quantity: ReadoutQuantity) -> ArraySlice<Float> {
    let steps = index * Self.chunk..<min((index + 1) * Self.chunk, trace.recordedSteps)
    var chunk = chunks[index] ?? [:]
    let kept = chunk[quantity]?.count ?? 0
    if kept < steps.count {
      // A trace that grows is looked at step by step: what was there before stays.
      for part in (steps.lowerBound + kept..<steps.upperBound).parts(of: blockSteps) {
        let block = block(part)
        for quantity in [ReadoutQuantity.next, .loss, .entropy] {
          chunk[quantity, default: []] += part.map { block[quantity, $0] }
        }
      }
      chunks[index] = chunk
    }
    return (chunk[quantity] ?? [])[...]
  }
}

extension Range<Int> {
  /// Parts that do not reach over a multiple of `length`.
  fileprivate func split(at length: Int) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = lowerBound
    while start < upperBound {
      let end = Swift.min((start / length + 1) * length, upperBound)
      parts.append(start..<end)
      start = end
    }
    return parts
  }
}
