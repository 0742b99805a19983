import Recurrent

/// What stands for several values at once.
public enum Representative: String, Sendable, CaseIterable, Hashable {
  /// Their mean.
  case mean
  /// The one that lies farthest from the middle of the scale (0, or ½ for a gate); of equal ones the
  /// first. NaN wherever one of them is NaN.
  case extreme
}

/// A few steps seen as one: the mean and the extreme of every unit over them.
public struct OverviewColumn: Sendable, Equatable {
  /// The steps that are in it: fewer than a whole column where more are still to be recorded.
  public let steps: Range<Int>
  /// (units)
  public let means: [Float]
  /// (units)
  public let extremes: [Float]

  public func values(_ reduction: Representative) -> [Float] {
    switch reduction {
    case .mean: means
    case .extreme: extremes
    }
  }
}

/// A signal seen from afar: means and extremes over many steps each, so that a long sequence can be
/// drawn without reading all of it for every frame.
///
/// It keeps them for blocks of `blockSteps`, computed once as the recording goes on, and makes any
/// wider column of these and of the few values at its ends. It grows with the trace, in slices.
///
/// Not safe to share between threads.
public final class SignalOverview {
  public let source: SignalSource
  /// B, the steps of a block.
  public let blockSteps: Int
  /// Whole blocks that have been taken in.
  public private(set) var blocks = 0
  private var chunks: [FloatBuffer] = []  // (chunkBlocks, 2, units): means, then extremes
  private let units: Int
  private let chunkBlocks: Int
  private let scratch: Scratch

  /// The columns that were asked for last, all of one width.
  private var columnSteps = 0
  private var columns: [Int: OverviewColumn] = [:]

  /// - Parameter budget: bytes that the blocks may take when the whole sequence is in them.
  public init(of source: SignalSource, budget: Int = 10 << 20) {
    self.source = source
    units = source.units
    blockSteps = Self.blockSteps(length: source.length, units: units, budget: budget)
    chunkBlocks = max(1, (1 << 18) / max(1, 2 * 4 * units))
    scratch = Scratch(units: units)
  }

  /// The smallest power of two, 16 at the least, that keeps the budget.
  static func blockSteps(length: Int, units: Int, budget: Int) -> Int {
    let bytes = 2 * 4 * max(units, 1)
    var steps = 16
    while steps < length,
      (length / steps).multipliedReportingOverflow(by: bytes).partialValue > budget
    { steps *= 2 }
    return steps
  }

  /// What it takes in memory, about.
  public var bytes: Int { (chunks.count * chunkBlocks + columns.count) * 2 * 4 * units }

  // MARK: - Columns

  /// Steps of a column.
  public static func steps(of column: Int, width: Int) -> Range<Int> {
    column * width..<(column + 1) * width
  }

  /// A column of `width` steps, if it has been computed and nothing was recorded in it since.
  public func column(_ index: Int, width: Int) -> OverviewColumn? {
    guard width == columnSteps, let column = columns[index] else { return nil }
    return column
  }

  /// Computes the columns that are not there yet, about `limit` values of the trace at most, at the
  /// least one column or as much of the blocks.
  ///
  /// - Returns: the values that were looked at; less than `limit` where nothing is left to be done.
  public func fill(_ wanted: Range<Int>, width: Int, limit: Int) -> Int {
    let recorded = source.recordedSteps
    if width != columnSteps {
      columnSteps = width
      columns = [:]
    } else if columns.count > max(2 * wanted.count, 512) {
      columns = columns.filter { wanted.contains($0.key) }
    }
    var work = 0
    if width >= blockSteps {
      work += extend(through: min(recorded, wanted.upperBound * width), limit: limit)
    }
    for index in wanted where work < limit {
      let steps = Self.steps(of: index, width: width).clamped(to: 0..<recorded)
      guard !steps.isEmpty else { break }
      guard columns[index]?.steps != steps else { continue }
      work += max(1, cost(of: steps))
      columns[index] = reduce(steps)
    }
    return work
  }

  /// How many of the wanted columns are there, 0…1.
  public func progress(_ wanted: Range<Int>, width: Int) -> Double {
    let recorded = source.recordedSteps
    let all = wanted.clamped(to: 0..<(recorded + width - 1) / width)
    guard !all.isEmpty else { return 1 }
    let end = min(recorded, all.upperBound * width) / blockSteps
    let blocksDone = width >= blockSteps && end > 0 ? Double(min(blocks, end)) / Double(end) : 1
    guard width == columnSteps else { return blocksDone / 2 }
    let done = all.count { index in
      columns[index]?.steps == Self.steps(of: index, width: width).clamped(to: 0..<recorded)
    }
    return (blocksDone + Double(done) / Double(all.count)) / 2
  }

  // MARK: - Blocks

  /// Takes in the whole blocks of recorded steps before `end`.
  ///
  /// - Returns: the values that were looked at.
  @discardableResult
  public func extend(through end: Int, limit: Int) -> Int {
    let whole = min(end, source.recordedSteps) / blockSteps
    var work = 0
    while blocks < whole && work < limit {
      if blocks == chunks.count * chunkBlocks {
        // Every block is written before `blocks` lets anybody read it.
        chunks.append(FloatBuffer(uninitialized: chunkBlocks * 2 * units))
      }
      scratch.begin()
      let steps = blocks * blockSteps..<(blocks + 1) * blockSteps
      scratch.add(source, steps: steps)
      scratch.finish(
        count: blockSteps, means: block(blocks), extremes: block(blocks) + units)
      blocks += 1
      work += blockSteps * units
    }
    return work
  }

  /// Means, then extremes.
  private func block(_ index: Int) -> UnsafeMutablePointer<Float> {
    let (chunk, place) = index.quotientAndRemainder(dividingBy: chunkBlocks)
    return chunks[chunk].pointer + place * 2 * units
  }

  /// The whole blocks inside `steps` that are there.
  private func blocks(in steps: Range<Int>) -> Range<Int> {
    let first = (steps.lowerBound + blockSteps - 1) / blockSteps
    let end = min(steps.upperBound / blockSteps, blocks)
    return first..<max(first, end)
  }

  private func cost(of steps: Range<Int>) -> Int {
    let inside = blocks(in: steps).count
    return (steps.count - inside * (blockSteps - 1)) * units
  }

  /// The column of any steps, from the blocks that are there and the trace itself.
  ///
  /// - Precondition: the steps are recorded.
  public func reduce(_ steps: Range<Int>) -> OverviewColumn {
    let inside = blocks(in: steps)
    scratch.begin()
    if inside.isEmpty {
      scratch.add(source, steps: steps)
    } else {
      scratch.add(source, steps: steps.lowerBound..<inside.lowerBound * blockSteps)
      for index in inside {
        let block = block(index)
        scratch.add(
          means: block, extremes: block + units, count: blockSteps, center: source.center)
      }
      scratch.add(source, steps: inside.upperBound * blockSteps..<steps.upperBound)
    }
    var means = [Float](repeating: 0, count: units)
    var extremes = means
    means.withUnsafeMutableBufferPointer { means in
      extremes.withUnsafeMutableBufferPointer { extremes in
        guard let means = means.baseAddress, let extremes = extremes.baseAddress else { return }
        scratch.finish(count: steps.count, means: means, extremes: extremes)
      }
    }
    return OverviewColumn(steps: steps, means: means, extremes: extremes)
  }
}

/// Sums and extremes while they are added up, a unit an entry. Sums are double: a mean over a million
/// steps is as good as one over two.
private final class Scratch {
  private let units: Int
  private let rows: Int
  private let values: FloatBuffer  // (rows, units)
  private let extremes: FloatBuffer
  private let sums: UnsafeMutablePointer<Double>
  private var isEmpty = true

  init(units: Int) {
    self.units = units
    rows = max(1, min(64, (1 << 16) / max(1, units)))
    values = FloatBuffer(uninitialized: rows * units)
    extremes = FloatBuffer(uninitialized: units)
    sums = .allocate(capacity: max(units, 1))
  }

  deinit { sums.deallocate() }

  func begin() {
    sums.initialize(repeating: 0, count: units)
    isEmpty = true
  }

  /// Values of the trace.
  func add(_ source: SignalSource, steps: Range<Int>) {
    let center = source.center
    var start = steps.lowerBound
    while start < steps.upperBound {
      let part = start..<min(start + rows, steps.upperBound)
      source.read(steps: part, units: 0..<units, into: values.pointer)
      for row in 0..<part.count {
        let row = values.pointer + row * units
        add(means: row, extremes: row, count: 1, center: center)
      }
      start = part.upperBound
    }
  }

  /// A block of steps.
  func add(
    means: UnsafePointer<Float>, extremes: UnsafePointer<Float>, count: Int, center: Float
  ) {
    let weight = Double(count)
    for unit in 0..<units { sums[unit] += Double(means[unit]) * weight }
    let kept = self.extremes.pointer
    if isEmpty {
      kept.update(from: extremes, count: units)
      isEmpty = false
      return
    }
    for unit in 0..<units {
      kept[unit] = Representative.farther(kept[unit], extremes[unit], from: center)
    }
  }

  func finish(
    count: Int, means: UnsafeMutablePointer<Float>, extremes: UnsafeMutablePointer<Float>
  ) {
    let share = 1 / Double(max(count, 1))
    for unit in 0..<units { means[unit] = Float(sums[unit] * share) }
    extremes.update(from: self.extremes.pointer, count: units)
  }
}

extension Representative {
  /// Of two values the one that lies farther from the middle, the first where they lie as far; NaN
  /// where one is NaN, so that a cell never hides it.
  @inline(__always)
  public static func farther(_ a: Float, _ b: Float, from center: Float) -> Float {
    // Written without branches, for vectors: every comparison with NaN is false.
    let takesSecond = !(abs(b - center) <= abs(a - center)) && a == a
    return takesSecond ? b : a
  }
}
