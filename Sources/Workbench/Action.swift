import Screen

/// What happened: to the program, or in it.
public enum Action: Sendable, Equatable {
  case key(Key)
  case mouse(MouseEvent)
  case paste(String)
  case resize(width: Int, height: Int)
  /// A line of a replay.
  case instruct(Instruction)
  /// More steps can be read.
  case recorded
  /// Another slice of long work may begin.
  case goOn
  /// Another slice of a recorded trace may be looked at for the legends' limits.
  case surveyMore
  /// Another slice of the steps may be looked at for the hits of the expression.
  case markHits
  /// More steps of another run can be read.
  case otherRecorded
  /// Other runs are there, their first steps still to be recorded.
  case otherOpened
  case otherFailed(message: String)
  /// More of what the view `flow` asks has been found.
  case flowed
  /// Changes were read from a file of that name.
  case whatIfRead(WhatIfFile, name: String)
  case whatIfFailed(message: String)
  /// It is time for the next step of playing.
  case playTick
  case exported(path: String, steps: Int)
  /// The file is there already and was left alone.
  case exportExists(ExportRequest)
  /// There is a file where an instruction would write one.
  case fileExists(Instruction, path: String)
  case exportFailed(message: String)
  /// A file that is no trace (`:screen`, `:record`) was written.
  case written(path: String)
  case writeFailed(message: String)

  public init(_ event: Event) {
    switch event {
    case .key(let key): self = .key(key)
    case .mouse(let event): self = .mouse(event)
    case .paste(let text): self = .paste(text)
    case .resize(let width, let height): self = .resize(width: width, height: height)
    }
  }
}

extension Action {
  var isTyped: Bool {
    switch self {
    case .key, .paste, .mouse, .instruct: true
    case .resize, .recorded, .goOn, .surveyMore, .markHits, .otherRecorded, .otherOpened,
      .otherFailed, .whatIfRead, .whatIfFailed, .flowed, .playTick, .exported, .exportExists,
      .fileExists, .exportFailed, .written,
      .writeFailed:
      false
    }
  }
}

/// What `update` wants done outside; what comes of it comes back as an action.
public enum Effect: Sendable, Equatable {
  /// Compute a slice of the way to a step, then say `recorded`.
  case record(through: Int)
  /// Write the trace or a part of it, then say `exported`, `exportExists` or `exportFailed`.
  case export(ExportRequest)
  /// Write the screen as it is now, then say `written`, `fileExists` or `writeFailed`.
  case writeScreen(path: String, mayReplace: Bool = false)
  /// Draw the view as a figure, then say `written`, `fileExists` or `writeFailed`.
  case writeFigure(FigureRequest)
  /// Write lines, then say `written`, `fileExists` or `writeFailed`.
  case writeLines([String], path: String, by: Instruction)
  /// Read a file of changes, then say `whatIfRead` or `whatIfFailed`.
  case readWhatIf(path: String)
  /// Say `goOn` after a frame.
  case goOn
  /// Say `surveyMore` after a frame.
  case surveyMore
  /// Say `markHits` after a frame.
  case markHits
  /// Draw the whole screen anew.
  case redraw
  /// Make other runs, beside those that there are or in their place, then say `otherOpened` or
  /// `otherFailed`.
  case openOthers([OtherRunRequest], isAdded: Bool)
  /// Compute a slice of another run's way to a step, then say `otherRecorded`.
  case recordOther(Int, through: Int)
  /// Compute a slice of what the view `flow` asks, then say `flowed`.
  case flow
}

extension Effect {
  var isRecording: Bool {
    switch self {
    case .record: true
    case .export, .readWhatIf, .writeScreen, .writeFigure, .writeLines, .goOn, .surveyMore,
      .markHits, .redraw,
      .openOthers,
      .recordOther, .flow:
      false
    }
  }
}
