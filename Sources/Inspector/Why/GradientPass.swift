import Recurrent

/// Finds `TraceGradients` in slices: the layers from the top down, each from its last step back.
///
/// Not safe to share between threads.
public final class GradientPass {
  public let target: GradientTarget
  public let value: Double
  public let steps: Range<Int>
  private let network: Network
  private let trace: Trace
  private let layerInput: LayerInput
  private let topSlope: [Float]
  private var layer: Int
  private var tracks: [[TrackGradients]]  // a layer an entry
  private var place = (direction: 0, done: 0)
  /// ∂/∂ of what the layer in hand hands on: (steps, stride); nil for the top, whose own is `topSlope`.
  private var outside: FloatBuffer?
  private var outsideStride = 0
  /// The same of the layer below, as it grows.
  private var below: FloatBuffer?
  private var belowStride = 0
  private var backward: RecordedBackward
  private var reader: StepReader
  private var changes: ChangeSlopes?
  private var scratch: Scratch
  private var inputTimesGradient: [Double]
  /// ∂/∂x is kept where it takes no more floats.
  private static let largestInput = 1 << 26
  private static let blockSteps = 32

  /// Steps of a network that also reads backwards, at most: it is looked at whole.
  public static let mostWholeSteps = 100_000

  /// - Parameters:
  ///   - window: how many steps before the target's to go back, at most; of a network that also reads
  ///     backwards all steps are looked at.
  /// - Precondition: what a causal network's target needs is recorded, of others all.
  /// - Throws: `WhyError` where there is nothing to ask about.
  public init(
    _ network: Network, _ trace: Trace, target: GradientTarget, window: Int = .max
  ) throws(WhyError) {
    guard let readout = network.readout else { throw .noReadout }
    guard (0..<readout.outputSize).contains(target.output) else {
      throw .noSuchOutput(target.output, count: readout.outputSize)
    }
    if let layer = network.layers.first(where: { !$0.shape.cell.isClassic }) {
      throw .notOf(layer.shape.cell, what: "gradients")
    }
    if network.isCausal {
      let first = window > target.step ? 0 : target.step + 1 - max(1, window)
      steps = first..<target.step + 1
    } else {
      guard trace.length <= Self.mostWholeSteps else {
        throw .tooLong(steps: trace.length, limit: Self.mostWholeSteps)
      }
      steps = 0..<trace.length
    }
    let (value, slope) = target.look(readout, trace.topHidden(at: target.step))
    self.target = target
    self.value = value
    self.network = network
    self.trace = trace
    layerInput = LayerInput(network, trace.input)
    topSlope = slope.map { Float($0) }
    layer = network.layers.count - 1
    tracks = []
    inputTimesGradient = Array(repeating: 0, count: steps.count)
    let track = Self.trackIndex(trace, layer: layer, direction: 0)
    backward = RecordedBackward(network: network, track: trace.layout[track].track)
    reader = StepReader(trace, track: track)
    changes = ChangeSlopes(trace, track: track)
    scratch = Scratch(network.layers[layer].shape)
    beginLayer()
  }

  /// Steps of all tracks together.
  private var allSteps: Int { network.tracks.count * steps.count }
  private var doneSteps: Int {
    let above = network.layers[(layer + 1)...].reduce(0) { $0 + $1.shape.directions.count }
    return (above + place.direction) * steps.count + place.done
  }

  public var progress: Double { isDone ? 1 : Double(doneSteps) / Double(max(1, allSteps)) }

  private var isDone: Bool { layer < 0 }

  /// Takes some more steps back.
  ///
  /// - Parameter products: about how many multiplications may be done.
  /// - Returns: the gradients, once all is done.
  public func advance(products: Int = .max) -> TraceGradients? {
    var left = products
    while !isDone, left > 0 {
      let shape = network.layers[layer].shape
      let count = min(Self.blockSteps, steps.count - place.done)
      takeBlock(count)
      let cost = max(1, shape.productsPerStep / max(1, shape.directions.count))
      left = left == .max ? .max : left - count * cost
      place.done += count
      guard place.done == steps.count else { continue }
      place = (place.direction + 1, 0)
      if place.direction == shape.directions.count { endLayer() } else { beginTrack() }
    }
    return isDone ? gradients : nil
  }

  private var gradients: TraceGradients {
    TraceGradients(
      target: target, value: value, steps: steps,
      tracks: tracks.flatMap { $0 }.map(\.whole), inputSize: layerInput.width,
      input: below.map { Self.rows($0, count: steps.count, stride: belowStride, layerInput.width) },
      inputTimesGradient: inputTimesGradient)
  }

  private static func rows(
    _ buffer: FloatBuffer, count: Int, stride: Int, _ width: Int
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: count * width) { rows, filled in
      for row in 0..<count {
        for column in 0..<width {
          rows[row * width + column] = buffer.pointer[row * stride + column]
        }
      }
      filled = count * width
    }
  }

  // MARK: - Layers

  private func beginLayer() {
    let shape = network.layers[layer].shape
    tracks.insert(
      shape.directions.map { _ in TrackGradients(shape, steps: steps.count) }, at: 0)
    let width = shape.inputSize
    belowStride = (width + 15) / 16 * 16
    let isKept = layer > 0 || belowStride * steps.count <= Self.largestInput
    below = isKept ? FloatBuffer(count: steps.count * belowStride + 16) : nil
    beginTrack()
  }

  private func beginTrack() {
    let index = Self.trackIndex(trace, layer: layer, direction: place.direction)
    backward = RecordedBackward(network: network, track: trace.layout[index].track)
    backward.begin()
    reader = StepReader(trace, track: index)
    changes = ChangeSlopes(trace, track: index)
    scratch = Scratch(network.layers[layer].shape)
  }

  private func endLayer() {
    layer -= 1
    place = (0, 0)
    guard layer >= 0 else { return }
    outside = below
    outsideStride = belowStride
    beginLayer()
  }

  private static func trackIndex(_ trace: Trace, layer: Int, direction: Int) -> Int {
    trace.layout.indices.filter { trace.layout[$0].track.layer == layer }[direction]
  }

  // MARK: - Steps

  private func takeBlock(_ count: Int) {
    let shape = network.layers[layer].shape
    let isForward = shape.directions[place.direction] == .forward
    let gradients = tracks[0][place.direction]
    let first = isForward ? steps.upperBound - place.done - count : steps.lowerBound + place.done
    var isAlive = false
    for offset in 0..<count {
      let step = isForward ? first + count - 1 - offset : first + offset
      let row = step - steps.lowerBound
      isAlive =
        takeStep(
          step, gradients, row: row, into: scratch.gates.pointer + (step - first) * shape.gateRows)
        || isAlive
    }
    guard isAlive else { return }
    let row = first - steps.lowerBound
    if let below {
      backward.addInput(
        scratch.gates.pointer, count: count, into: below.pointer + row * belowStride,
        stride: belowStride, accumulating: true)
    }
    if layer == 0 { addInputTimesGradient(first, count) }
  }

  private func takeStep(
    _ step: Int, _ gradients: TrackGradients, row: Int, into gates: UnsafeMutablePointer<Float>
  ) -> Bool {
    let shape = network.layers[layer].shape
    let known = reader.step(step)
    if backward.needsInput { readInput(step) }
    defer { changes?.take(backward.finalGradients, at: step) }
    return backward.step(
      RecordedBackward.Step(
        signals: known.signals, previousHidden: known.hidden, previousCell: known.cell,
        input: UnsafePointer(scratch.input.pointer),
        changes: changes?.changes(at: step, row: known.signals)),
      outside: outside(step, shape),
      hidden: gradients.hidden.pointer + row * shape.recurrentSize,
      cell: gradients.cell.pointer + row * (shape.cell.hasCellState ? shape.hiddenSize : 0),
      gates: gates)
  }

  private func readInput(_ step: Int) {
    guard layer > 0 else { return layerInput.row(step: step, into: scratch.input.pointer) }
    for (column, value) in trace.shown(layer: layer - 1, step: step).enumerated() {
      scratch.input.pointer[column] = value
    }
  }

  /// What reaches one direction's h at a step from what reads the layer; nil for nothing.
  private func outside(_ step: Int, _ shape: LayerShape) -> UnsafePointer<Float>? {
    let size = shape.recurrentSize
    let merged = scratch.merged.pointer
    if let outside {
      merged.update(
        from: outside.pointer + (step - steps.lowerBound) * outsideStride,
        count: shape.outputSize)
    } else {
      guard step == target.step else { return nil }
      for (column, value) in topSlope.enumerated() { merged[column] = value }
    }
    guard shape.directions.count > 1 else { return UnsafePointer(merged) }
    switch shape.merge {
    case .concatenate: return UnsafePointer(merged + place.direction * size)
    case .sum: break
    case .average: for unit in 0..<size { merged[unit] /= Float(shape.directions.count) }
    case .multiply:
      let other = Self.trackIndex(trace, layer: layer, direction: 1 - place.direction)
      for (unit, value) in trace.row(track: other, signal: .h, step: step).enumerated() {
        merged[unit] *= value
      }
    }
    return UnsafePointer(merged)
  }

  private func addInputTimesGradient(_ first: Int, _ count: Int) {
    let shape = network.layers[0].shape
    for offset in 0..<count {
      let row = first + offset - steps.lowerBound
      var sum = 0.0
      if let below, case .tokens(let tokens) = trace.input, network.embedding == nil {
        // Both directions' parts stand in it once the second has been added.
        inputTimesGradient[row] = Double(below.pointer[row * belowStride + tokens[first + offset]])
        continue
      } else if let below {
        layerInput.row(step: first + offset, into: scratch.input.pointer)
        for column in 0..<layerInput.width {
          sum +=
            Double(scratch.input.pointer[column])
            * Double(below.pointer[row * belowStride + column])
        }
        inputTimesGradient[row] = sum
      } else if case .tokens(let tokens) = trace.input {
        let weights = network[trace.layout[place.direction].track].inputWeights
        let gates = scratch.gates.pointer + offset * shape.gateRows
        for gate in 0..<shape.gateRows {
          sum +=
            Double(weights[gate * shape.inputSize + tokens[first + offset]]) * Double(gates[gate])
        }
        inputTimesGradient[row] += sum
      }
    }
  }
}

/// The gradients of one track as they come.
private final class TrackGradients {
  let hidden: FloatBuffer  // (steps, P)
  let cell: FloatBuffer  // (steps, H)
  private let shape: LayerShape

  init(_ shape: LayerShape, steps: Int) {
    self.shape = shape
    hidden = FloatBuffer(count: steps * shape.recurrentSize)
    cell = FloatBuffer(count: shape.cell.hasCellState ? steps * shape.hiddenSize : 0)
  }

  var whole: TraceGradients.Track {
    func values(_ buffer: FloatBuffer) -> [Float] {
      Array(UnsafeBufferPointer(start: buffer.pointer, count: buffer.count))
    }
    return TraceGradients.Track(
      hiddenSize: shape.recurrentSize, cellSize: shape.cell.hasCellState ? shape.hiddenSize : 0,
      hidden: values(hidden), cell: values(cell))
  }
}

/// What a block of steps needs for the moment.
private final class Scratch {
  let gates: FloatBuffer  // (blockSteps, G·H)
  let input: FloatBuffer  // (I)
  let merged: FloatBuffer  // (outputSize)

  init(_ shape: LayerShape) {
    gates = FloatBuffer(count: 32 * shape.gateRows)
    input = FloatBuffer(count: shape.inputSize)
    merged = FloatBuffer(count: max(shape.outputSize, shape.recurrentSize))
  }
}
