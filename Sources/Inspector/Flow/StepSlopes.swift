import Recurrent

/// How the state of one track at a step depends on its state at the step before: the step's Jacobian,
/// as a product with vectors in either direction.
///
/// The layer's input is held, since nothing that a layer computes comes back to it through the layers
/// below or above: within a stack, and in each direction, these are the whole derivatives. c_s acts
/// through h_s = o_s ⊙ act(c_s) as well; h_s is changed alone. What is kept of a step are a few factors
/// a unit, of the sums as Float64 finds them again from the recorded state.
final class StepSlopes {
  let reading: TrackReading
  /// The places whose factors are kept, by the order in which the track reads.
  let places: Range<Int>
  /// H, and the length of h.
  let units: Int
  let hiddenSize: Int
  var hasCell: Bool { reading.shape.cell.hasCellState }
  /// The places from here on are there; they come last first.
  private(set) var ready: Int

  private let kinds: Int
  private let factors: FloatBuffer  // (places, kinds, H)
  let sums: DoubleBuffer  // (G·H)
  let gates: DoubleBuffer  // (G·H): what a product with R gives, or goes into
  private let output: DoubleBuffer  // (H): of m, or of r ⊙ h'
  /// What is needed to find the factors of many places at once; nil where they are found one by one.
  var blocks: SlopeBlocks?

  init(_ reading: TrackReading, places: Range<Int>) {
    self.reading = reading
    self.places = places
    ready = places.upperBound
    let shape = reading.shape
    units = shape.hiddenSize
    hiddenSize = shape.recurrentSize
    kinds = Self.kinds(of: shape)
    factors = FloatBuffer(uninitialized: places.count * kinds * units)
    sums = DoubleBuffer(count: shape.gateRows)
    gates = DoubleBuffer(count: shape.gateRows)
    output = DoubleBuffer(count: max(units, hiddenSize))
  }

  /// Factors that a unit has at a step.
  static func kinds(of shape: LayerShape) -> Int {
    switch shape.cell {
    case .lstm: 6
    case .gru: 5
    case .rnn: 1
    case .described: 0
    }
  }

  /// Multiplications of finding a step's factors, and of a product with a vector.
  var productsToFind: Int {
    reading.shape.gateRows * (reading.shape.inputSize + hiddenSize)
  }
  var products: Int {
    reading.shape.gateRows * hiddenSize + (reading.shape.projectionSize ?? 0) * units
  }

  private func row(_ place: Int) -> UnsafeMutablePointer<Float> {
    factors.pointer + (place - places.lowerBound) * kinds * units
  }

  // MARK: - Finding the factors

  /// Finds the factors of the step before those that are there.
  func findNext() {
    let place = ready - 1
    let hidden = reading.before(.h, place: place).map { Double($0) }
    addSums(place, hidden)
    find(place, hidden, cell: hasCell ? reading.before(.c, place: place)[...] : [])
    ready = place
  }

  /// Finds the factors of a step whose sums are there, from the state that entered it.
  func find(_ place: Int, _ hidden: [Double], cell: ArraySlice<Float>) {
    switch reading.shape.cell {
    case .lstm: cell.withUnsafeBufferPointer { findLSTM(place, $0) }
    case .gru: findGRU(place, hidden)
    case .rnn:
      let row = row(place)
      for unit in 0..<units {
        row[unit] = Float(slope(reading.shape.activations.candidate, sums.pointer[unit]))
      }
    case .described: preconditionFailure("only cells with kernels of their own come here")
    }
  }

  /// The places before are there.
  func isReady(from place: Int) { ready = place }

  /// W x + b and R h', all biases together but for a GRU that resets after the product: what r is
  /// applied to goes to `gates`.
  private func addSums(_ place: Int, _ hidden: [Double]) {
    let shape = reading.shape
    let x = reading.input(place: place)
    let weights = reading.weights
    let isApart = shape.cell == .gru
    let input = x.map { Double($0) }
    let single = Self.single(x)
    weights.inputWeights.withUnsafeBufferPointer { matrix in
      for row in 0..<shape.gateRows {
        let start = row * shape.inputSize
        sums.pointer[row] =
          Double(weights.inputBias?[row] ?? 0)
          + (single.map { Double(matrix[start + $0]) }
            ?? Products.dot(matrix.baseAddress! + start, input, shape.inputSize))
      }
    }
    weights.recurrentWeights.withUnsafeBufferPointer { matrix in
      for row in 0..<shape.gateRows {
        let isCandidate = isApart && row >= 2 * units
        let bias = Double(weights.recurrentBias?[row] ?? 0)
        if isCandidate && shape.resetsBefore {
          sums.pointer[row] += bias
          continue
        }
        let carried =
          Products.dot(matrix.baseAddress! + row * hiddenSize, hidden, hiddenSize) + bias
        if isCandidate {
          gates.pointer[row] = carried
        } else {
          sums.pointer[row] += carried
        }
      }
    }
  }

  /// The place of the 1 of a one-hot vector.
  static func single(_ x: [Float]) -> Int? {
    guard let place = x.firstIndex(where: { $0 != 0 }), x[place] == 1,
      x.lastIndex(where: { $0 != 0 }) == place
    else { return nil }
    return place
  }

  private func findLSTM(_ place: Int, _ cell: UnsafeBufferPointer<Float>) {
    let shape = reading.shape
    let look = reading.weights.peepholes
    let row = row(place)
    let activations = shape.activations
    for unit in 0..<units {
      let before = Double(cell[unit])
      let lookF = Double(look?[unit] ?? 0)
      let lookI = Double(look?[units + unit] ?? 0)
      let lookO = Double(look?[2 * units + unit] ?? 0)
      let sumZ = sums.pointer[unit]
      let sumI = sums.pointer[2 * units + unit] + lookI * before
      let sumF = sums.pointer[units + unit] + lookF * before
      let z = value(activations.candidate, sumZ)
      let i = value(activations.gates, sumI)
      let slopeI = slope(activations.gates, sumI)
      let f = shape.isCoupled ? 1 - i : value(activations.gates, sumF)
      let slopeF = shape.isCoupled ? 0 : slope(activations.gates, sumF)
      let c = f * before + i * z
      // Coupled gates: what i writes more it also forgets more.
      let byI = (shape.isCoupled ? z - before : z) * slopeI
      let byF = before * slopeF
      let sumO = sums.pointer[3 * units + unit] + lookO * c
      let shown = activations.output.value(c)
      let byO = shown * slope(activations.gates, sumO)
      let o = value(activations.gates, sumO)
      row[unit] = Float(f + byF * lookF + byI * lookI)
      row[units + unit] = Float(i * slope(activations.candidate, sumZ))
      row[2 * units + unit] = Float(byF)
      row[3 * units + unit] = Float(byI)
      row[4 * units + unit] = Float(byO)
      row[5 * units + unit] = Float(o * activations.output.slope(c) + byO * lookO)
    }
  }

  private func findGRU(_ place: Int, _ hidden: [Double]) {
    let shape = reading.shape
    let row = row(place)
    let (gate, candidate) = (shape.activations.gates, shape.activations.candidate)
    for unit in 0..<units {
      let (sumR, sumU) = (sums.pointer[unit], sums.pointer[units + unit])
      output.pointer[unit] = value(gate, sumR)
      row[units + unit] = Float(slope(gate, sumU))
      row[unit] = Float(value(gate, sumU))
    }
    if shape.resetsBefore {
      for unit in 0..<units { output.pointer[unit] *= hidden[unit] }
      reading.weights.recurrentWeights.withUnsafeBufferPointer { matrix in
        for unit in 0..<units {
          gates.pointer[2 * units + unit] = Products.dot(
            matrix.baseAddress! + (2 * units + unit) * units, output.pointer, units)
        }
      }
    }
    for unit in 0..<units {
      let (sumR, sumU) = (sums.pointer[unit], sums.pointer[units + unit])
      let (r, u) = (value(gate, sumR), value(gate, sumU))
      let carried = gates.pointer[2 * units + unit]
      let sumN = sums.pointer[2 * units + unit] + (shape.resetsBefore ? carried : r * carried)
      let open = (1 - u) * slope(candidate, sumN)
      let n = value(candidate, sumN)
      row[units + unit] = Float((hidden[unit] - n) * slope(gate, sumU))
      // What the candidate does with a change of R_n h', or of R_n (r ⊙ h').
      row[2 * units + unit] = Float(shape.resetsBefore ? open : open * r)
      row[3 * units + unit] =
        Float((shape.resetsBefore ? hidden[unit] : open * carried) * slope(gate, sumR))
      row[4 * units + unit] = Float(r)
    }
  }

  private func bounded(_ sum: Double) -> Double {
    guard let clip = reading.shape.clip.map(Double.init) else { return sum }
    return min(max(sum, -clip), clip)
  }

  private func value(_ activation: Activation, _ sum: Double) -> Double {
    activation.value(bounded(sum))
  }

  /// Beyond the bounds of a clip nothing changes any more.
  private func slope(_ activation: Activation, _ sum: Double) -> Double {
    guard !sum.isNaN else { return .nan }
    if let clip = reading.shape.clip, abs(sum) > Double(clip) { return 0 }
    return activation.slope(sum)
  }
}

// MARK: - Products with a vector

extension StepSlopes {
  /// What a change of c at a place does to h at the same place: replaces `hidden`.
  func show(_ place: Int, cell: UnsafePointer<Double>, hidden: UnsafeMutablePointer<Double>) {
    let byC = factor(5, place)
    let target = reading.weights.projection == nil ? hidden : output.pointer
    for unit in 0..<units { target[unit] = Double(byC[unit]) * cell[unit] }
    project(target, into: hidden)
  }

  /// The other way: what h at a place is worth adds to what c is worth.
  func collect(_ place: Int, hidden: UnsafePointer<Double>, cell: UnsafeMutablePointer<Double>) {
    let byC = factor(5, place)
    let shown = projectedBack(hidden)
    for unit in 0..<units { cell[unit] += Double(byC[unit]) * shown[unit] }
  }

  /// The change of the state before a place becomes that of the state after it.
  ///
  /// - Parameters:
  ///   - cell: (H); nothing without c.
  ///   - hidden: (H or P).
  func push(_ place: Int, cell: UnsafeMutablePointer<Double>, hidden: UnsafeMutablePointer<Double>)
  {
    switch reading.shape.cell {
    case .lstm:
      multiply(0..<4 * units, hidden)
      let (keep, byZ, byF, byI) = (
        factor(0, place), factor(1, place), factor(2, place), factor(3, place)
      )
      let (byO, byC) = (factor(4, place), factor(5, place))
      let target = reading.weights.projection == nil ? hidden : output.pointer
      for unit in 0..<units {
        let written =
          Double(byZ[unit]) * gates.pointer[unit] + Double(byF[unit]) * gates.pointer[units + unit]
          + Double(byI[unit]) * gates.pointer[2 * units + unit]
        cell[unit] = Double(keep[unit]) * cell[unit] + written
        target[unit] =
          Double(byC[unit]) * cell[unit] + Double(byO[unit]) * gates.pointer[3 * units + unit]
      }
      project(target, into: hidden)
    case .gru:
      let (keep, byU, byN, byR) = (
        factor(0, place), factor(1, place), factor(2, place), factor(3, place)
      )
      if reading.shape.resetsBefore {
        multiply(0..<2 * units, hidden)
        let reset = factor(4, place)
        for unit in 0..<units {
          output.pointer[unit] =
            Double(reset[unit]) * hidden[unit] + Double(byR[unit]) * gates.pointer[unit]
        }
        multiply(2 * units..<3 * units, output.pointer)
        for unit in 0..<units { gates.pointer[unit] = 0 }
      } else {
        multiply(0..<3 * units, hidden)
      }
      for unit in 0..<units {
        hidden[unit] =
          Double(keep[unit]) * hidden[unit] + Double(byU[unit]) * gates.pointer[units + unit]
          + Double(byN[unit]) * gates.pointer[2 * units + unit]
          + Double(byR[unit]) * gates.pointer[unit]
      }
    case .rnn:
      multiply(0..<units, hidden)
      let slope = factor(0, place)
      for unit in 0..<units { hidden[unit] = Double(slope[unit]) * gates.pointer[unit] }
    case .described: preconditionFailure("only cells with kernels of their own come here")
    }
  }

  /// The other way: what the state after a place is worth becomes what that before it is worth.
  func pull(_ place: Int, cell: UnsafeMutablePointer<Double>, hidden: UnsafeMutablePointer<Double>)
  {
    switch reading.shape.cell {
    case .lstm:
      collect(place, hidden: hidden, cell: cell)
      // `collect` has left what h is worth, brought back through the projection, in `output`.
      let shown =
        reading.weights.projection == nil ? UnsafePointer(hidden) : UnsafePointer(output.pointer)
      let byO = factor(4, place)
      for unit in 0..<units {
        gates.pointer[3 * units + unit] = Double(byO[unit]) * shown[unit]
      }
      let (keep, byZ, byF, byI) = (
        factor(0, place), factor(1, place), factor(2, place), factor(3, place)
      )
      for unit in 0..<units {
        let worth = cell[unit]
        gates.pointer[unit] = Double(byZ[unit]) * worth
        gates.pointer[units + unit] = Double(byF[unit]) * worth
        gates.pointer[2 * units + unit] = Double(byI[unit]) * worth
        cell[unit] = Double(keep[unit]) * worth
      }
      for place in 0..<hiddenSize { hidden[place] = 0 }
      multiplyBack(0..<4 * units, into: hidden)
    case .gru:
      let (keep, byU, byN, byR) = (
        factor(0, place), factor(1, place), factor(2, place), factor(3, place)
      )
      for unit in 0..<units {
        let worth = hidden[unit]
        gates.pointer[units + unit] = Double(byU[unit]) * worth
        gates.pointer[2 * units + unit] = Double(byN[unit]) * worth
        gates.pointer[unit] = Double(byR[unit]) * worth
        hidden[unit] = Double(keep[unit]) * worth
      }
      guard reading.shape.resetsBefore else {
        multiplyBack(0..<3 * units, into: hidden)
        return
      }
      let reset = factor(4, place)
      output.clear()
      multiplyBack(2 * units..<3 * units, into: output.pointer)
      for unit in 0..<units {
        hidden[unit] += Double(reset[unit]) * output.pointer[unit]
        gates.pointer[unit] = Double(byR[unit]) * output.pointer[unit]
      }
      multiplyBack(0..<2 * units, into: hidden)
    case .rnn:
      let slope = factor(0, place)
      for unit in 0..<units { gates.pointer[unit] = Double(slope[unit]) * hidden[unit] }
      for unit in 0..<units { hidden[unit] = 0 }
      multiplyBack(0..<units, into: hidden)
    case .described: preconditionFailure("only cells with kernels of their own come here")
    }
  }

  func factor(_ kind: Int, _ place: Int) -> UnsafePointer<Float> {
    UnsafePointer(row(place) + kind * units)
  }

  /// Rows of R times a vector, into `gates`.
  private func multiply(_ rows: Range<Int>, _ x: UnsafePointer<Double>) {
    reading.weights.recurrentWeights.withUnsafeBufferPointer { matrix in
      for row in rows {
        gates.pointer[row] = Products.dot(
          matrix.baseAddress! + row * hiddenSize, x, hiddenSize)
      }
    }
  }

  /// `y` += the rows of R, each so often as `gates` says.
  private func multiplyBack(_ rows: Range<Int>, into y: UnsafeMutablePointer<Double>) {
    reading.weights.recurrentWeights.withUnsafeBufferPointer { matrix in
      for row in rows {
        Products.add(
          gates.pointer[row], matrix.baseAddress! + row * hiddenSize, to: y, hiddenSize)
      }
    }
  }

  /// h = P m; without a projection m is h already.
  private func project(_ m: UnsafePointer<Double>, into hidden: UnsafeMutablePointer<Double>) {
    reading.weights.projection?.withUnsafeBufferPointer { matrix in
      for row in 0..<hiddenSize {
        hidden[row] = Products.dot(matrix.baseAddress! + row * units, m, units)
      }
    }
  }

  /// Pᵀ times what h is worth, in `output`; without a projection that itself.
  private func projectedBack(_ hidden: UnsafePointer<Double>) -> UnsafePointer<Double> {
    guard let projection = reading.weights.projection else { return hidden }
    output.clear()
    projection.withUnsafeBufferPointer { matrix in
      for row in 0..<hiddenSize {
        Products.add(hidden[row], matrix.baseAddress! + row * units, to: output.pointer, units)
      }
    }
    return UnsafePointer(output.pointer)
  }
}
