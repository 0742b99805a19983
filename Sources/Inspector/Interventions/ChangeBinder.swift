import Recurrent

/// What changes mean to a network and its input.
public struct ChangedRun: Sendable {
  public var input: InputSequence
  public var state: NetworkState
  public var interventions: [Intervention]
  /// From which step on the run may differ from the one without.
  public var firstStep: Int { firstSteps.min() ?? .max }
  /// The same of each change.
  public private(set) var firstSteps: [Int]
  /// Steps whose input was changed, inserted or written by the network.
  public private(set) var editedSteps: [Range<Int>] = []
}

/// Where changes are made: a run without any.
public struct ChangeScope {
  /// What is changed: a run of the network that has none.
  public let base: Trace
  public let network: Network
  public let state: NetworkState
  /// An index into the layout, where signals without a layer are looked up.
  public let track: Int
  /// What a text is to the network; nil where there is no vocabulary, or it has a symbol that is not
  /// known.
  public let tokens: (String) -> [Int]?
  /// Another run by its name, recorded before `steps`; nil where there is none of that name.
  public let run: (_ name: String, _ steps: Int) -> Trace?
  /// The names of the runs.
  public let runs: [String]
  /// What the units of a track did in the run without changes.
  public let statistics: (_ track: Int) -> [UnitStatistics]
  /// What the readout's outputs stand for, where a file says so.
  public var outputSymbols: [String]?
  /// What a network that goes on by itself has written in the end, with what it began with.
  public var written: (Continuation) throws(GeneratingError) -> InputSequence = {
    (continuation: Continuation) throws(GeneratingError) in
    try continuation.finish()
    return continuation.input
  }

  public init(
    base: Trace, network: Network, state: NetworkState, track: Int = 0,
    tokens: @escaping (String) -> [Int]?, runs: [String] = [],
    run: @escaping (_ name: String, _ steps: Int) -> Trace? = { _, _ in nil },
    statistics: @escaping (_ track: Int) -> [UnitStatistics]
  ) {
    self.base = base
    self.network = network
    self.state = state
    self.track = track
    self.tokens = tokens
    self.runs = runs
    self.run = run
    self.statistics = statistics
  }
}

/// Why one of several changes cannot be made.
public struct ChangeListError: Error, Equatable, Sendable {
  /// Its place in the list.
  public let index: Int
  public let error: ChangeError
}

extension ChangedRun {
  /// - Throws: `ChangeListError` with the first change that cannot be made, and where in it the fault
  ///   lies.
  public init(_ changes: [Change], in scope: ChangeScope) throws(ChangeListError) {
    input = scope.base.input
    state = scope.state
    interventions = []
    firstSteps = Array(repeating: .max, count: changes.count)
    func naming<Result>(
      _ index: Int, _ body: () throws(ChangeError) -> Result
    ) throws(ChangeListError) -> Result {
      do throws(ChangeError) {
        return try body()
      } catch {
        throw ChangeListError(index: index, error: error)
      }
    }
    var isEdited = Array(repeating: false, count: input.count)
    for (index, change) in changes.enumerated() where change.isOfTokens {
      let (changed, first) = try naming(index) { () throws(ChangeError) in
        let binder = ChangeBinder(scope, length: input.count)
        guard case .generate(let request, let steps) = change.kind else {
          return try binder.edited(input, by: change)
        }
        let first = try binder.place(of: steps)
        return (
          try binder.goingOn(after: input.prefix(first), request, changes, change), first
        )
      }
      Self.mark(&isEdited, first, from: input.count, to: changed.count, change)
      input = changed
      firstSteps[index] = first
    }
    editedSteps = Self.ranges(isEdited)
    for (index, change) in changes.enumerated() where !change.isOfTokens {
      let binder = ChangeBinder(scope, length: input.count)
      let bound = try naming(index) { () throws(ChangeError) in try binder.bound(change) }
      switch bound {
      case .during(let interventions):
        self.interventions.append(interventions)
        firstSteps[index] = scope.network.isCausal ? interventions.firstStep : 0
      case .before(let beginning):
        beginning.apply(to: &state)
        firstSteps[index] = 0
      }
    }
  }

  private static func mark(
    _ isEdited: inout [Bool], _ first: Int, from old: Int, to new: Int, _ change: Change
  ) {
    switch change.kind {
    case .token: isEdited[first] = true
    case .insert:
      isEdited.insert(contentsOf: Array(repeating: true, count: new - old), at: first)
    case .delete: isEdited.removeSubrange(first..<first + old - new)
    case .generate:
      isEdited.removeSubrange(first...)
      isEdited += Array(repeating: true, count: new - first)
    case .signal, .freeze, .patch: break
    }
  }

  private static func ranges(_ isEdited: [Bool]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for step in isEdited.indices where isEdited[step] {
      if let last = ranges.last, last.upperBound == step {
        ranges[ranges.count - 1] = last.lowerBound..<step + 1
      } else {
        ranges.append(step..<step + 1)
      }
    }
    return ranges
  }

  /// A change with everything named that depends on what is in hand: `l1.c[3] = 0 @ 10..20`.
  ///
  /// - Throws: `ChangeError` where it cannot be made.
  public static func canonical(
    _ change: Change, in scope: ChangeScope, length: Int
  ) throws(ChangeError) -> Change {
    try ChangeBinder(scope, length: length).canonical(change)
  }
}

/// Binds a change to a run.
struct ChangeBinder {
  let scope: ChangeScope
  /// Steps of the run.
  let length: Int

  init(_ scope: ChangeScope, length: Int) {
    self.scope = scope
    self.length = length
  }

  enum Bound {
    case during(Intervention)
    case before(Beginning)
  }

  /// A change of what a run begins with.
  struct Beginning {
    let track: Int
    let isCell: Bool
    let units: [Int]
    let operation: Change.Operation

    func apply(to state: inout NetworkState) {
      for unit in units {
        if isCell {
          state.tracks[track].cell![unit] = operation(state.tracks[track].cell![unit])
        } else {
          state.tracks[track].hidden[unit] = operation(state.tracks[track].hidden[unit])
        }
      }
    }
  }

  /// What a target names.
  struct Named {
    let track: Int
    let signal: Signal
    let units: [Int]
    let isBeginning: Bool
  }

  func bound(_ change: Change) throws(ChangeError) -> Bound {
    switch change.kind {
    case .signal(let target, let operation, let steps):
      let named = try named(target)
      guard named.isBeginning else {
        let meant: Intervention.Operation =
          switch operation {
          case .set(let value): .set(value)
          case .scale(let value): .scale(value)
          case .add(let value): .add(value)
          }
        return .during(intervention(named, try range(steps), meant))
      }
      if let steps { throw ChangeError(.beginningHasNoSteps, at: steps.range) }
      return .before(
        Beginning(
          track: named.track, isCell: named.signal == .c, units: named.units,
          operation: operation))
    case .freeze(let target, let steps):
      let named = try named(target)
      if named.isBeginning { throw ChangeError(.onlySetAtBeginning, at: target.name.range) }
      let range = try range(steps)
      let isForward = scope.base.layout[named.track].track.direction == .forward
      let isFirst = isForward ? range.lowerBound == 0 : range.upperBound == length
      if isFirst, named.signal != .c, named.signal != .h {
        throw ChangeError(.nothingToFreeze(named.signal), at: steps?.range ?? target.name.range)
      }
      return .during(intervention(named, range, .freeze))
    case .patch(let target, let steps, let run):
      let named = try named(target)
      if named.isBeginning { throw ChangeError(.onlySetAtBeginning, at: target.name.range) }
      return .during(try patch(named, steps, run))
    case .token, .insert, .delete, .generate:
      preconditionFailure("tokens are changed before")
    }
  }

  private func intervention(
    _ named: Named, _ steps: Range<Int>, _ operation: Intervention.Operation
  ) -> Intervention {
    Intervention(
      track: named.track, signal: named.signal, units: named.units, steps: steps,
      operation: operation)
  }

  private func patch(
    _ named: Named, _ steps: Change.Steps?, _ run: Change.Part
  ) throws(ChangeError) -> Intervention {
    var range = try range(steps)
    guard let other = scope.run(run.text, range.upperBound) else {
      throw ChangeError(.noSuchRun(run.text, known: scope.runs), at: run.range)
    }
    guard other.layout.indices.contains(named.track) else {
      throw ChangeError(
        .otherRunDiffers(run.text, reason: "has no such layer"), at: run.range)
    }
    let layout = other.layout[named.track]
    let widest = (named.units.max() ?? 0) + 1
    guard layout.signals.contains(named.signal), layout.units(of: named.signal) >= widest else {
      throw ChangeError(
        .otherRunDiffers(run.text, reason: "has no such \(named.signal.rawValue)"), at: run.range)
    }
    if range.upperBound > other.recordedSteps {
      guard steps?.last == nil, range.lowerBound < other.recordedSteps else {
        throw ChangeError(
          .otherRunDiffers(run.text, reason: "has no step past \(other.recordedSteps - 1)"),
          at: steps?.range ?? run.range)
      }
      range = range.lowerBound..<other.recordedSteps
    }
    var values: [Float] = []
    for step in range {
      let row = other.window(
        WindowRequest(
          track: named.track, signal: named.signal, steps: step..<step + 1, units: 0..<widest))
      values += named.units.map { row[step, $0] }
    }
    return intervention(named, range, .patch(values))
  }

  // MARK: - Names

  func named(_ target: Change.Target) throws(ChangeError) -> Named {
    var parts = target.name.text.split(separator: ".", omittingEmptySubsequences: false)
      .map(String.init)
    let last = parts.removeLast()
    let isBeginning = last.count == 2 && last.hasSuffix("0")
    let signalText = isBeginning ? String(last.dropLast()) : last
    if isBeginning, signalText != "c", signalText != "h" {
      throw ChangeError(.noBeginning(last), at: target.name.range)
    }
    let prefix = parts.map { $0 + "." }.joined()
    var found: (track: Int, signal: Signal, units: [Range<Int>])
    do throws(ExpressionError) {
      found = try ExpressionBinder.target(
        prefix + signalText, units: isFilter(target.units) ? nil : target.units?.text,
        in: ExpressionScope(trace: scope.base, track: scope.track))
    } catch {
      throw ChangeError(
        .expression(error.fault), at: place(of: error.range, in: target, prefix + signalText))
    }
    var units = found.units.flatMap { Array($0) }
    if let text = target.units, isFilter(text) {
      units = try filtered(text, track: found.track, count: units.count)
    }
    return Named(track: found.track, signal: found.signal, units: units, isBeginning: isBeginning)
  }

  /// What was looked at was the name and the units without what stood between.
  private func place(
    of range: Range<Int>, in target: Change.Target, _ name: String
  ) -> Range<Int> {
    let end = name.unicodeScalars.count
    guard range.lowerBound > end, let units = target.units else {
      let start = target.name.range.lowerBound
      return start
        + range.lowerBound..<min(
          start + range.upperBound, max(target.name.range.upperBound, start + 1))
    }
    let shift = units.range.lowerBound - (end + 1)
    return range.lowerBound + shift..<range.upperBound + shift
  }

  private func isFilter(_ units: Change.Part?) -> Bool {
    units?.text.unicodeScalars.contains { !$0.isDigit && $0 != "." && $0 != "," && $0 != " " }
      ?? false
  }

  private func filtered(
    _ text: Change.Part, track: Int, count: Int
  ) throws(ChangeError) -> [Int] {
    let filter: UnitFilter
    do throws(UnitFilterError) {
      filter = try UnitFilter(text.text, for: scope.base.layout[track])
    } catch {
      let start = text.range.lowerBound + error.offset
      throw ChangeError(.filter(error.problem), at: start..<max(start + 1, text.range.upperBound))
    }
    let statistics = filter.needsStatistics ? scope.statistics(track) : []
    let units = (0..<count).filter {
      filter.accepts($0, statistics.indices.contains($0) ? statistics[$0] : nil)
    }
    guard !units.isEmpty else { throw ChangeError(.noUnits(text.text), at: text.range) }
    return units
  }

  // MARK: - Steps

  func range(_ steps: Change.Steps?) throws(ChangeError) -> Range<Int> {
    guard let steps else { return 0..<length }
    let first = steps.first ?? 0
    let last = steps.isSingle ? first : steps.last ?? length - 1
    guard first < length, last < length else {
      throw ChangeError(.noSuchStep(steps.text, last: length - 1), at: steps.range)
    }
    return first..<last + 1
  }

  // MARK: - Tokens

  /// The input with a change made, and the first step at which it is another.
  func edited(
    _ input: InputSequence, by change: Change
  ) throws(ChangeError) -> (InputSequence, first: Int) {
    guard case .tokens(var tokens) = input else {
      throw ChangeError(.numbersEnter, at: 0..<change.source.unicodeScalars.count)
    }
    let first: Int
    switch change.kind {
    case .token(let text, let isQuoted, let steps):
      let new = try self.tokens(of: text, isQuoted: isQuoted)
      guard new.count == 1 else { throw ChangeError(.severalTokens(new.count), at: text.range) }
      first = try range(steps).lowerBound
      tokens[first] = new[0]
    case .insert(let text, let isQuoted, let steps):
      let new = try self.tokens(of: text, isQuoted: isQuoted)
      first = steps.first ?? 0
      guard first <= length else {
        throw ChangeError(.noSuchStep(steps.text, last: length - 1), at: steps.range)
      }
      tokens.insert(contentsOf: new, at: first)
    case .delete(let steps):
      let range = try range(steps)
      guard range.count < length else { throw ChangeError(.nothingLeft, at: steps.range) }
      first = range.lowerBound
      tokens.removeSubrange(range)
    case .signal, .freeze, .patch, .generate:
      return (input, .max)
    }
    return (.tokens(tokens), first)
  }

  private func tokens(of text: Change.Part, isQuoted: Bool) throws(ChangeError) -> [Int] {
    if let symbols = scope.base.symbols {
      if let tokens = scope.tokens(text.text), !tokens.isEmpty { return tokens }
      throw ChangeError(
        .noSuchToken(text.text, near: nearestName(to: text.text, among: symbols)), at: text.range)
    }
    guard let token = Int(text.text) else {
      throw ChangeError(.noVocabulary(text.text), at: text.range)
    }
    guard (0..<scope.network.tokenCount).contains(token) else {
      throw ChangeError(.noSuchToken(text.text, near: nil), at: text.range)
    }
    return [token]
  }

  // MARK: - Canonical

  func canonical(_ change: Change) throws(ChangeError) -> Change {
    func target(_ target: Change.Target) throws(ChangeError) -> String {
      let named = try named(target)
      let layout = scope.base.layout
      let track = layout[named.track].track
      var prefix = ""
      if layout.count > 1 {
        prefix = "l\(track.layer)."
        if layout.count(where: { $0.track.layer == track.layer }) > 1 {
          prefix += track.direction.rawValue + "."
        }
      }
      let isAll = target.units == nil
      return prefix + named.signal.rawValue + (named.isBeginning ? "0" : "")
        + (isAll ? "" : "[\(named.units.rangesText)]")
    }
    func at(_ steps: Change.Steps?) -> String { steps.map { " @ \($0.text)" } ?? "" }
    switch change.kind {
    case .signal(let name, let operation, let steps):
      let text: String
      switch operation {
      case .set(let value): text = "= \(value.short)"
      case .scale(let value): text = "*= \(value.short)"
      case .add(let value): text = value < 0 ? "-= \((-value).short)" : "+= \(value.short)"
      }
      return try Change(try target(name) + " " + text + at(steps))
    case .freeze(let name, let steps): return try Change("freeze " + target(name) + at(steps))
    case .patch(let name, let steps, let run):
      return try Change(target(name) + at(steps) + " from " + run.text)
    case .token, .insert, .delete: return change
    case .generate(_, let steps):
      // Longer sequences do not move it.
      return steps == nil ? try Change(change.source + " @ \(length)") : change
    }
  }
}

extension Change.Operation {
  fileprivate func callAsFunction(_ value: Float) -> Float {
    switch self {
    case .set(let new): new
    case .scale(let factor): value * factor
    case .add(let amount): value + amount
    }
  }
}

extension Float {
  /// "0", "0.5": without a nought that says nothing.
  fileprivate var short: String {
    let text = "\(self)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension [Int] {
  /// "0..7,12".
  var rangesText: String {
    var ranges: [(first: Int, last: Int)] = []
    for unit in self {
      if let last = ranges.last, last.last + 1 == unit {
        ranges[ranges.count - 1].last = unit
      } else {
        ranges.append((unit, unit))
      }
    }
    return ranges.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)..\($0.last)" }
      .joined(separator: ",")
  }
}
