import Recurrent

/// What can compute again what a trace has let go of.
protocol SegmentSource: AnyObject {
  /// Writes the steps of a segment into the storage's rows once more, with the same bits.
  ///
  /// - Parameter tracks: how many of them are there; the first ones.
  func recompute(segment: Int, tracks: Int)
}

/// The memory of a trace: segments of consecutive steps, each the rows of one track after the other,
/// a row laid out as [signal][unit] (a projected h, the last signal, has fewer units).
///
/// What is recorded never takes much more than `budget`: the segments that were looked at longest ago
/// are let go, and computed again from the state with which they began when somebody looks at them.
final class TraceStorage: TraceValues {
  let length: Int
  /// Steps of a segment, a multiple of a stepper's block.
  let segmentSteps: Int
  /// Bytes that the values and the states may take.
  var budget: Int {
    didSet { if budget != oldValue { keepToBudget() } }
  }
  var recordedSteps = 0
  /// Owned here, since the trace may outlive its recorder.
  var source: (any SegmentSource)?

  private let layout: [TrackLayout]
  private let rowLengths: [Int]  // floats a step, a track an entry
  private let offsets: [Int]  // floats from a segment's start, a track an entry
  private let segmentLength: Int  // floats
  private let statesBytes: Int  // of all segments
  private var mostResident: Int
  private var buffers: [FloatBuffer?]  // a segment an entry
  private var lastUse: [UInt32]
  private var resident: [Int] = []
  /// How many tracks of a segment are there; they can be computed again.
  private var filled: [Int]
  /// The state with which a track begins a segment in its own direction: [track][segment].
  private var starts: [[NetworkState.TrackState?]]
  /// What is being written, and must stay.
  private var open: Int?
  private var clock: UInt32 = 0
  /// How many segments have been computed again, for tests.
  private(set) var recomputed = 0
  /// How many segments are in memory.
  var residentSegments: Int { resident.count }

  /// - Parameters:
  ///   - length: steps that there will be.
  ///   - products: multiplications of a step.
  ///   - seed: the state before the first step, a track an entry.
  ///   - budget: bytes; at least three segments stay in any case.
  init(
    layout: [TrackLayout], length: Int, products: Int, seed: [NetworkState.TrackState],
    budget: Int = .max
  ) {
    self.layout = layout
    self.length = length
    self.budget = budget
    rowLengths = layout.map(\.rowLength)
    let row = rowLengths.reduce(0, +)
    segmentSteps = Self.steps(rowBytes: 4 * row, products: products, length: length)
    var sum = 0
    var offsets: [Int] = []
    for length in rowLengths {
      offsets.append(sum)
      sum += length * segmentSteps
    }
    self.offsets = offsets
    // Huge pages are faulted in at once, not 4 kB by 4 kB.
    let page = (2 << 20) / 4
    segmentLength = 4 * sum >= 3 << 20 ? (sum + page - 1) / page * page : sum
    let count = (length + segmentSteps - 1) / segmentSteps
    let states = 4 * seed.reduce(0) { $0 + $1.hidden.count + ($1.cell?.count ?? 0) } + 256
    statesBytes = count * states
    mostResident = Self.segments(of: segmentLength, in: budget, beside: statesBytes)
    buffers = Array(repeating: nil, count: count)
    lastUse = Array(repeating: 0, count: count)
    filled = Array(repeating: 0, count: count)
    starts = layout.map { _ in Array(repeating: nil, count: count) }
    for (index, track) in layout.enumerated() where count > 0 {
      let first = track.track.direction == .forward ? 0 : count - 1
      starts[index][first] = seed[index]
    }
  }

  /// About 4 MiB, which two huge pages hold, but no more than is computed again within a frame or two;
  /// a short sequence takes no more than it needs.
  private static func steps(rowBytes: Int, products: Int, length: Int) -> Int {
    let block = Stepper.blockSteps
    let fitting = segmentBytes / max(rowBytes, 1)
    let quick = productsOfSegment / max(products, 1)
    let most = max(min(fitting, quick) / block * block, block)
    return min(most, (max(length, 1) + block - 1) / block * block)
  }

  private static let segmentBytes = 4 << 20
  /// Multiplications that take some 20 ms.
  private static let productsOfSegment = 250_000_000
  private static let leastResident = 3

  /// How many segments have room. States are kept of every segment, whatever becomes of its values.
  private static func segments(of length: Int, in budget: Int, beside states: Int) -> Int {
    let left = budget == .max ? .max : max(0, budget - states)
    return max(leastResident, left / (4 * max(length, 1)))
  }

  // MARK: - Where steps are

  func segment(of step: Int) -> Int { step / segmentSteps }

  /// The steps of a segment.
  func steps(of segment: Int) -> Range<Int> {
    segment * segmentSteps..<min((segment + 1) * segmentSteps, length)
  }

  /// As much of the beginning of `steps` as stands in one piece of memory.
  func together(_ steps: Range<Int>) -> Range<Int> {
    steps
      .lowerBound..<min(self.steps(of: segment(of: steps.lowerBound)).upperBound, steps.upperBound)
  }

  /// As much of the end of `steps` as stands in one piece of memory.
  func togetherAtEnd(_ steps: Range<Int>) -> Range<Int> {
    max(
      self.steps(of: segment(of: steps.upperBound - 1)).lowerBound, steps.lowerBound)..<steps
      .upperBound
  }

  // MARK: - Reading

  func read(_ request: WindowRequest, into values: UnsafeMutablePointer<Float>) {
    guard let offset = layout[request.track].offset(of: request.signal) else { return }
    let length = rowLengths[request.track]
    var destination = values
    var rest = request.steps
    while !rest.isEmpty {
      let part = together(rest)
      var row =
        self.row(track: request.track, step: part.lowerBound) + offset + request.units.lowerBound
      for _ in part {
        destination.update(from: row, count: request.units.count)
        destination += request.units.count
        row += length
      }
      rest = part.upperBound..<rest.upperBound
    }
  }

  /// Where the signals of a step stand, one after the other. Valid until another segment is looked at.
  func row(track: Int, step: Int) -> UnsafePointer<Float> {
    UnsafePointer(place(track: track, step: step))
  }

  // MARK: - Writing

  /// The same, to be written; the segment stays until `finish`.
  func mutableRow(track: Int, step: Int) -> UnsafeMutablePointer<Float> {
    open = segment(of: step)
    return place(track: track, step: step)
  }

  /// The same for a segment that is computed again.
  func place(track: Int, step: Int) -> UnsafeMutablePointer<Float> {
    let (segment, step) = step.quotientAndRemainder(dividingBy: segmentSteps)
    return memory(of: segment) + offsets[track] + step * rowLengths[track]
  }

  /// A segment has been written by the first `count` tracks: it may be let go from now on, and the
  /// next one in a track's own direction begins with the state that it ended with.
  func finish(segment: Int, tracks count: Int) {
    for track in filled[segment]..<count {
      let isForward = layout[track].track.direction == .forward
      let next = isForward ? segment + 1 : segment - 1
      guard starts[track].indices.contains(next) else { continue }
      let steps = steps(of: segment)
      starts[track][next] = state(
        of: track, at: isForward ? steps.upperBound - 1 : steps.lowerBound)
    }
    filled[segment] = count
    open = nil
  }

  /// The state with which a track begins a segment.
  ///
  /// - Precondition: the segment before it, in the track's own direction, is finished.
  func start(track: Int, segment: Int) -> NetworkState.TrackState { starts[track][segment]! }

  /// What a track carries from a step to the next in its own direction.
  func state(of track: Int, at step: Int) -> NetworkState.TrackState {
    let layout = layout[track]
    let row = row(track: track, step: step)
    func values(_ signal: Signal) -> [Float]? {
      layout.offset(of: signal).map {
        Array(UnsafeBufferPointer(start: row + $0, count: layout.units(of: signal)))
      }
    }
    return NetworkState.TrackState(
      hidden: values(.h) ?? [],
      cell: layout.cell.hasCellState
        ? layout.carried.flatMap { values($0) ?? [] } : nil)
  }

  // MARK: - Branches

  /// Takes over the steps of another storage of the same layout before `end`: segments that are whole
  /// share their memory, the rest is copied. Nothing has been written here yet.
  ///
  /// - Precondition: the other has recorded them, of a network that only reads forwards.
  func adopt(_ other: TraceStorage, before end: Int) {
    var step = 0
    if other.segmentSteps == segmentSteps {
      let whole = end / segmentSteps
      for segment in 0..<whole where segment < buffers.count {
        if let buffer = other.buffers[segment], resident.count < mostResident {
          buffers[segment] = buffer
          resident.append(segment)
        }
        filled[segment] = layout.count
      }
      for track in layout.indices {
        for segment in 0..<min(whole + 1, buffers.count) {
          starts[track][segment] = other.starts[track][segment]
        }
      }
      step = min(whole * segmentSteps, length)
    }
    while step < end {
      let steps = together(step..<end)
      for step in steps {
        for track in layout.indices {
          let row = other.row(track: track, step: step)
          mutableRow(track: track, step: step).update(from: row, count: rowLengths[track])
        }
      }
      step = steps.upperBound
      let segment = segment(of: steps.lowerBound)
      if step == self.steps(of: segment).upperBound {
        finish(segment: segment, tracks: layout.count)
      }
    }
    recordedSteps = end
  }

  // MARK: - Memory

  private func memory(of segment: Int) -> UnsafeMutablePointer<Float> {
    clock &+= 1
    lastUse[segment] = clock
    if let buffer = buffers[segment] { return buffer.pointer }
    let buffer = letGo() ?? FloatBuffer(uninitialized: segmentLength)
    buffers[segment] = buffer
    resident.append(segment)
    if filled[segment] > 0 {
      recomputed += 1
      // What is written meanwhile must stay, and what is computed again too.
      let wasOpen = open
      source?.recompute(segment: segment, tracks: filled[segment])
      open = wasOpen
    }
    return buffer.pointer
  }

  /// Another budget counts from now on.
  private func keepToBudget() {
    mostResident = Self.segments(of: segmentLength, in: budget, beside: statesBytes)
    while resident.count > mostResident, letGo() != nil {}
  }

  /// The memory of the segment that nobody has looked at for longest, where there are enough.
  private func letGo() -> FloatBuffer? {
    guard resident.count >= mostResident else { return nil }
    var oldest: Int?
    for (place, segment) in resident.enumerated()
    where segment != open && filled[segment] > 0 {
      if oldest.map({ age(segment) > age(resident[$0]) }) ?? true { oldest = place }
    }
    guard let oldest else { return nil }
    let segment = resident.remove(at: oldest)
    var buffer = buffers[segment]
    buffers[segment] = nil
    // A branch may read the same memory still.
    return isKnownUniquelyReferenced(&buffer)
      ? buffer : FloatBuffer(uninitialized: segmentLength)
  }

  /// Looks ago; the clock may have gone round.
  private func age(_ segment: Int) -> UInt32 { clock &- lastUse[segment] }
}
