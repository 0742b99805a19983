import Recurrent

/// A network that goes on where a sequence ends, in slices, with changes in force: symbols are drawn as
/// `SymbolGenerator` draws them, numbers run free as those of `NumberGenerator`.
///
/// Not safe to share between threads.
public final class Continuation {
  public let request: GenerationRequest
  /// What is read first.
  public let beginning: InputSequence
  /// The beginning with what has been written so far.
  public private(set) var input: InputSequence
  public private(set) var isComplete = false

  private let network: Network
  private let state: NetworkState
  private let interventions: [Intervention]
  private let symbols: [[UInt8]]?
  private let stepper: Stepper
  private let readout: Readout
  private let sums: OutputSums
  private var choice: TokenChoice
  private var ending: WrittenEnding
  /// Steps that have been taken, those before the first included.
  private var taken: Int

  /// Where a run stands that is the same up to there, so that its steps are not taken again.
  public struct Start {
    let trace: Trace
    let steps: Int

    /// - Precondition: the trace has recorded them.
    public init(_ trace: Trace, before steps: Int) {
      self.trace = trace
      self.steps = steps
    }
  }

  /// - Parameters:
  ///   - beginning: what `Network.validate` has found to fit.
  ///   - state: what step 0 starts from.
  ///   - interventions: proved for a sequence as long as it may become.
  ///   - symbols: those of the tokens, where there is a vocabulary, and
  ///   - outputSymbols: of the readout, where a file says so.
  /// - Throws: `GeneratingError` where the network does not say what comes next.
  public init(
    of network: Network, _ request: GenerationRequest, after beginning: InputSequence,
    state: NetworkState, interventions: [Intervention] = [], symbols: [String]? = nil,
    outputSymbols: [String]? = nil, from start: Start? = nil
  ) throws(GeneratingError) {
    switch beginning {
    case .tokens:
      readout = try SymbolGenerator.readout(
        of: network, symbols: symbols, outputSymbols: outputSymbols)
    case .features:
      readout = try NumberGenerator.readout(of: network)
      if request.choosesSymbols { throw .nothingToChoose }
    }
    guard beginning.count > 0 else { throw .noBeginning }
    // Symbols of several characters may hold a part of it.
    if let until = request.until {
      let known = symbols ?? []
      let isWritten = until.unicodeScalars.allSatisfy { known.contains(String($0)) }
      guard isWritten || known.contains(where: { $0.unicodeScalars.count > 1 }) else {
        throw .endlessUntil(until)
      }
    }
    do {
      stepper = try Stepper(network, state: state, interventions: interventions)
    } catch {
      throw .readsBackwards
    }
    self.network = network
    self.request = request
    self.beginning = beginning
    self.state = state
    self.interventions = interventions
    self.symbols = symbols?.map { Array($0.utf8) }
    input = beginning
    sums = OutputSums(readout.outputSize)
    choice = TokenChoice(
      temperature: request.temperature, topCount: request.topCount, seed: request.seed)
    ending = WrittenEnding(request.until)
    // The last of the beginning is read here, for what it says.
    taken = min(start?.steps ?? 0, beginning.count - 1)
    if let trace = start?.trace, taken > 0 { stand(after: taken, trace) }
  }

  /// Whether another would write the same.
  public func isSame(as other: Continuation) -> Bool {
    request == other.request && beginning == other.beginning && state == other.state
      && interventions == other.interventions
  }

  /// Steps that it may take still.
  public var stepsLeft: Int {
    isComplete ? 0 : beginning.count + request.count - 1 - taken
  }

  /// Multiplications of one.
  public var productsPerStep: Int { network.productsPerStep }

  /// How much is done, 0…1.
  public var progress: Double {
    isComplete ? 1 : Double(taken) / Double(beginning.count + request.count)
  }

  /// Takes some more steps.
  ///
  /// - Returns: whether it has come to its end.
  /// - Throws: `GeneratingError.notFinite`.
  public func advance(limit: Int) throws(GeneratingError) -> Bool {
    var left = limit
    while !isComplete && left > 0 {
      takeStep()
      left -= 1
      if taken == input.count { try write() }
    }
    return isComplete
  }

  /// Goes on to the end.
  public func finish() throws(GeneratingError) {
    while !(try advance(limit: 4096)) {}
  }

  private func takeStep() {
    stepper.nextStep = taken
    switch input {
    case .tokens(let tokens): stepper.step(token: tokens[taken])
    case .features(let values, let width):
      values.withUnsafeBufferPointer { stepper.step(features: $0.baseAddress! + taken * width) }
    }
    taken += 1
  }

  private func write() throws(GeneratingError) {
    sums.add(stepper, layer: network.layers.count - 1, readout)
    var isEnd = false
    switch input {
    case .tokens(var tokens):
      guard let token = choice.next(of: UnsafeBufferPointer(sums.values)) else {
        throw .notFinite(steps: taken)
      }
      // Let go of first, so that it grows in its place.
      input = .tokens([])
      tokens.append(token)
      input = .tokens(tokens)
      if let symbols { isEnd = ending.isReached(after: symbols[token]) }
    case .features(var values, let width):
      let next = readout.activated(Array(sums.values))
      guard next.allSatisfy(\.isFinite) else { throw .notFinite(steps: taken) }
      input = .features([], width: width)
      values += next
      input = .features(values, width: width)
    }
    isComplete = isEnd || input.count == beginning.count + request.count
  }

  /// Goes to where a run stands after some steps.
  private func stand(after steps: Int, _ trace: Trace) {
    var rows: [UnsafeMutablePointer<Float>] = []
    defer { for row in rows { row.deallocate() } }
    stepper.remember(before: steps) { layer, step in
      let row = trace.row(track: layer, step: step)
      let copy = UnsafeMutablePointer<Float>.allocate(capacity: row.count)
      copy.initialize(from: row, count: row.count)
      rows.append(copy)
      return UnsafePointer(copy)
    }
    stepper.state = trace.layout.indices.map { track in
      let layout = trace.layout[track]
      return NetworkState.TrackState(
        hidden: trace.values(.h, track: track, step: steps - 1),
        cell: layout.cell.hasCellState ? trace.values(.c, track: track, step: steps - 1) : nil)
    }
  }
}

extension Trace {
  fileprivate func values(_ signal: Signal, track: Int, step: Int) -> [Float] {
    window(
      WindowRequest(
        track: track, signal: signal, steps: step..<step + 1,
        units: 0..<layout[track].units(of: signal))
    ).values
  }

  /// All signals of a step, one after the other.
  fileprivate func row(track: Int, step: Int) -> [Float] {
    layout[track].signals.flatMap { values($0, track: track, step: step) }
  }
}
