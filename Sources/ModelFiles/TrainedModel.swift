import Recurrent

/// A network as it came out of a file, with what the file says about it.
public struct TrainedModel: Sendable {
  public var network: Network
  /// The symbols of the input tokens, where the file has them. A readout of the same width
  /// predicts the same symbols.
  public var vocabulary: Vocabulary?
  /// What the network was trained for, where the file says so: "reber".
  public var task: String?
  /// Things that a person should know but that stop nothing, such as weights that are NaN.
  public var warnings: [String]

  public init(
    network: Network, vocabulary: Vocabulary? = nil, task: String? = nil, warnings: [String] = []
  ) {
    self.network = network
    self.vocabulary = vocabulary
    self.task = task
    self.warnings = warnings
  }
}
