import Foundation
import Recurrent
import Testing

/// A case of `Fixtures/interventions.json`; `make_interventions.py` says what its fields mean.
struct InterventionCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Part: Decodable {
    var track: Int
    var signal: String
    var units: [Int]
    var first: Int
    var last: Int
    var operation: String
    var value: Value?
  }

  enum Value: Decodable {
    case one(Float)
    case rows([[Float]])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Float.self) {
        self = .one(value)
      } else {
        self = .rows(try container.decode([[Float]].self))
      }
    }
  }

  let oracle: OracleCase
  let changes: [Part]

  private enum Key: CodingKey { case changes }

  init(from decoder: any Decoder) throws {
    oracle = try OracleCase(from: decoder)
    changes = try decoder.container(keyedBy: Key.self).decode([Part].self, forKey: .changes)
  }

  var testDescription: String { oracle.name }

  static let all: [InterventionCase] = {
    guard let data = try? Data(contentsOf: file("interventions.json")) else { return [] }
    return (try? JSONDecoder().decode([InterventionCase].self, from: data)) ?? []
  }()

  private static func file(_ name: String) -> URL {
    Bundle.module.bundleURL.appendingPathComponent("Fixtures").appendingPathComponent(name)
  }

  /// For each track (steps, signals), in Float64.
  func reference() throws -> [Double] {
    let data = try Data(contentsOf: Self.file("interventions.bin"), options: .alwaysMapped)
    return data.withUnsafeBytes { bytes in
      (oracle.start..<oracle.start + oracle.count).map { place in
        Double(
          bitPattern: UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)))
      }
    }
  }

  func interventions() throws -> [Intervention] {
    try changes.map { part in
      let operation: Intervention.Operation
      switch (part.operation, part.value) {
      case ("set", .one(let value)): operation = .set(value)
      case ("scale", .one(let value)): operation = .scale(value)
      case ("add", .one(let value)): operation = .add(value)
      case ("freeze", nil): operation = .freeze
      case ("patch", .rows(let rows)): operation = .patch(rows.flatMap { $0 })
      case (let other, _):
        Issue.record("no operation \(other)")
        operation = .freeze
      }
      return Intervention(
        track: part.track, signal: try #require(Signal(rawValue: part.signal)), units: part.units,
        steps: part.first..<part.last + 1, operation: operation)
    }
  }
}
