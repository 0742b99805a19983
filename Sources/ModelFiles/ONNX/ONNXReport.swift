import Recurrent

extension ModelReport {
  /// Each module costs the folding of the whole graph.
  private static let onnxModuleLimit = 20

  /// What an ONNX file has in it: every module that opens, or why one does not.
  ///
  /// - Parameters:
  ///   - asked: shows only the modules whose names hold it.
  ///   - read: the module of a name.
  /// - Throws: `ModelFileError` where no module has the name that was asked for.
  init(
    onnx path: String, asked: String?, _ read: (String?) throws(ModelFileError) -> TrainedModel
  ) throws(ModelFileError) {
    var modules: [Module] = []
    var metadata: [String: String] = [:]
    func add(_ name: String?) throws(ModelFileError) {
      let model = try read(name)
      let (gates, letters) = Self.gates(model.network.layers[0].shape.cell)
      modules.append(Module(model, gates: gates, letters: letters))
      metadata = model.metadata
    }
    do throws(ModelFileError) {
      try add(asked)
    } catch {
      switch error.problem {
      case .severalModules(let names), .ambiguousModule(_, let names):
        for name in names.prefix(Self.onnxModuleLimit) {
          do throws(ModelFileError) {
            try add(name)
          } catch {
            modules.append(Module(name: name, problem: error.problem.line))
          }
        }
        for name in names.dropFirst(Self.onnxModuleLimit) {
          modules.append(Module(name: name, problem: "not read here; ask for it with --module"))
        }
      case .noSuchModule: throw error
      case let problem: modules.append(Module(name: asked ?? "", problem: problem.line))
      }
    }
    self.init(path: path, format: "ONNX", modules: modules, metadata: metadata)
  }

  /// The order of the rows in W and R, and ONNX's own letters for it.
  private static func gates(_ cell: CellKind) -> ([Signal], [String]) {
    switch cell {
    case .lstm: ([.i, .o, .f, .z], ["i", "o", "f", "c"])
    case .gru: ([.u, .r, .n], ["z", "r", "h"])
    case .rnn: ([.h], ["i"])
    }
  }
}
