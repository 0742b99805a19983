import Demos
import Workbench

/// The list of demos on the screen.
struct DemoPicker {
  let demos: [Demo]
  let selected: Int

  /// - Returns: the index of the demo that was chosen; nil where the person leaves.
  func run(_ options: ScreenOptions) throws -> Int? {
    try PickerScreen.choose(options) { width, height, theme in
      PickerState(
        entries: demos.map { .init(name: $0.name, title: $0.title, summary: $0.summary) },
        selected: selected, width: width, height: height, theme: theme)
    }
  }
}
