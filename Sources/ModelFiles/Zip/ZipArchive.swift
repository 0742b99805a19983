import CZip

/// A zip archive in memory whose central directory has been proved against the file.
///
/// An entry that is stored is handed out where it lies in the mapped file; one that is deflated
/// comes out of libzip, once. Nothing is allocated on a size that only the archive claims: before,
/// the directory shows that what all entries inflate to is in proportion to what they take.
final class ZipArchive {
  let path: String
  private let file: FileBytes
  private let directory: ZipDirectory
  private var inflated: [String: FileBytes] = [:]

  /// - Throws: `ModelFileError` for anything that is not a whole and consistent archive.
  init(_ file: FileBytes, path: String) throws(ModelFileError) {
    do throws(ZipProblem) {
      directory = try ZipDirectory(file.bytes)
    } catch {
      throw ModelFileError(path, .zip(error))
    }
    self.file = file
    self.path = path
  }

  /// In the order of the directory.
  var names: [String] { directory.entries.map(\.name) }

  func contains(_ name: String) -> Bool { directory.index(of: name) != nil }

  /// How many bytes an entry holds; nil where there is none.
  func size(of name: String) -> Int? {
    directory.index(of: name).map { directory.entries[$0].size }
  }

  /// An entry's bytes, valid as long as the archive and `bytes` live.
  func bytes(of name: String) throws(ModelFileError) -> FileSlice {
    do throws(ZipProblem) {
      guard let index = directory.index(of: name) else { throw .missing(name) }
      let entry = directory.entries[index]
      switch entry.method {
      case .stored: return FileSlice(file, entry.data)
      case .deflated:
        if let known = inflated[name] { return FileSlice(known, 0..<entry.size) }
        let bytes = FileBytes(try inflate(entry, at: index))
        inflated[name] = bytes
        return FileSlice(bytes, 0..<entry.size)
      case .other(let number): throw .method(entry: name, number: number)
      }
    } catch {
      throw ModelFileError(path, .zip(error))
    }
  }

  private func inflate(_ entry: ZipDirectory.Entry, at index: Int) throws(ZipProblem) -> [UInt8] {
    guard gs_zip_load() != 0 else { throw .noLibrary(entry: entry.name) }
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard
      let source = zip_source_buffer_create(
        file.bytes.baseAddress, zip_uint64_t(file.bytes.count), 0, &error)
    else { throw .damaged(entry: entry.name) }
    guard let archive = zip_open_from_source(source, ZIP_RDONLY, &error) else {
      zip_source_free(source)
      throw .damaged(entry: entry.name)
    }
    defer { zip_discard(archive) }
    var status = zip_stat_t()
    // What libzip takes for this entry must be what was proved here.
    guard zip_stat_index(archive, zip_uint64_t(index), 0, &status) == 0,
      status.size == zip_uint64_t(entry.size), status.comp_size == zip_uint64_t(entry.data.count),
      let stream = zip_fopen_index(archive, zip_uint64_t(index), 0)
    else { throw .damaged(entry: entry.name) }
    defer { zip_fclose(stream) }
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: entry.size) { buffer, initialized in
      while count < entry.size {
        let got = zip_fread(
          stream, buffer.baseAddress?.advanced(by: count), zip_uint64_t(entry.size - count))
        guard got > 0 else { break }
        count += Int(got)
      }
      initialized = count
    }
    // Only past the end are the length and the checksum compared.
    var beyond: UInt8 = 0
    guard count == entry.size, zip_fread(stream, &beyond, 1) == 0 else {
      throw .damaged(entry: entry.name)
    }
    return bytes
  }
}

/// Part of a file's bytes, which it keeps alive.
struct FileSlice {
  private let file: FileBytes
  private let range: Range<Int>

  /// - Precondition: `range` lies in the file.
  init(_ file: FileBytes, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= file.bytes.count)
    self.file = file
    self.range = range
  }

  var count: Int { range.count }

  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(file) {} }
    return try body(UnsafeRawBufferPointer(rebasing: file.bytes[range]))
  }

  /// A part of this part.
  ///
  /// - Precondition: `part` lies in `0..<count`.
  subscript(part: Range<Int>) -> FileSlice {
    precondition(part.lowerBound >= 0 && part.upperBound <= count)
    return FileSlice(
      file, range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
  }
}
