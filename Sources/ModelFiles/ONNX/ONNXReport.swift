import Recurrent

extension ModelReport {
  /// What an ONNX file has in it: the one module that opens, or why none does.
  init(onnx path: String, _ read: () throws(ModelFileError) -> TrainedModel) {
    let module: Module
    var metadata: [String: String] = [:]
    do throws(ModelFileError) {
      let model = try read()
      let (gates, letters) = Self.gates(model.network.layers[0].shape.cell)
      module = Module(model, gates: gates, letters: letters)
      metadata = model.metadata
    } catch {
      module = Module(name: "", problem: "\(error)")
    }
    self.init(path: path, format: "ONNX", modules: [module], metadata: metadata)
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
