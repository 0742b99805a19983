#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads an HDF5 file, Keras's or a trace, in a process of its own first: libhdf5 before 1.14 crashes on
/// some damaged files and runs for ever on others, and neither can be caught where it happens.
///
/// What a program starts for that must read the file as it will be read then, in the way that
/// `answer(_:)` does, and end with the status that it gives. Files of other formats are not probed;
/// reading them is safe as it is.
public struct DamageProbe: Sendable {
  /// The program that reads, and its arguments; the file's path is added.
  public var executable: String
  public var arguments: [String]
  /// How long the process may take for a small file; what reads in it gives up long before. Each
  /// 20 MB of the file are a second more.
  public var patience: Duration

  public init(executable: String, arguments: [String], patience: Duration = .seconds(10)) {
    self.executable = executable
    self.arguments = arguments
    self.patience = patience
  }

  /// The status of a process that gave up.
  private static let gaveUp: Int32 = 2

  /// - Throws: `ModelFileError` where the file brings the process down or to no end. Anything else
  ///   that is wrong, also with starting the process, is left to the reader.
  public func check(_ path: String) throws(ModelFileError) {
    guard Self.isHDF5(path), let child = spawn(path) else { return }
    let patience = patience + .seconds(Self.size(of: path) / 20_000_000)
    guard let status = Self.wait(for: child, patience) else {
      kill(child, SIGKILL)
      var status: CInt = 0
      while waitpid(child, &status, 0) < 0 && errno == EINTR {}
      throw ModelFileError(path, .hdf5(.deadline(seconds: Int(patience.components.seconds))))
    }
    // The low seven bits are the signal that ended it, the next eight its exit status.
    if status & 0x7F != 0 { throw ModelFileError(path, .hdf5(.breaksDown)) }
    if (status >> 8) & 0xFF == Self.gaveUp {
      throw ModelFileError(path, .hdf5(.deadline(seconds: HDF5Thread.seconds)))
    }
  }

  /// What the process does: reads the file, and whatever is thrown is none of its business.
  ///
  /// - Returns: its exit status. End with `_exit`: libhdf5 may still be in an endless loop.
  public static func answer(_ read: () throws -> Void) -> Int32 {
    // A crash is expected here; it must not leave its memory in somebody's folder.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    #if canImport(Glibc)
      setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    #else
      setrlimit(RLIMIT_CORE, &none)
    #endif
    try? read()
    return HDF5Thread.isBusy ? gaveUp : 0
  }

  /// Nil when the time is over.
  private static func wait(for child: pid_t, _ patience: Duration) -> CInt? {
    let clock = ContinuousClock()
    let end = clock.now + patience
    var status: CInt = 0
    while true {
      let ended = waitpid(child, &status, WNOHANG)
      if ended == child { return status }
      // Whoever started this program may have had children end unseen.
      if ended < 0 && errno != EINTR { return 0 }
      if clock.now > end { return nil }
      usleep(1000)
    }
  }

  private func spawn(_ path: String) -> pid_t? {
    var child = pid_t()
    #if canImport(Glibc)
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    // A signal that this program ignores or holds back must still end that one.
    var (all, none) = (sigset_t(), sigset_t())
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    let words = [executable] + arguments + [path]
    let pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    // A crash would print a backtrace at leisure, and OpenBLAS start threads for nothing.
    let settings = ["SWIFT_BACKTRACE=enable=no", "OPENBLAS_NUM_THREADS=1"]
    let environment: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) } + [nil]
    defer { for pointer in pointers + environment { free(pointer) } }
    let code = posix_spawn(&child, executable, &actions, &attributes, pointers, environment)
    return code == 0 ? child : nil
  }

  /// By its first bytes; an archive by what is in it.
  private static func isHDF5(_ path: String) -> Bool {
    guard let file = try? FileBytes(path: path) else { return false }
    if file.bytes.starts(with: [0x89] + Array("HDF".utf8)) { return true }
    guard file.bytes.starts(with: Array("PK".utf8)),
      let archive = try? ZipArchive(file, path: path)
    else { return false }
    return KerasModel.isArchive(archive)
  }

  private static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }
}
