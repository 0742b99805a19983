import Dispatch
import Files

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Makes pieces of an output: takes one after another, works on each, gives it away.
protocol PieceWorker: AnyObject {
  /// Comes to the next piece; false at the end. One worker at a time.
  func take() throws -> Bool
  /// What may be done beside other workers.
  func work() throws
  /// One worker at a time, in the order in which the pieces were taken.
  func give() throws
}

/// Workers on a thread each, whose pieces are given away in order.
final class OrderedPieces<Worker: PieceWorker>: @unchecked Sendable {
  private let workers: [Worker]
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let isGiven = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  // Guarded by the lock.
  private var taken = 0
  private var given = 0
  private var isAtEnd = false
  private var fault: (any Error)?
  /// A piece could not be made or given away, so none after it may be.
  private var isBroken = false

  init(_ workers: [Worker]) {
    self.workers = workers
    pthread_mutex_init(lock, nil)
    pthread_cond_init(isGiven, nil)
  }

  deinit {
    pthread_cond_destroy(isGiven)
    pthread_mutex_destroy(lock)
    isGiven.deallocate()
    lock.deallocate()
  }

  /// Returns when all pieces are given away.
  ///
  /// - Throws: the error of the first piece that could not be made or given away, or `take`'s: what was
  ///   taken before it failed is given away.
  func run() throws {
    if workers.count == 1 {
      while try workers[0].take() {
        try workers[0].work()
        try workers[0].give()
      }
      return
    }
    DispatchQueue.concurrentPerform(iterations: workers.count) { index in
      // Dispatch's threads let SIGPIPE in.
      withoutPipeSignal { run(workers[index]) }
    }
    if let fault { throw fault }
  }

  private func run(_ worker: Worker) {
    while let piece = take(worker) {
      var failure: (any Error)?
      do { try worker.work() } catch { failure = error }
      guard waitForTurn(piece) else { return }
      if failure == nil {
        do { try worker.give() } catch { failure = error }
      }
      guarded {
        given += 1
        if let failure {
          fault = fault ?? failure
          isBroken = true
          isAtEnd = true
        }
        pthread_cond_broadcast(isGiven)
      }
    }
  }

  /// The number of the piece that the worker took; nil at the end.
  private func take(_ worker: Worker) -> Int? {
    guarded {
      guard !isAtEnd else { return nil }
      do {
        guard try worker.take() else {
          isAtEnd = true
          return nil
        }
      } catch {
        fault = error
        isAtEnd = true
        return nil
      }
      taken += 1
      return taken - 1
    }
  }

  /// Whether the turn came.
  private func waitForTurn(_ piece: Int) -> Bool {
    guarded {
      while given != piece && !isBroken { pthread_cond_wait(isGiven, lock) }
      return !isBroken
    }
  }

  private func guarded<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body()
  }
}
