/// Which of a file's recurrent modules is meant.
struct ModuleChoice {
  /// The one that is read.
  let name: String
  /// What was chosen between, where an average of the weights stands beside them.
  let note: String?

  /// The module whose name is `asked`, or else holds it; without `asked` the only one. Of the same
  /// module in training and as an average, which is used at inference, the average.
  init(_ names: [String], _ asked: String?) throws(ModelFileError.Problem) {
    guard !names.isEmpty else { throw .noRecurrentLayer }
    let averages = Self.averages(names)
    let only: String
    if let asked, names.contains(asked) {
      only = asked
    } else {
      let fitting = asked.map { asked in names.filter { $0.contains(asked) } } ?? names
      let left = fitting.filter { averages[$0].map { !fitting.contains($0) } ?? true }
      guard let first = left.first else {
        throw .noSuchModule(asked: asked ?? "", modules: names)
      }
      guard left.count == 1 else {
        throw asked.map { .ambiguousModule(asked: $0, modules: fitting) } ?? .severalModules(names)
      }
      only = first
    }
    name = only
    note = names.first { averages[$0] == only }.map {
      "the average \(quoted(only)) is read, which is used at inference; --module "
        + "\(printable($0, upTo: 100)) has the weights in training"
    }
  }

  /// The average of each module that has one, by names: "online_model.lstm" → "ema_model.lstm".
  static func averages(_ names: [String]) -> [String: String] {
    var averages: [String: [String]] = [:]
    let paths = names.map { $0.split(separator: ".", omittingEmptySubsequences: false) }
    /// Modules in training, by what stands before and after the part that tells the copies apart.
    var trained: [String: [String]] = [:]
    for (name, path) in zip(names, paths) where !path.contains(where: isAverage) {
      for place in 0...min(path.count, 8) {
        // The part may be missing: "lstm" beside "ema.lstm".
        trained[key(path[..<place], path[place...]), default: []].append(name)
        if place < path.count {
          trained[key(path[..<place], path[(place + 1)...]), default: []].append(name)
        }
      }
    }
    for (name, path) in zip(names, paths) {
      guard let place = path.firstIndex(where: isAverage), place <= 8 else { continue }
      var rest = path[(place + 1)...]
      var found = Set(trained[key(path[..<place], rest)] ?? [])
      while found.isEmpty, let first = rest.first, ["module", "shadow", "model"].contains(first) {
        rest = rest.dropFirst()
        found = Set(trained[key(path[..<place], rest)] ?? [])
      }
      if found.count == 1, let one = found.first { averages[one, default: []].append(name) }
    }
    return averages.compactMapValues { $0.count == 1 ? $0[0] : nil }
  }

  private static func key(_ before: ArraySlice<Substring>, _ after: ArraySlice<Substring>) -> String
  {
    before.joined(separator: ".") + " " + after.joined(separator: ".")
  }

  /// What copies that are averages are called: "ema_model", "model_ema", "state_dict_ema".
  static func isAverage(_ part: some StringProtocol) -> Bool {
    let words = part.lowercased().split(separator: "_")
    return words.contains("ema") || words.contains("swa") || words.contains("averaged")
  }
}
