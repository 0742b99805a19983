/// The values of a node over some steps: (steps, width) row-major, or one value for all of them.
struct Column<Value> {
  private(set) var values: [Value]
  /// Values a step: one a unit.
  let width: Int
  private let isConstant: Bool

  init(_ values: [Value], width: Int = 1) {
    self.values = values
    self.width = width
    isConstant = false
  }

  init(constant: Value) {
    values = [constant]
    width = 1
    isConstant = true
  }

  private init(_ values: [Value], width: Int, isConstant: Bool) {
    self.values = values
    self.width = width
    self.isConstant = isConstant
  }

  /// The value at a step of the block, of a node with one value a step.
  subscript(step: Int) -> Value { values[isConstant ? 0 : step] }

  /// The values of a step.
  func row(_ step: Int) -> ArraySlice<Value> {
    isConstant ? values[...] : values[step * width..<(step + 1) * width]
  }

  /// From one step's values to the next's, and from one unit's to the next's.
  private var strides: (step: Int, unit: Int) {
    isConstant ? (0, 0) : (width, width == 1 ? 0 : 1)
  }

  @inline(__always)
  func map<Result>(_ body: (Value) -> Result) -> Column<Result> {
    Column<Result>(values.map(body), width: width, isConstant: isConstant)
  }

  /// Step by step and unit by unit; what has one value a step goes with every unit of the other.
  @inline(__always)
  func combined<Other, Result>(
    with other: Column<Other>, _ steps: Int, _ body: (Value, Other) -> Result
  ) -> Column<Result> {
    let rows = isConstant && other.isConstant ? 1 : steps
    let width = Swift.max(width, other.width)
    let (a, b) = (strides, other.strides)
    let results = [Result](unsafeUninitializedCapacity: rows * width) { results, count in
      values.withUnsafeBufferPointer { left in
        other.values.withUnsafeBufferPointer { right in
          for row in 0..<rows {
            for unit in 0..<width {
              let result = body(
                left[row * a.step + unit * a.unit], right[row * b.step + unit * b.unit])
              results.initializeElement(at: row * width + unit, to: result)
            }
          }
        }
      }
      count = rows * width
    }
    return Column<Result>(
      results, width: width, isConstant: isConstant && other.isConstant)
  }

  /// One value a step from those of its units.
  @inline(__always)
  func reduced<Result>(
    _ steps: Int, _ body: (UnsafeBufferPointer<Value>) -> Result
  ) -> Column<Result> {
    let rows = isConstant ? 1 : steps
    let results = values.withUnsafeBufferPointer { values in
      (0..<rows).map { row in
        body(UnsafeBufferPointer(rebasing: values[row * width..<(row + 1) * width]))
      }
    }
    return Column<Result>(results, width: 1, isConstant: isConstant)
  }

  /// The same with another value at some steps.
  func replacing(
    _ steps: Int, with value: Value, where isReplaced: (_ row: Int) -> Bool
  ) -> Column {
    if isConstant { return self }
    var changed = self
    for row in 0..<steps where isReplaced(row) {
      for place in row * width..<(row + 1) * width { changed.values[place] = value }
    }
    return changed
  }

  /// The values of `steps` steps and of those one before each, out of a column with one step more.
  func neighbours(_ steps: Int, _ before: Int) -> (now: Column, before: Column) {
    if isConstant { return (self, self) }
    let early = Column(Array(values.prefix(steps * width)), width: width)
    let late = Column(Array(values.suffix(steps * width)), width: width)
    return before < 0 ? (late, early) : (early, late)
  }
}
