import Demos
import Inspector
import ModelFiles
import Recurrent
import Screen
import Testing
import Workbench

/// A demo's tour as a person walks through it, in a workbench of its own: that of its own model,
/// which goes on to the others, or that of a variant that was opened in its place.
struct TourWalk: CustomStringConvertible {
  let demo: String
  let variant: String?

  var description: String { variant.map { "\(demo) (\($0))" } ?? demo }

  /// Every demo and every variant that has a tour.
  static let all: [TourWalk] = ReplayedDemo.names.flatMap { name in
    let demo = try? ReplayedDemo.catalog?.demo(named: name)
    let variants = demo?.variants.map(\.name) ?? []
    return [TourWalk(demo: name, variant: nil)] + variants.map { TourWalk(demo: name, variant: $0) }
  }

  /// A stop with the model that it speaks of.
  struct Place {
    let label: String
    let stop: TourStop
    let model: ReplayedDemo
    /// Whether the model is not the one that is open, but stands beside it.
    let isBeside: Bool
  }

  /// The stops in the order of the walk.
  func places() throws -> [Place] {
    let open = try ReplayedDemo(demo, variant: variant)
    var places = try open.demo.tour(variant: variant).stops.enumerated().map { index, stop in
      Place(label: "\(self), stop \(index + 1)", stop: stop, model: open, isBeside: false)
    }
    guard variant == nil else { return places }
    for (part, other) in zip(open.demo.laterTours, open.demo.variants) {
      let model = try ReplayedDemo(demo, variant: other.name)
      places += part.tour.stops.enumerated().map { index, stop in
        Place(
          label: "\(demo), \(part.title), stop \(index + 1)", stop: stop, model: model,
          isBeside: true)
      }
    }
    return places
  }

  /// What `gatescope demo` opens.
  func workbench(width: Int, height: Int) throws -> Workbench {
    let replayed = try ReplayedDemo(demo, variant: variant)
    let recorder = try TraceRecorder(
      network: replayed.model.network, input: replayed.trace.input,
      symbols: replayed.model.vocabulary?.symbols, outputSymbols: replayed.model.outputSymbols)
    let demo = replayed.demo
    let session = Session(
      model: replayed.model, trace: recorder.trace, name: demo.name, exportName: "a.csv",
      lanes: demo.lanes, tour: try demo.tour(variant: variant),
      laterTours: variant == nil ? demo.laterTours : [],
      featureNames: try replayed.featureNames(), expected: replayed.expected,
      targets: try replayed.targets(), variants: demo.others(than: variant))
    let state = State(
      session: session, width: width, height: height,
      theme: Theme(.dark, Capabilities(colors: .indexed, unicode: true)))
    let workbench = Workbench(state: state, recorder: recorder) { _, _ in .written }
    workbench.recordAhead()
    workbench.finish()
    return workbench
  }

  /// Walks from stop to stop.
  ///
  /// - Parameter look: what is to be looked at, at each.
  func walk(width: Int, height: Int, look: (Place, Workbench) throws -> Void) throws {
    let places = try places()
    guard !places.isEmpty else { return }
    let workbench = try workbench(width: width, height: height)
    for (index, place) in places.enumerated() {
      try workbench.replay([index == 0 ? "tour" : "tour-next"])
      try look(place, workbench)
    }
    try workbench.replay(["tour-next"])
    #expect(workbench.state.tourStop == nil, "\(self): the tour ends")
  }
}

/// The numbers in a text, as they are written: "-0.72".
struct WrittenNumbers {
  let all: [String]

  /// Those that stand alone, but for signs around them: not the 2 of `h2`, nor those of a name.
  init(inWordsOf text: String) {
    let signs: Set<Character> = [",", ".", ";", ":", "(", ")", "?"]
    all = text.split(separator: " ").compactMap { word in
      var word = word
      while let last = word.last, signs.contains(last) { word.removeLast() }
      while let first = word.first, first == "(" { word.removeFirst() }
      return Double(word) != nil && word.last?.isNumber == true ? String(word) : nil
    }
  }

  /// All of a screen.
  init(on screen: String) {
    var all: [String] = []
    var number = ""
    func end() {
      while number.last == "." { number.removeLast() }
      if Double(number) != nil { all.append(number) }
      number = ""
    }
    for character in screen {
      if character.isASCII && character.isNumber || character == "." && !number.isEmpty {
        number.append(character)
      } else {
        end()
        if character == "-" { number = "-" }
      }
    }
    end()
    self.all = all
  }

  /// Whether one of them is the number, or has more decimals and comes to it when it is rounded.
  func contain(_ number: String) -> Bool {
    guard let wanted = Double(number) else { return false }
    let decimals = Self.decimals(number)
    return all.contains { other in
      guard let value = Double(other), Self.decimals(other) >= decimals else { return false }
      let half = decimals == 0 ? 0 : (0..<decimals).reduce(0.5) { half, _ in half / 10 }
      return abs(value - wanted) <= half * 1.0001
    }
  }

  private static func decimals(_ number: String) -> Int {
    number.split(separator: ".").dropFirst().first?.count ?? 0
  }
}
