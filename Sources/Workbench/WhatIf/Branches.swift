import Inspector

/// The ways in which the run goes on differently, each a list of changes with a name. The run without
/// any is `main`, which is always there.
public struct Branches: Sendable, Equatable {
  public struct Branch: Sendable, Equatable {
    public let name: String
    /// The branch that it was made of.
    public let parent: String
    public var whatIf: WhatIf
  }

  /// In the order in which they were made.
  public private(set) var all: [Branch] = []
  /// The name of the one that is shown.
  public private(set) var current = Self.main

  public static let main = "main"

  public init() {}

  public var isEmpty: Bool { all.isEmpty }

  /// All names, `main` first.
  public var names: [String] { [Self.main] + all.map(\.name) }

  /// The changes of a branch; nil where there is none of that name.
  public func whatIf(of name: String) -> WhatIf? {
    name == Self.main ? WhatIf() : all.first { $0.name == name }?.whatIf
  }

  /// The changes of the branch that is shown.
  public var whatIf: WhatIf { whatIf(of: current) ?? WhatIf() }

  /// Those that were made of a branch.
  public func children(of name: String) -> [String] {
    all.filter { $0.parent == name }.map(\.name)
  }

  /// Changes what is shown. The run without changes stays as it is: a branch is made of it.
  mutating func set(_ whatIf: WhatIf) {
    if current == Self.main {
      guard !whatIf.entries.isEmpty else { return }
      make(freeName, whatIf)
    } else if let index = all.firstIndex(where: { $0.name == current }) {
      all[index].whatIf = whatIf
    }
  }

  /// Goes on as another branch, which begins with the changes of the one that is shown.
  mutating func make(_ name: String, _ whatIf: WhatIf? = nil) {
    all.append(Branch(name: name, parent: current, whatIf: whatIf ?? self.whatIf))
    current = name
  }

  mutating func show(_ name: String) { current = name }

  /// Shows the parent in its place where it was shown.
  mutating func drop(_ name: String) {
    if current == name { current = all.first { $0.name == name }?.parent ?? Self.main }
    all.removeAll { $0.name == name }
  }

  /// "b1", "b2".
  private var freeName: String {
    var number = 1
    while names.contains("b\(number)") { number += 1 }
    return "b\(number)"
  }

  /// "main ┬ *b1 2 ─ deeper 3 └ other 1": who was made of whom, and of how many changes each is.
  var treeText: String {
    func text(_ name: String) -> String {
      let count = whatIf(of: name)?.changes.count ?? 0
      let mark = (name == current ? "*" : "") + name + (name == Self.main ? "" : " \(count)")
      let children = children(of: name)
      guard let last = children.last else { return mark }
      if children.count == 1 { return mark + " ─ " + text(last) }
      return mark
        + children.enumerated().map { index, child in
          (index == 0 ? " ┬ " : index == children.count - 1 ? " └ " : " ├ ") + text(child)
        }.joined()
    }
    return text(Self.main)
  }
}
