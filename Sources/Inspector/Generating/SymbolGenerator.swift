import Recurrent

/// A network that writes: each token that it is given or has chosen is stepped through, and the next is
/// chosen from what the readout says then. It owns its stepper, so two never disturb each other.
public struct SymbolGenerator: ~Copyable {
  public var choice: TokenChoice
  /// How many steps were taken.
  public private(set) var steps = 0
  private let stepper: Stepper
  private let readout: Readout
  private let sums: OutputSums
  private let top: Int
  /// Chosen and not yet read: the last one need not be.
  private var unread: Int?

  /// - Parameters:
  ///   - state: what step 0 starts from; zeros where nil.
  ///   - outputSymbols: what the outputs stand for, where a file says so, and
  ///   - symbols: those that enter.
  /// - Throws: `GeneratingError` where the network does not say which token comes next.
  public init(
    _ network: Network, state: NetworkState? = nil, choice: TokenChoice,
    symbols: [String]? = nil, outputSymbols: [String]? = nil
  ) throws {
    let readout = try Self.readout(of: network, symbols: symbols, outputSymbols: outputSymbols)
    let stepper = try Stepper(network, state: state)
    self.readout = readout
    self.stepper = stepper
    self.choice = choice
    sums = OutputSums(readout.outputSize)
    top = network.layers.count - 1
  }

  /// The readout of a network that says which token comes next.
  static func readout(
    of network: Network, symbols: [String]?, outputSymbols: [String]?
  ) throws(GeneratingError) -> Readout {
    guard let readout = network.readout else { throw .noReadout }
    guard network.isCausal else { throw .readsBackwards }
    guard readout.outputSize == network.tokenCount else {
      throw .otherOutputs(outputs: readout.outputSize, tokens: network.tokenCount)
    }
    if let outputSymbols, let symbols, outputSymbols != symbols {
      throw .namedOutputs(outputSymbols.first ?? "")
    }
    guard readout.activation == .softmax else { throw .noChoice(readout.activation) }
    return readout
  }

  /// Reads tokens that somebody else has written, which `Network.validate` has found in range.
  public mutating func read(_ tokens: some Sequence<Int>) {
    catchUp()
    for token in tokens {
      stepper.step(token: token)
      steps += 1
    }
  }

  /// Chooses the next token.
  ///
  /// - Precondition: something has been read.
  /// - Throws: `GeneratingError.notFinite`.
  public mutating func next() throws(GeneratingError) -> Int {
    catchUp()
    precondition(steps > 0)
    sums.add(stepper, layer: top, readout)
    guard let token = choice.next(of: UnsafeBufferPointer(sums.values)) else {
      throw .notFinite(steps: steps)
    }
    unread = token
    return token
  }

  private mutating func catchUp() {
    guard let token = unread else { return }
    unread = nil
    stepper.step(token: token)
    steps += 1
  }
}

/// A network that runs free: what its readout gives is what it reads next.
public struct NumberGenerator: ~Copyable {
  /// How many steps were taken.
  public private(set) var steps = 0
  private let stepper: Stepper
  private let readout: Readout
  private let sums: OutputSums
  private let top: Int
  private var unread: [Float]?

  /// - Throws: `GeneratingError` where the readout does not give what a step takes.
  public init(_ network: Network, state: NetworkState? = nil) throws {
    let readout = try Self.readout(of: network)
    let stepper = try Stepper(network, state: state)
    self.readout = readout
    self.stepper = stepper
    sums = OutputSums(readout.outputSize)
    top = network.layers.count - 1
  }

  /// The readout of a network whose outputs are what a step takes.
  static func readout(of network: Network) throws(GeneratingError) -> Readout {
    guard let readout = network.readout else { throw .noReadout }
    guard network.isCausal else { throw .readsBackwards }
    guard let width = network.featureCount, readout.activation != .softmax else {
      throw .noNumbers
    }
    guard readout.outputSize == width else {
      throw .otherNumbers(outputs: readout.outputSize, inputs: width)
    }
    return readout
  }

  /// Reads rows of numbers, (T, width), row-major.
  public mutating func read(_ values: [Float]) {
    catchUp()
    take(values)
  }

  /// The numbers of the next step.
  ///
  /// - Precondition: something has been read.
  /// - Throws: `GeneratingError.notFinite`.
  public mutating func next() throws(GeneratingError) -> [Float] {
    catchUp()
    precondition(steps > 0)
    sums.add(stepper, layer: top, readout)
    let values = readout.activated(Array(sums.values))
    guard values.allSatisfy(\.isFinite) else { throw .notFinite(steps: steps) }
    unread = values
    return values
  }

  private mutating func catchUp() {
    guard let values = unread else { return }
    unread = nil
    take(values)
  }

  private mutating func take(_ values: [Float]) {
    let width = readout.outputSize
    let count = values.count / width
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for row in 0..<count { stepper.step(features: base + row * width) }
    }
    steps += count
  }
}

/// V h + b of the step that was taken last.
final class OutputSums {
  let values: UnsafeMutableBufferPointer<Double>

  init(_ count: Int) {
    values = .allocate(capacity: count)
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }

  func add(_ stepper: Stepper, layer: Int, _ readout: Readout) {
    // h is the last signal of every cell.
    let signals = stepper.signals(layer: layer)
    let hidden = UnsafeBufferPointer(
      rebasing: signals[(signals.count - readout.inputSize)...])
    guard let base = values.baseAddress else { return }
    readout.add(hidden, into: base)
  }
}
