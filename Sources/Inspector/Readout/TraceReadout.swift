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
      let (index, first) = part.lowerBound.quotientAndRemainder(dividingBy: Self.chunk)
      extend(index, to: first + part.count)
      values += (chunks[index]?[quantity] ?? [])[first..<first + part.count]
    }
    return values
  }

  /// Looks at some recorded steps, and at those before them in their blocks, in slices, so that `values`
  /// has them at hand.
  ///
  /// - Parameter budget: about how many values may be looked at.
  /// - Returns: whether all of them have been looked at.
  public func look(at steps: Range<Int>, budget: Int) -> Bool {
    var left = max(budget / valuesPerStep, 1)
    for part in steps.split(at: Self.chunk) {
      let (index, end) = (part.lowerBound / Self.chunk, (part.upperBound - 1) % Self.chunk + 1)
      let kept = kept(index)
      guard kept < end else { continue }
      guard left > 0 else { return false }
      let share = min(left, end - kept)
      extend(index, to: kept + share)
      left -= share
      if kept + share < end { return false }
    }
    return true
  }

  /// How many of some steps have been looked at, 0…1.
  public func lookedAt(_ steps: Range<Int>) -> Double {
    let known = steps.split(at: Self.chunk).reduce(0) { sum, part in
      let first = part.lowerBound - part.lowerBound % Self.chunk
      return sum + min(max(first + kept(first / Self.chunk) - part.lowerBound, 0), part.count)
    }
    return steps.isEmpty ? 1 : Double(known) / Double(steps.count)
  }

  /// Looks at the steps that nobody has looked at, in slices.
  ///
  /// - Parameter budget: about how many values may be looked at.
  /// - Returns: whether every recorded step has been looked at.
  public func survey(budget: Int) -> Bool {
    var left = max(budget / valuesPerStep, 1)
    while surveyed < trace.recordedSteps, left > 0 {
      let index = surveyed / Self.chunk
      let end = min((index + 1) * Self.chunk, trace.recordedSteps)
      extend(index, to: end - index * Self.chunk)
      left -= end - surveyed
      surveyed = end
    }
    return surveyed == trace.recordedSteps
  }

  /// How many steps of a block have been looked at.
  private func kept(_ index: Int) -> Int { chunks[index]?[.loss]?.count ?? 0 }

  /// Looks at the first `count` steps of a block. A trace that grows is looked at step by step: what was
  /// there before stays.
  private func extend(_ index: Int, to count: Int) {
    let first = index * Self.chunk
    let kept = kept(index)
    guard kept < count else { return }
    var chunk = chunks.removeValue(forKey: index) ?? [:]
    for part in (first + kept..<first + count).parts(of: blockSteps) {
      let block = block(part)
      for quantity in [ReadoutQuantity.next, .loss, .entropy] {
        chunk[quantity, default: []] += part.map { block[quantity, $0] }
      }
    }
    chunks[index] = chunk
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
