import CLSTMKernel

/// Inverted dropout (Hinton et al. 2012) between layers and before the readout: in a training run
/// each number is zeroed with probability `rate`, or else divided by 1 - rate.
///
/// Which numbers are dropped is a function of the key and of their place alone, so that a run can
/// be repeated and nothing has to be kept for the way back.
public struct Dropout: Sendable, Hashable {
  /// 0 up to, not including, 1.
  public var rate: Float
  /// Take another for every batch.
  public var key: UInt32

  public init(rate: Float, key: UInt32) {
    precondition(rate >= 0 && rate < 1)
    self.rate = rate
    self.key = key
  }

  var keep: Float { 1 - rate }

  /// The key of one track, so that no two tracks drop the same places.
  func key(forTrack track: Int) -> UInt32 {
    key &+ UInt32(truncatingIfNeeded: track) &* 0x85EB_CA6B
  }

  /// Whether unit `unit` of a track of `units` units is kept, at step t of sequence b of a batch.
  func keeps(track: Int, step: Int, sequence: Int, sequences: Int, unit: Int, units: Int) -> Bool {
    let number = UInt32(truncatingIfNeeded: (step * sequences + sequence) * units + unit)
    return gs_dropout_keeps(number, key(forTrack: track), keep) != 0
  }
}
