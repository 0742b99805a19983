import ArgumentParser
import Demos
import Inspector
import ModelFiles
import Workbench

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct OpenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Step a trained model through a sequence, on the screen.")

  @Argument(help: "The model file, or a folder of .npy.")
  var model: String

  @OptionGroup(title: "Input") var input: InputOptions

  @OptionGroup(title: "Reading") var reading: ReadingOptions

  @OptionGroup var memory: MemoryOptions

  @OptionGroup var whatIf: WhatIfOptions

  @OptionGroup(title: "Comparing") var comparison: ComparisonOptions

  @OptionGroup(title: "Screen") var screen: ScreenOptions

  func run() throws {
    if let demo = Self.demo(named: model) {
      throw WrongUsage(
        "'\(demo)' is no file but a demo; 'gatescope demo \(demo)' opens it",
        of: Self.self)
    }
    try ProbeCommand.check(model, .model, reading.words)
    do {
      try open(reading.model(at: model), isChosen: reading.module != nil)
    } catch let error as ModelFileError where error.asksForModule && Process.isInteractive {
      let report = try reading.report(of: model)
      guard report.modules.count > 1 else { throw error }
      try choose(from: report)
    }
  }

  /// A demo's name where no file has it: its tour and its lanes belong to the other command.
  private static func demo(named name: String) -> String? {
    guard access(name, F_OK) != 0 else { return nil }
    let catalog = try? DemoCatalog(
      environment: Process.environment, executable: Process.executable)
    return try? catalog?.demo(named: name).name
  }

  /// - Parameter isChosen: whether there are other modules, so that the name should be shown.
  private func open(_ read: TrainedModel, isChosen: Bool) throws {
    let opened = try input.applied(to: read)
    let sequence = try input.sequence(for: opened, at: model)
    // Which module it is must be seen, so it is a part of the name, which the title bar never drops.
    let module = isChosen && !opened.module.isEmpty ? " · " + opened.module : ""
    let facts = SessionFacts(
      name: TraceNames.stem(of: model) + module,
      title: opened.task ?? "",
      featureNames: opened.featureNames ?? [])
    let memory = memory.bytes(isReplayed: screen.isHeadless)
    try ScreenSession(model: opened, input: sequence, memory: memory) { _ in facts }
      .run(
        screen, comparing: comparison, whatIf: whatIf.named(for: opened), memory: self.memory.memory
      )
  }

  /// The list of the modules, until the person leaves it; the one that is open comes back to it.
  private func choose(from report: ModelReport) throws {
    var selected = 0
    var message: String?
    while true {
      let choice = try PickerScreen.choose(screen) { width, height, theme in
        PickerState(
          modules: report, message: message, selected: selected, width: width, height: height,
          theme: theme)
      }
      guard let choice else { return }
      selected = choice
      message = nil
      do {
        let chosen = try reading.model(at: model, module: report.modules[choice].name)
        try open(chosen, isChosen: true)
      } catch let code as ExitCode {
        throw code
      } catch {
        message = "\(error)"
      }
    }
  }
}
