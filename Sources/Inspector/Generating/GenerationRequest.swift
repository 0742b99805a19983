/// How a network is to go on by itself.
public struct GenerationRequest: Sendable, Equatable {
  /// So many steps follow, unless `until` ends them before.
  public var count: Int
  /// As `TokenChoice` has it; numbers are not drawn.
  public var temperature: Double
  public var topCount: Int?
  public var seed: UInt64
  /// It stops where this has been written.
  public var until: String?

  public init(
    count: Int, temperature: Double = 1, topCount: Int? = nil, seed: UInt64 = 1,
    until: String? = nil
  ) {
    self.count = count
    self.temperature = temperature
    self.topCount = topCount
    self.seed = seed
    self.until = until
  }

  /// More would take an afternoon, and its trace the disk.
  public static let mostSteps = 1_000_000

  /// Whether anything says how symbols are chosen.
  public var choosesSymbols: Bool {
    self != GenerationRequest(count: count)
  }
}

/// Whether a text has come to where it should stop.
public struct WrittenEnding: Sendable {
  private let wanted: [UInt8]
  private var last: [UInt8] = []

  /// - Parameter text: nil where it never stops.
  public init(_ text: String?) { wanted = text.map { Array($0.utf8) } ?? [] }

  /// - Parameter symbol: what has been written now, in UTF-8.
  public mutating func isReached(after symbol: [UInt8]) -> Bool {
    guard !wanted.isEmpty else { return false }
    last += symbol
    defer { last = last.suffix(wanted.count - 1) }
    // A long symbol may hold it in its midst.
    return last.count >= wanted.count
      && (0...last.count - wanted.count).contains {
        last[$0..<$0 + wanted.count].elementsEqual(wanted)
      }
  }
}
