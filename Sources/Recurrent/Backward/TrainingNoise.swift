import CLSTMKernel

/// What makes a training run harder than the real thing, so that the network learns to do it
/// robustly. Gradients take the noise as it fell.
///
/// What falls where is a function of the key and of the place alone, so that a run can be repeated
/// and nothing has to be kept for the way back.
public struct TrainingNoise: Sendable, Hashable {
  /// Inverted dropout (Hinton et al. 2012) between layers and before the readout: each number is
  /// zeroed with this probability, or else divided by 1 - dropout. 0 up to, not including, 1.
  public var dropout: Float
  /// The deviation of what is added to every gate's sum before its activation. A gate withstands
  /// it only where it is saturated, so gates become nearly 0 or 1, which can be read (compare
  /// Salakhutdinov & Hinton 2009, who made binary codes so).
  public var gateNoise: Float
  /// Take another for every batch.
  public var key: UInt32

  public init(dropout: Float = 0, gateNoise: Float = 0, key: UInt32) {
    precondition(dropout >= 0 && dropout < 1 && gateNoise >= 0)
    self.dropout = dropout
    self.gateNoise = gateNoise
    self.key = key
  }

  var keep: Float { 1 - dropout }

  /// The key of one track's dropout, so that no two tracks drop the same places.
  func dropKey(forTrack track: Int) -> UInt32 {
    key &+ UInt32(truncatingIfNeeded: track) &* 0x85EB_CA6B
  }

  /// The key of one track's gate noise.
  func gateKey(forTrack track: Int) -> UInt32 {
    ~key &+ UInt32(truncatingIfNeeded: track) &* 0xC2B2_AE35
  }

  /// Whether unit `unit` of a track of `units` units is kept, at step t of sequence b of a batch.
  func keeps(track: Int, step: Int, sequence: Int, sequences: Int, unit: Int, units: Int) -> Bool {
    let number = UInt32(truncatingIfNeeded: (step * sequences + sequence) * units + unit)
    return gs_dropout_keeps(number, dropKey(forTrack: track), keep) != 0
  }

  /// What is added to row `row` of a track's `rows` gate rows, at step t of sequence b.
  func gateNoise(track: Int, step: Int, sequence: Int, sequences: Int, row: Int, rows: Int)
    -> Float
  {
    let number = UInt32(truncatingIfNeeded: (step * sequences + sequence) * rows + row)
    return gs_noise(number, gateKey(forTrack: track), gateNoise)
  }
}
