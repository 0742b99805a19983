import ArgumentParser
import CursesTerminal
import Demos
import Screen
import Workbench

/// The list of demos on the screen.
struct DemoPicker {
  let demos: [Demo]
  let selected: Int

  /// - Returns: the index of the demo that was chosen; nil where the person leaves.
  func run(_ options: ScreenOptions) throws -> Int? {
    let environment = Process.environment
    let terminal = try CursesTerminal(environment: environment)
    defer { terminal.close() }
    var list = PickerState(
      entries: demos.map { .init(name: $0.name, title: $0.title, summary: $0.summary) },
      selected: selected, width: terminal.size.width, height: terminal.size.height,
      theme: options.theme(environment, terminal.capabilities))
    while true {
      terminal.show(render(list))
      for input in terminal.wait(timeout: nil) {
        switch input {
        case .event(let event): update(&list, event)
        case .suspend: terminal.suspend()
        case .end(let signal):
          terminal.close()
          throw ExitCode(128 + signal)
        }
        if let outcome = list.outcome {
          switch outcome {
          case .chosen(let index): return index
          case .left: return nil
          }
        }
      }
    }
  }
}
