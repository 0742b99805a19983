import Recurrent

/// R and the projection of a track, packed for products of many vectors, both ways. Threads may share it.
struct PackedRecurrence: Sendable {
  /// R; with a reset before the product its rows of r and u.
  let forwards: PackedMatrix
  let back: PackedMatrix
  /// R's rows of n, where they are multiplied by r ⊙ h'.
  let candidate: (forwards: PackedMatrix, back: PackedMatrix)?
  let projection: (forwards: PackedMatrix, back: PackedMatrix)?

  init(_ shape: LayerShape, _ weights: LayerWeights) {
    let columns = shape.recurrentSize
    let isBefore = shape.resetsBefore
    let rows = isBefore ? 2 * shape.hiddenSize : shape.gateRows
    func both(_ matrix: UnsafePointer<Float>, _ rows: Int, _ columns: Int) -> (
      PackedMatrix, PackedMatrix
    ) {
      (
        PackedMatrix(matrix, rows: rows, columns: columns),
        PackedMatrix(matrix, rows: rows, columns: columns, isTransposed: true)
      )
    }
    (forwards, back, candidate) = weights.recurrentWeights.withUnsafeBufferPointer { matrix in
      let base = matrix.baseAddress!
      let main = both(base, rows, columns)
      let rest = isBefore ? both(base + rows * columns, shape.hiddenSize, columns) : nil
      return (main.0, main.1, rest.map { (forwards: $0.0, back: $0.1) })
    }
    projection = weights.projection.map {
      $0.withUnsafeBufferPointer { matrix in
        let (forwards, back) = both(matrix.baseAddress!, columns, shape.hiddenSize)
        return (forwards: forwards, back: back)
      }
    }
  }
}

/// Products of a step's Jacobian and of its transpose with several vectors at once, in Float32, from the
/// factors that `StepSlopes` has found; the equations are those of `StepSlopes.push` and `pull`.
///
/// What it writes to is its own, so that several may work on the same slopes at once.
final class BlockSlopes {
  private let slopes: StepSlopes
  private let packed: PackedRecurrence
  private let shape: LayerShape
  private let units: Int
  private let gateStride: Int
  private let unitStride: Int
  private let gates: FloatBuffer  // (vectors, gateStride)
  private let candidates: FloatBuffer  // (vectors, unitStride)
  private let outputs: FloatBuffer  // (vectors, unitStride): of m, or of r ⊙ h'

  /// - Parameter capacity: vectors at most.
  init(_ slopes: StepSlopes, _ packed: PackedRecurrence, capacity: Int) {
    self.slopes = slopes
    self.packed = packed
    shape = slopes.reading.shape
    units = slopes.units
    gateStride = PackedMatrix.stride(shape.gateRows)
    unitStride = PackedMatrix.stride(units)
    gates = FloatBuffer(count: capacity * gateStride)
    candidates = FloatBuffer(count: capacity * unitStride)
    outputs = FloatBuffer(count: capacity * unitStride)
  }

  /// What h at a place is worth, brought back through the projection, where there is one: (H) a vector.
  private func shown(_ block: VectorBlock, _ count: Int) -> (UnsafePointer<Float>, stride: Int) {
    guard let projection = packed.projection else {
      return (UnsafePointer(block.hiddens.pointer), block.hiddenStride)
    }
    projection.back.multiply(
      block.hiddens.pointer, xStride: block.hiddenStride, count: count, into: outputs.pointer,
      yStride: unitStride)
    return (UnsafePointer(outputs.pointer), unitStride)
  }

  /// What c at a place is worth in all: by itself, and through h. Left in the rows of `cells`.
  func collect(
    _ place: Int, _ block: VectorBlock, count: Int, into cells: UnsafeMutablePointer<Float>
  ) {
    let (shown, stride) = shown(block, count)
    let byC = slopes.factor(5, place)
    for row in 0..<count {
      let (source, worth) = (block.cell(row), shown + row * stride)
      let target = cells + row * block.cellStride
      for unit in 0..<units { target[unit] = source[unit] + byC[unit] * worth[unit] }
    }
  }

  /// The change of h that goes with a change of c at a place, for one vector.
  func show(_ place: Int, _ block: VectorBlock, _ row: Int) {
    let byC = slopes.factor(5, place)
    let (cell, hidden) = (block.cell(row), block.hidden(row))
    guard let projection = packed.projection else {
      for unit in 0..<units { hidden[unit] = byC[unit] * cell[unit] }
      return
    }
    for unit in 0..<units { outputs.pointer[unit] = byC[unit] * cell[unit] }
    projection.forwards.multiply(
      outputs.pointer, xStride: unitStride, count: 1, into: hidden, yStride: block.hiddenStride)
  }

  /// What the state after a place is worth becomes what that before it is worth.
  func pull(_ place: Int, _ block: VectorBlock, count: Int) {
    switch shape.cell {
    case .described: preconditionFailure("only cells with kernels of their own come here")
    case .lstm: pullLSTM(place, block, count)
    case .gru: pullGRU(place, block, count)
    case .rnn:
      let slope = slopes.factor(0, place)
      for row in 0..<count {
        let (hidden, gate) = (block.hidden(row), gates.pointer + row * gateStride)
        for unit in 0..<units { gate[unit] = slope[unit] * hidden[unit] }
      }
      multiplyBack(block, count)
    }
    block.rescale(count)
  }

  private func multiplyBack(_ block: VectorBlock, _ count: Int, adding: Bool = false) {
    packed.back.multiply(
      gates.pointer, xStride: gateStride, count: count, into: block.hiddens.pointer,
      yStride: block.hiddenStride, adding: adding)
  }

  private func pullLSTM(_ place: Int, _ block: VectorBlock, _ count: Int) {
    let (shown, stride) = shown(block, count)
    let (keep, byZ, byF) = (
      slopes.factor(0, place), slopes.factor(1, place), slopes.factor(2, place)
    )
    let (byI, byO, byC) = (
      slopes.factor(3, place), slopes.factor(4, place), slopes.factor(5, place)
    )
    for row in 0..<count {
      let (cell, worth) = (block.cell(row), shown + row * stride)
      let z = gates.pointer + row * gateStride
      let (f, i, o) = (z + units, z + 2 * units, z + 3 * units)
      for unit in 0..<units {
        let whole = cell[unit] + byC[unit] * worth[unit]
        z[unit] = byZ[unit] * whole
        f[unit] = byF[unit] * whole
        i[unit] = byI[unit] * whole
        o[unit] = byO[unit] * worth[unit]
        cell[unit] = keep[unit] * whole
      }
    }
    multiplyBack(block, count)
  }

  private func pullGRU(_ place: Int, _ block: VectorBlock, _ count: Int) {
    let (keep, byU, byN) = (
      slopes.factor(0, place), slopes.factor(1, place), slopes.factor(2, place)
    )
    let (byR, reset) = (slopes.factor(3, place), slopes.factor(4, place))
    for row in 0..<count {
      let hidden = block.hidden(row)
      let r = gates.pointer + row * gateStride
      let n = packed.candidate == nil ? r + 2 * units : candidates.pointer + row * unitStride
      for unit in 0..<units {
        let worth = hidden[unit]
        r[units + unit] = byU[unit] * worth
        n[unit] = byN[unit] * worth
        r[unit] = byR[unit] * worth
        hidden[unit] = keep[unit] * worth
      }
    }
    if let candidate = packed.candidate {
      candidate.back.multiply(
        candidates.pointer, xStride: unitStride, count: count, into: outputs.pointer,
        yStride: unitStride)
      for row in 0..<count {
        let (hidden, output) = (block.hidden(row), outputs.pointer + row * unitStride)
        let r = gates.pointer + row * gateStride
        for unit in 0..<units {
          hidden[unit] += reset[unit] * output[unit]
          r[unit] = byR[unit] * output[unit]
        }
      }
    }
    multiplyBack(block, count, adding: true)
  }

  /// The change of the state before a place becomes that of the state after it.
  func push(_ place: Int, _ block: VectorBlock, count: Int) {
    packed.forwards.multiply(
      block.hiddens.pointer, xStride: block.hiddenStride, count: count, into: gates.pointer,
      yStride: gateStride)
    switch shape.cell {
    case .described: preconditionFailure("only cells with kernels of their own come here")
    case .lstm: pushLSTM(place, block, count)
    case .gru: pushGRU(place, block, count)
    case .rnn:
      let slope = slopes.factor(0, place)
      for row in 0..<count {
        let (hidden, gate) = (block.hidden(row), gates.pointer + row * gateStride)
        for unit in 0..<units { hidden[unit] = slope[unit] * gate[unit] }
      }
    }
    block.rescale(count)
  }

  private func pushLSTM(_ place: Int, _ block: VectorBlock, _ count: Int) {
    let (keep, byZ, byF) = (
      slopes.factor(0, place), slopes.factor(1, place), slopes.factor(2, place)
    )
    let (byI, byO, byC) = (
      slopes.factor(3, place), slopes.factor(4, place), slopes.factor(5, place)
    )
    for row in 0..<count {
      let cell = block.cell(row)
      let target =
        packed.projection == nil ? block.hidden(row) : outputs.pointer + row * unitStride
      let z = gates.pointer + row * gateStride
      let (f, i, o) = (z + units, z + 2 * units, z + 3 * units)
      for unit in 0..<units {
        let written = byZ[unit] * z[unit] + byF[unit] * f[unit] + byI[unit] * i[unit]
        let change = keep[unit] * cell[unit] + written
        cell[unit] = change
        target[unit] = byC[unit] * change + byO[unit] * o[unit]
      }
    }
    packed.projection?.forwards.multiply(
      outputs.pointer, xStride: unitStride, count: count, into: block.hiddens.pointer,
      yStride: block.hiddenStride)
  }

  private func pushGRU(_ place: Int, _ block: VectorBlock, _ count: Int) {
    let (keep, byU, byN) = (
      slopes.factor(0, place), slopes.factor(1, place), slopes.factor(2, place)
    )
    let (byR, reset) = (slopes.factor(3, place), slopes.factor(4, place))
    if let candidate = packed.candidate {
      for row in 0..<count {
        let (hidden, output) = (block.hidden(row), outputs.pointer + row * unitStride)
        let r = gates.pointer + row * gateStride
        for unit in 0..<units {
          output[unit] = reset[unit] * hidden[unit] + byR[unit] * r[unit]
        }
      }
      candidate.forwards.multiply(
        outputs.pointer, xStride: unitStride, count: count, into: candidates.pointer,
        yStride: unitStride)
    }
    for row in 0..<count {
      let hidden = block.hidden(row)
      let r = gates.pointer + row * gateStride
      let isBefore = packed.candidate != nil
      let n = isBefore ? candidates.pointer + row * unitStride : r + 2 * units
      for unit in 0..<units {
        let change =
          keep[unit] * hidden[unit] + byU[unit] * r[units + unit] + byN[unit] * n[unit]
        hidden[unit] = isBefore ? change : change + byR[unit] * r[unit]
      }
    }
  }
}
