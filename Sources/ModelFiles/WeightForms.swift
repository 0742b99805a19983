/// The forms other than the one that it is used in, in which a file may hold a weight; found by names and
/// shapes among all of a file's tensors.
///
/// - `X_g`, `X_v`, and `P.parametrizations.X.original0`, `original1`: weight norm, X = g·v/|v|
///   (torch.nn.utils.weight_norm, torch.nn.utils.parametrizations.weight_norm).
/// - `X_raw`: X before dropout of weights (AWD-LSTM, fastai); inference uses it as it is.
/// - `X_orig`, `X_mask`: pruned, X = orig·mask (torch.nn.utils.prune).
/// - `model_ema.` and a name without its dots: an average of the weights (LitEma).
/// - spectral norm and other parametrizations, which are refused by name.
struct WeightForms {
  enum Form {
    /// The tensor of another name, as it is.
    case renamed(String)
    /// g and v.
    case weightNorm(magnitude: String, direction: String)
    case pruned(weights: String, mask: String)
    /// The tensor that shows the form.
    case refused(by: String, ModelFileError.Problem)
  }

  /// By the name of the weight as it is used.
  private(set) var forms: [String: Form] = [:]
  /// What the forms are made of, and what they replace.
  private(set) var hidden: Set<String> = []
  /// What was done, by the name of the weight as it is used.
  private(set) var notes: [String: String] = [:]

  private let shapes: [String: [Int]]

  init(_ shapes: [String: [Int]]) {
    self.shapes = shapes
    let names = shapes.keys.sorted()
    parametrizations(names)
    for name in names where !hidden.contains(name) {
      if name.hasSuffix("_v") {
        addWeightNorm(String(name.dropLast(2)))
      } else if name.hasSuffix("_raw") {
        addRaw(name)
      } else if name.hasSuffix("_orig") || name.hasSuffix("_bar") {
        addOriginal(name)
      }
    }
    addAverages(names)
  }

  /// The shape of a weight that has a form.
  func shape(of name: String) -> [Int]? {
    switch forms[name] {
    case .renamed(let source)?, .pruned(let source, _)?, .weightNorm(_, let source)?,
      .refused(let source, _)?:
      shapes[source]
    case nil: nil
    }
  }

  private mutating func add(_ name: String, _ form: Form, of parts: [String], _ note: String) {
    forms[name] = form
    hidden.formUnion(parts)
    if shapes[name] != nil { hidden.insert(name) }
    notes[name] = note
  }

  // MARK: - Norms

  private mutating func addWeightNorm(_ base: String) {
    let (magnitude, direction) = (base + "_g", base + "_v")
    guard fits(magnitude, direction) else { return }
    add(
      base, .weightNorm(magnitude: magnitude, direction: direction), of: [magnitude, direction],
      "folded from weight norm, g·v/|v|")
  }

  /// Whether g has v's sizes, or 1 where v is normed.
  private func fits(_ magnitude: String, _ direction: String) -> Bool {
    guard let g = shapes[magnitude], let v = shapes[direction], (1...2).contains(v.count) else {
      return false
    }
    return g.isEmpty || g.count == v.count && zip(g, v).allSatisfy { $0 == $1 || $0 == 1 }
  }

  /// `P.parametrizations.X.original0` and the like.
  private mutating func parametrizations(_ names: [String]) {
    var groups: [String: (base: String, members: [String])] = [:]
    for name in names {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard let place = parts.lastIndex(of: "parametrizations"), parts.count > place + 2 else {
        continue
      }
      let base = (parts[..<place] + [parts[place + 1]]).joined(separator: ".")
      groups[parts[...(place + 1)].joined(separator: "."), default: (base, [])].members
        .append(name)
    }
    for (group, (base, members)) in groups {
      let (magnitude, direction) = ("\(group).original0", "\(group).original1")
      if Set(members) == [magnitude, direction], fits(magnitude, direction) {
        add(
          base, .weightNorm(magnitude: magnitude, direction: direction), of: members,
          "folded from weight norm, g·v/|v|")
        continue
      }
      // What is not understood is a weight all the same, which nobody may do without.
      let original = members.first { $0 == "\(group).original" } ?? direction
      let shown = members.first { $0.hasSuffix("._u") }
      refuse(
        base, by: shapes[original] == nil ? members[0] : original, of: members,
        shown.map { .spectralNorm(tensor: $0) }
          ?? .unknownForm(tensor: members.first { !$0.hasSuffix(".original") } ?? members[0]))
    }
  }

  private mutating func refuse(
    _ name: String, by source: String, of parts: [String], _ problem: ModelFileError.Problem
  ) {
    forms[name] = .refused(by: source, problem)
    hidden.formUnion(parts)
    if shapes[name] != nil { hidden.insert(name) }
  }

  // MARK: - Copies

  /// `X_raw` beside X, or beside the module `module` that has X.
  private mutating func addRaw(_ name: String) {
    let base = String(name.dropLast("_raw".count))
    guard let parameter = RecurrentParameter(name: base) else { return }
    var inner = parameter
    inner.module = parameter.module.isEmpty ? "module" : parameter.module + ".module"
    let owners = [inner, parameter].filter { owner in
      RecurrentParameter.Kind.allCases.contains { kind in
        let sibling = owner.sibling(kind)
        return kind != owner.kind && shapes[sibling.name] != nil || shapes[owner.name] != nil
      }
    }
    guard let owner = owners.first, owners.count == 1 else { return }
    add(
      owner.name, .renamed(name), of: [name],
      "read from \(quoted(name)), before dropout, as at inference")
  }

  private mutating func addOriginal(_ name: String) {
    let base = String(name.dropLast(name.hasSuffix("_orig") ? "_orig".count : "_bar".count))
    guard RecurrentParameter(name: base) != nil || base.hasSuffix("weight") else { return }
    let mask = base + "_mask"
    if name.hasSuffix("_orig"), let shape = shapes[mask], shape == shapes[name] {
      add(
        base, .pruned(weights: name, mask: mask), of: [name, mask],
        "pruned, weights times mask")
    } else if shapes[base + "_u"] != nil {
      let parts = [name, base + "_u", base + "_v"].filter { shapes[$0] != nil }
      refuse(base, by: name, of: parts, .spectralNorm(tensor: base + "_u"))
    } else if RecurrentParameter(name: base) != nil {
      refuse(base, by: name, of: [name], .unknownForm(tensor: name))
    }
  }

  /// `model_ema.lstmweight_ih_l0` is the average of `model.lstm.weight_ih_l0`.
  private mutating func addAverages(_ names: [String]) {
    let prefix = "model_ema."
    var dotted: [Substring: [Substring]] = [:]
    var isSought = false
    for name in names where name.hasPrefix(prefix) {
      isSought = isSought || !name.dropFirst(prefix.count).contains(".")
    }
    guard isSought else { return }
    for name in names where !name.hasPrefix(prefix) {
      guard let dot = name.firstIndex(of: ".") else { continue }
      let rest = name[name.index(after: dot)...]
      dotted[Substring(rest.split(separator: ".").joined()), default: []].append(rest)
    }
    for name in names where name.hasPrefix(prefix) {
      guard let live = dotted[name.dropFirst(prefix.count)], live.count == 1,
        live[0].contains(".")
      else { continue }
      let full = prefix + live[0]
      guard shapes[full] == nil else { continue }
      forms[full] = .renamed(name)
      hidden.insert(name)
    }
  }
}
