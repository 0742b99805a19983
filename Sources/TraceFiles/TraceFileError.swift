import ModelFiles
import Recurrent

/// Why a file is not opened as a trace: the path, and the facts.
public struct TraceFileError: Error, Equatable, Sendable {
  /// As it was given.
  public let path: String
  public let problem: Problem

  public init(_ path: String, _ problem: Problem) {
    self.path = path
    self.problem = problem
  }

  /// The facts; `TraceFileErrorWords.swift` words them.
  public enum Problem: Error, Equatable, Sendable {
    /// The file as such, or the container that the arrays are in.
    case file(ModelFileError.Problem)
    case notATrace
    case isModel(array: String)
    /// There are arrays or columns, but none that could be a signal.
    case noSignals(found: [String])
    case noSteps
    case tooManyArrays(limit: Int)

    // Arrays.
    case wrongShape(array: String, found: [Int])
    case differentLengths(array: String, steps: Int, other: String, otherSteps: Int)
    /// `tokens`, `steps` or `units` beside arrays that have another number of them.
    case wrongCount(array: String, expected: Int, found: Int)
    case notAscending(array: String)
    case notIntegers(array: String)
    case noTokens

    // What the signals say together.
    case severalCells(track: Track, signals: [Signal])
    case differentUnits(track: Track, signal: Signal, expected: Int, found: Int)

    // Tables.
    case table(line: Int, TableProblem)
    case duplicateColumn(String)
    case missingColumn(String)
    /// Rows that are there, of those that steps and units make.
    case missingRows(track: Track, found: Int, steps: Int, units: Int)
  }

  /// What is wrong with a row of a table.
  public enum TableProblem: Error, Equatable, Sendable {
    case openQuote
    case afterQuote
    case wrongWidth(found: Int, expected: Int)
    case notANumber(column: String, text: String)
    case notACount(column: String, text: String)
    case noDirection(text: String)
    case rowTwice(step: Int, unit: Int)
    case stepTwice(step: Int)
    case otherToken(step: Int, text: String, before: String)
    case notUTF8(column: String)
  }
}
