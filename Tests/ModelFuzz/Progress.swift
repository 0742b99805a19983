#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How far a worker is, in memory that outlives it.
final class Progress {
  enum Field: Int, CaseIterable {
    /// The damaged file in hand.
    case index
    case done, read
    /// Microseconds of the CPU, and whose they were.
    case worstTime, worstTimeIndex
    /// Bytes.
    case growth, growthIndex
    /// What libhdf5 did.
    case libraryCrashes, libraryLoops
    /// Crashes that the file alone does not cause: an earlier one has damaged the memory.
    case unsteady
  }

  struct Failure: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path): cannot be shared: \(String(cString: strerror(errno)))" }
  }

  private let values: UnsafeMutablePointer<Int>

  /// Maps the file, made if it is not there.
  init(path: String) throws {
    let size = Field.allCases.count * MemoryLayout<Int>.stride
    let file = open(path, O_RDWR | O_CREAT, 0o600)
    guard file >= 0, ftruncate(file, off_t(size)) == 0,
      let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
      memory != MAP_FAILED
    else { throw Failure(path: path) }
    close(file)
    values = memory.bindMemory(to: Int.self, capacity: Field.allCases.count)
  }

  subscript(field: Field) -> Int {
    get { values[field.rawValue] }
    set { values[field.rawValue] = newValue }
  }

  /// Notes what a file took.
  func note(microseconds: Int, growth: Int, at index: Int) {
    if microseconds > self[.worstTime] {
      self[.worstTime] = microseconds
      self[.worstTimeIndex] = index
    }
    if growth > self[.growth] {
      self[.growth] = growth
      self[.growthIndex] = index
    }
  }
}
