import Files
import Inspector
import Recurrent

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What tells a sweep from others: a number made of the weights, the sequence and what is held.
struct AblationMark {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  init(
    _ network: Network, _ input: InputSequence, _ state: NetworkState?, _ due: SequenceLoss.Due,
    _ holds: [UnitHold]
  ) {
    add(network.embedding?.weights)
    for layer in network.layers {
      add("\(layer.shape)")
      for weights in layer.weights {
        add(weights.inputWeights)
        add(weights.recurrentWeights)
        for more in [
          weights.inputBias, weights.recurrentBias, weights.peepholes, weights.projection,
        ] { add(more) }
      }
    }
    add(network.readout?.weights)
    add(network.readout?.bias)
    add("\(network.readout?.activation.rawValue ?? "")")
    switch input {
    case .tokens(let tokens): for token in tokens { add(UInt64(truncatingIfNeeded: token)) }
    case .features(let values, _): add(values)
    }
    for track in state?.tracks ?? [] {
      add(track.hidden)
      add(track.cell)
    }
    switch due {
    case .outputs(let outputs):
      for output in outputs { add(UInt64(bitPattern: Int64(output ?? -1))) }
    case .numbers(let values): add(values)
    }
    for hold in holds {
      add("\(hold.track) \(hold.signal.rawValue) \(hold.unit)")
      add(UInt64(hold.value.bitPattern))
    }
  }

  var text: String { String(hash, radix: 16) }

  /// FNV-1a (Fowler, Noll & Vo), eight bytes at a time.
  private mutating func add(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01B3 }

  private mutating func add(_ text: String) { for byte in text.utf8 { add(UInt64(byte)) } }

  private mutating func add(_ values: [Float]?) {
    add(UInt64(values?.count ?? 0))
    for value in values ?? [] { add(UInt64(value.bitPattern)) }
  }
}

/// What a sweep has found so far, beside its output, so that one that was stopped can go on: a first
/// line that tells the sweep, then a line for each that was held, its number and the loss.
final class AblationPart {
  let path: String
  /// The losses that are there already, by number.
  let known: [Int: Double]
  private let file: UnsafeMutablePointer<FILE>

  /// - Parameter isForced: begin anew where the file is of another sweep.
  /// - Throws: `AblationPartError`, or `FileError` where it cannot be opened.
  init(path: String, mark: String, isForced: Bool) throws {
    let head = "# a sweep of gatescope ablate, \(mark)\n"
    let text = access(path, F_OK) == 0 ? try TextFile.read(path) : ""
    let isOurs = text.hasPrefix(head)
    guard text.isEmpty || isOurs || isForced else { throw AblationPartError(path: path) }
    // A line that was cut off is found anew.
    let whole = text.lastIndex(of: "\n").map { text[...$0] } ?? ""
    known = isOurs ? Self.losses(whole.dropFirst(head.count)) : [:]
    guard let file = fopen(path, "w") else {
      throw FileError.system(.write, path: path, code: errno)
    }
    self.path = path
    self.file = file
    try put(isOurs ? String(whole) : head)
  }

  deinit { fclose(file) }

  private static func losses(_ text: Substring) -> [Int: Double] {
    var losses: [Int: Double] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count == 2, let number = Int(parts[0]), let loss = Double(parts[1]) else {
        continue
      }
      losses[number] = loss
    }
    return losses
  }

  func add(_ numbers: ArraySlice<Int>, _ losses: [Double]) throws {
    try put(zip(numbers, losses).map { "\($0) \($1)\n" }.joined())
  }

  private func put(_ text: String) throws {
    guard fputs(text, file) >= 0, fflush(file) == 0 else {
      throw FileError.system(.write, path: path, code: errno)
    }
  }

  /// Once its output is there.
  func remove() { unlink(path) }
}

/// A part file that is not of this sweep.
struct AblationPartError: Error, CustomStringConvertible {
  let path: String
  var description: String {
    "\(path): is of another sweep; --force begins anew, or give another name with -o"
  }
}
