import Foundation
import ModelFiles
import Testing

/// Processes that do what libhdf5 may do on a damaged file, without one.
@Suite struct DamageProbeTests {
  private static func probe(_ script: String, patience: Duration = .seconds(60)) -> DamageProbe {
    DamageProbe(executable: "/bin/sh", arguments: ["-c", script], patience: patience)
  }

  @Test(arguments: [
    ("kill -SEGV $$", "is damaged: the HDF5 library breaks down on it; save it anew"),
    ("kill -ABRT $$", "is damaged: the HDF5 library breaks down on it; save it anew"),
    ("exit 2", "HDF5: reading it takes more than 2 seconds; its index is damaged"),
    // What is wrong otherwise is left to the reader.
    ("exit 0", nil),
    ("exit 1", nil),
  ])
  func tellsHowTheProcessEnded(_ script: String, _ words: String?) throws {
    let path = try fixture("keras/lstm.h5").path
    #expect(
      message { try Self.probe(script).check(path) }
        == (words.map { "\(path): \($0)" } ?? "no error"))
  }

  @Test func endsAProcessThatDoesNotEnd() throws {
    let path = try fixture("keras/lstm.keras").path
    let probe = Self.probe("while :; do sleep 9; done", patience: .milliseconds(50))
    #expect(throws: ModelFileError(path, .hdf5(.deadline(seconds: 0)))) { try probe.check(path) }
  }

  @Test(arguments: ["torch/state.pt", "torch/arrays.npz", "gru.safetensors", "missing.h5"])
  func startsNothingForOtherFiles(_ name: String) throws {
    let path = try fixture(name).path
    #expect(message { try Self.probe("kill -SEGV $$").check(path) } == "no error")
  }

  @Test func leavesToTheReaderWhatCannotBeStarted() throws {
    let path = try fixture("keras/lstm.h5").path
    let probe = DamageProbe(executable: "/nowhere/gatescope", arguments: [])
    #expect(message { try probe.check(path) } == "no error")
  }

  @Test(arguments: ["keras/lstm.h5", "keras/bad-json.h5", "missing.h5"])
  func theProcessEndsWellWhateverTheFile(_ name: String) throws {
    let path = try fixture(name).path
    #expect(DamageProbe.answer { _ = try ModelReader.read(path: path) } == 0)
  }
}
