/// What is said of expressions: searches for where they hold, and running that stops there.
extension Words {
  static func found(_ place: Int, of count: Int, isComplete: Bool, hasWrapped: Bool) -> String {
    let sum = isComplete ? "\(place + 1) of \(count)" : "\(place + 1) of \(count) so far"
    if count == 1 && isComplete && hasWrapped { return "it holds here only" }
    return "found \(sum)" + (hasWrapped ? "; \(searchWrapped)" : "")
  }
  static func holdsNowhere(_ expression: String) -> String { "\(expression) holds nowhere" }
  static func finding(_ share: Double, count: Int) -> String {
    "searching \(Numbers.fixed(share * 100, decimals: 0)) %, \(count) found, any key stops"
  }
  static let foundLabel = "found"
  static func armed(_ expression: String) -> String {
    "playing and running stop where \(expression); :break alone lets them go on"
  }
  static let disarmed = "nothing stops playing and running now"
  static func broke(_ expression: String) -> String { "stopped: \(expression)" }
  static func running(to step: Int) -> String { "running to step \(step), any key stops" }
  static func trigger(_ expression: String) -> String { "break: \(expression)" }
}
