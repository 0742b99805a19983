import ArgumentParser
import CursesTerminal
import Screen
import Workbench

/// A list on the screen, until the person has chosen.
enum PickerScreen {
  /// - Parameter make: the list, for a screen of that width, height and theme.
  /// - Returns: the place of what was chosen; nil where the person leaves.
  /// - Throws: `TerminalError` before anything is drawn; an `ExitCode` after a signal.
  static func choose(
    _ options: ScreenOptions, _ make: (Int, Int, Theme) -> PickerState
  ) throws -> Int? {
    let environment = Process.environment
    let settings = options.applied(to: SettingsReader.read(environment).settings)
    let terminal = try CursesTerminal(environment: environment, mouse: settings.mouse)
    defer { terminal.close() }
    var list = make(
      terminal.size.width, terminal.size.height,
      ScreenOptions.theme(settings, environment, settings.applied(to: terminal.capabilities)))
    terminal.colors = list.theme.terminal.colors
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
