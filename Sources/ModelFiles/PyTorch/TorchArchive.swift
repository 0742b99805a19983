/// Opens the zip archives of torch.save and torch.jit.save: `ROOT/data.pkl` and `ROOT/data/KEY`,
/// under a folder of any name.
enum TorchArchive {
  /// The folder with its slash; nil where the archive is none of PyTorch's.
  static func root(of archive: ZipArchive) -> String? {
    archive.names.filter { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
      .min { $0.utf8.count < $1.utf8.count }
      .map { String($0.dropLast("data.pkl".count)) }
  }

  static func open(_ archive: ZipArchive, root: String) throws(ModelFileError) -> TorchFile {
    let path = archive.path
    let isScript = archive.contains("\(root)constants.pkl")
    let isBigEndian = try isBigEndian(archive, root)
    let (heap, object) = try unpickle(try archive.bytes(of: "\(root)data.pkl"), path)
    do throws(ModelFileError) {
      return try TorchFile(
        heap, root: object, storages: .archive(archive, root: root), isBigEndian: isBigEndian,
        producer: isScript ? "torch.jit.save (TorchScript)" : "torch.save", path: path)
    } catch {
      if isScript, error.problem == .torch(.noTensors),
        archive.names.contains(where: { $0.hasPrefix("\(root)constants/") })
      {
        throw ModelFileError(path, .torch(.frozen))
      }
      throw error
    }
  }

  /// Older archives do not say; PyTorch takes them for little-endian, as every machine was.
  private static func isBigEndian(
    _ archive: ZipArchive, _ root: String
  ) throws(ModelFileError) -> Bool {
    let name = "\(root)byteorder"
    guard archive.contains(name) else { return false }
    let text = try archive.bytes(of: name).withBytes {
      String(decoding: $0.prefix(40), as: UTF8.self)
    }
    switch text {
    case "little": return false
    case "big": return true
    default: throw ModelFileError(archive.path, .torch(.badByteOrder(text)))
    }
  }

  private static func unpickle(
    _ slice: FileSlice, _ path: String
  ) throws(ModelFileError) -> (PickleHeap, PickleValue) {
    do throws(PickleProblem) {
      return try slice.withBytes { bytes throws(PickleProblem) in
        var machine = PickleMachine(bytes)
        let object = try machine.run()
        return (machine.heap, object)
      }
    } catch {
      throw ModelFileError(path, .pickle(name: "data.pkl", error))
    }
  }
}
