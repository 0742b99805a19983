import Inspector
import ModelFiles
import Recurrent

/// The sequences of `trace`, one after the other, and what was wrong with some.
final class SequenceStream {
  private let file: SequenceFile?
  private var single: InputSequence?
  private let network: Network
  private let skipsBad: Bool
  private var read = 0
  private var bad = 0
  private var firstBad: SequenceFault?

  /// - Parameter single: one in place of a file.
  init(_ trace: CorpusTrace, _ single: InputSequence?) throws {
    network = trace.model.network
    skipsBad = trace.options.skipBad
    self.single = single
    guard let path = trace.options.file else {
      file = nil
      return
    }
    let file = try SequenceFile(path: path, lengths: trace.options.lengths, for: trace.model)
    if let shard = trace.options.shard {
      try file.narrow(toPart: shard.part, of: shard.parts, path: path)
    }
    self.file = file
  }

  var hasIDs: Bool { file?.hasIDs ?? false }

  /// 0…1; nil where nobody knows how many there are.
  var progress: Double? { file?.progress }

  /// - Throws: the first `SequenceFault`, unless those are passed over.
  func next() throws -> CorpusSequence? {
    guard let file else {
      defer { single = nil }
      return single.map { CorpusSequence(number: 0, input: $0) }
    }
    while let item = try file.nextItem() {
      read += 1
      switch item {
      case .sequence(let sequence): return sequence
      case .bad(let fault):
        if !skipsBad { throw fault }
        bad += 1
        if firstBad == nil { firstBad = fault }
      }
    }
    return nil
  }

  /// A sequence of the kind that the file has.
  var example: InputSequence {
    if let width = file?.featureWidth {
      return .features(Array(repeating: 0, count: width), width: width)
    }
    return .tokens([0])
  }

  /// Why there is none.
  var nothing: any Error {
    if let firstBad { return firstBad }
    return SequenceFileError.noSequences(path: file?.path ?? "")
  }

  /// Says at the end what was passed over.
  func sayBad() {
    guard let file, let firstBad else { return }
    Process.say(
      "\(file.path): passed over \(bad) of \(read) sequences"
        + "\(bad == 1 ? ":" : "; the first:") \(firstBad)")
  }
}

/// How far many sequences are.
final class CorpusBar {
  private var bar: ProgressBar

  init(isSilent: Bool) { bar = ProgressBar(isSilent: isSilent) }

  /// - Parameter progress: 0…1; nil where nobody knows.
  func show(_ tally: CorpusExporter.Tally, _ progress: Double?) {
    bar.show(min(1, progress ?? 0)) { "\(tally.sequences) sequences  \(tally.steps) steps" }
  }

  func finish() { bar.finish() }
}
