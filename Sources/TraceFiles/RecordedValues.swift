import Inspector
import ModelFiles
import Recurrent

/// The values of a recorded trace, where a file has them or, of a table, in memory.
final class RecordedValues: TraceValues {
  /// (T, units) of one signal.
  enum Matrix {
    case file(ArrayMatrix)
    case memory([Float], columns: Int)

    var columns: Int {
      switch self {
      case .file(let matrix): matrix.columns
      case .memory(_, let columns): columns
      }
    }

    /// - Precondition: the rectangle lies inside.
    func read(rows: Range<Int>, columns: Range<Int>, into values: UnsafeMutablePointer<Float>) {
      switch self {
      case .file(let matrix): matrix.read(rows: rows, columns: columns, into: values)
      case .memory(let numbers, let width):
        numbers.withUnsafeBufferPointer { numbers in
          guard let base = numbers.baseAddress else { return }
          var target = values
          for row in rows {
            target.update(from: base + row * width + columns.lowerBound, count: columns.count)
            target += columns.count
          }
        }
      }
    }

    func row(_ row: Int) -> [Float] {
      [Float](unsafeUninitializedCapacity: columns) { buffer, count in
        if let base = buffer.baseAddress {
          read(rows: row..<row + 1, columns: 0..<columns, into: base)
        }
        count = columns
      }
    }
  }

  let recordedSteps: Int
  /// A track an entry.
  private let tracks: [[Signal: Matrix]]

  init(steps: Int, tracks: [[Signal: Matrix]]) {
    recordedSteps = steps
    self.tracks = tracks
  }

  func read(_ request: WindowRequest, into values: UnsafeMutablePointer<Float>) {
    tracks[request.track][request.signal]?
      .read(rows: request.steps, columns: request.units, into: values)
  }
}
