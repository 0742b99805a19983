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
        // From the easiest on, as the catalog has them.
        entries: demos.enumerated().map { place, demo in
          .init(
            name: demo.name, title: demo.title, summary: demo.summary, teaches: demo.teaches,
            isFirst: place == 0)
        },
        selected: selected, width: width, height: height, theme: theme)
    }
  }
}
