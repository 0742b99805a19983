import Testing

@testable import Inspector

@Suite struct OrderedPiecesTests {
  /// What the workers of a test share: numbers up to `end`, and those that were given away.
  private final class Numbers {
    var next = 0
    let end: Int
    /// Taking, making or giving this one fails.
    var failsToTake: Int?
    var failsToMake: Int?
    var failsToGive: Int?
    var given: [Int] = []

    init(end: Int) { self.end = end }
  }

  private struct Fault: Error {}

  private final class Worker: PieceWorker {
    let numbers: Numbers
    private var number = 0

    init(_ numbers: Numbers) { self.numbers = numbers }

    func take() throws -> Bool {
      if numbers.next == numbers.failsToTake { throw Fault() }
      guard numbers.next < numbers.end else { return false }
      number = numbers.next
      numbers.next += 1
      return true
    }

    /// Some pieces take much longer than others.
    func work() throws {
      if number == numbers.failsToMake { throw Fault() }
      var rest = number % 7 == 0 ? 20_000 : 10
      while rest > 0 { rest -= 1 }
    }

    func give() throws {
      if number == numbers.failsToGive { throw Fault() }
      numbers.given.append(number)
    }
  }

  private func run(_ numbers: Numbers, workers: Int) throws {
    try OrderedPieces((0..<workers).map { _ in Worker(numbers) }).run()
  }

  @Test(arguments: [1, 2, 5])
  func piecesComeInOrder(workers: Int) throws {
    let numbers = Numbers(end: 500)
    try run(numbers, workers: workers)
    #expect(numbers.given == Array(0..<500))
  }

  @Test(arguments: [1, 3])
  func whatWasTakenBeforeAFaultIsGiven(workers: Int) {
    let numbers = Numbers(end: 500)
    numbers.failsToTake = 123
    #expect(throws: Fault.self) { try run(numbers, workers: workers) }
    #expect(numbers.given == Array(0..<123))
  }

  @Test(arguments: [1, 3])
  func whatComesBeforeAPieceThatCannotBeMadeIsGiven(workers: Int) {
    let numbers = Numbers(end: 500)
    numbers.failsToMake = 123
    #expect(throws: Fault.self) { try run(numbers, workers: workers) }
    #expect(numbers.given == Array(0..<123))
  }

  @Test(arguments: [1, 3])
  func nothingFollowsWhatCouldNotBeGiven(workers: Int) {
    let numbers = Numbers(end: 500)
    numbers.failsToGive = 123
    #expect(throws: Fault.self) { try run(numbers, workers: workers) }
    #expect(numbers.given == Array(0..<123))
    #expect(numbers.next < 123 + 2 * workers)
  }
}
