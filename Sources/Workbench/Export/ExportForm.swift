import Inspector

/// What is to be exported, field by field, before it is. What comes of it is a line that a person could
/// have typed after `:`.
public struct ExportForm: Sendable, Equatable {
  public enum Field: Sendable, Hashable, CaseIterable {
    /// Which signals, of which units: a few choices, which fill in the fields under it.
    case part
    case steps, layers, units, signals
    /// How the numbers stand in the file.
    case layout
    case file
  }

  /// What can be chosen at once.
  public enum Part: Sendable, Hashable {
    case everything
    case unit(Int, layer: Int?)
    case signal(String)
    case layer(Int)
    case readout
  }

  /// How the numbers stand in a file.
  public enum Layout: Sendable, Hashable, CaseIterable {
    case unit, wide, long, npz

    var csv: CSVLayout? {
      switch self {
      case .unit: .unit
      case .wide: .wide
      case .long: .long
      case .npz: nil
      }
    }
  }

  /// The one in hand; the name first, so that a person who wants no more types that, or only Enter.
  public var field = Field.file
  /// What is typed in the fields that are text; empty for all.
  private(set) var texts: [Field: Prompt] = [:]
  private(set) var csv = CSVLayout.unit
  /// What can be chosen, as things stood when the form was opened.
  let parts: [Part]
  let fields: [Field]
  /// Whether it was to be written and cannot: then the fault of the field in hand is shown as well.
  var isRefused = false

  /// - Parameter unit: whether the unit in hand alone is proposed.
  init(_ state: State, unit: Bool = false) {
    let layers = Set(state.trace.layout.map(\.track.layer)).count
    let layer = layers > 1 ? state.currentTrack.track.layer : nil
    let own = Part.unit(state.unitNumber, layer: layer)
    var parts: [Part] = [.everything, own, .signal(state.currentSignal.rawValue)]
    if let layer { parts.append(.layer(layer)) }
    if state.trace.readout?.quantities.contains(.y) == true { parts.append(.readout) }
    self.parts = parts
    fields = Field.allCases.filter { $0 != .layers || layers > 1 }
    for field in fields where field.isText { texts[field] = Prompt(.argument(of: .export)) }
    setText(state.spanNumbers ?? "", of: .steps)
    setText(unit ? Words.unitExportName(state) : state.session.exportName, of: .file)
    fill(with: unit ? own : .everything)
  }

  func text(of field: Field) -> String { texts[field]?.string ?? "" }

  mutating func setText(_ text: String, of field: Field) {
    texts[field] = Prompt(.argument(of: .export), text: text)
  }

  // MARK: - Choices

  /// The part that the fields amount to; nil where somebody has typed another.
  var part: Part? {
    parts.first { part in
      let wanted = Self.texts(of: part)
      return [Field.layers, .units, .signals].allSatisfy { text(of: $0) == wanted[$0] ?? "" }
    }
  }

  private static func texts(of part: Part) -> [Field: String] {
    switch part {
    case .everything: [:]
    case .unit(let unit, let layer):
      [.units: String(unit)].merging(layer.map { [.layers: String($0)] } ?? [:]) { $1 }
    case .signal(let name): [.signals: name]
    case .layer(let layer): [.layers: String(layer)]
    case .readout: [.signals: ReadoutQuantity.y.rawValue]
    }
  }

  private mutating func fill(with part: Part) {
    let wanted = Self.texts(of: part)
    for field in [Field.layers, .units, .signals] where texts[field] != nil {
      setText(wanted[field] ?? "", of: field)
    }
  }

  var layout: Layout {
    if text(of: .file).lowercased().hasSuffix(".npz") { return .npz }
    return Layout.allCases.first { $0.csv == csv } ?? .unit
  }

  /// The next of what the field in hand can be, or the one before.
  mutating func turn(by change: Int) {
    isRefused = false
    switch field {
    case .part:
      let now = part.flatMap { parts.firstIndex(of: $0) }
      let next = now.map { ($0 + change + parts.count) % parts.count } ?? 0
      fill(with: parts[next])
    case .layout:
      let all = Layout.allCases
      let now = all.firstIndex(of: layout) ?? 0
      choose(all[(now + change + all.count) % all.count])
    case .steps, .layers, .units, .signals, .file: break
    }
  }

  /// The file's name goes along with what is in it.
  private mutating func choose(_ layout: Layout) {
    csv = layout.csv ?? csv
    let ending = layout == .npz ? ".npz" : ".csv"
    let name = text(of: .file)
    let stem = [".npz", ".csv"].first { name.lowercased().hasSuffix($0) }.map { _ in
      name.dropLast(4)
    }
    if let stem { setText(stem + ending, of: .file) }
  }

  /// The field after the one in hand, or before it, all round.
  mutating func move(by change: Int) {
    isRefused = false
    let now = fields.firstIndex(of: field) ?? 0
    field = fields[(now + change + fields.count) % fields.count]
  }

  mutating func edit(_ change: (inout Prompt) -> Void) {
    guard var prompt = texts[field] else { return }
    change(&prompt)
    // What was changed is looked at anew.
    if prompt.text != texts[field]?.text { isRefused = false }
    texts[field] = prompt
  }

  // MARK: - What comes of it

  /// The request as the fields have it; the options without blanks.
  func request(hasSpan: Bool) -> ExportRequest {
    func option(_ field: Field) -> String? {
      let text = text(of: field).filter { $0 != " " }
      return text.isEmpty ? nil : text
    }
    var request = ExportRequest(path: path)
    request.options.steps = option(.steps) ?? (hasSpan ? "0.." : nil)
    request.options.layers = option(.layers)
    request.options.units = option(.units)
    request.options.signals = option(.signals)
    request.layout = layout.csv ?? .unit
    return request
  }

  private var path: String {
    var path = text(of: .file)[...]
    while path.first == " " { path.removeFirst() }
    while path.last == " " { path.removeLast() }
    return String(path)
  }

  /// What is wrong, by the field in which it can be put right.
  func faults(_ state: State) -> [Field: String] { checked(state).faults }

  /// What is wrong, and where nothing is, how much would be written.
  func checked(_ state: State) -> (faults: [Field: String], size: ExportSize?) {
    var faults: [Field: String] = [:]
    let request = request(hasSpan: false)
    // Units and signals depend on the layers; each is looked at with what is right before it.
    var options = SelectionOptions()
    for (field, option) in Self.options {
      guard let text = request.options[keyPath: option] else { continue }
      var tried = options
      tried[keyPath: option] = text
      do throws(SelectionError) {
        _ = try TraceSelection(tried, of: state.trace)
        options = tried
      } catch {
        faults[field] = Words.withoutOption("\(error)")
      }
    }
    if request.path.isEmpty {
      faults[.file] = Words.exportNeedsName
    } else if request.path == "-" {
      faults[.file] = Words.exportToScreen
    } else if " \(request.path)".contains(" --") {
      faults[.file] = Words.exportNameLikeOption
    } else if (try? TraceFormat(forPath: request.path)) == nil {
      faults[.file] = Words.exportNeedsEnding
    }
    guard faults.isEmpty else { return (faults, nil) }
    do {
      return ([:], try size(request, state))
    } catch ExportError.differentUnits {
      return ([.layout: "\(ExportError.differentUnits)"], nil)
    } catch {
      return ([.signals: "\(error)"], nil)
    }
  }

  private static var options: [(Field, WritableKeyPath<SelectionOptions, String?>)] {
    [(.steps, \.steps), (.layers, \.layers), (.units, \.units), (.signals, \.signals)]
  }

  private func size(_ request: ExportRequest, _ state: State) throws -> ExportSize {
    let format = try TraceFormat(forPath: request.path, layout: request.layout)
    return try ExportSize(
      TraceSelection(request.options, of: state.trace, for: format), of: state.trace, format,
      network: state.session.model?.network)
  }
}

extension ExportForm.Field {
  /// Whether it is typed, not chosen.
  var isText: Bool {
    switch self {
    case .part, .layout: false
    case .steps, .layers, .units, .signals, .file: true
    }
  }
}
