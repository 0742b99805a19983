import Recurrent

extension ModelReport {
  /// More modules are named, but not read.
  private static let kerasModuleLimit = 100

  /// What is in a Keras file: every module that opens, and why the others do not.
  ///
  /// - Parameters:
  ///   - asked: shows only modules of whose name, or of whose layers', it is a part.
  ///   - choices: for each of them.
  init(
    _ model: KerasModel, _ path: String, asked: String?, _ choices: ModelChoices
  ) throws(ModelFileError.Problem) {
    func isShown(_ names: [String]) -> Bool {
      asked.map { asked in names.contains { $0.contains(asked) } } ?? true
    }
    var modules: [Module] = []
    // What no module left over is part of one.
    var unused = Set(model.weights.datasets.map(\.path))
    // Layers in a row, as a person says it.
    let chained = try asked.flatMap { asked throws(ModelFileError.Problem) in
      asked.contains(",") ? [try model.choose(asked)] : nil
    }
    for stack in chained ?? model.stacks where chained != nil || isShown(stack.layers.map(\.name)) {
      guard modules.count < Self.kerasModuleLimit else {
        modules.append(
          Module(name: stack.name, problem: "not read here; ask for it with --module"))
        continue
      }
      do throws(ModelFileError.Problem) {
        let trained = try model.trained(stack, choices)
        unused.subtract(model.weights.used)
        var choices = choices
        choices.isOnlyModule = model.stacks.count + model.failures.count == 1
        let types = model.weights.datasets.filter { model.weights.used.contains($0.path) }
        modules.append(
          Module(
            trained, gates: { (KerasRecurrent.gateOrder($0), KerasRecurrent.letters($0)) },
            types: Set(types.map(\.type)).sorted(), path: path, choices: choices))
      } catch {
        modules.append(Module(name: stack.name, problem: error.line))
      }
    }
    for failure in model.failures where isShown([failure.name]) {
      modules.append(
        Module(name: failure.name, problem: ModelFileError.Problem.keras(failure.problem).line))
    }
    if let asked, modules.isEmpty {
      let names = model.stacks.map(\.name) + model.failures.map(\.name)
      throw .noSuchModule(asked: asked, modules: names)
    }
    self.init(
      path: path, format: model.format, producer: model.producer, modules: modules,
      otherTensors: model.weights.datasets.filter { unused.contains($0.path) }.map {
        Tensor(name: $0.path, shape: $0.shape, type: $0.type)
      }.sorted { $0.name < $1.name }, leftOut: model.leftOut)
  }
}
