import Demos
import Inspector
import ModelFiles
import Recurrent

/// Makes what the screen shows out of a demo's folder.
struct DemoOpener {
  let demo: Demo
  let model: TrainedModel
  let input: InputSequence
  private let table: FeatureTable?

  /// - Parameter variant: another model of the demo, "gru"; nil for its own.
  init(_ demo: Demo, variant: String? = nil) throws {
    self.demo = demo
    let path = try demo.modelPath(variant: variant)
    model = try ModelReader.read(path: path)
    var table: FeatureTable?
    switch demo.sequence {
    case .text(let text):
      guard let vocabulary = model.vocabulary else {
        throw InputError.noVocabulary(model: path, ModelInput(model))
      }
      do throws(UnknownSymbol) {
        input = .tokens(try vocabulary.tokens(of: text))
      } catch {
        throw InputError.unknownSymbol(source: demo.folder + "/demo.yml", error)
      }
    case .tokens(let tokens):
      input = .tokens(tokens)
    case .features(let path):
      let whole = try FeatureTable(text: TextFile.read(path), path: path)
      guard let features = whole.columns(where: { !Self.isTarget($0) }) else {
        throw InputError.noFeatures(path: path)
      }
      input = .features(features.values, width: features.names.count)
      table = whole
    }
    self.table = table
  }

  /// The session's facts, with the tour of the model that is open.
  func session(_ recorder: TraceRecorder, variant: String? = nil) throws -> SessionFacts {
    SessionFacts(
      name: variant.map { "\(demo.name) (\($0))" } ?? demo.name, title: demo.title,
      lanes: demo.lanes, tour: try demo.tour(variant: variant),
      laterTours: variant == nil ? demo.laterTours : [],
      featureNames: table?.names.filter { !Self.isTarget($0) } ?? [],
      expected: try expectedOutputs(), targets: targets,
      variants: demo.others(than: variant),
      extents: try extents())
  }

  /// How far the signals go, from a recording of its own: a demo is short.
  private func extents() throws -> [[Signal: SignalExtent]] {
    let recorder = try TraceRecorder(network: model.network, input: input)
    recorder.recordAll()
    let trace = recorder.trace
    return trace.layout.enumerated().map { index, track in
      var extents: [Signal: SignalExtent] = [:]
      for signal in track.signals where track.range(of: signal) != .unit {
        let units = track.units(of: signal)
        var extent = SignalExtent(units: units)
        extent.add(
          trace.window(
            WindowRequest(track: index, signal: signal, steps: 0..<trace.length, units: 0..<units)
          ).values)
        extents[signal] = extent
      }
      return extents
    }
  }

  /// The columns whose names begin with `target`, (T, outputs).
  var targets: [Float]? { table?.columns(where: Self.isTarget)?.values }

  private static func isTarget(_ name: String) -> Bool { name.hasPrefix("target") }

  /// How wrong the model is on the sequence as it is shown; nil where nothing is due.
  ///
  /// - Parameters:
  ///   - network: in place of the model's own.
  ///   - change: makes another recording of the one without changes.
  func shownError(
    of network: Network? = nil, _ change: (TraceRecorder) throws -> TraceRecorder = { $0 }
  ) throws -> Double? {
    let network = network ?? model.network
    let recorder = try change(
      TraceRecorder(
        network: network, input: input, state: model.initialState,
        symbols: model.vocabulary?.symbols))
    recorder.recordAll()
    guard recorder.trace.length == input.count else { return nil }
    return ShownError.value(
      of: network, over: recorder.trace, expected: try expectedOutputs(), targets: targets)
  }

  func expectedOutputs() throws -> [Int?]? {
    guard let expected = demo.expected else { return nil }
    guard expected.count == input.count else {
      throw DemoError.malformed(
        path: demo.folder + "/demo.yml",
        reason: "expected: has \(expected.count) entries, but the sequence \(input.count) steps")
    }
    let symbols = model.outputSymbols ?? []
    return expected.map { symbols.firstIndex(of: $0) }
  }
}

/// What a session says beside its model and trace.
struct SessionFacts {
  var name: String
  var title = ""
  var lanes: [GroundTruthLane] = []
  var tour: Tour?
  var laterTours: [TourPart] = []
  var featureNames: [String] = []
  var expected: [Int?]?
  var targets: [Float]?
  var variants: [String: String] = [:]
  var extents: [[Signal: SignalExtent]]?
}
