import Recurrent

extension ModelReport {
  /// More modules are named, but not read.
  private static let onnxModuleLimit = 100

  /// What is in an ONNX file: every module that opens, and why the others do not.
  ///
  /// - Parameters:
  ///   - asked: shows only modules of whose name, or of whose nodes', it is a part.
  ///   - choices: for each of them.
  init(
    _ model: ONNXModel, _ path: String, asked: String?, _ choices: ModelChoices
  ) throws(ModelFileError.Problem) {
    let names = model.stacks.map(\.name) + model.failures.map(\.name)
    func isShown(_ labels: [String]) -> Bool {
      asked.map { asked in labels.contains { $0.contains(asked) } } ?? true
    }
    var modules: [Module] = []
    // What no module left over is part of one.
    var unused = Set(model.scopes.flatMap(\.initializerNames))
    for stack in model.stacks where isShown([stack.name] + stack.nodes.map(\.label)) {
      guard modules.count < Self.onnxModuleLimit else {
        modules.append(
          Module(name: stack.name, problem: "not read here; ask for it with --module"))
        continue
      }
      do throws(ModelFileError.Problem) {
        let trained = try model.trained(stack, choices)
        unused.formIntersection(trained.unused)
        var choices = choices
        choices.isOnlyModule = names.count == 1
        modules.append(
          Module(
            trained, gates: Self.gates, types: model.types(stack), path: path, choices: choices))
      } catch {
        modules.append(Module(name: stack.name, problem: error.line))
      }
    }
    for failure in model.failures where isShown([failure.name]) {
      modules.append(
        Module(name: failure.name, problem: ModelFileError.Problem.onnx(failure.problem).line))
    }
    if let asked, modules.isEmpty {
      throw .noSuchModule(asked: asked, modules: names)
    }
    let others = model.scopes.flatMap(\.initializerTensors).filter { unused.contains($0.name) }
    self.init(
      path: path, format: "ONNX", producer: model.producer, modules: modules,
      otherTensors: others.map { tensor in
        Tensor(
          name: tensor.name, shape: tensor.dims.prefix(32).map { Int($0) },
          type: ONNXElement.name(tensor.dataType).lowercased())
      }.sorted { $0.name < $1.name },
      metadata: model.metadata)
  }

  /// The order of the rows in W and R, and ONNX's own letters for it.
  private static func gates(_ cell: CellKind) -> (signals: [Signal], letters: [String]) {
    let letters =
      switch cell {
      case .lstm: ["i", "o", "f", "c"]
      case .gru: ["z", "r", "h"]
      case .rnn: ["i"]
      case .described: cell.gates.map(\.rawValue)
      }
    return (ONNXRecurrentNode.gateOrder(cell), letters)
  }
}
