import Recurrent

extension ModelReport {
  /// More modules are named, but not read: each costs the reading of its weights and a look at every
  /// name.
  private static func moduleLimit(tensorCount: Int) -> Int {
    min(100, max(4, 1_000_000 / max(1, tensorCount)))
  }

  /// Of a file whose tensors have PyTorch's names.
  ///
  /// - Parameters:
  ///   - asked: shows only modules whose names hold it.
  ///   - choices: for each of them.
  init(
    _ opened: NamedTensors, _ path: String, asked: String?, _ choices: ModelChoices
  ) throws(ModelFileError.Problem) {
    let names = PyTorchNames.modules(
      opened.store, facts: opened.facts.modules, asked: choices.cell)
    var shown = names
    if let asked {
      shown = names.contains(asked) ? [asked] : names.filter { $0.contains(asked) }
      guard !shown.isEmpty else {
        throw .noSuchModule(asked: asked, modules: names)
      }
    }
    let limit = Self.moduleLimit(tensorCount: opened.store.tensors.count)
    var modules: [Module] = []
    // What no module left over is part of one.
    var used: Set<String> = []
    let all = Self.tensors(opened.store)
    for name in shown.prefix(limit) {
      do throws(ModelFileError.Problem) {
        var choices = choices
        choices.isOnlyModule = names.count == 1
        let model = try opened.model(module: name, choices: choices)
        let unused = Set(model.unused)
        let read = all.filter { !unused.contains($0.name) }
        used.formUnion(read.map(\.name))
        modules.append(
          Module(
            model,
            gates: {
              opened.gates[name] ?? (GateOrder.pyTorch($0), GateOrder.pyTorchLetters($0))
            },
            types: Set(read.compactMap(\.type)).sorted(), path: path, choices: choices))
      } catch {
        modules.append(Module(name: name, problem: error.line))
      }
    }
    for name in shown.dropFirst(limit) {
      modules.append(
        Module(name: name, problem: "not read here; ask for it with --module"))
    }
    let others = all.filter {
      !used.contains($0.name) && RecurrentParameter(name: $0.name) == nil
    }
    self.init(
      path: path, format: opened.format, producer: opened.producer, modules: modules,
      otherTensors: others.sorted { $0.name < $1.name }, leftOut: opened.leftOut,
      warnings: names.isEmpty ? [ModelFileError.Problem.noRecurrentLayer.line] : [],
      metadata: opened.metadata)
  }

  private static func tensors(_ store: some TensorStore) -> [Tensor] {
    store.tensors.map { Tensor(name: $0.name, shape: $0.shape, type: $0.typeName) }
  }
}
