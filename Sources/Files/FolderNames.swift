#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The names in a folder that are wanted, in no order.
///
/// - Parameters:
///   - path: "" is the folder where the program runs.
///   - limit: no more than so many are looked for.
/// - Returns: nil where the folder cannot be read; errno says why.
public func folderNames(
  in path: String, upTo limit: Int = .max, where isWanted: (String) -> Bool
) -> [String]? {
  guard let folder = opendir(path.isEmpty ? "." : path) else { return nil }
  defer { closedir(folder) }
  var names: [String] = []
  while names.count < limit, let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if isWanted(name) { names.append(name) }
  }
  return names
}
