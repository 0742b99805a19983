import ModelFiles
import Screen

extension PickerState {
  /// The list of a model file's recurrent modules.
  ///
  /// - Parameters:
  ///   - message: what went wrong with the last choice.
  ///   - selected: where the list begins.
  public init(
    modules report: ModelReport, message: String?, selected: Int, width: Int, height: Int,
    theme: Theme
  ) {
    self.init(
      entries: report.modules.map(Entry.init),
      heading: Words.modules(count: report.modules.count, of: report.path), message: message,
      selected: selected, width: width, height: height, theme: theme)
  }
}

extension PickerState.Entry {
  init(_ module: ModelReport.Module) {
    let name = module.name.isEmpty ? Words.nameless : module.name
    if let problem = module.problem {
      self.init(name: name, title: Words.unopenable, summary: problem, problem: problem)
    } else {
      let title = Words.layers(of: module)
      self.init(name: name, title: title, summary: Words.heads(of: module), line: title)
    }
  }
}
