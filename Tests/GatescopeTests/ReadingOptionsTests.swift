import Testing

extension CommandLineTests {
  /// `--embedding`, `--readout` and `--activation`, where a file leaves two readings.
  @Suite struct ReadingChoices {
    /// What each command says and does with a matrix that could be the embedding or the readout.
    @Test func aRefusedReadingNamesTheFlagsThatChoose() throws {
      let folder = try TemporaryFolder()
      try folder.write(
        ModelBytes.file([
          ("lstm.weight_ih_l0", [8, 2]), ("lstm.weight_hh_l0", [8, 2]), ("a.weight", [5, 2]),
        ]), to: "m.safetensors")
      func run(_ command: String, _ options: String...) throws -> BuiltProgram.Outcome {
        try BuiltProgram.run([command, "m.safetensors"] + options, in: folder)
      }
      let refusal =
        "tensor 'a.weight' could be the embedding or the readout; say which with --embedding or "
        + "--readout 'a.weight'"
      for command in ["open", "trace"] {
        let output = command == "trace" ? ["-o", "-"] : []
        let refused = try BuiltProgram.run(
          [command, "m.safetensors", "--tokens", "4,0"] + output, in: folder)
        #expect(refused.end == .exited(1))
        #expect(refused.error == "Error: m.safetensors: \(refusal)\n")
      }
      #expect(try run("info").text.contains("problem        \(refusal)\n"))
      let tokens = try run("trace", "--tokens", "4,0", "--embedding", "a", "-o", "-")
      #expect(tokens.end == .exited(0))
      let numbers = try run("trace", "--tokens", "4,0", "--readout", "a.weight", "-o", "-")
      #expect(numbers.end == .exited(1))
      #expect(numbers.error.contains("token 4"))
      #expect(
        try run("info", "--readout", "a").text.contains("readout        2 to 5, no bias"))
      #expect(
        try !run("info", "--readout", "none", "--embedding", "none").text.contains("readout "))
    }

    @Test func infoSaysWhatAnRNNIsTakenFor() throws {
      let folder = try TemporaryFolder()
      try folder.write(
        ModelBytes.file([("rnn.weight_ih_l0", [2, 3]), ("rnn.weight_hh_l0", [2, 2])]),
        to: "m.safetensors")
      let taken = try BuiltProgram.run(["info", "m.safetensors"], in: folder)
      #expect(taken.text.contains("activations    tanh (h)\n"))
      #expect(taken.text.contains("\nhow read       taken for tanh, "))
      #expect(taken.text.contains("; else --activation relu\n"))
      let told = try BuiltProgram.run(
        ["info", "m.safetensors", "--activation", "relu"], in: folder)
      #expect(told.text.contains("activations    relu (h)\n"))
      #expect(!told.text.contains("how read"))
      let wrong = try BuiltProgram.run(
        ["trace", "m.safetensors", "--activation", "elu", "--tokens", "0", "-o", "-"], in: folder)
      #expect(wrong.end == .exited(64))
    }
  }
}
