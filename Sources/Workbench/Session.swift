import Demos
import Inspector
import ModelFiles
import Recurrent
import Screen

/// What is being looked at: a model, and the trace of it over one input. Nothing in it changes while
/// a person looks, but for the trace, which grows.
public struct Session {
  /// Nil where a recorded trace is viewed without it.
  public let model: TrainedModel?
  public let trace: Trace
  /// "reber", or the model file's name.
  public let name: String
  /// "embedded Reber grammar"; empty where there is nothing to say.
  public let title: String
  /// The file name that an export proposes.
  public let exportName: String
  /// What is known of every step.
  public let lanes: [GroundTruthLane]
  public let tour: Tour?
  /// The tours that it goes on to, of the demo's other models.
  public let laterTours: [TourPart]
  /// The stops of all of them, in the order of the walk; empty where there is no tour.
  let tourPlaces: [TourPlace]
  /// What each number of a numeric input is.
  public let featureNames: [String]
  /// The output that should come at each step, where it is not the next token; nil where none is due.
  public let expected: [Int?]?
  /// What a linear readout should give: (T, outputs), NaN where nothing is due.
  public let targets: [Float]?
  /// The demo's other models, paths by name: "gru".
  public let variants: [String: String]

  /// How far each signal without bounds goes over the whole sequence, a track an entry, where that is
  /// known before the steps are reached: its colours then keep their meaning.
  public let extents: [[Signal: SignalExtent]]?
  /// Seconds that training on recall took, by cell, as the demo's files say: looked up when wanted.
  let recallSeconds: () -> [CellKind: Double]
  /// Columns of the widest token.
  let widestToken: Int

  public init(
    model: TrainedModel?, trace: Trace, name: String, title: String = "", exportName: String,
    lanes: [GroundTruthLane] = [], tour: Tour? = nil, laterTours: [TourPart] = [],
    featureNames: [String] = [], expected: [Int?]? = nil, targets: [Float]? = nil,
    variants: [String: String] = [:], extents: [[Signal: SignalExtent]]? = nil,
    recallSeconds: @escaping () -> [CellKind: Double] = { [:] }
  ) {
    self.model = model
    self.trace = trace
    self.name = name
    self.title = title
    self.exportName = exportName
    self.lanes = lanes
    self.tour = tour.flatMap { $0.stops.isEmpty ? nil : $0 }
    self.laterTours = laterTours
    tourPlaces = self.tour.map { TourPlace.all($0, then: laterTours) } ?? []
    self.featureNames = featureNames
    self.expected = expected
    self.targets = targets
    self.variants = variants
    self.extents = extents
    self.recallSeconds = recallSeconds
    widestToken = Self.widestToken(trace, model)
  }

  /// A trace that was recorded before, without its model.
  ///
  /// - Parameter name: the file's name.
  public init(recorded trace: Trace, name: String) {
    let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name[...]
    self.init(
      model: nil, trace: trace, name: Glyphs.visible(name), title: Words.recorded,
      exportName: "\(stem.isEmpty ? "trace" : stem).csv")
  }

  private static func widestToken(_ trace: Trace, _ model: TrainedModel?) -> Int {
    guard case .tokens(let tokens) = trace.input else { return 1 }
    if let symbols = trace.symbols {
      return symbols.reduce(1) { max($0, Glyphs.visible($1).displayWidth) }
    }
    let numbers =
      model.map { [$0.network.tokenCount - 1] } ?? [tokens.min() ?? 0, tokens.max() ?? 0]
    return numbers.map { String($0).count }.max() ?? 1
  }

  /// Whether how far gradients reach can be told: their way back is that of an unchanged run.
  var hasFlow: Bool { hasSlopes && trace.interventions.isEmpty }

  /// Whether how a step moves the next is known: of the cells with kernels of their own.
  var hasSlopes: Bool {
    model?.network.layers.allSatisfy { $0.shape.cell.isClassic } ?? false
  }

  /// T.
  var length: Int { trace.length }

  /// What a person should bear in mind for as long as the model is open: "6 tensors ignored", "tanh?".
  var doubts: [String] { model.map(Self.doubts) ?? [] }

  static func doubts(about model: TrainedModel) -> [String] {
    let ignored = model.ignored.isEmpty ? [] : [Words.ignored(model.ignored.count)]
    return ignored + model.guesses.map(\.mark).filter { !$0.isEmpty }
  }

  /// "LSTM 7→8→7": what the network is, from its input to its readout. A layer with a projection
  /// has two numbers, "LSTM 64→128→32".
  var shapeText: String {
    guard let network = model?.network else { return recordedShapeText }
    let widths =
      [network.tokenCount] + (network.embedding.map { [$0.size] } ?? [])
      + network.layers.flatMap { layer in
        layer.shape.projectionSize == nil
          ? [layer.shape.outputSize] : [layer.shape.hiddenSize, layer.shape.outputSize]
      } + (network.readout.map { [$0.outputSize] } ?? [])
    let kind = Words.name(of: network.layers[0].shape)
    return kind + " " + widths.map(String.init).joined(separator: "→")
  }

  /// The same as far as a recorded trace tells it: "LSTM 8→5", "3 arrays".
  private var recordedShapeText: String {
    let known = trace.layout.filter { $0.name == nil }
    guard let first = known.first else { return Words.arrays(trace.layout.count) }
    let layers = known.map(\.track.layer).reduce(into: [Int]()) { layers, layer in
      if layers.last != layer { layers.append(layer) }
    }
    let widths = layers.map { layer in
      known.filter { $0.track.layer == layer }.reduce(0) { $0 + $1.units(of: $1.cellOutput) }
    }
    let kind = first.signals == [.h] ? "" : Words.name(of: first.cell) + " "
    return kind + widths.map(String.init).joined(separator: "→")
  }

  /// The symbol of an output of the readout.
  func outputSymbol(_ output: Int) -> String {
    guard let symbols = model?.outputSymbols ?? trace.readout?.symbols,
      symbols.indices.contains(output)
    else {
      return String(output)
    }
    return Glyphs.alone(symbols[output])
  }

  /// Whether the readout says what comes next, rather than something else about the sequence.
  var predictsNext: Bool {
    guard expected == nil else { return false }
    // A recorded trace has a loss only where its readout said what comes next.
    guard let network = model?.network else {
      return trace.hasTokenNumbers && trace.readout?.quantities.contains(.loss) == true
    }
    return network.readout?.outputSize == network.tokenCount
  }

  /// The output that should come at a step, where one is due.
  func expectedOutput(at step: Int) -> Int? {
    if let expected { return expected[step] }
    return predictsNext && step + 1 < length ? trace.token(at: step + 1) : nil
  }
}

/// Symbols that would not show, made visible.
enum Glyphs {
  /// A symbol that stands by itself, where a blank would not be seen.
  static func alone(_ symbol: String) -> String { symbol == " " ? "␣" : visible(symbol) }

  static func visible(_ symbol: String) -> String {
    switch symbol {
    case "\n", "\r\n": return "↵"
    case "\r": return "␍"
    case "\t": return "⇥"
    case "": return "∅"
    default:
      var scalars = String.UnicodeScalarView()
      for scalar in symbol.unicodeScalars {
        if scalar.value < 0x20, let picture = Unicode.Scalar(0x2400 + scalar.value) {
          scalars.append(picture)
        } else if scalar.displayWidth > 0 {
          scalars.append(scalar)
        }
      }
      return scalars.isEmpty ? "�" : String(scalars)
    }
  }
}
