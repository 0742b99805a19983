import Testing

extension CommandLineTests {
  /// `--embedding`, `--readout` and `--activation`, where a file leaves two readings.
  @Suite struct ReadingChoices {
    /// A matrix that could be the embedding or the readout is neither until somebody says.
    @Test func twoReadingsNameTheFlagsThatChoose() throws {
      let folder = try TemporaryFolder()
      try folder.write(
        ModelBytes.file([
          ("lstm.weight_ih_l0", [8, 2]), ("lstm.weight_hh_l0", [8, 2]), ("a.weight", [5, 2]),
        ]), to: "m.safetensors")
      func run(_ command: String, _ options: String...) throws -> BuiltProgram.Outcome {
        try BuiltProgram.run([command, "m.safetensors"] + options, in: folder)
      }
      let warning =
        "tensor 'a.weight' could be the embedding or the readout; neither is taken; say which with "
        + "--embedding or --readout 'a.weight'"
      let neither = try run("trace", "--tokens", "1,0", "-o", "-")
      #expect(neither.end == .exited(0))
      #expect(neither.error == "m.safetensors: \(warning)\n")
      #expect(try run("info").text.contains("warning        \(warning)\n"))
      let tokens = try run("trace", "--tokens", "4,0", "--embedding", "a", "-o", "-")
      #expect(tokens.end == .exited(0))
      let numbers = try run("trace", "--tokens", "4,0", "--readout", "a.weight", "-o", "-")
      #expect(numbers.end == .exited(1))
      #expect(numbers.error.contains("token 4"))
      #expect(
        try run("info", "--readout", "a").text.contains(
          "readout        a.weight, 2 to 5, no bias, "))
      #expect(
        try !run("info", "--readout", "none", "--embedding", "none").text.contains("\nreadout  "))
    }

    /// What follows a readout is a guess until somebody says it.
    @Test func outputSettlesWhatFollowsTheReadout() throws {
      let folder = try TemporaryFolder()
      try folder.write(
        ModelBytes.file([
          ("lstm.weight_ih_l0", [8, 3]), ("lstm.weight_hh_l0", [8, 2]), ("fc.weight", [5, 2]),
        ]), to: "m.safetensors")
      let guessed = try BuiltProgram.run(["info", "m.safetensors"], in: folder)
      #expect(guessed.text.contains("readout        fc.weight, 2 to 5, no bias, softmax?\n"))
      #expect(
        guessed.text.hasSuffix(
          "how sure       guessed: softmax after the readout 'fc.weight', as the file does not say "
            + "what follows it (else --output sigmoid or linear); gatescope trace m.safetensors "
            + "--features ref.npz --verify ref.npz proves it\n"))
      let told = try BuiltProgram.run(["info", "m.safetensors", "--output", "linear"], in: folder)
      #expect(told.text.contains("readout        fc.weight, 2 to 5, no bias, linear\n"))
      #expect(told.text.contains("how sure       by names and shapes; "))
      let wrong = try BuiltProgram.run(["info", "m.safetensors", "--output", "relu"], in: folder)
      #expect(wrong.end == .exited(64))
    }

    /// Tensors beside the recurrent weights stop every command until they are ignored.
    @Test func ignoredTensorsAreSaid() throws {
      let folder = try TemporaryFolder()
      try folder.write(
        ModelBytes.file([
          ("cell.weight_ih", [8, 3]), ("cell.weight_hh", [8, 2]), ("cell.weight_gate", [6]),
        ]), to: "m.safetensors")
      let refused = try BuiltProgram.run(
        ["trace", "m.safetensors", "--tokens", "0", "-o", "-"], in: folder)
      #expect(refused.end == .exited(1))
      #expect(
        refused.error
          == "Error: m.safetensors: tensor 'cell.weight_gate' stands beside the recurrent "
          + "weights and would not be used, so this is no plain LSTM; --ignore cell.weight_gate opens "
          + "it all the same\n")
      let opened = try BuiltProgram.run(
        ["trace", "m.safetensors", "--tokens", "0", "-o", "-", "--ignore", "weight_gate"],
        in: folder)
      #expect(opened.end == .exited(0))
      #expect(opened.error.contains("that 'cell.weight_gate' change nothing, which --ignore says"))
      let info = try BuiltProgram.run(
        ["info", "m.safetensors", "--ignore", "weight_gate"], in: folder)
      #expect(info.text.contains("ignored        cell.weight_gate\n"))
      let screen = try BuiltProgram.run(
        [
          "open", "m.safetensors", "--tokens", "0,1", "--ignore", "weight_gate", "--screen",
          "s.txt",
          "--size", "80x24",
        ], in: folder)
      #expect(screen.end == .exited(0))
      let title =
        String(decoding: try folder.read("s.txt"), as: UTF8.self).split(separator: "\n").first ?? ""
      #expect(title.contains("m · 1 tensor ignored, LSTM?"), "\(title)")
    }

    @Test func infoSaysWhatAnRNNIsTakenFor() throws {
      let folder = try TemporaryFolder()
      try folder.write(
        ModelBytes.file([("rnn.weight_ih_l0", [2, 3]), ("rnn.weight_hh_l0", [2, 2])]),
        to: "m.safetensors")
      let taken = try BuiltProgram.run(["info", "m.safetensors"], in: folder)
      #expect(taken.text.contains("activations    tanh (h)\n"))
      #expect(
        taken.text.contains(
          "how sure       guessed: tanh, as tensors do not show what an RNN applies (else "
            + "--activation relu); "))
      let told = try BuiltProgram.run(
        ["info", "m.safetensors", "--activation", "relu"], in: folder)
      #expect(told.text.contains("activations    relu (h)\n"))
      #expect(told.text.contains("how sure       by names and shapes; "))
      let wrong = try BuiltProgram.run(
        ["trace", "m.safetensors", "--activation", "swish", "--tokens", "0", "-o", "-"],
        in: folder)
      #expect(wrong.end == .exited(64))
      let other = try BuiltProgram.run(
        ["trace", "m.safetensors", "--activation", "elu", "--tokens", "0", "-o", "-"], in: folder)
      #expect(
        other.error == "Error: m.safetensors: --activation elu: PyTorch's RNN knows tanh and relu\n"
      )
    }
  }
}
