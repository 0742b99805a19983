import Recurrent

/// The products that the factors of many steps need, in Float32 and for all of them at once: what the
/// recorded h holds has no more digits.
final class SlopeBlocks {
  /// Steps of a block at most.
  static let steps = 48

  let recurrence: PackedRecurrence
  private let shape: LayerShape
  private let weights: LayerWeights
  private lazy var input = weights.inputWeights.withUnsafeBufferPointer {
    PackedMatrix($0.baseAddress!, rows: shape.gateRows, columns: shape.inputSize)
  }
  private let rowStride: Int
  private let hiddenStride: Int
  private let hiddens: FloatBuffer  // (steps, hiddenStride)
  private let carried: FloatBuffer  // (steps, rowStride): R h'
  private let entered: FloatBuffer  // (steps, rowStride): W x

  init(_ shape: LayerShape, _ weights: LayerWeights) {
    self.shape = shape
    self.weights = weights
    recurrence = PackedRecurrence(shape, weights)
    rowStride = PackedMatrix.stride(shape.gateRows)
    hiddenStride = PackedMatrix.stride(shape.recurrentSize)
    hiddens = FloatBuffer(count: Self.steps * hiddenStride)
    carried = FloatBuffer(count: Self.steps * rowStride)
    entered = FloatBuffer(count: Self.steps * rowStride)
  }

  /// - Parameters:
  ///   - hidden: (steps, P): h' of each.
  ///   - x: what each step reads.
  func multiply(hidden: [Float], x: [[Float]]) {
    let size = shape.recurrentSize
    hidden.withUnsafeBufferPointer { source in
      for row in x.indices {
        (hiddens.pointer + row * hiddenStride).update(
          from: source.baseAddress! + row * size, count: size)
      }
    }
    recurrence.forwards.multiply(
      hiddens.pointer, xStride: hiddenStride, count: x.count, into: carried.pointer,
      yStride: rowStride)
    let singles = x.map(StepSlopes.single)
    if singles.contains(nil) {
      let width = PackedMatrix.stride(shape.inputSize)
      let vectors = FloatBuffer(count: x.count * width)
      for (row, x) in x.enumerated() {
        x.withUnsafeBufferPointer {
          if let base = $0.baseAddress {
            (vectors.pointer + row * width).update(from: base, count: x.count)
          }
        }
      }
      input.multiply(
        vectors.pointer, xStride: width, count: x.count, into: entered.pointer, yStride: rowStride)
      return
    }
    weights.inputWeights.withUnsafeBufferPointer { matrix in
      for (row, single) in singles.enumerated() {
        let target = entered.pointer + row * rowStride
        for gate in 0..<shape.gateRows {
          target[gate] = matrix[gate * shape.inputSize + (single ?? 0)]
        }
      }
    }
  }

  /// R h' and W x of a step, (G·H) each; of a reset before the product the former ends before n.
  func products(_ row: Int) -> (carried: UnsafePointer<Float>, entered: UnsafePointer<Float>) {
    (
      UnsafePointer(carried.pointer + row * rowStride),
      UnsafePointer(entered.pointer + row * rowStride)
    )
  }
}

extension StepSlopes {
  /// Packs the weights, for `findBlock` and for whoever takes many vectors through the steps.
  func packForBlocks() -> PackedRecurrence {
    let blocks = blocks ?? SlopeBlocks(reading.shape, reading.weights)
    self.blocks = blocks
    return blocks.recurrence
  }

  /// Finds the factors of some steps before those that are there; after `packForBlocks`.
  func findBlock() {
    guard let blocks else { return findNext() }
    let range = max(places.lowerBound, ready - SlopeBlocks.steps)..<ready
    let hidden = before(.h, range, hiddenSize)
    let cell = hasCell ? before(.c, range, units) : []
    blocks.multiply(hidden: hidden, x: range.map { reading.input(place: $0) })
    for (row, place) in range.enumerated().reversed() {
      addSums(of: row, blocks)
      find(
        place, hidden[row * hiddenSize..<(row + 1) * hiddenSize].map { Double($0) },
        cell: hasCell ? cell[row * units..<(row + 1) * units] : [])
    }
    isReady(from: range.lowerBound)
  }

  /// The states that enter some places.
  private func before(_ signal: Signal, _ range: Range<Int>, _ count: Int) -> [Float] {
    guard range.lowerBound == 0 else {
      return reading.values(of: signal, places: range.lowerBound - 1..<range.upperBound - 1)
    }
    return reading.before(signal, place: 0)
      + reading.values(of: signal, places: 0..<range.upperBound - 1)
  }

  /// As `addSums` of a place, from products that are there.
  private func addSums(of row: Int, _ blocks: SlopeBlocks) {
    let shape = reading.shape
    let weights = reading.weights
    let (carried, entered) = blocks.products(row)
    for gate in 0..<shape.gateRows {
      let isCandidate = shape.cell == .gru && gate >= 2 * units
      let own = Double(weights.inputBias?[gate] ?? 0) + Double(entered[gate])
      let bias = Double(weights.recurrentBias?[gate] ?? 0)
      if isCandidate && shape.resetsBefore {
        sums.pointer[gate] = own + bias
      } else if isCandidate {
        sums.pointer[gate] = own
        gates.pointer[gate] = Double(carried[gate]) + bias
      } else {
        sums.pointer[gate] = own + Double(carried[gate]) + bias
      }
    }
  }
}
