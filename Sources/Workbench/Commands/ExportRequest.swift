import Inspector

/// A file that is to hold the trace, or a part of it.
public struct ExportRequest: Sendable, Hashable {
  public var path: String
  /// Which part, as it was typed.
  public var options: SelectionOptions
  /// How a CSV is laid out.
  public var layout: CSVLayout
  public var mayReplace: Bool

  public init(
    path: String, options: SelectionOptions = .init(), layout: CSVLayout = .unit,
    mayReplace: Bool = false
  ) {
    self.path = path
    self.options = options
    self.layout = layout
    self.mayReplace = mayReplace
  }

  /// Reads what stands after `export`: a file's name, then options as `gatescope trace` has them
  /// (`unit.csv --units 3 --signals f,c --steps 0..99 --layers 0 --layout wide`).
  ///
  /// - Throws: `InstructionError` with the fault's place in the text.
  init(parsing text: String, of trace: Trace, isForced: Bool) throws(InstructionError) {
    let scalars = Array(text.unicodeScalars)
    let start = Self.optionStart(in: scalars)
    var end = start
    while end > 0, scalars[end - 1] == " " { end -= 1 }
    self.init(path: Self.text(scalars[..<end]), mayReplace: isForced)
    guard !path.isEmpty else { throw InstructionError(Words.exportEmptyName) }
    var place = start
    while let name = Self.nextWord(in: scalars, from: place) {
      guard let value = Self.nextWord(in: scalars, from: name.upperBound) else {
        throw InstructionError(Words.optionNeedsValue(Self.text(scalars[name])), at: name)
      }
      let option = Self.text(scalars[name])
      if option == Self.layoutOption {
        let names = CSVLayout.allCases.map(\.rawValue)
        guard let layout = CSVLayout(rawValue: Self.text(scalars[value])) else {
          throw InstructionError(
            Words.noneOf(names, Words.layoutNoun, Self.text(scalars[value])), at: value)
        }
        self.layout = layout
        place = value.upperBound
        continue
      }
      guard let field = Self.fields.first(where: { $0.name == option })?.field else {
        throw InstructionError(Words.noSuchOption(option, known: Self.optionNames), at: name)
      }
      options[keyPath: field] = Self.text(scalars[value])
      do throws(SelectionError) {
        _ = try TraceSelection(options, of: trace)
      } catch {
        throw InstructionError("\(error)", at: value)
      }
      place = value.upperBound
    }
  }

  /// As it is typed.
  var text: String {
    path
      + Self.fields.compactMap { name, field in
        options[keyPath: field].map { " \(name) \($0)" }
      }.joined() + (layout == .unit ? "" : " \(Self.layoutOption) \(layout.rawValue)")
  }

  static var optionNames: [String] { fields.map(\.name) + [layoutOption] }

  private static let layoutOption = "--layout"

  private static var fields: [(name: String, field: WritableKeyPath<SelectionOptions, String?>)] {
    [
      ("--steps", \.steps), ("--layers", \.layers), ("--units", \.units), ("--signals", \.signals),
    ]
  }

  /// Where ` --` begins the options; file names may have blanks.
  static func optionStart(in scalars: [Unicode.Scalar]) -> Int {
    guard scalars.count > 2 else { return scalars.count }
    for place in 0..<scalars.count - 2
    where scalars[place] == "-" && scalars[place + 1] == "-"
      && (place == 0 || scalars[place - 1] == " ")
    {
      return place
    }
    return scalars.count
  }

  static func nextWord(in scalars: [Unicode.Scalar], from place: Int) -> Range<Int>? {
    guard let start = scalars[place...].firstIndex(where: { $0 != " " }) else { return nil }
    return start..<(scalars[start...].firstIndex(of: " ") ?? scalars.count)
  }

  static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}
