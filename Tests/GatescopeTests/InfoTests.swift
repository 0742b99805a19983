import Foundation
import Testing

extension CommandLineTests {
  /// What `gatescope info` prints.
  @Suite struct Info {
    private static func modules(_ names: [String]) -> [UInt8] {
      ModelBytes.file(
        names.flatMap { [("\($0).weight_ih_l0", [6, 3]), ("\($0).weight_hh_l0", [6, 2])] })
    }

    @Test func saysHowAModelWasRead() throws {
      let outcome = try BuiltProgram.run(["info", BuiltProgram.reberModel])
      #expect(outcome.end == .exited(0))
      #expect(outcome.error.isEmpty)
      let lines = outcome.text.split(whereSeparator: \.isNewline).map(String.init)
      for line in [
        "format         safetensors", "module         lstm", "cell           LSTM",
        "layer 0        7 inputs, 8 units, fwd, two biases",
        "gate order     stored i f g o, read as z f i o; its g is z",
        "activations    sigmoid (i, f, o), tanh (z, h)",
        "readout        readout.weight, 8 to 7, with bias, softmax",
        "vocabulary     7 symbols in the file",
        "weights        607 (544 recurrent, 63 readout), F32",
      ] { #expect(lines.contains(line), "\(line)") }
      #expect(
        lines.last == "how sure       stated by the file; gatescope trace "
          + "\(BuiltProgram.reberModel) --features ref.npz --verify ref.npz proves it")
    }

    @Test func listsEveryModule() throws {
      let folder = try TemporaryFolder()
      try folder.write(Self.modules(["a.gru", "b.gru"]), to: "m.safetensors")
      let all = try BuiltProgram.run(["info", "m.safetensors"], in: folder)
      #expect(all.end == .exited(0))
      #expect(all.text.contains("module         a.gru\n") && all.text.contains("b.gru\n"))
      #expect(all.text.contains("stored r z n, read as r u n; its z is u"))
      let one = try BuiltProgram.run(["info", "m.safetensors", "--module", "b"], in: folder)
      #expect(!one.text.contains("a.gru\ncell") && one.text.contains("module         b.gru\n"))
      let none = try BuiltProgram.run(["info", "m.safetensors", "--module", "c"], in: folder)
      #expect(none.end == .exited(1))
      #expect(
        none.error == "Error: m.safetensors: no recurrent module is named 'c'; "
          + "there are: 'a.gru', 'b.gru'\n")
    }

    @Test func givesJSON() throws {
      let outcome = try BuiltProgram.run(["info", BuiltProgram.reberModel, "--json"])
      #expect(outcome.end == .exited(0))
      let object = try JSONSerialization.jsonObject(with: Data(outcome.output))
      let report = try #require(object as? [String: Any])
      let modules = try #require(report["modules"] as? [[String: Any]])
      #expect(report["format"] as? String == "safetensors")
      #expect(modules.count == 1)
      let layers = try #require(modules[0]["layers"] as? [[String: Any]])
      #expect(layers[0]["gatesStored"] as? [String] == ["i", "f", "g", "o"])
      #expect(layers[0]["gatesMeant"] as? [String] == ["i", "f", "z", "o"])
      #expect(layers[0]["gatesRead"] as? [String] == ["z", "f", "i", "o"])
      let readout = try #require(modules[0]["readout"] as? [String: Any])
      #expect(readout["name"] as? String == "readout.weight")
      let certainty = try #require(modules[0]["certainty"] as? [String: Any])
      #expect(certainty["basis"] as? String == "stated")
      #expect(modules[0]["vocabularyCount"] as? Int == 7)
    }

    @Test func aFileWithoutARecurrentLayerFails() throws {
      let folder = try TemporaryFolder()
      let header = "{\"w\\u001b[2J\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
      try folder.write(ModelBytes.container(header, data: [0, 0, 0, 0]), to: "m.safetensors")
      let outcome = try BuiltProgram.run(["info", "m.safetensors"], in: folder)
      #expect(outcome.end == .exited(1))
      #expect(outcome.text.contains("other tensors  w\\u{1b}[2J (1) F32\n"))
      #expect(
        outcome.text.contains(
          "warning        no recurrent layer in it: no tensor is named like PyTorch's"))
    }
  }
}
