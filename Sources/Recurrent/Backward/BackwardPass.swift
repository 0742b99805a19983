import CLSTMKernel
import Dispatch

/// Full backpropagation through time (Werbos 1990) for every network that Gatescope steps: a batch
/// in, the loss and the gradient of every parameter out.
///
/// Parameters and gradients stand each in one flat buffer, laid out by `layout`. Workspaces grow to
/// the largest batch and are used again. A batch is split in two parts for two threads, the same
/// two however many cores there are, and their gradients are added in a fixed order: the same
/// batch and parameters give the same bits on the same machine.
///
/// Not safe to share between threads.
public final class BackwardPass {
  public let layout: ParameterLayout
  /// All weights; an optimiser changes them in place.
  public let parameters: FloatBuffer
  /// What the last `run` found: d loss / d parameter, in the same layout.
  public let gradients: FloatBuffer
  /// Where every sequence stood after the last `run` or `predict`.
  public private(set) var finalState: BatchState

  private let shapes: Network
  private let readout: Readout
  private let weights: [TrackWeights]
  private let parts: [PartPass]
  private let hasTable: Bool

  private static let partCount = 2
  /// A larger table of tokens costs more than the products it saves.
  private static let largestEmbeddingTable = 1024

  /// Starts with the weights of `network`.
  ///
  /// - Throws: `BatchError.noReadout` where there is nothing to compare with a target,
  ///   `.cannotTrain` where a layer is not of a plain kind, `.noLibrary` without OpenBLAS.
  public init(_ network: Network) throws(BatchError) {
    guard let readout = network.readout else { throw .noReadout }
    if let layer = network.layers.firstIndex(where: { !$0.shape.isTrainable }) {
      throw .cannotTrain(layer: layer)
    }
    guard MatrixProducts.prepare() else { throw .noLibrary }
    let layout = ParameterLayout(of: network)
    let parameters = FloatBuffer(count: layout.count)
    layout.write(network, into: parameters.pointer)
    let gradients = FloatBuffer(count: layout.count)
    let hasTable = network.embedding == nil || network.tokenCount <= Self.largestEmbeddingTable
    let weights = network.tracks.map { track in
      TrackWeights(
        track: track, network: network, layout: layout, hasTable: track.layer == 0 && hasTable)
    }
    self.layout = layout
    self.parameters = parameters
    self.gradients = gradients
    self.hasTable = hasTable
    self.weights = weights
    self.readout = readout
    shapes = network
    finalState = BatchState(zeroFor: network, sequences: 1)
    parts = (0..<Self.partCount).map { index in
      PartPass(
        network: network, readout: readout, layout: layout, weights: weights,
        gradients: index == 0 ? gradients : FloatBuffer(count: layout.count))
    }
  }

  /// The network with the parameters as they are now.
  public var network: Network {
    do {
      return try layout.network(like: shapes, from: parameters.pointer)
    } catch {
      preconditionFailure("the layout was made from this network: \(error)")
    }
  }

  /// The loss of a batch: the mean over its steps, by their weights, of the cross-entropy in nats
  /// (softmax), or of the mean over the outputs of the binary cross-entropy (sigmoid) or of the
  /// squared error (linear). `gradients` receives its gradient.
  ///
  /// - Parameters:
  ///   - state: what each sequence carries from before; zeros where nil, and for those that the
  ///     batch says begin here. Gradients stop there.
  ///   - noise: dropout and gate noise; none where nil.
  /// - Throws: `BatchError` where the batch does not fit the network.
  public func run(
    _ batch: TrainingBatch, state: BatchState? = nil, noise: TrainingNoise? = nil
  ) throws(BatchError) -> Double {
    let parts = try begin(batch, state: state, forTraining: true)
    let state = state?.cleared(batch.beginning)
    let scale = Float(1 / batch.weights.reduce(0) { $0 + Double($1) })
    var losses = [Double](repeating: 0, count: parts.count)
    losses.withUnsafeMutableBufferPointer { losses in
      let losses = losses.baseAddress!
      onThreads(parts) { pass, part, index in
        losses[index] = pass.run(
          batch, part: part, state: state, noise: noise, scale: scale, usesTable: self.hasTable,
          parameters: self.parameters.pointer)
      }
    }
    for index in parts.indices.dropFirst() {
      gs_add(layout.count, self.parts[index].gradients.pointer, gradients.pointer)
    }
    finish(batch, parts: parts)
    return losses.reduce(0, +)
  }

  /// y of every step, (T, B, O): probabilities or numbers. The batch's targets and weights are not
  /// looked at, but must fit.
  public func predict(
    _ batch: TrainingBatch, state: BatchState? = nil
  ) throws(BatchError) -> [Float] {
    let parts = try begin(batch, state: state, forTraining: false)
    let state = state?.cleared(batch.beginning)
    let size = readout.outputSize
    let count = batch.steps * batch.sequences * size
    let outputs = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      let outputs = buffer.baseAddress!
      onThreads(parts) { pass, part, _ in
        pass.predict(
          batch, part: part, state: state, usesTable: self.hasTable,
          parameters: self.parameters.pointer, outputs: outputs, size: size)
      }
      filled = count
    }
    finish(batch, parts: parts)
    return outputs
  }

  /// h of a track at every step of the last batch, (T, B, H), before dropout.
  func hidden(track: Int, steps: Int, sequences: Int) -> [Float] {
    let units = weights[track].shape.hiddenSize
    var hidden = [Float](repeating: 0, count: steps * sequences * units)
    hidden.withUnsafeMutableBufferPointer { hidden in
      for (pass, part) in zip(parts, split(sequences)) {
        pass.copyHidden(track: track, part: part, into: hidden.baseAddress!)
      }
    }
    return hidden
  }

  private func begin(_ batch: TrainingBatch, state: BatchState?, forTraining: Bool)
    throws(BatchError) -> [BatchPart]
  {
    try shapes.validate(batch)
    if let state { try validate(state, sequences: batch.sequences) }
    for track in weights {
      track.refresh(
        from: parameters.pointer, embedding: layout.block(.embedding), forTraining: forTraining)
    }
    return split(batch.sequences)
  }

  private func validate(_ state: BatchState, sequences: Int) throws(BatchError) {
    let expected = BatchState(zeroFor: shapes, sequences: sequences)
    let counts = { (state: BatchState) in state.tracks.map { [$0.hidden.count, $0.cell.count] } }
    guard counts(state) == counts(expected) else {
      throw .wrongState(
        expected: counts(expected).joined().reduce(0, +),
        found: counts(state).joined().reduce(0, +))
    }
  }

  private func finish(_ batch: TrainingBatch, parts: [BatchPart]) {
    if finalState.sequences != batch.sequences {
      finalState = BatchState(zeroFor: shapes, sequences: batch.sequences)
    }
    for (pass, part) in zip(self.parts, parts) { pass.end(&finalState, part: part) }
  }

  private func split(_ sequences: Int) -> [BatchPart] {
    let count = min(Self.partCount, sequences)
    let tracks = shapes.tracks
    return (0..<count).map { index in
      let first = index * sequences / count
      let end = (index + 1) * sequences / count
      return BatchPart(first: first, count: end - first, total: sequences, tracks: tracks)
    }
  }

  private func onThreads(
    _ parts: [BatchPart], _ work: @escaping (PartPass, BatchPart, Int) -> Void
  ) {
    guard parts.count > 1 else {
      work(self.parts[0], parts[0], 0)
      return
    }
    let passes = self.parts
    let shared = ThreadWork { index in work(passes[index], parts[index], index) }
    DispatchQueue.concurrentPerform(iterations: parts.count) { shared.run($0) }
  }
}

/// Work whose threads share what they read and write each their own part.
private struct ThreadWork: @unchecked Sendable {
  let run: (Int) -> Void
}

extension LayerShape {
  /// Whether the backward pass knows the layer.
  fileprivate var isTrainable: Bool {
    cell.isClassic && isStandard && merge == .concatenate && directions.first == .forward
  }
}
