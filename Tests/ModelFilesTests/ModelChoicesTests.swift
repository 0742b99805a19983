import ModelFiles
import Recurrent
import Testing

/// A fixture, what a person says of it, and what is read then.
struct FileChoice: Sendable, CustomTestStringConvertible {
  var file: String
  var choices: ModelChoices
  /// As `Naming.facts` says it, without what is unused; or the message.
  var expected: String

  var testDescription: String { "\(file), \(choices)" }

  init(
    _ file: String, embedding: ModelChoices.Head? = nil, readout: ModelChoices.Head? = nil,
    activation: ModelChoices.Activations? = nil, _ expected: String
  ) {
    self.file = file
    choices = ModelChoices(embedding: embedding, readout: readout, activation: activation)
    self.expected = expected
  }

  static let all: [FileChoice] = [
    // PyTorch's containers, and those of tensors with its names.
    .init("torch/state.pt", "5 5 true"),
    .init("torch/state.pt", embedding: .absent, "- 5 true"),
    .init("torch/state-legacy.pt", readout: .absent, "5 - -"),
    .init("torch/arrays.npz", embedding: .tensor("emb"), readout: .absent, "5 - -"),
    .init(
      "torch/folder", readout: .tensor("head"),
      "no tensor that could be the readout is named 'head'; there are: 'readout.weight'"),
    .init(
      "torch/state.pt", activation: .tanh,
      "--activation is for an RNN, but the layers are of kind lstm"),
    .init("tagger.safetensors", embedding: .absent, readout: .absent, "- - -"),
    // ONNX: by the node's name or by that of its weights.
    .init("onnx/heads.onnx", "6 6 true"),
    .init("onnx/heads.onnx", embedding: .absent, readout: .absent, "- - -"),
    .init("onnx/heads.onnx", embedding: .tensor("table"), "6 6 true"),
    .init(
      "onnx/heads.onnx", embedding: .tensor("spare"),
      "no tensor that could be the embedding is named 'spare'; there are: 'e'"),
    .init(
      "onnx/lstm-all.onnx", readout: .tensor("y"),
      "no tensor could be the readout of this network, so --readout 'y' chooses nothing"),
    .init(
      "onnx/rnn-relu.onnx", activation: .relu,
      "the file says how it is read, so --activation has nothing to choose"),
    // Keras: by the layer's name, or by its group where there are no others.
    .init("keras/lstm.keras", "6 6 true"),
    .init("keras/lstm.h5", embedding: .absent, readout: .tensor("dense"), "- 6 true"),
    .init("keras/two-heads.keras", "- - -"),
    .init("keras/two-heads.keras", readout: .tensor("first"), "- 4 true"),
    .init("keras/two-heads.keras", readout: .tensor("second"), "- 5 false"),
    .init(
      "keras/two-heads.keras", readout: .tensor("third"),
      "no tensor that could be the readout is named 'third'; there are: 'first', 'second'"),
    .init("keras/lstm.weights.h5", readout: .absent, "6 - -"),
    .init("keras/lstm.weights.h5", activation: .relu, "6 6 true"),
    .init("keras/relu.weights.h5", activation: .relu, "- - -"),
    .init(
      "keras/rnn.keras", activation: .relu,
      "the file says how it is read, so --activation has nothing to choose"),
  ]
}

/// What a person chooses holds in every format.
@Suite struct ModelChoicesTests {
  @Test(arguments: FileChoice.all)
  func everyFormatObeys(_ choice: FileChoice) throws {
    let path = try fixture(choice.file).path
    var found: String
    do {
      let model = try ModelReader.read(path: path, choices: choice.choices)
      found = Naming.heads(model)
    } catch {
      found = "\(error)"
      #expect(found.hasPrefix("\(path): "))
      found.removeFirst(path.count + 2)
    }
    #expect(found == choice.expected)
    let module = try #require(
      ModelReader.report(path: path, choices: choice.choices).modules.first)
    #expect(module.problem ?? Self.heads(module) == choice.expected)
  }

  /// The same, of a report.
  private static func heads(_ module: ModelReport.Module) -> String {
    let readout = module.readout
    return [
      module.embedding.map { "\($0.rows)" } ?? "-", readout.map { "\($0.rows)" } ?? "-",
      readout.map { "\($0.hasBias)" } ?? "-",
    ].joined(separator: " ")
  }

  @Test func saysThatTanhIsTakenForGranted() throws {
    let path = try fixture("keras/relu.weights.h5").path
    #expect(
      try ModelReader.read(path: path).warnings == [
        "the file holds weights only; taken for granted: activation tanh, Keras's default (else "
          + "--activation relu), reading forwards (else --direction backward), one layer feeding "
          + "the next; --config model.json gives the config that lies beside them"
      ])
  }

  /// The two heads' own activations come with them.
  @Test(arguments: [("first", Readout.Activation.softmax), ("second", .sigmoid)])
  func aChosenReadoutHasItsActivation(name: String, activation: Readout.Activation) throws {
    let model = try ModelReader.read(
      path: fixture("keras/two-heads.keras").path, choices: .init(readout: .tensor(name)))
    #expect(model.network.readout?.activation == activation)
  }
}
