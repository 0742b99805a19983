import Recurrent

/// The version of Keras in a file, by which defaults are known that the file does not hold.
struct KerasVersion {
  /// As it stands there: "2.2.4-tf".
  let text: String
  private let major: Int
  private let minor: Int
  /// TensorFlow's own Keras before 2.4, "2.2.4-tf".
  private let isTensorFlow: Bool

  init?(_ text: String) {
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard let first = numbers.first, let major = first else { return nil }
    self.text = text
    self.major = major
    minor = numbers.count > 1 ? numbers[1] ?? 0 : 0
    isTensorFlow = text.hasSuffix("-tf")
  }

  /// What a config tells: the version in it, or else that it is spelled as Keras 3 spells it, which
  /// leaves its version out of `to_json()`.
  init?(config: JSONValue) {
    if let told = config["keras_version"]?.text {
      self.init(told)
    } else if config["registered_name"] != nil || config["build_config"] != nil {
      self.init("3")
    } else {
      return nil
    }
  }

  /// What the names of the weights tell of a file that does not say it: an array a gate.
  static let beforeKeras2 = KerasVersion("1")

  var isKeras3: Bool { major >= 3 }

  /// What the gates of LSTM and GRU have where nothing is said: hard_sigmoid until Keras 2.2
  /// (https://github.com/keras-team/keras/releases/tag/2.3.0), sigmoid since.
  ///
  /// - Returns: nil for "2.2.4-tf", which TensorFlow 1.13 to 1.15 wrote with the one and 2.0 and 2.1
  ///   with the other.
  var gateActivation: String? {
    if major < 2 || major == 2 && minor < 2 { return "hard_sigmoid" }
    if major > 2 || minor > 2 { return "sigmoid" }
    return isTensorFlow ? nil : "hard_sigmoid"
  }

  /// Whether a GRU resets after the product where nothing is said, as TensorFlow 2's and Keras 3's do.
  var resetsAfter: Bool {
    isTensorFlow ? major > 2 || minor > 1 : major > 2 || major == 2 && minor > 3
  }
}
