import Inspector
import ModelFiles
import Recurrent

/// What the program does with a file, up to its first steps: a model, or an error of one line.
struct Reading {
  /// What must not be, though nothing crashed.
  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  /// libhdf5 was given up; the process can read no other HDF5 file.
  struct LibraryLoop: Error {}

  private let format: FuzzFormat
  /// For what needs a network beside it.
  private let network: Network

  init(_ format: FuzzFormat) throws {
    self.format = format
    let weights = LayerWeights(
      inputWeights: [Float](repeating: 0.1, count: 24),
      recurrentWeights: [Float](repeating: 0.1, count: 16))
    let shape = LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 2)
    network = try Network(layers: [Layer(shape: shape, weights: [weights])])
  }

  /// - Returns: whether it was read.
  /// - Throws: `Fault`.
  func read(_ bytes: [UInt8], path: String) throws -> Bool {
    switch format {
    case .safetensors, .torch, .legacy, .onnx, .config, .keras: try model(bytes, path)
    case .numpy:
      try path.hasSuffix(".npy") ? arrays(bytes, path) : model(bytes, path) || arrays(bytes, path)
    case .state: try arrays(bytes, path)
    case .vocabulary:
      try text(bytes) { text in
        let vocabulary = try VocabularyFile.vocabulary(text: text, path: path, count: 3)
        _ = try? vocabulary.tokens(of: "a春b\n")
      }
    case .table: try text(bytes) { text in _ = try FeatureTable(text: text, path: path) }
    }
  }

  private func model(_ bytes: [UInt8], _ path: String) throws -> Bool {
    var names: [String?] = [nil]
    let isReported = try told {
      let report = try ModelReader.report(bytes: bytes, path: path)
      let lines = report.modules.compactMap(\.problem) + report.warnings
      for line in lines { try Self.prove(line) }
      names += report.modules.prefix(3).map(\.name)
    }
    var isRead = false
    for name in names {
      isRead =
        try told {
          let model = try ModelReader.read(bytes: bytes, path: path, module: name)
          for warning in model.warnings { try Self.prove(warning) }
          try step(model)
        } || isRead
    }
    return isReported && isRead
  }

  /// Three steps, as `trace` makes them.
  private func step(_ model: TrainedModel) throws {
    let network = model.network
    let recorder = try TraceRecorder(
      network: network, input: .tokens([0, 0, 0]), state: model.initialState,
      symbols: model.vocabulary?.symbols)
    recorder.recordAll()
  }

  private func arrays(_ bytes: [UInt8], _ path: String) throws -> Bool {
    try told {
      let file = try NumPyFile(bytes: bytes, path: path)
      for name in file.names {
        _ = try told { _ = try file.floats(name) }
        _ = try told { _ = try file.integers(name) }
      }
      let uses: [() throws -> Void] = [
        { _ = try StateFile.state(file, for: network) },
        { _ = try InputArray.features(file, width: 3, batch: 0) },
        { _ = try InputArray.features(file, width: 3) }, { _ = try InputArray.tokens(file) },
      ]
      for use in uses { _ = try told(use) }
    }
  }

  private func text(_ bytes: [UInt8], _ body: (String) throws -> Void) throws -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else { return false }
    return try told { try body(text) }
  }

  /// - Returns: whether it went well; an error must be a line for a person.
  private func told(_ body: () throws -> Void) throws -> Bool {
    do {
      try body()
      return true
    } catch let fault as Fault {
      throw fault
    } catch {
      if case .hdf5(.deadline)? = (error as? ModelFileError)?.problem { throw LibraryLoop() }
      try Self.prove("\(error)")
      return false
    }
  }

  /// A line that does a terminal no harm.
  private static func prove(_ line: String) throws {
    let isClean = line.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: false
      default: true
      }
    }
    guard isClean else { throw Fault(description: "not one clean line: \(line.debugDescription)") }
    guard !line.isEmpty, line.utf8.count < 4000 else {
      throw Fault(description: "a line of \(line.utf8.count) bytes: \(line.prefix(200))")
    }
  }
}
