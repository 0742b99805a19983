/// Opens trained models: one way in for every format.
///
/// A file is not trusted: what is wrong with it is thrown, never a trap. The one exception are Keras's
/// files, which libhdf5 reads: before 1.14 it crashes on a few damaged ones. A program that opens
/// strangers' Keras files calls `DamageProbe` first, which reads them in a process that may crash;
/// `gatescope` does. An endless loop in libhdf5 becomes an error after 2 seconds here too, but its thread
/// is lost, and with it every later Keras file of the process.
public enum ModelReader {
  /// Reads the model file, or the folder of .npy files, at `path`. Its format is told by its first
  /// bytes.
  ///
  /// - Parameters:
  ///   - module: any unambiguous part of the name of the recurrent module, for a file that has
  ///     several.
  ///   - choices: what the file leaves open.
  /// - Throws: `ModelFileError`, whose description is one line for a person.
  public static func read(
    path: String, module: String? = nil, choices: ModelChoices = ModelChoices()
  ) throws(ModelFileError) -> TrainedModel {
    try OpenedModel.open(path: path).model(module: module, choices: choices)
  }

  /// Reads a model from bytes in memory; `path` is for messages and may tell the format.
  public static func read(
    bytes: [UInt8], path: String, module: String? = nil, choices: ModelChoices = ModelChoices()
  ) throws(ModelFileError) -> TrainedModel {
    try open(bytes, path).model(module: module, choices: choices)
  }

  /// What is in the model file at `path`: every recurrent module, and what else was found.
  ///
  /// - Parameters:
  ///   - module: shows only the modules whose names hold it.
  ///   - choices: what the file leaves open.
  /// - Throws: `ModelFileError` where the file cannot be read; a module in it that cannot be run
  ///   says so in its own entry.
  public static func report(
    path: String, module: String? = nil, choices: ModelChoices = ModelChoices()
  ) throws(ModelFileError) -> ModelReport {
    try OpenedModel.open(path: path).report(asked: module, choices: choices)
  }

  /// The same, of bytes in memory.
  public static func report(
    bytes: [UInt8], path: String, module: String? = nil, choices: ModelChoices = ModelChoices()
  ) throws(ModelFileError) -> ModelReport {
    try open(bytes, path).report(asked: module, choices: choices)
  }

  private static func open(_ bytes: [UInt8], _ path: String) throws(ModelFileError) -> OpenedModel {
    guard !bytes.isEmpty else { throw ModelFileError(path, .empty) }
    return try OpenedModel.open(FileBytes(bytes), path: path)
  }
}
