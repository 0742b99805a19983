import ArgumentParser
import Demos

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Open a demo; without a name, choose one from a list.")

  @Argument(help: "The demo's name.")
  var name: String?

  @Option(help: "Another model that was made for the same task, such as gru or rnn.")
  var variant: String?

  @OptionGroup var whatIf: WhatIfOptions

  @OptionGroup(title: "Comparing") var comparison: ComparisonOptions

  @OptionGroup(title: "Screen") var screen: ScreenOptions

  func validate() throws {
    if screen.isHeadless && name == nil {
      throw ValidationError("--replay and --screen need a demo's name.")
    }
    if !comparison.requests.isEmpty && name == nil {
      throw ValidationError("--against and --against-text need a demo's name.")
    }
    if whatIf.file != nil && name == nil {
      throw ValidationError("--what-if needs a demo's name.")
    }
    if variant != nil && name == nil { throw ValidationError("--variant needs a demo's name.") }
  }

  func run() throws {
    let catalog = try DemoCatalog(environment: Process.environment, executable: Process.executable)
    if let name {
      if !catalog.names.contains(name), name.contains(".") || name.contains("/") {
        throw ValidationError("'\(name)' is no demo. To open a model: gatescope open \(name)")
      }
      try open(catalog.demo(named: name), variant: variant)
    } else {
      try choose(catalog)
    }
  }

  private func open(_ demo: Demo, variant: String? = nil) throws {
    let opener = try DemoOpener(demo, variant: variant)
    try ScreenSession(model: opener.model, input: opener.input) {
      try opener.session($0, variant: variant)
    }.run(screen, comparing: comparison, whatIf: whatIf.named(for: opener.model))
  }

  /// The list, until the person leaves it; a list of lines where there is no terminal.
  private func choose(_ catalog: DemoCatalog) throws {
    let demos = try catalog.all()
    guard Process.isInteractive else {
      try Process.tell("The demos; open one with `gatescope demo NAME`:\n")
      let width = demos.map(\.name.count).max() ?? 0
      for demo in demos {
        let gap = String(repeating: " ", count: width - demo.name.count + 2)
        try Process.tell("  " + demo.name + gap + demo.summary)
      }
      return
    }
    var selected = 0
    while let choice = try DemoPicker(demos: demos, selected: selected).run(screen) {
      selected = choice
      try open(demos[choice])
    }
  }
}
