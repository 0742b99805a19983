/// Writes the hits of a search as CSV (RFC 4180, but with `\n` between rows): `step,token`, then what
/// the expression speaks of. docs/expressions.md describes the columns.
public final class HitsExport {
  private let search: TraceSearch
  private let tokens: TokenFields
  private let texts: [[UInt8]]
  private let sink: any ByteSink
  private var text = TextBuffer()

  /// Bytes that are gathered before they are handed over.
  private static let gathered = 1 << 18

  /// Writes the header.
  public init(_ search: TraceSearch, to sink: any ByteSink) throws {
    self.search = search
    tokens = TokenFields(search.trace)
    texts = search.evaluator.texts.map(csvField)
    self.sink = sink
    text.append("step,token")
    for column in search.columns {
      text.append(comma)
      text.append(csvField(column.name))
    }
    text.append(newline)
  }

  /// Writes the hits among `steps`, which are recorded.
  ///
  /// - Returns: how many there were.
  @discardableResult
  public func write(_ steps: Range<Int>) throws -> Int {
    let hits = search.hits(in: steps)
    for step in hits {
      text.append(search.trace.stepNumber(at: step))
      text.append(comma)
      text.append(tokens.field(of: search.trace, at: step))
      for column in search.columns {
        text.append(comma)
        write(column, at: step)
      }
      text.append(newline)
      if text.count >= Self.gathered { try flush() }
    }
    return hits.count
  }

  /// Hands over what was gathered: at the end, and wherever somebody waits for the rows so far.
  public func flush() throws {
    try sink.write(text.bytes)
    text.removeAll()
  }

  private func write(_ column: SearchColumn, at step: Int) {
    let steps = step..<step + 1
    switch column.content {
    case .number(let node):
      text.append(Float(search.evaluator.numbers(node, steps)[0]))
    case .count(let node):
      let value = search.evaluator.numbers(node, steps)[0]
      if let whole = Int(exactly: value) {
        text.append(whole)
      } else {
        text.append(Float(value))
      }
    case .text(let node):
      let number = Int(search.evaluator.numbers(of: node, steps)[0])
      if texts.indices.contains(number) { text.append(texts[number]) }
    case .units(let node, let units):
      let truths = search.evaluator.truths(node, steps).row(0)
      var isFirst = true
      for (unit, truth) in zip(units.joined(), truths) where truth == .yes {
        if !isFirst { text.append(UInt8(ascii: " ")) }
        text.append(unit)
        isFirst = false
      }
    }
  }
}

private let comma = UInt8(ascii: ",")
private let newline = UInt8(ascii: "\n")
