import Workbench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds and reads the file of the person's settings; whatever is wrong with it, the program starts.
enum SettingsReader {
  static func read(_ environment: [String: String]) -> SettingsFile {
    guard let path = path(environment) else { return SettingsFile(text: "", path: "") }
    var status = stat()
    // No file is no problem.
    guard stat(path, &status) == 0 else { return SettingsFile(text: "", path: path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      return SettingsFile(unreadable: "is no file; put the settings into one", path: path)
    }
    guard status.st_size <= largest else {
      return SettingsFile(
        unreadable: "is larger than a megabyte, which no settings are; it is left out", path: path)
    }
    do {
      return SettingsFile(text: try TextFile.read(path), path: path)
    } catch {
      let why = "\(error)".trimmingPrefix(path + ": ")
      return SettingsFile(unreadable: String(why), path: path)
    }
  }

  private static let largest = 1_000_000

  /// https://specifications.freedesktop.org/basedir-spec: a path that is not absolute does not count.
  private static func path(_ environment: [String: String]) -> String? {
    if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") {
      return folder + "/gatescope/config.yml"
    }
    guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.config/gatescope/config.yml"
  }
}
