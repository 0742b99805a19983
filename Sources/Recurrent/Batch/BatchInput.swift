/// What enters layer 0 of the sequences of a batch, end to end.
struct BatchInput {
  /// Steps of each sequence.
  let lengths: [Int]
  /// Where each begins.
  let starts: [Int]
  let values: Values

  enum Values {
    case tokens([Int])
    case features(FloatBuffer, width: Int)
  }

  /// - Precondition: all are tokens, or all are vectors of one width.
  init(_ inputs: [InputSequence]) {
    lengths = inputs.map(\.count)
    var (starts, steps) = ([Int](), 0)
    for length in lengths {
      starts.append(steps)
      steps += length
    }
    self.starts = starts
    guard case .features(_, let width) = inputs[0] else {
      values = .tokens(
        inputs.flatMap { input -> [Int] in
          guard case .tokens(let tokens) = input else {
            preconditionFailure("tokens and features in one batch")
          }
          return tokens
        })
      return
    }
    let buffer = FloatBuffer(uninitialized: steps * width)
    for (input, start) in zip(inputs, starts) {
      guard case .features(let values, width) = input else {
        preconditionFailure("tokens and features, or several widths, in one batch")
      }
      values.withUnsafeBufferPointer {
        (buffer.pointer + start * width).update(from: $0.baseAddress!, count: $0.count)
      }
    }
    values = .features(buffer, width: width)
  }
}

/// What tokens contribute to the sums of a track of layer 0, b_W + W x, kept where there is room.
final class TokenSums {
  private let network: Network
  private let cell: BatchCell
  private let table: FloatBuffer?  // (V, sumsLength)
  private var isFilled: [Bool]
  private let vector: FloatBuffer  // (I)

  /// As `InputProjection` has it.
  private static let largestTable = 1 << 24  // floats

  init(_ network: Network, cell: BatchCell) {
    self.network = network
    self.cell = cell
    let (floats, overflow) = network.tokenCount.multipliedReportingOverflow(by: cell.sumsLength)
    let fits = !overflow && floats <= Self.largestTable
    table = fits ? FloatBuffer(count: floats) : nil
    isFilled = Array(repeating: false, count: fits ? network.tokenCount : 0)
    vector = FloatBuffer(count: cell.shape.inputSize)
  }

  /// - Parameters:
  ///   - count: tokens, each given by its row.
  ///   - scratch: (count, I).
  ///   - sums: receives (count, sumsLength).
  func project(
    count: Int, token: (Int) -> Int, scratch: UnsafeMutablePointer<Float>,
    into sums: UnsafeMutablePointer<Float>
  ) {
    let length = cell.sumsLength
    guard let table else {
      let width = cell.shape.inputSize
      for row in 0..<count { write(token(row), into: scratch + row * width) }
      cell.project(scratch, count: count, into: sums)
      return
    }
    for row in 0..<count {
      let token = token(row)
      let kept = table.pointer + token * length
      if !isFilled[token] {
        write(token, into: vector.pointer)
        cell.project(vector.pointer, count: 1, into: kept)
        isFilled[token] = true
      }
      (sums + row * length).update(from: kept, count: length)
    }
  }

  /// The vector that a token stands for.
  private func write(_ token: Int, into x: UnsafeMutablePointer<Float>) {
    let width = cell.shape.inputSize
    if let embedding = network.embedding {
      embedding.weights.withUnsafeBufferPointer {
        x.update(from: $0.baseAddress! + token * width, count: width)
      }
    } else {
      x.update(repeating: 0, count: width)
      x[token] = 1
    }
  }
}
