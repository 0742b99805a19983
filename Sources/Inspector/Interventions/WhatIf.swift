import Recurrent

/// Changes that a person keeps, in the order in which they are made; some may be switched off.
public struct WhatIf: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public var change: Change
    public var isOn: Bool

    public init(_ change: Change, isOn: Bool = true) {
      self.change = change
      self.isOn = isOn
    }
  }

  public var entries: [Entry]

  public init(_ entries: [Entry] = []) { self.entries = entries }

  /// Those that are in force.
  public var changes: [Change] { entries.filter(\.isOn).map(\.change) }

  /// The place in the list of one that is in force.
  public func place(ofActive index: Int) -> Int {
    entries.indices.filter { entries[$0].isOn }[index]
  }
}

extension Network {
  /// Tells a network from others: the CRC-32 of its weights, layer after layer, then the embedding and
  /// the readout, as little-endian Float32.
  public var checksum: UInt32 {
    var sum = CRC32()
    func add(_ values: [Float]?) {
      values?.withUnsafeBytes { sum.update($0) }
    }
    for layer in layers {
      for weights in layer.weights {
        add(weights.inputWeights)
        add(weights.recurrentWeights)
        add(weights.inputBias)
        add(weights.recurrentBias)
        add(weights.peepholes)
        add(weights.projection)
      }
    }
    add(embedding?.weights)
    add(readout?.weights)
    add(readout?.bias)
    return sum.value
  }
}
