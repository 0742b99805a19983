import Dispatch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Does tasks on several threads, each taking the next that nobody has begun.
///
/// - Parameters:
///   - jobs: threads at most; 1 is the caller's own.
///   - body: gets the number of its thread, below `jobs`, and the task's.
/// - Throws: what the first of the tasks that failed, by number, has thrown; later ones may be left out.
func concurrently(
  jobs: Int, tasks: Int, _ body: (_ job: Int, _ task: Int) throws -> Void
) throws {
  guard jobs > 1, tasks > 1 else {
    for task in 0..<tasks { try body(0, task) }
    return
  }
  try withoutActuallyEscaping(body) { body in
    let queue = TaskQueue(tasks: tasks, body: body)
    DispatchQueue.concurrentPerform(iterations: min(jobs, tasks)) { queue.work(as: $0) }
    if let failure = queue.failure { throw failure.error }
  }
}

/// What threads take their tasks from. The lock guards all that changes.
private final class TaskQueue: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let tasks: Int
  private let body: (Int, Int) throws -> Void
  private var next = 0
  private(set) var failure: (task: Int, error: any Error)?

  init(tasks: Int, body: @escaping (Int, Int) throws -> Void) {
    self.tasks = tasks
    self.body = body
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func work(as job: Int) {
    while let task = take() {
      do {
        try body(job, task)
      } catch {
        fail(task, error)
      }
    }
  }

  private func take() -> Int? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard failure == nil, next < tasks else { return nil }
    next += 1
    return next - 1
  }

  private func fail(_ task: Int, _ error: any Error) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    if failure.map({ task < $0.task }) ?? true { failure = (task, error) }
  }
}
