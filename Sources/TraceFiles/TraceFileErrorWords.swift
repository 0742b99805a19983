import ModelFiles
import Recurrent

extension TraceFileError: CustomStringConvertible {
  /// One line: the path, what is wrong, and what to do next where there is something to do.
  public var description: String { "\(printable(path, upTo: .max)): \(words)" }

  private var words: String {
    switch problem {
    case .file(.notRegular(let kind)):
      "is \(kind.rawValue), not a trace"
    case .file(let problem): problem.line
    case .notATrace:
      "is no recorded trace: Gatescope views .npz, .npy, .csv and HDF5; "
        + "a model opens with 'gatescope open'"
    case .isModel(let array):
      "holds weights (\(quoted(array))), no trace; open it with 'gatescope open'"
    case .noSignals(let found):
      "has no signals: found \(list(found)); docs/trace-files.md says how they are named"
    case .noSteps:
      "has no steps"
    case .tooManyArrays(let limit):
      "has more than \(limit) arrays; no trace needs that"

    case .wrongShape(let array, let found):
      "array \(quoted(array)): expected (T, H), found \(sizes(found))"
    case .differentLengths(let array, let steps, let other, let otherSteps):
      "array \(quoted(array)): has \(count(steps, "step")), but \(quoted(other)) "
        + "\(count(otherSteps, "step"))"
    case .wrongCount(let array, let expected, let found):
      "array \(quoted(array)): expected \(count(expected, "number")), found \(found)"
    case .notAscending(let array):
      "array \(quoted(array)): expected numbers from 0 on, each larger than the one before"
    case .notIntegers(let array):
      "array \(quoted(array)): expected whole numbers"
    case .noTokens:
      "has no array of token numbers, such as 'tokens' or 'words'"

    case .severalCells(let track, let signals):
      "\(track): has signals of an LSTM and of a GRU (\(names(signals))); "
        + "docs/trace-files.md says how they are named"
    case .differentUnits(let track, let signal, let expected, let found):
      "\(track), signal \(signal.rawValue): expected \(count(expected, "unit")), found \(found)"

    case .table(let line, let problem): "line \(line): \(words(problem))"
    case .duplicateColumn(let name): "has two columns \(quoted(name))"
    case .missingColumn(let name):
      "has no column \(quoted(name)); docs/trace-files.md says which there are"
    case .missingRows(let track, let found, let steps, let units):
      "\(track): \(count(steps, "step")) of \(count(units, "unit")) are \(steps * units) rows, "
        + "but there are \(found)"
    }
  }

  private func words(_ problem: TableProblem) -> String {
    switch problem {
    case .openQuote: "a quote is not closed"
    case .afterQuote: "expected a comma or the line's end after a quote"
    case .wrongWidth(let found, let expected):
      "has \(count(found, "field")), but the header \(expected)"
    case .notANumber(let column, let text):
      "column \(quoted(column)): \(quoted(text)) is not a number"
    case .notACount(let column, let text):
      "column \(quoted(column)): expected a number from 0 on, found \(quoted(text))"
    case .noDirection(let text):
      "column 'direction': expected fwd or bwd, found \(quoted(text))"
    case .rowTwice(let step, let unit): "step \(step), unit \(unit) stands there twice"
    case .stepTwice(let step): "step \(step) stands there twice"
    case .otherToken(let step, let text, let before):
      "step \(step) has the token \(quoted(text)), but \(quoted(before)) before"
    case .notUTF8(let column): "column \(quoted(column)): is not UTF-8; convert the file first"
    }
  }

  private func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  private func names(_ signals: [Signal]) -> String {
    signals.map(\.rawValue).joined(separator: ", ")
  }

  private func list(_ names: [String]) -> String {
    names.isEmpty
      ? "nothing"
      : names.prefix(8).map(quoted).joined(separator: ", ")
        + (names.count > 8 ? " … (\(names.count) in all)" : "")
  }
}
