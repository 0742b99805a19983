import ModelFiles
import Recurrent
import Screen
import Testing

@testable import Workbench

/// What is doubtful about a model stays on the screen for as long as the model is open.
@Suite struct DoubtTests {
  /// A reading with everything that can be doubtful.
  private static func scene(_ activation: Readout.Activation = .softmax) throws -> Scene {
    var model = TrainedModel(
      network: try TestModels.network(
        [LayerShape(cell: .lstm, inputSize: 7, hiddenSize: 6)], readout: 7, activation: activation),
      vocabulary: Vocabulary(TestModels.letters), outputSymbols: TestModels.letters)
    model.ignored = ["cell.norm.weight", "cell.norm.bias"]
    model.guesses = [ReadingGuess("an LSTM", mark: "LSTM?"), ReadingGuess("softmax")]
    model.headNames = .init(readout: "decoder.fc_out.weight", bias: "decoder.fc_out.bias")
    model.headNames.isActivationGuessed = activation == .softmax
    return try Scene(model, text: TestModels.reberText, name: "a-model-of-a-very-long-name")
  }

  private static func row(_ row: Int, of grid: Grid) -> String {
    (0..<grid.width).map { String(grid[$0, row].scalar) }.joined()
  }

  @Test(arguments: [(60, 16), (80, 24), (120, 40), (200, 50)])
  func everyViewSaysIt(width: Int, height: Int) throws {
    let scene = try Self.scene()
    let workbench = scene.workbench(scene.state(width: width, height: height))
    for view in ["1", "2", "3", "4", "5", "6", "?"] {
      workbench.type("l" + view)
      let title = Self.row(0, of: workbench.frame())
      #expect(title.contains("· 2 tensors ignored, LSTM?"), "\(title)")
      #expect(title.contains("step "), "\(title)")
    }
  }

  @Test(arguments: [
    (60, 16, "readout softmax?"), (80, 24, "readout softmax?"),
    (120, 40, "readout softmax?"), (200, 50, "readout decoder.fc_out.weight softmax?"),
  ])
  func theReadoutSaysWhatItIs(width: Int, height: Int, words: String) throws {
    let scene = try Self.scene()
    let workbench = scene.workbench(scene.state(width: width, height: height))
    workbench.type(":12")
    workbench.press(.enter)
    let grid = workbench.frame()
    let rows = (0..<6).map { Self.row($0, of: grid) }
    let row = try #require(rows.first { $0.contains("next") })
    #expect(row.contains(words), "\(row)")
    #expect(row.contains("0."), "\(row)")
  }

  /// What a person has said is no guess; the tensor is named all the same.
  @Test func whatIsToldHasNoQuestionMark() throws {
    let scene = try Self.scene(.linear)
    let workbench = scene.workbench(scene.state(width: 120, height: 40))
    let rows = (0..<6).map { Self.row($0, of: workbench.frame()) }.joined(separator: "\n")
    #expect(rows.contains("readout decoder.fc_out.weight linear"), "\(rows)")
    #expect(!rows.contains("linear?"))
  }
}
