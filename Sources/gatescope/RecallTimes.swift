import Demos
import ModelFiles
import Recurrent

/// How long the three networks of the demo recall took to train, as their files say.
enum RecallTimes {
  /// Where `train` writes its seconds.
  static let key = "gatescope.training.seconds"

  /// By cell; without those whose file is not there or does not say.
  static func seconds() -> [CellKind: Double] {
    guard
      let catalog = try? DemoCatalog(
        environment: Process.environment, executable: Process.executable),
      let demo = try? catalog.demo(named: "recall")
    else { return [:] }
    var seconds: [CellKind: Double] = [:]
    for variant in [nil] + demo.variantNames.map(Optional.some) {
      guard let path = try? demo.modelPath(variant: variant),
        let model = try? ModelReader.read(path: path),
        let time = model.metadata[key].flatMap(Double.init), time.isFinite
      else { continue }
      seconds[model.network.layers[0].shape.cell] = time
    }
    return seconds
  }
}
