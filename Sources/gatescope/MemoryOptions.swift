import ArgumentParser
import Inspector

/// How much of a trace stays in memory.
struct MemoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How much memory a trace takes at most, such as 512M or 4G: what has no room is computed again \
      when it is looked at. (default: 1G)
      """, valueName: "size"))
  var memory: MemorySize?

  var bytes: Int { memory?.bytes ?? TraceRecorder.usualMemory }
}

/// "512M", "4G", "1.5GiB": a count of bytes, in powers of 1024.
struct MemorySize: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let text = argument.uppercased()
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let powers = ["": 0, "B": 0, "K": 1, "M": 2, "G": 3, "T": 4]
    var unit = text.dropFirst(digits.count)
    if unit.count > 1, unit.hasSuffix("B") { unit = unit.dropLast(unit.hasSuffix("IB") ? 2 : 1) }
    guard let number = Double(digits), let power = powers[String(unit)] else { return nil }
    let bytes = number * Double(1 << (10 * power))
    // A budget in which not even a step has room is a slip, not a wish.
    guard bytes >= Double(1 << 20), bytes < Double(1 << 50) else { return nil }
    self.bytes = Int(bytes)
  }
}
