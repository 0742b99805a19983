import Foundation
import Testing

@testable import Recurrent

/// A case of `Fixtures/ablations.json`; `make_ablations.py` says what its fields mean.
struct AblationCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Hold: Decodable {
    var track: Int
    var signal: String
    var unit: Int
    var value: Float
  }
  var base: String
  var without: [String]?
  var hold: Hold?
  var start: Int
  var count: Int

  var testDescription: String {
    let held = hold.map { "\($0.signal)[\($0.unit)] of track \($0.track)" }
    return "\(base), without \((without ?? [held ?? ""]).joined(separator: " and "))"
  }

  private static func fixture(_ name: String) -> URL {
    Bundle.module.bundleURL.appendingPathComponent("Fixtures").appendingPathComponent(name)
  }

  static let all: [AblationCase] = {
    guard let data = try? Data(contentsOf: fixture("ablations.json")) else { return [] }
    return (try? JSONDecoder().decode([AblationCase].self, from: data)) ?? []
  }()

  /// The network, input and state before anything is changed.
  func problem() throws -> OracleProblem {
    try OracleProblem(try #require(OracleCase.all.first { $0.name == base }))
  }

  func parts() throws -> [CellPart] {
    try (without ?? []).map { try #require(CellPart(rawValue: $0)) }
  }

  func unitHold() throws -> UnitHold? {
    try hold.map {
      UnitHold(
        track: $0.track, signal: try #require(Signal(rawValue: $0.signal)), unit: $0.unit,
        value: $0.value)
    }
  }

  /// The Float64 reference, as `OracleCase` has it.
  func reference() throws -> [Double] {
    let data = try Data(contentsOf: Self.fixture("ablations.bin"), options: .alwaysMapped)
    return data.withUnsafeBytes { bytes in
      (start..<start + count).map { place in
        Double(
          bitPattern: UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)))
      }
    }
  }

  /// Within 2e-5 + 2e-6·|reference|, as everywhere.
  func expectClose(_ computed: [Float]) throws {
    let reference = try reference()
    try #require(computed.count == reference.count)
    let worst = zip(computed, reference).map { ours, exact in
      abs(Double(ours) - exact) / (2e-5 + 2e-6 * abs(exact))
    }
    // Turned round, so that a NaN fails.
    let place = worst.indices.first { !(worst[$0] <= 1) }
    #expect(
      place == nil,
      "value \(place ?? 0) is \(computed[place ?? 0]), not \(reference[place ?? 0])")
  }
}
