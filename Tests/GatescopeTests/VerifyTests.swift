import Testing

extension CommandLineTests {
  /// `trace --verify`, against what the snippets of docs/verify.md have recorded (Fixtures/).
  @Suite struct Verify {
    private static let fixtures =
      BuiltProgram.repository + "/Tests/GatescopeTests/Fixtures"

    @Test(
      arguments: [
        ("pytorch", "pt", ["l0_fwd_h", "l0_fwd_c", "l1_fwd_h", "l1_fwd_c"]),
        ("hook", "pt", ["h"]), ("onnxruntime", "onnx", ["l0_fwd_h"]), ("keras", "pt", ["h", "c"]),
      ])
    func agreesWithTheFrameworks(name: String, suffix: String, arrays: [String]) throws {
      let reference = "\(Self.fixtures)/\(name).npz"
      let outcome = try BuiltProgram.run([
        "trace", "\(Self.fixtures)/\(name).\(suffix)", "--features", reference,
        "--verify", reference,
      ])
      #expect(outcome.end == .exited(0))
      let lines = outcome.text.split(whereSeparator: \.isNewline)
      let compared = lines.filter { $0.contains("worst difference") }
      #expect(
        compared.compactMap { $0.split(separator: " ").first.map(String.init) }.sorted()
          == arrays.sorted())
      #expect(lines.last == "tolerance: 2e-05 + 2e-06·abs")
      // No rounding is alike in all digits, so nothing was compared with itself.
      let exact = try BuiltProgram.run([
        "trace", "\(Self.fixtures)/\(name).\(suffix)", "--features", reference,
        "--verify", reference, "--tolerance", "0",
      ])
      #expect(exact.end == .exited(1))
      #expect(exact.text.contains("beyond the tolerance, from step "))
    }

    private func trace(_ text: String, _ options: String...) -> [String] {
      ["trace", BuiltProgram.reberModel, "--text", text] + options
    }

    @Test func aTraceAgreesWithItself() throws {
      let folder = try TemporaryFolder()
      let outcome = try BuiltProgram.run(
        trace("BTXSE", "-o", "t.npz", "--verify", "t.npz", "--tolerance", "0"), in: folder)
      #expect(outcome.end == .exited(0) && outcome.error.isEmpty)
      let lines = outcome.text.split(whereSeparator: \.isNewline)
      #expect(lines.count == 11)
      #expect(lines[6].hasPrefix("y         worst difference 0.0 at step 0"))
      #expect(lines[8].hasPrefix("loss      worst difference 0.0 at step 0"))
      #expect(lines.first?.hasPrefix("l0_fwd_z  worst difference 0.0 at step 0, unit 0 (") == true)
      #expect(lines.last == "tolerance: 0.0 + 0.0·abs")
    }

    @Test func anotherSequenceDoesNotAgree() throws {
      let folder = try TemporaryFolder()
      _ = try BuiltProgram.run(trace("BTXSE", "-o", "t.npz", "--signals", "c,h"), in: folder)
      let outcome = try BuiltProgram.run(trace("BTXSX", "--verify", "t.npz"), in: folder)
      #expect(outcome.end == .exited(1))
      #expect(
        outcome.error == "Error: t.npz: 2 of 2 compared arrays beyond the tolerance\n")
      let lines = outcome.text.split(whereSeparator: \.isNewline)
      #expect(lines.count == 4)
      #expect(lines[0].hasPrefix("l0_fwd_c  worst difference "))
      #expect(lines[0].hasSuffix("of 40 values beyond the tolerance, from step 4"))
      #expect(lines[2] == "not in t.npz: l0_fwd_z, l0_fwd_f, l0_fwd_i, l0_fwd_o")
    }

    /// Lines go to standard error where standard output is the trace.
    @Test func arraysOfAnotherLengthDoNotFit() throws {
      let folder = try TemporaryFolder()
      _ = try BuiltProgram.run(trace("BTXSE", "-o", "t.npz", "--signals", "h"), in: folder)
      let outcome = try BuiltProgram.run(trace("BTX", "-o", "-", "--verify", "t.npz"), in: folder)
      #expect(outcome.end == .exited(1))
      #expect(outcome.text.hasPrefix("step,token,layer,direction,unit,"))
      #expect(!outcome.text.contains("expected"))
      #expect(outcome.error.hasPrefix("l0_fwd_h: expected (3, 8), found (5, 8)\n"))
      #expect(outcome.error.hasSuffix("Error: t.npz: 1 of another shape\n"))
    }

    @Test func aFileWithoutSignalsIsNoReference() throws {
      let folder = try TemporaryFolder()
      try folder.write(ModelBytes.npy("<f4", "(1, 8)", data: 32), to: "h.npy")
      let outcome = try BuiltProgram.run(trace("B", "--verify", "h.npy"), in: folder)
      #expect(outcome.end == .exited(1))
      #expect(
        outcome.error == "Error: h.npy: has nothing to compare; name its arrays l0_fwd_z, "
          + "l0_fwd_f, l0_fwd_i, l0_fwd_o, l0_fwd_c, l0_fwd_h, z, f, i, o, c, h … (16 in all)\n")
    }
  }
}
