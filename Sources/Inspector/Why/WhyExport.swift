import Recurrent

/// Writes answers as CSV (RFC 4180, but with `\n` between rows). docs/why.md describes the columns; the
/// numbers are those that the answer holds, with the fewest digits that read back to the same.
public struct WhyExport {
  private let trace: Trace
  private let sink: any ByteSink

  public init(_ trace: Trace, to sink: any ByteSink) {
    self.trace = trace
    self.sink = sink
  }

  /// `step,token,wrote,kept,left`, in the order of time; what was there before has no step. The column
  /// `left` adds up to the state.
  public func write(_ writes: StateWrites) throws {
    var text = TextBuffer()
    let tokens = TokenFields(trace)
    text.append("step,token,wrote,kept,left\n")
    text.append(",,\(writes.base.value),\(writes.base.kept),\(writes.base.left)\n")
    for write in writes.writes.sorted(by: { $0.step < $1.step }) {
      text.append(trace.stepNumber(at: write.step))
      text.append(",")
      text.append(tokens.field(of: trace, at: write.step))
      text.append(",\(write.wrote),\(write.kept),\(write.left)\n")
    }
    try sink.write(text.bytes)
  }

  /// `from,index,weight,times,part`, the strongest first. The column `part` adds up to the sum before the
  /// activation.
  public func write(_ split: GateSplit) throws {
    var text = TextBuffer()
    text.append("from,index,weight,times,part\n")
    for place in split.ranked {
      let part = split.parts[place]
      let (name, index) = Self.words(part.cause)
      let number = index.map(String.init) ?? ""
      text.append("\(name),\(number),\(part.weight),\(part.factor),\(part.value)\n")
    }
    try sink.write(text.bytes)
  }

  private static func words(_ cause: GateSplit.Cause) -> (name: String, index: Int?) {
    switch cause {
    case .bias: ("bias", nil)
    case .resetBias: ("reset_bias", nil)
    case .token: ("token", nil)
    case .feature(let column): ("x", column)
    case .below(let place): ("below", place)
    case .hidden(let unit): ("h'", unit)
    case .peephole: ("peephole", nil)
    }
  }

  /// `in,layer,direction,signal,index,push`, the strongest first: of the readout `output`, of the next
  /// step `next`, of the layer above `above`.
  public func write(_ out: Outgoing) throws {
    var text = TextBuffer()
    text.append("in,layer,direction,signal,index,push\n")
    for place in out.ranked {
      let push = out.pushes[place]
      let fields =
        switch push.reader {
        case .output(let output): "output,,,y,\(output)"
        case .next(let gate, let unit): "next,\(words(out.track)),\(gate.rawValue),\(unit)"
        case .above(let track, let gate, let unit):
          "above,\(words(track)),\(gate.rawValue),\(unit)"
        }
      text.append("\(fields),\(push.value)\n")
    }
    try sink.write(text.bytes)
  }

  private func words(_ track: Int) -> String {
    let track = trace.layout[track].track
    return "\(track.layer),\(track.direction.rawValue)"
  }

  /// `step,token,part`, in the order of time: x·∂/∂x, or what integrated gradients give each step.
  public func write(parts: [Double], steps: Range<Int>) throws {
    var text = TextBuffer()
    let tokens = TokenFields(trace)
    text.append("step,token,part\n")
    for (step, part) in zip(steps, parts) {
      text.append(trace.stepNumber(at: step))
      text.append(",")
      text.append(tokens.field(of: trace, at: step))
      text.append(",\(part)\n")
    }
    try sink.write(text.bytes)
  }

  /// `step,token,layer,direction,unit,signal,value,gradient`, in the order of time: every state with the
  /// slope of the prediction with respect to it.
  public func write(_ gradients: TraceGradients) throws {
    var text = TextBuffer()
    let tokens = TokenFields(trace)
    text.append("step,token,layer,direction,unit,signal,value,gradient\n")
    for step in gradients.steps {
      for (index, layout) in trace.layout.enumerated() {
        for signal in layout.cell.about.carried + [.h] {
          let values = trace.row(track: index, signal: signal, step: step)
          for (unit, value) in values.enumerated() {
            text.append(trace.stepNumber(at: step))
            text.append(",")
            text.append(tokens.field(of: trace, at: step))
            text.append(",\(words(index)),\(unit),\(signal.rawValue),")
            text.append(value)
            text.append(",")
            text.append(
              gradients.gradient(track: index, signal: signal, step: step, unit: unit))
            text.append("\n")
          }
        }
      }
      try sink.write(text.bytes)
      text.removeAll()
    }
    try sink.write(text.bytes)
  }
}
