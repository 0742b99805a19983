import CHDF5
import Dispatch

/// The one thread at a time that is in libhdf5.
///
/// The library loops for ever on some damaged indices, and is not made for two threads. So whatever
/// calls it runs on a thread of its own, which is left behind when its time is over: nobody else can
/// enter until it comes out, if it does.
enum HDF5Thread {
  /// For files of a usual size; reading many bytes may take longer.
  static let seconds = 2
  private static let isFree = DispatchSemaphore(value: 1)

  /// Whether one is still in the library.
  static var isBusy: Bool {
    guard isFree.wait(timeout: .now()) == .success else { return true }
    isFree.signal()
    return false
  }

  /// What comes back from the other thread; written before the signal, read after it.
  private final class Box<Value>: @unchecked Sendable {
    var result: Result<Value, HDF5Problem>?
  }

  /// - Parameters:
  ///   - bytes: how many are read; each 20 MB are a second more.
  ///   - body: keeps what it needs alive itself.
  static func run<Value>(
    bytes: Int = 0, _ body: @escaping @Sendable () throws(HDF5Problem) -> Value
  ) throws(HDF5Problem) -> Value {
    let seconds = Self.seconds + bytes / 20_000_000
    guard isFree.wait(timeout: .now() + .seconds(Self.seconds)) == .success else {
      throw .deadline(seconds: Self.seconds)
    }
    let box = Box<Value>()
    let isDone = DispatchSemaphore(value: 0)
    DispatchQueue.global(qos: .userInitiated).async {
      do throws(HDF5Problem) {
        guard gs_h5_load() != 0 else {
          throw .noLibrary(wanted: String(cString: gs_h5_wanted()))
        }
        gs_h5_be_quiet()
        box.result = .success(try body())
      } catch {
        box.result = .failure(error)
      }
      isFree.signal()
      isDone.signal()
    }
    guard isDone.wait(timeout: .now() + .seconds(seconds)) == .success, let result = box.result
    else { throw .deadline(seconds: seconds) }
    return try result.get()
  }
}
