import Foundation
import Screen
import TestRandom

@testable import Workbench

/// How much is typed: a little, always the same, unless `scripts/monkey` asks for more.
enum MonkeyPlan {
  static let eventsOfASeed = 150
  private static let sceneCount = 15
  private static let variables = ProcessInfo.processInfo.environment

  /// A scene's seeds; each is one monkey, which can be called again.
  static func seeds(of scene: Int) -> [UInt64] {
    guard let events = variables["GATESCOPE_MONKEY_EVENTS"].flatMap(Int.init) else {
      return [UInt64(scene)]
    }
    let first = variables["GATESCOPE_MONKEY_SEED"].flatMap(UInt64.init) ?? 0
    let count = max(1, events / (eventsOfASeed * sceneCount))
    return (0..<UInt64(count)).map { first &+ $0 }
  }

  /// So that after a crash one knows where it was.
  static func note(_ line: String) {
    guard let path = variables["GATESCOPE_MONKEY_LOG"], let file = fopen(path, "a") else { return }
    defer { fclose(file) }
    fputs(line + "\n", file)
  }
}

/// Types what nobody would, the same for the same seed.
struct Monkey {
  private var random: SplitMix
  /// The rest of something that takes several actions.
  private var waiting: [Action] = []

  init(seed: UInt64) { random = SplitMix(seed) }

  /// Whether it lets the program finish what it computes.
  var isPatient: Bool {
    mutating get { random.below(3) > 0 }
  }

  mutating func next() -> Action {
    if let action = waiting.popLast() { return action }
    switch random.below(22) {
    case 0:
      // The largest screens take long to draw, and are drawn until the next size comes.
      let largest = random.below(16) == 0 ? (500, 200) : (250, 80)
      return .resize(width: 1 + random.below(largest.0), height: 1 + random.below(largest.1))
    case 1: return .resize(width: 58 + random.below(70), height: 14 + random.below(30))
    case 2: return .paste(random.element(of: Self.pastes))
    case 3, 4: return .playTick
    case 5 where random.below(2) == 0:
      return .instruct(
        Instruction(
          random.element(of: [.find, .breakpoint]), random.element(of: Self.expressions)))
    case 5: return .key(random.element(of: Self.rareKeys))
    case 6, 7: return .key(.character(Unicode.Scalar(UInt8(48 + random.below(10)))))
    case 8, 9: return .mouse(mouse())
    case 10:
      waiting = [.key(.enter), .paste(line())]
      return .key(":")
    default: return .key(random.element(of: Self.keys))
    }
  }

  private mutating func mouse() -> MouseEvent {
    let kinds: [MouseEvent.Kind] = [
      .press(.left), .press(.left), .press(.left), .drag(.left), .drag(.left), .release(.left),
      .wheel(.up), .wheel(.down), .wheel(.right), .press(.right),
    ]
    let place = Point(x: random.below(130) - 2, y: random.below(50) - 2)
    return MouseEvent(
      random.element(of: kinds), at: place,
      MouseEvent.Modifiers(rawValue: UInt8(random.below(8))))
  }

  /// A command with something behind it that may fit.
  private mutating func line() -> String {
    let name = random.element(of: Command.allCases).rawValue
    switch random.below(3) {
    case 0: return name
    case 1: return "\(name) \(random.element(of: Self.arguments))"
    default:
      return "\(name)\(random.below(2) > 0 ? "!" : "") \(random.below(300) - 5) "
        + random.element(of: Self.arguments)
    }
  }

  private static let keys = Keymap.standard.bindings.flatMap(\.keys).filter { $0 != "q" }
  private static let rareKeys: [Key] = [
    .enter, .backspace, .delete, "y", "n", "é", "春", .control("u"), .control("c"), "q",
  ]
  private static let pastes = [
    "", "a\u{1B}b\n", "春眠", String(repeating: "x/", count: 90), "q\nq\n", "\u{9B}31m\u{7F}\0",
  ]
  private static let expressions = [
    "", "h[0] > 0", "any(h) > 0.5", "rise(h[0]) && step % 3 == 0", "l1.bwd.h[1]' < 0", "1 < 0",
    "1 > 0", "isnan(h[0])", "step == 40", "token == 1", "x[0] > 1", "lane(\"春\")", "f[",
    "lane(\"state\") == \"a\"",
  ]
  private static let arguments = [
    "0", "-1", "99999999999999999999", "c", "f[0] < 0.5", "any(o) > 0.9 && token == \"B\"", "((((",
    "light", "trace.csv", "春", "..", "3..", "theme light", "a", "\u{1B}", "1 2 3", "lanes", "none",
  ]
}
