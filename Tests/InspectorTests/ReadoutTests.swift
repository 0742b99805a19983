import Foundation
import Recurrent
import Testing

@testable import Inspector

/// What the network says at every step: against the definition in Float64, in every file, in
/// expressions.
@Suite struct ReadoutTests {
  /// Two directions of three units under a readout of as many outputs as there are tokens.
  static func network(
    _ activation: Readout.Activation = .softmax, outputs: Int = 4, scale: Float = 2
  ) throws -> Network {
    let body = try randomNetwork(
      layers: [LayerShape(cell: .lstm, inputSize: 3, hiddenSize: 5, isBidirectional: true)],
      embedding: max(4, outputs))
    var numbers = TestNumbers(seed: 5)
    let readout = try Readout(
      inputSize: 10, outputSize: outputs, weights: numbers.values(outputs * 10, scale: scale),
      bias: numbers.values(outputs, scale: scale), activation: activation)
    return try Network(embedding: body.embedding, layers: body.layers, readout: readout)
  }

  static let tokens = [3, 0, 1, 1, 2, 0, 3]

  static func trace(
    _ activation: Readout.Activation = .softmax, outputs: Int = 4, scale: Float = 2
  ) throws -> Trace {
    let recorder = try TraceRecorder(
      network: network(activation, outputs: outputs, scale: scale), input: .tokens(tokens),
      symbols: outputs == 4 ? ["a", "b", "\n", "d"] : nil)
    recorder.recordAll()
    return recorder.trace
  }

  /// V h + b, added up one after the other.
  private static func sums(_ readout: Readout, _ hidden: [Float]) -> [Double] {
    (0..<readout.outputSize).map { row in
      hidden.indices.reduce(Double(readout.bias?[row] ?? 0)) {
        $0 + Double(readout.weights[row * readout.inputSize + $1]) * Double(hidden[$1])
      }
    }
  }

  @Test(arguments: Readout.Activation.allCases)
  func everyValueFollowsFromItsDefinition(_ activation: Readout.Activation) throws {
    let trace = try Self.trace(activation)
    let readout = try #require(Self.network(activation).readout)
    let said = try #require(trace.readout)
    let block = said.block(0..<7)
    for step in 0..<7 {
      let sums = Self.sums(readout, trace.topHidden(at: step))
      let total = sums.reduce(0) { $0 + exp($1) }
      let shares = sums.map { exp($0) / total }
      for (output, value) in block.row(step).enumerated() {
        let expected =
          switch activation {
          case .softmax: shares[output]
          case .sigmoid: 1 / (1 + exp(-sums[output]))
          case .linear: sums[output]
          }
        #expect(abs(Double(value) - expected) < 1e-7 * max(1, abs(expected)))
      }
      #expect(Int(block.top[step]) == sums.firstIndex(of: sums.max()!))
      guard activation == .softmax else {
        #expect(block.loss[step].isNaN && block.entropy[step].isNaN && block.next[step].isNaN)
        continue
      }
      let entropy = -shares.reduce(0) { $0 + $1 * log($1) }
      #expect(abs(Double(block.entropy[step]) - entropy) < 1e-6)
      guard step < 6 else {
        #expect(block.loss[6].isNaN && block.next[6].isNaN)
        continue
      }
      let share = shares[Self.tokens[step + 1]]
      #expect(abs(Double(block.next[step]) - share) < 1e-7)
      #expect(abs(Double(block.loss[step]) + log(share)) < 1e-6)
    }
  }

  /// Where a probability is too small for a Float, its loss is still a number.
  @Test func lossOutlivesItsProbability() throws {
    let trace = try Self.trace(scale: 400)
    let said = try #require(trace.readout)
    let losses = said.values(.loss, 0..<6)
    #expect(losses.allSatisfy { $0.isFinite && $0 >= 0 })
    let worst = try #require(losses.indices.max { losses[$0] < losses[$1] })
    #expect(losses[worst] > 110)
    #expect(said.values(.next, worst..<worst + 1) == [0])
    #expect(said.values(.entropy, 0..<7).allSatisfy { $0 >= 0 && $0 <= Float(log(4.0)) })
  }

  /// Looked at step by step as the trace grows, or at once.
  @Test func aGrowingTraceSaysTheSame() throws {
    let body = try randomNetwork(
      layers: [LayerShape(cell: .gru, inputSize: 3, hiddenSize: 5)], embedding: 4)
    let tokens = (0..<150).map { $0 * $0 % 4 }
    func recorder() throws -> TraceRecorder {
      try TraceRecorder(
        network: Network(
          embedding: body.embedding, layers: body.layers,
          readout: Readout(
            inputSize: 5, outputSize: 4, weights: (0..<20).map { Float($0 % 7) - 3 }, bias: nil,
            activation: .softmax)),
        input: .tokens(tokens))
    }
    let (whole, growing) = (try recorder(), try recorder())
    whole.recordAll()
    let all = try #require(whole.trace.readout).values(.loss, 0..<150)
    var seen: [Float] = []
    for step in 0..<150 {
      growing.record(through: step)
      seen += try #require(growing.trace.readout).values(.loss, step..<step + 1)
    }
    #expect(seen.map(\.bitPattern) == all.map(\.bitPattern))
  }

  /// Looked at in slices, from the beginning of a block or from its middle on, or at once.
  @Test(arguments: [0..<150, 70..<100, 130..<131])
  func slicesSayTheSame(_ steps: Range<Int>) throws {
    let body = try randomNetwork(
      layers: [LayerShape(cell: .gru, inputSize: 3, hiddenSize: 5)], embedding: 4)
    func readout() throws -> TraceReadout {
      let recorder = try TraceRecorder(
        network: Network(
          embedding: body.embedding, layers: body.layers,
          readout: Readout(
            inputSize: 5, outputSize: 4, weights: (0..<20).map { Float($0 % 7) - 3 }, bias: nil,
            activation: .softmax)), input: .tokens((0..<150).map { $0 * $0 % 4 }))
      recorder.recordAll()
      traces.append(recorder.trace)
      return try #require(recorder.trace.readout)
    }
    var traces: [Trace] = []
    let (sliced, whole) = (try readout(), try readout())
    #expect(sliced.lookedAt(steps) == 0)
    var done = 0.0
    // Seven steps a slice.
    while !sliced.look(at: steps, budget: 7 * sliced.valuesPerStep) {
      #expect(sliced.lookedAt(steps) >= done && sliced.lookedAt(steps) < 1)
      done = sliced.lookedAt(steps)
    }
    #expect(sliced.lookedAt(steps) == 1 && sliced.look(at: steps, budget: 1))
    #expect(sliced.lookedAt(149..<150) == (steps.upperBound == 150 ? 1 : 0))
    for quantity in [ReadoutQuantity.loss, .entropy] {
      let (a, b) = (sliced.values(quantity, steps), whole.values(quantity, steps))
      #expect(a.map(\.bitPattern) == b.map(\.bitPattern))
    }
    #expect(traces.count == 2)
  }

  @Test func onlyAReadoutOfTokensHasALoss() throws {
    #expect(try Self.trace().readout?.quantities == [.y, .next, .loss, .entropy])
    #expect(try Self.trace(.sigmoid).readout?.quantities == [.y])
    #expect(try Self.trace(.linear).readout?.quantities == [.y])
    let answers = try TraceRecorder(
      network: Self.network(), input: .tokens(Self.tokens), symbols: ["a", "b", "c", "d"],
      outputSymbols: ["p", "q", "r", "s"])
    #expect(answers.trace.readout?.quantities == [.y, .entropy])
    #expect(answers.trace.readout?.output("r") == 2)
    let body = try randomNetwork(layers: [LayerShape(cell: .rnn, inputSize: 3, hiddenSize: 2)])
    #expect(try TraceRecorder(network: body, input: .tokens([0])).trace.readout == nil)
  }

  @Test func theLikeliestStandFirst() {
    var block = ReadoutBlock(steps: 3..<4, outputs: 5)
    block.set(step: 3, y: [0.1, 0.3, .nan, 0.3, 0.2])
    #expect(block.likeliest(3, at: 3) == [1, 3, 4])
    #expect(block.likeliest(9, at: 3) == [1, 3, 4, 0])
    #expect(block.top == [1])
  }

  // MARK: - Files

  @Test func tablesHaveItInEveryLayout() throws {
    let layout = [TrackLayout(track: Track(layer: 0), cell: .rnn, units: 1)]
    let network = try Network(
      layers: [
        Layer(
          shape: LayerShape(cell: .rnn, inputSize: 2, hiddenSize: 1),
          weights: [LayerWeights(inputWeights: [0, 0], recurrentWeights: [0])])
      ],
      // y = (σ(h), σ(-h)) of h = 0, then of a large one.
      readout: Readout(
        inputSize: 1, outputSize: 2, weights: [1, 0], bias: nil, activation: .softmax))
    let storage = TraceStorage(
      layout: layout, length: 2, products: 1, seed: NetworkState(zeroFor: network).tracks)
    storage.mutableRow(track: 0, step: 0)[0] = 0
    storage.mutableRow(track: 0, step: 1)[0] = -Float(log(3.0))
    storage.recordedSteps = 2
    let trace = Trace(
      of: network, layout: layout, input: .tokens([0, 1]), symbols: ["a", "b"],
      seed: NetworkState(zeroFor: network), storage: storage)
    let selection = try TraceSelection(SelectionOptions(signals: "y,h"), of: trace)
    #expect(
      try exported(trace, selection, .csv(.unit)).text == """
        step,token,layer,direction,unit,h,y,y_next,loss,entropy
        0,a,0,fwd,0,0.0,,,,
        0,a,,,0,,0.5,,,
        0,a,,,1,,0.5,,,
        0,a,,,,,,0.5,0.6931472,0.6931472
        1,b,0,fwd,0,-1.0986123,,,,
        1,b,,,0,,0.25,,,
        1,b,,,1,,0.75,,,
        1,b,,,,,,,,0.56233513

        """)
    #expect(
      try exported(trace, selection, .csv(.long)).text == """
        step,token,layer,direction,unit,signal,value
        0,a,0,fwd,0,h,0.0
        0,a,,,0,y,0.5
        0,a,,,1,y,0.5
        0,a,,,,y_next,0.5
        0,a,,,,loss,0.6931472
        0,a,,,,entropy,0.6931472
        1,b,0,fwd,0,h,-1.0986123
        1,b,,,0,y,0.25
        1,b,,,1,y,0.75
        1,b,,,,y_next,
        1,b,,,,loss,
        1,b,,,,entropy,0.56233513

        """)
    #expect(
      try exported(trace, selection, .csv(.wide)).text == """
        step,token,l0.fwd.h.0,y.0,y.1,y_next,loss,entropy
        0,a,0.0,0.5,0.5,0.5,0.6931472,0.6931472
        1,b,-1.0986123,0.25,0.75,,,0.56233513

        """)
    let loss = try TraceSelection(SelectionOptions(signals: "loss"), of: trace)
    #expect(
      try exported(trace, loss, .csv(.unit)).text == """
        step,token,layer,direction,unit,loss
        0,a,,,,0.6931472
        1,b,,,,

        """)
  }

  @Test func archivesHaveItUnlessSignalsAreChosen() throws {
    let trace = try Self.trace()
    let said = try #require(trace.readout)
    let whole = try NPZReader(
      exported(trace, TraceSelection(SelectionOptions(), of: trace, for: .npz), .npz).bytes)
    #expect(whole.names.suffix(5) == ["y", "y_next", "loss", "entropy", "tokens"])
    #expect(whole.arrays["y"]?.shape == [7, 4])
    #expect(whole.arrays["loss"]?.shape == [7])
    #expect(whole.arrays["y"]?.floats == said.block(0..<7).y)
    #expect(
      whole.arrays["loss"]?.floats.map(\.bitPattern)
        == said.values(.loss, 0..<7).map(\.bitPattern))
    let only = try NPZReader(
      exported(
        trace, TraceSelection(SelectionOptions(signals: "h"), of: trace, for: .npz), .npz
      ).bytes)
    #expect(only.names == ["l0_fwd_h", "l0_bwd_h", "tokens"])
    let part = try NPZReader(
      exported(
        trace, TraceSelection(SelectionOptions(steps: "2..3", signals: "y"), of: trace), .npz
      ).bytes)
    #expect(part.arrays["y"]?.floats == said.block(2..<4).y)
  }

  @Test func ofManyOutputsFilesHoldTheLikeliest() throws {
    let trace = try Self.trace(outputs: 300)
    let block = try #require(trace.readout).block(0..<7)
    let selection = try TraceSelection(SelectionOptions(signals: "y"), of: trace)
    let archive = try NPZReader(exported(trace, selection, .npz).bytes)
    #expect(archive.names == ["y_top", "y_top_id", "y_next", "loss", "entropy", "tokens"])
    #expect(archive.arrays["y_top"]?.shape == [7, 10])
    let ids = try #require(archive.arrays["y_top_id"]).integers
    let values = try #require(archive.arrays["y_top"]).floats
    for step in 0..<7 {
      let row = Array(block.row(step))
      let expected = row.indices.sorted { row[$0] > row[$1] }.prefix(10)
      #expect(ids[step * 10..<(step + 1) * 10].map { Int($0) } == Array(expected))
      #expect(values[step * 10..<(step + 1) * 10].elementsEqual(expected.map { row[$0] }))
    }
    let lines = try exported(trace, selection, .csv(.unit)).text.split(separator: "\n")
    #expect(lines.count == 1 + 7 * 11)
  }

  @Test func whatIsNotSaidCannotBeSelected() throws {
    let trace = try mixedTrace()
    #expect(throws: SelectionError.self) {
      try TraceSelection(SelectionOptions(signals: "y"), of: trace)
    }
    let message = "\(SelectionError.noSuchSignal(name: "loss", known: ["z", "h"]))"
    #expect(
      message == "--signals: nothing is known of a readout, so there is no 'loss'; there is z,h")
    #expect(
      throws: SelectionError.noSuchSignal(name: "loss", known: ["z", "f", "i", "o", "c", "h", "y"])
    ) {
      try TraceSelection(SelectionOptions(signals: "loss"), of: Self.trace(.sigmoid))
    }
  }

  // MARK: - Expressions

  @Test(arguments: [
    #"p["a"] < 0.3"#, "y[0] < 0.3", "loss > 1", "entropy' > 1", #"top == "\n""#, "top == 2",
    "top' == token", #"top ~ "a" || top ~ "b""#, "max(y) > 0.6", "any(p[1..2] > 0.5)",
    "rise(loss)", "count(p > 0.25) == 2", "sum(p) > 0.99999",
  ])
  func expressionsSpeakOfIt(_ source: String) throws {
    let trace = try Self.trace()
    let block = try #require(trace.readout).block(0..<7)
    func y(_ step: Int) -> [Double] { block.row(step).map(Double.init) }
    func holds(_ step: Int) -> Bool {
      switch source {
      case #"p["a"] < 0.3"#, "y[0] < 0.3": return y(step)[0] < 0.3
      case "loss > 1": return block.loss[step] > 1
      case "entropy' > 1": return step > 0 && block.entropy[step - 1] > 1
      case #"top == "\n""#, "top == 2": return block.top[step] == 2
      case "top' == token": return step > 0 && Int(block.top[step - 1]) == Self.tokens[step]
      case #"top ~ "a" || top ~ "b""#: return block.top[step] < 2
      case "max(y) > 0.6": return y(step).max()! > 0.6
      case "any(p[1..2] > 0.5)": return max(y(step)[1], y(step)[2]) > 0.5
      case "rise(loss)": return step > 0 && block.loss[step] > block.loss[step - 1]
      case "count(p > 0.25) == 2": return y(step).count { $0 > 0.25 } == 2
      case "sum(p) > 0.99999": return true
      default: return false
      }
    }
    let search = try SignalExpression(source).bound(to: ExpressionScope(trace: trace))
    #expect(search.hits(in: 0..<7) == (0..<7).filter(holds))
  }

  @Test func hitsHaveColumnsOfIt() throws {
    let trace = try Self.trace()
    let search = try SignalExpression(#"p["a"] >= 0 && top != "d" || loss < 0"#)
      .bound(to: ExpressionScope(trace: trace))
    let sink = MemorySink()
    let export = try HitsExport(search, to: sink)
    try export.write(0..<7)
    try export.flush()
    #expect(sink.text.hasPrefix("step,token,\"p[\"\"a\"\"]\",top,loss\n"))
  }

  @Test(arguments: [
    (#"p["e"] > 1"#, 2..<5, #"no output is "e"; there is "a", "b", "\n", "d""#),
    ("p[4] > 1", 2..<3, "output 4 of 4; there is p[0] to p[3]"),
    (#"c["a"] > 1"#, 2..<5, "only p and y take a symbol in [ ]; write c[0] for a unit"),
    (#"p["a" > 1"#, 1..<2, "expected ], found '>'"),
    ("loss[0] > 1", 0..<7, "loss has no units; write loss alone"),
    ("l0.p[1] > 1", 0..<7, "p belongs to no layer; write p alone"),
    (#"top == "e""#, 7..<10, #"no output is "e"; there is "a", "b", "\n", "d""#),
    ("top > 1 && top", 11..<14, "top is a text, not a condition; compare it: token == \"a\""),
  ])
  func whatItDoesNotSayIsNamed(_ source: String, _ range: Range<Int>, _ message: String) throws {
    let error = #expect(throws: ExpressionError.self) {
      try SignalExpression(source).bound(to: ExpressionScope(trace: Self.trace()))
    }
    #expect(error?.description == message)
    if message != "expected ], found '>'" { #expect(error?.range == range) }
  }

  @Test(arguments: [
    ("p[0] > 1", "nothing is known of what the network says, so there is no p: it needs a readout"),
    (
      "loss > 1",
      "nothing is known of what the network says, so there is no loss: it needs a readout"
    ),
  ])
  func withoutAReadoutNothingIsSaid(_ source: String, _ message: String) throws {
    let error = #expect(throws: ExpressionError.self) {
      try SignalExpression(source).bound(to: ExpressionScope(trace: mixedTrace()))
    }
    #expect(error?.description == message)
  }

  @Test(arguments: [
    (
      Readout.Activation.linear, "top == 1",
      "the readout gives numbers, not probabilities, so there is no top; write y[0]"
    ),
    (
      .sigmoid, "loss > 1",
      "the readout does not say which token comes next, so there is no loss; write p[…] or y[0]"
    ),
  ])
  func whatDoesNotFollowIsNamed(
    _ activation: Readout.Activation, _ source: String, _ message: String
  ) throws {
    let error = #expect(throws: ExpressionError.self) {
      try SignalExpression(source).bound(to: ExpressionScope(trace: Self.trace(activation)))
    }
    #expect(error?.description == message)
  }
}
