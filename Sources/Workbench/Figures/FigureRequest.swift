import Figures
import Files
import Inspector
import Recurrent

/// A figure that is wanted, and how.
public struct FigureRequest: Sendable, Hashable {
  public var path: String
  public var width = Length.column
  /// Which steps and signals, as it was typed; nil for those that are seen.
  public var steps: String?
  public var signals: String?
  /// Which units, by their numbers; they stay in the order in which they are shown.
  public var units: String?
  /// Heatmaps side by side; nil for as many as have room.
  public var columns: Int?
  /// What stands above; nil for what the view says of itself.
  public var caption: String?
  /// Whether the part that is seen is drawn, rather than all of it.
  public var isAsSeen = true
  /// Whether the step in hand is marked.
  public var marksStep = true
  /// Whether the unit in hand is.
  public var marksUnit = true
  public var mayReplace = false

  public init(path: String) { self.path = path }

  /// Reads what stands after `figure`: a file's name, then options (`fig.svg --width 174mm --steps 0..30
  /// --signals f,c --columns 2`).
  ///
  /// - Throws: `InstructionError` with the fault's place in the text.
  init(parsing text: String, of trace: Trace, isForced: Bool) throws(InstructionError) {
    let scalars = Array(text.unicodeScalars)
    let start = ExportRequest.optionStart(in: scalars)
    var end = start
    while end > 0, scalars[end - 1] == " " { end -= 1 }
    self.init(path: ExportRequest.text(scalars[..<end]))
    mayReplace = isForced
    do throws(FigureError) {
      _ = try FigureFormat(forPath: path)
    } catch {
      throw InstructionError(error.description, at: 0..<max(1, end))
    }
    var place = start
    while let name = ExportRequest.nextWord(in: scalars, from: place) {
      guard let value = ExportRequest.nextWord(in: scalars, from: name.upperBound) else {
        throw InstructionError(
          Words.optionNeedsValue(ExportRequest.text(scalars[name])), at: name)
      }
      do throws(FigureRefusal) {
        try set(ExportRequest.text(scalars[name]), to: ExportRequest.text(scalars[value]), trace)
      } catch {
        throw InstructionError(error.description, at: error.isOfName ? name : value)
      }
      place = value.upperBound
    }
  }

  /// As it is typed.
  var text: String {
    let said = [
      width == .column ? nil : "--width \(width)", steps.map { "--steps \($0)" },
      signals.map { "--signals \($0)" }, units.map { "--units \($0)" },
      columns.map { "--columns \($0)" },
    ]
    return ([path] + said.compactMap { $0 }).joined(separator: " ")
  }

  /// What stands after a figure's name.
  public static let optionNames = ["--width", "--steps", "--signals", "--units", "--columns"]

  private mutating func set(
    _ name: String, to value: String, _ trace: Trace
  ) throws(FigureRefusal) {
    switch name {
    case "--width": width = try Self.width(value)
    case "--columns": columns = try Self.columns(value)
    case "--steps": steps = value
    case "--signals": signals = value
    case "--units": units = value
    case _: throw .noSuchOption(name)
    }
    _ = try selection(of: trace)
  }

  /// - Throws: `FigureRefusal` for what is no width that a figure can have.
  public static func width(_ text: String) throws(FigureRefusal) -> Length {
    guard let width = Length(text) else { throw .noWidth(text) }
    return width
  }

  private static func columns(_ text: String) throws(FigureRefusal) -> Int {
    guard let columns = Int(text), (1...8).contains(columns) else { throw .noColumns(text) }
    return columns
  }

  /// The steps and signals that were asked for.
  func selection(of trace: Trace) throws(FigureRefusal) -> TraceSelection {
    do throws(SelectionError) {
      return try TraceSelection(
        SelectionOptions(steps: steps, units: units, signals: signals), of: trace)
    } catch {
      throw .selection(error)
    }
  }
}

/// Why there is no figure of what is seen.
public enum FigureRefusal: Error, CustomStringConvertible {
  case noWidth(String)
  case noColumns(String)
  case noSuchOption(String)
  case selection(SelectionError)
  case noFigure(ViewKind)
  case noSteps
  case noSignals
  case noUnits
  case nothingToCompare(String)
  case noAnswer(String)

  /// Whether an option's name is at fault, rather than what it says.
  var isOfName: Bool { if case .noSuchOption = self { true } else { false } }

  public var description: String {
    switch self {
    case .noWidth(let text):
      "no width such as 84mm, 17.4cm or 3.3in, from 40mm to 1000mm: \(excerpt(text).text)"
    case .noColumns(let text): "the columns are a number from 1 to 8: \(excerpt(text).text)"
    case .noSuchOption(let name):
      "no option \(excerpt(name).text): \(FigureRequest.optionNames.joined(separator: ", "))"
    case .selection(let error): error.description
    case .noFigure(let view):
      "the \(view.name) view has no figure; export writes its numbers, screen the screen as text"
    case .noSteps: "none of these steps is recorded yet"
    case .noSignals: "this layer has none of these signals"
    case .noUnits: "none of these units is shown; the filter leaves others"
    case .nothingToCompare(let words): words
    case .noAnswer(let words): words
    }
  }
}
