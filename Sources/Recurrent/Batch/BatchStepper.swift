/// Runs several sequences through a network together, so that every weight that is read serves all of
/// them: R h' is one product of matrices a step. The sequences that have ended are left out, the others
/// stand together. What a sequence gives is what it gives alone, to the bit.
///
/// Cells that the fused kernels do not know (`LayerShape.variations`) are stepped one sequence after the
/// other. Not safe to share between threads; its weights are.
public final class BatchStepper {
  public let weights: BatchWeights
  private let seed: NetworkState
  private var tokenSums: [TokenSums?]  // a track an entry
  private var passes: [LayerPass?]  // a track an entry, of cells that are not packed
  private var room = Room()
  private var holds: [UnitHold?] = []  // a sequence an entry, or none
  private var inputs: [InputSequence] = []
  private var isContinued = false

  /// Every sequence starts at `state`, or at zeros.
  public init(_ weights: BatchWeights, state: NetworkState? = nil) {
    self.weights = weights
    seed = state ?? NetworkState(zeroFor: weights.network)
    tokenSums = weights.tracks.map { _ in nil }
    passes = tokenSums.map { _ in nil }
  }

  /// Where the rows of a track go: those of a sequence begin at its number's entry, (T, signalsLength).
  public typealias Rows = [UnsafeMutablePointer<Float>]

  /// Computes every signal of every step.
  ///
  /// - Parameters:
  ///   - inputs: what `Network.validate` has found to fit, all of one kind, the longest first.
  ///   - rows: a track an entry, in the order of `Network.tracks`.
  ///   - holds: what is held of each sequence, as `Network.validate` has found it; empty for nothing.
  ///   - isContinued: begin where the row before the first of each sequence stands, in place of the
  ///     state; of a causal network.
  public func run(
    _ inputs: [InputSequence], rows: [Rows], holds: [UnitHold?] = [], isContinued: Bool = false
  ) {
    guard !inputs.isEmpty else { return }
    precondition(holds.isEmpty || holds.count == inputs.count)
    precondition(!isContinued || weights.network.isCausal)
    self.holds = holds
    self.inputs = inputs
    self.isContinued = isContinued
    let input = BatchInput(inputs)
    precondition(zip(input.lengths, input.lengths.dropFirst()).allSatisfy { $0 >= $1 })
    for track in weights.tracks.indices {
      if let cell = weights.cells[track] {
        run(cell, track, input, rows)
      } else {
        runEach(track, input, rows)
      }
    }
  }

  // MARK: - Together

  /// Memory for one step of all sequences; grows.
  private struct Room {
    var x = FloatBuffer(count: 0)  // (B, I)
    var sums = FloatBuffer(count: 0)  // (B, sumsLength)
    var recurrentSums = FloatBuffer(count: 0)  // the same; GRU only
    var hidden: [FloatBuffer] = []  // (B, columns), a part of the columns an entry
    var projected = FloatBuffer(count: 0)  // (B, P padded)

    mutating func reserve(_ count: Int, for cell: BatchCell) {
      grow(&x, count * cell.shape.inputSize)
      grow(&sums, count * cell.sumsLength)
      if cell.shape.cell == .gru { grow(&recurrentSums, count * cell.sumsLength) }
      grow(&projected, count * cell.projectedLength)
      let widest = max(cell.recurrent.count, cell.projection.count)
      while hidden.count < widest { hidden.append(FloatBuffer(count: 0)) }
      for (place, part) in cell.recurrent.enumerated() { grow(&hidden[place], count * part.count) }
      for (place, part) in cell.projection.enumerated() {
        grow(&hidden[place], count * part.count)
      }
    }

    private func grow(_ buffer: inout FloatBuffer, _ count: Int) {
      if buffer.count < count { buffer = FloatBuffer(count: count) }
    }
  }

  private func run(_ cell: BatchCell, _ track: Int, _ input: BatchInput, _ rows: [Rows]) {
    let shape = cell.shape
    let isReversed = weights.tracks[track].direction == .backward
    let (own, state) = (rows[track], seed.tracks[track])
    let length = shape.signalsLength
    let hiddenOffset = length - shape.recurrentSize
    let cellOffset = shape.carriedOffset
    room.reserve(input.lengths.count, for: cell)
    let seedHidden = FloatBuffer(state.hidden)
    let seedCell = state.cell.map { FloatBuffer($0) }
    let held = holds.indices.filter { holds[$0]?.track == track }
    var active = input.lengths.count
    for time in 0..<input.lengths[0] {
      while input.lengths[active - 1] <= time { active -= 1 }
      func step(_ sequence: Int) -> Int {
        isReversed ? input.lengths[sequence] - 1 - time : time
      }
      func row(_ sequence: Int) -> UnsafeMutablePointer<Float> {
        own[sequence] + step(sequence) * length
      }
      func before(_ sequence: Int) -> UnsafeMutablePointer<Float> {
        own[sequence] + (step(sequence) + (isReversed ? 1 : -1)) * length
      }
      let isFirst = time == 0 && !isContinued
      enter(cell, track, input, rows, count: active, step: step)
      for sequence in 0..<active {
        let hidden = isFirst ? seedHidden.pointer : before(sequence) + hiddenOffset
        gather(hidden, cell.recurrent, row: sequence)
      }
      let isGRU = shape.cell == .gru
      cell.multiply(
        hidden: room.hidden.map(\.pointer), count: active,
        into: isGRU ? room.recurrentSums.pointer : room.sums.pointer)
      for sequence in 0..<active {
        let hidden = isFirst ? seedHidden.pointer : before(sequence) + hiddenOffset
        let carried = isFirst ? seedCell?.pointer : before(sequence) + cellOffset
        cell.finish(
          sums: room.sums.pointer + sequence * cell.sumsLength,
          recurrentSums: isGRU
            ? room.recurrentSums.pointer + sequence * cell.sumsLength : room.sums.pointer,
          hidden: hidden, cell: carried, signals: row(sequence))
      }
      if let mask = weights.network.mask {
        for sequence in 0..<active where inputs[sequence].isMasked(step(sequence), by: mask) {
          let hidden = isFirst ? seedHidden.pointer : before(sequence) + hiddenOffset
          let carried = isFirst ? seedCell?.pointer : before(sequence) + cellOffset
          Self.carry(hidden, shape.cell.hasCellState ? carried : nil, shape, into: row(sequence))
        }
      }
      for sequence in held where sequence < active {
        guard let hold = holds[sequence], !(hold.signal == .h && shape.projectionSize != nil)
        else { continue }
        let state =
          isFirst
          ? (shape.cell.hasCellState ? seedCell?.pointer : seedHidden.pointer)
          : before(sequence) + (shape.cell.hasCellState ? cellOffset : hiddenOffset)
        cell.held(
          hold.unit, before: state?[hold.unit] ?? 0,
          sums: room.sums.pointer + sequence * cell.sumsLength,
          recurrentSums: isGRU ? room.recurrentSums.pointer + sequence * cell.sumsLength : nil
        ).apply(hold, to: row(sequence))
      }
      if !cell.projection.isEmpty {
        for sequence in 0..<active {
          let output = row(sequence) + hiddenOffset - shape.hiddenSize
          gather(output, cell.projection, row: sequence)
        }
        cell.project(
          output: room.hidden.map(\.pointer), count: active, into: room.projected.pointer)
        for sequence in 0..<active {
          (row(sequence) + hiddenOffset).update(
            from: room.projected.pointer + sequence * cell.projectedLength,
            count: shape.recurrentSize)
        }
        if let mask = weights.network.mask {
          for sequence in 0..<active where inputs[sequence].isMasked(step(sequence), by: mask) {
            let hidden = isFirst ? seedHidden.pointer : before(sequence) + hiddenOffset
            Self.carry(hidden, nil, shape, into: row(sequence))
          }
        }
        for sequence in held where sequence < active {
          guard let hold = holds[sequence], hold.signal == .h else { continue }
          row(sequence)[hiddenOffset + hold.unit] = hold.value
        }
      }
    }
  }

  /// Puts a vector's columns where each part reads its own.
  private func gather(
    _ vector: UnsafePointer<Float>, _ parts: [BatchCell.ColumnPart], row: Int
  ) {
    for (place, part) in parts.enumerated() {
      let target = room.hidden[place].pointer + row * part.count
      if part.step == 1 {
        target.update(from: vector, count: part.count)
      } else {
        for column in 0..<part.count { target[column] = vector[part.first + column * part.step] }
      }
    }
  }

  /// What enters a track at a step of the first `count` sequences, into the sums.
  private func enter(
    _ cell: BatchCell, _ track: Int, _ input: BatchInput, _ rows: [Rows], count: Int,
    step: (Int) -> Int
  ) {
    let width = cell.shape.inputSize
    let layer = weights.tracks[track].layer
    if layer == 0, case .tokens(let tokens) = input.values {
      let table = tokenSums[track] ?? TokenSums(weights.network, cell: cell)
      tokenSums[track] = table
      tokens.withUnsafeBufferPointer { tokens in
        table.project(
          count: count, token: { tokens[input.starts[$0] + step($0)] }, scratch: room.x.pointer,
          into: room.sums.pointer)
      }
      return
    }
    for sequence in 0..<count {
      write(
        layer, sequence, step(sequence), input, rows, into: room.x.pointer + sequence * width)
    }
    cell.project(room.x.pointer, count: count, into: room.sums.pointer)
  }

  /// The vector that enters a layer, but for tokens: features, or what the layer below shows.
  private func write(
    _ layer: Int, _ sequence: Int, _ step: Int, _ input: BatchInput, _ rows: [Rows],
    into x: UnsafeMutablePointer<Float>
  ) {
    guard layer > 0 else {
      guard case .features(let values, let width) = input.values else { return }
      x.update(from: values.pointer + (input.starts[sequence] + step) * width, count: width)
      return
    }
    let shape = weights.network.layers[layer - 1].shape
    let size = shape.recurrentSize
    var place = 0
    for (track, known) in weights.tracks.enumerated() where known.layer == layer - 1 {
      let row = rows[track][sequence] + step * shape.signalsLength
      shape.merge.take(
        row + (shape.signalsLength - size), size: size, place: place,
        of: shape.directions.count, into: x)
      place += 1
    }
  }

  // MARK: - One after the other

  private func runEach(_ track: Int, _ input: BatchInput, _ rows: [Rows]) {
    let known = weights.tracks[track]
    let shape = weights.shape(of: track)
    let pass =
      passes[track]
      ?? LayerPass(network: weights.network, track: known, state: seed.tracks[track])
    passes[track] = pass
    let x = FloatBuffer(count: LayerPass.blockSteps * shape.inputSize)
    for sequence in input.lengths.indices {
      let own = rows[track][sequence]
      pass.state =
        isContinued ? Self.state(of: shape, in: own - shape.signalsLength) : seed.tracks[track]
      let hold = holds.isEmpty || holds[sequence]?.track != track ? nil : holds[sequence]
      // What is held must be so before the next step.
      let mask = weights.network.mask
      let block = hold == nil && mask == nil ? LayerPass.blockSteps : 1
      var done = 0
      while done < input.lengths[sequence] {
        let count = min(block, input.lengths[sequence] - done)
        let first =
          known.direction == .forward ? done : input.lengths[sequence] - done - count
        let signals = own + first * shape.signalsLength
        let state = block == 1 ? pass.state : nil
        if known.layer == 0, case .tokens(let tokens) = input.values {
          let start = input.starts[sequence] + first
          pass.run(tokens: tokens[start..<start + count], signals: signals)
        } else {
          for row in 0..<count {
            write(
              known.layer, sequence, first + row, input, rows,
              into: x.pointer + row * shape.inputSize)
          }
          pass.run(x.pointer, stride: shape.inputSize, count: count, signals: signals)
        }
        if let state, inputs[sequence].isMasked(first, by: mask) {
          state.hidden.withUnsafeBufferPointer { hidden in
            Self.carry(hidden.baseAddress!, nil, shape, into: signals)
          }
          if let cell = state.cell {
            (signals + shape.carriedOffset).update(from: cell, count: cell.count)
          }
          pass.state = state
        } else if let hold, let state {
          Self.held(hold, shape, after: state).apply(hold, to: signals)
          pass.state = Self.state(of: shape, in: signals)
        }
        done += count
      }
    }
  }

  /// A step that is passed over ends with the state that it began with.
  private static func carry(
    _ hidden: UnsafePointer<Float>, _ cell: UnsafePointer<Float>?, _ shape: LayerShape,
    into row: UnsafeMutablePointer<Float>
  ) {
    (row + shape.signalsLength - shape.recurrentSize).update(
      from: hidden, count: shape.recurrentSize)
    if let cell { (row + shape.carriedOffset).update(from: cell, count: shape.carriedSize) }
  }

  /// What a row of signals hands to the next step.
  private static func state(
    of shape: LayerShape, in row: UnsafePointer<Float>
  ) -> NetworkState.TrackState {
    func values(_ first: Int, _ count: Int) -> [Float] {
      Array(UnsafeBufferPointer(start: row + first, count: count))
    }
    return NetworkState.TrackState(
      hidden: values(shape.signalsLength - shape.recurrentSize, shape.recurrentSize),
      cell: shape.cell.hasCellState ? values(shape.carriedOffset, shape.carriedSize) : nil)
  }

  private static func held(
    _ hold: UnitHold, _ shape: LayerShape, after state: NetworkState.TrackState
  ) -> HeldStep {
    let values = state.cell ?? state.hidden
    // A projected h may have fewer than there are units, and looks at nothing.
    return HeldStep(
      shape: shape, unit: hold.unit,
      before: hold.unit < values.count ? values[hold.unit] : 0)
  }
}
