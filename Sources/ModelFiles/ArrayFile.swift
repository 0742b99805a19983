/// Arrays of numbers by their names in one file: NumPy's `.npz` and `.npy`, or HDF5. Told by the first
/// bytes. What is stored as it is stays in the file and is read where it lies.
///
/// Not safe to share between threads.
package final class ArrayFile {
  package struct Entry {
    /// As in the archive; the only array of a `.npy` is named "".
    package let name: String
    package let shape: [Int]
    package let isInteger: Bool
  }

  package enum Kind {
    case numPy, hdf5
  }

  package let path: String
  package let kind: Kind
  /// In the order of the file. No two of one name.
  package let arrays: [Entry]
  /// What is there and holds no numbers that can be read, by name.
  package let leftOut: [String]
  private let source: Source

  private enum Source {
    case numPy(NpyArrays)
    case hdf5(HDF5File)
  }

  /// Nil for a file that is none of these, by its first bytes.
  ///
  /// - Throws: `ModelFileError` for one that is damaged.
  package init?(_ file: FileBytes, path: String) throws(ModelFileError) {
    self.path = path
    if file.bytes.starts(with: [0x89] + Array("HDF".utf8)) {
      kind = .hdf5
      let hdf5: HDF5File
      do throws(HDF5Problem) {
        hdf5 = try HDF5File(FileSlice(file, 0..<file.bytes.count))
      } catch {
        throw ModelFileError(path, .hdf5(error))
      }
      source = .hdf5(hdf5)
      arrays = hdf5.datasets.filter { $0.problem == nil }.map {
        Entry(name: $0.path, shape: $0.shape, isInteger: $0.type.contains("int"))
      }
      leftOut = hdf5.datasets.filter { $0.problem != nil }.map(\.path)
    } else if NumPyFile.begins(file.bytes) {
      kind = .numPy
      let numPy =
        file.bytes.starts(with: NpyHeader.magic)
        ? try NpyArrays(file, path: path) : try NpyArrays(ZipArchive(file, path: path))
      source = .numPy(numPy)
      arrays = numPy.tensors.map {
        Entry(name: $0.name, shape: $0.shape, isInteger: Self.isInteger($0.type))
      }
      leftOut = numPy.leftOut
    } else {
      return nil
    }
  }

  /// An array as `rows` rows of `columns` numbers, whatever axes of 1 it has beside.
  ///
  /// - Throws: `ModelFileError` where it has no such shape or cannot be read.
  package func matrix(
    _ name: String, rows: Int, columns: Int
  ) throws(ModelFileError) -> ArrayMatrix {
    switch source {
    case .numPy(let arrays): return try arrays.matrix(name, rows: rows, columns: columns)
    case .hdf5(let file):
      guard let dataset = file.datasets.first(where: { $0.path == name }) else {
        throw ModelFileError(path, .noSuchTensor(name))
      }
      do throws(HDF5Problem) {
        guard let matrix = try file.matrix(dataset, rows: rows, columns: columns) else {
          throw .notNumbers(dataset: name, type: dataset.type)
        }
        return matrix
      } catch {
        throw ModelFileError(path, .hdf5(error))
      }
    }
  }

  /// An array's whole numbers, row-major.
  package func integers(_ name: String) throws(ModelFileError) -> [Int] {
    switch source {
    case .numPy(let arrays): return try arrays.integers(name)
    case .hdf5(let file):
      guard let dataset = file.datasets.first(where: { $0.path == name }) else {
        throw ModelFileError(path, .noSuchTensor(name))
      }
      do throws(HDF5Problem) {
        return try file.integers(dataset)
      } catch {
        throw ModelFileError(path, .hdf5(error))
      }
    }
  }

  private static func isInteger(_ type: ElementType) -> Bool {
    switch type {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: true
    case .float64, .float32, .float16, .bfloat16, .complex64, .bool, .float8e4m3, .float8e5m2,
      .float8e8m0, .float8e4m3fnuz, .float8e5m2fnuz, .float6e2m3, .float6e3m2, .float4:
      false
    }
  }
}
